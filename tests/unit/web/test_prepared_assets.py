"""Static files as they are served: smaller, joined, compressed, and still saying the same."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from civicmap.web.shared import prepared_assets
from civicmap.web.shared.assets import SOURCE
from civicmap.web.shared.prepared_assets import JOINED


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A few files, prepared."""
    source = tmp_path / "source"
    for name, text in {
        "shared/a.css": "/* why */\n.a {\n  color: red;\n}\n" + ".filler { margin: 0; }\n" * 40,
        "shared/b.css": '.b::after {\n  content: "/* not a comment */";\n}\n',
        "shared/c.js": (
            "// Why it is so.\n"
            "export const url = `https://${location.host}/a//b`; // here\n"
            "/** @param {string} text */\n"
            "export const plain = (text) => text.replace(/[/]\\/\\*'/g, '') / 2;\n"
        ),
        "vendor/leaflet-1.9.4/leaflet.js": "/* @preserve licence */ export const L = 1;\n",
    }.items():
        path = source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.setattr(
        prepared_assets, "JOINED", {"joined/ab.css": ("shared/a.css", "shared/b.css")}
    )
    prepared_assets.make(source, tmp_path / "made")
    return tmp_path / "made"


def test_comments_go_and_words_stay(made: Path) -> None:
    script = (made / "shared/c.js").read_text()
    assert "Why it is so" not in script
    assert "@param" not in script
    assert "`https://${location.host}/a//b`" in script
    assert "/[/]\\/\\*'/g" in script


def test_sheets_are_joined_in_their_order_and_compressed(made: Path) -> None:
    joined = (made / "joined/ab.css").read_text()
    assert joined.startswith(".a{color:red}")
    assert joined.endswith('.b::after{content:"/* not a comment */"}')
    assert gzip.decompress((made / "joined/ab.css.gz").read_bytes()).decode() == joined


def test_what_others_have_written_keeps_its_notices(made: Path) -> None:
    assert "@preserve licence" in (made / "vendor/leaflet-1.9.4/leaflet.js").read_text()


@pytest.mark.parametrize("joined", JOINED)
def test_every_sheet_that_is_joined_is_there_and_needs_no_neighbour(joined: str) -> None:
    """A picture with a relative address would be looked for beside the joined sheet."""
    for part in JOINED[joined]:
        assert not re.search(r"url\((?!\"data:)", (SOURCE / part).read_text()), part
