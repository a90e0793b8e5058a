"""What a terminal's page loses: links that lead away, and fields that remember."""

from __future__ import annotations

import pytest

from civicmap.web.shared.kiosk import for_many_people

HOST = "city.example"


@pytest.mark.parametrize(
    "link",
    [
        '<a href="tel:112">call 112</a>',
        '<a href="mailto:roads%40example.org">call 112</a>',
        '<a class="button" href="https://elsewhere.example/">call 112</a>',
        '<a href="//elsewhere.example/">call 112</a>',
        '<a href="/poznan/reports/PO-1" target="_blank" rel="noopener">call 112</a>',
        '<a href="/poznan/reports.csv" download>call 112</a>',
    ],
)
def test_links_that_a_terminal_cannot_follow_become_their_words(link: str) -> None:
    page = for_many_people(f"<p>{link}</p>", HOST)
    assert page == '<p><span class="was-link">call 112</span></p>'


@pytest.mark.parametrize(
    "link",
    [
        '<a href="/poznan/?view=1&amp;x=2">Map</a>',
        '<a href="#words">Map</a>',
        '<a href="?lang=pl" hreflang="pl">Map</a>',
        '<a href="https://city.example/poznan/reports/PO-1">Map</a>',
    ],
)
def test_links_within_the_site_stay(link: str) -> None:
    assert for_many_people(link, HOST) == link


def test_no_field_offers_what_the_person_before_typed() -> None:
    page = for_many_people(
        '<form method="post"><input name="email" autocomplete="email"><textarea></textarea></form>',
        HOST,
    )
    assert page == (
        '<form autocomplete="off" method="post"><input autocomplete="off" name="email">'
        '<textarea autocomplete="off"></textarea></form>'
    )


def test_icons_and_nested_words_survive() -> None:
    page = for_many_people('<a href="tel:1"><svg><use href="#x"></use></svg> <b>1</b></a>', HOST)
    assert page == '<span class="was-link"><svg><use href="#x"></use></svg> <b>1</b></span>'
