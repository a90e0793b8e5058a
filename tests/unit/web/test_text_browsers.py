"""What a browser without scripts and style sheets is spared."""

from __future__ import annotations

import pytest

from civicmap.web.shared.text_browsers import TEXT_BROWSERS, without_what_scripts_need


def test_what_waits_for_a_script_is_left_out_and_the_rest_is_as_written() -> None:
    page = (
        '<!doctype html>\n<p>Straße &amp; caf&#233;</p><div class="a scripted-only"><div>x</div>y'
        '</div><p hidden>z</p><template data-x><p>q</p></template><input type="file" name="photo">'
        '<button class="b" type="button">Locate</button><button type="submit">Send</button>'
        '<input hidden name="n"><br><svg class="icon"><use href="#a"></use></svg>end'
    )
    assert without_what_scripts_need(page) == (
        '<!doctype html>\n<p>Straße &amp; caf&#233;</p><input type="file" name="photo">'
        '<button type="submit">Send</button><br>end'
    )


@pytest.mark.parametrize(
    ("agent", "shows_text"),
    [
        ("w3m/0.5.3+git20230121", True),
        ("Lynx/2.9.0dev.12 libwww-FM/2.14", True),
        ("Links (2.28; Linux 6.1; GNU C)", True),
        ("ELinks/0.16.0 (textmode; Linux)", True),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/126.0", False),
        ("", False),
    ],
)
def test_text_browsers_are_known_by_their_names(agent: str, shows_text: bool) -> None:
    assert bool(TEXT_BROWSERS.match(agent)) is shows_text
