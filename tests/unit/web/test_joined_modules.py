"""Modules that a page loads together become one file, and stay what they were."""

from __future__ import annotations

from pathlib import Path

import pytest

from civicmap.web.shared.assets import SOURCE
from civicmap.web.shared.joined_modules import CannotJoin, all_of, join, list_joined
from civicmap.web.shared.prepared_assets import BESIDE, ENTRIES


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in {
        "page/page.js": (
            'import { L } from "../shared/map.js";\n'
            'import {\n  answer as said,\n  question,\n} from "./words.js";\n'
            'import { common } from "../shared/common.js";\n'
            "await question();\nsaid(L, common);\n"
        ),
        "page/words.js": (
            'import "./effect.js";\n'
            '/** @param {import("./later.js").Later} later */\n'
            "export const answer = (later) => later;\n"
            "export async function question() {\n"
            '  return import("./later.js");\n}\n'
        ),
        "page/effect.js": "document.title += '!';\n",
        "page/later.js": 'import { common } from "../shared/common.js";\nexport class Later {}\n',
        "shared/map.js": 'export { L } from "../vendor/leaflet.js";\n',
        "shared/common.js": "const common = 1;\nexport { common };\n",
        "vendor/leaflet.js": "export const L = 1;\n",
        "beside.js": 'import { common } from "./shared/common.js";\n',
    }.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return tmp_path


def test_what_a_page_needs_comes_in_the_order_it_is_needed(root: Path) -> None:
    assert all_of(root, "page/page.js") == [
        "vendor/leaflet.js",
        "shared/map.js",
        "page/effect.js",
        "page/words.js",
        "shared/common.js",
        "page/page.js",
    ]


def test_what_others_load_too_stays_apart(root: Path) -> None:
    joined = ["shared/map.js", "page/effect.js", "page/words.js", "page/page.js"]
    assert list_joined(root, "page/page.js", ["beside.js"]) == joined


def test_the_joined_file_imports_the_rest_and_says_the_same(root: Path) -> None:
    assert join(root, "page/page.js", ["beside.js"]) == (
        'import * as apart0 from "../vendor/leaflet.js";\n'
        'import * as apart1 from "../shared/common.js";\n'
        "const module0 = (() => {\n\nreturn { L: apart0.L };\n})();\n"
        "const module1 = (() => {\ndocument.title += '!';\n\nreturn {  };\n})();\n"
        "const module2 = (() => {\nconst answer = (later) => later;\nasync function question() {\n"
        '  return import("../page/later.js");\n}\n\nreturn { answer, question };\n})();\n'
        "const { L } = module0;\n"
        "const { answer: said, question } = module2;\n"
        "const { common } = apart1;\n"
        "await question();\nsaid(L, common);\n"
    )


def test_modules_that_import_each_other_are_refused(root: Path) -> None:
    (root / "page/effect.js").write_text('import { answer } from "./words.js";\n')
    with pytest.raises(CannotJoin, match="import each other"):
        join(root, "page/page.js", [])


@pytest.mark.parametrize("entry", ENTRIES)
def test_our_own_pages_can_be_joined(entry: str) -> None:
    joined = list_joined(SOURCE, entry, BESIDE)
    assert joined[-1] == entry
    assert len(joined) > 5
