"""The map's pure modules, by themselves: what a tile says, and what is drawn of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route

from tests.browser.conftest import DESKTOP, OpenContext

pytestmark = pytest.mark.browser

STATIC = Path(__file__).resolve().parents[2] / "static"
ORIGIN = "http://modules.invalid"

# Ground of 2400 x 1400 px at a zoom: most of it in hot spots, some of it exactly one over another.
GROUND = """
const { decode } = await import("/shared/map/tile_answer.js");
const { mergeMarks, radiusOf } = await import("/shared/map/clusters.js");

function drawing(seed) {
    return () => {
        seed = (seed + 0x6d2b79f5) | 0;
        let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
        mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
    };
}

function ground(seed, count, zoom) {
    const draw = drawing(seed);
    const spots = Array.from({ length: 12 }, () => [draw() * 2400, draw() * 1400, draw() * 140]);
    const answer = { cells: [], reports: [], size: 8 / 2 ** zoom };
    const world = (px) => 100 + px / 2 ** zoom;
    for (let index = 0; index < count; index += 1) {
        const [left, top, wide] = draw() < 0.7 ? spots[(draw() * 12) | 0] : [1200, 700, 900];
        const [x, y] = [left + wide * (draw() + draw() - 1), top + wide * (draw() + draw() - 1)];
        if (index % 2) {
            const at = { x: world(Math.floor(x / 8) * 8), y: world(Math.floor(y / 8) * 8) };
            const counts = [(draw() ** 6 * 900) | 0, (draw() * 3) | 0, (draw() * 40) | 0, 0];
            answer.cells.push({ ...at, counts });
        } else {
            const status = (draw() * 4) | 0;
            const at = index % 10 ? { x: world(x), y: world(y) } : { x: world(700), y: world(300) };
            answer.reports.push({ ...at, number: `N${index}`, category: "pothole", status });
        }
    }
    return answer;
}

const VIEWS = [[46, 12.5], [32, 15], [0, 18]]; // reach in px, zoom
"""


@pytest.fixture
def page(open_context: OpenContext) -> Page:
    def serve(route: Route) -> None:
        path = STATIC / route.request.url.removeprefix(f"{ORIGIN}/")
        if path.suffix == ".js":
            route.fulfill(body=path.read_text("utf-8"), content_type="text/javascript")
        else:
            route.fulfill(body="<!doctype html><title>Modules</title>", content_type="text/html")

    page = open_context(DESKTOP).new_page()
    page.route(f"{ORIGIN}/**", serve)
    page.goto(f"{ORIGIN}/")
    return page


def run(page: Page, body: str) -> Any:
    return page.evaluate(f"async () => {{ {GROUND}\n{body} }}")


def test_an_answer_tells_places_in_the_world(page: Page) -> None:
    cells, reports, none = run(
        page,
        """
        const cells = decode({ cells: { level: 8, rows: [0, 1, 2, 3, 4, 143, 5, 0, 0, 1] },
            reports: { level: 16, rows: [] }, more: true }, 4, 9, 5);
        const reports = decode({ cells: { level: 8, rows: [] }, more: false,
            reports: { level: 24, rows: [11184810, "PO-1", "pothole", 2] } }, 12, 2200, 1300);
        return [cells, reports, decode(null, 3, 1, 1)];
        """,
    )

    # At level 8 a cell is one world pixel; 143 is column 3, row 3 + 8 from the tile's corner.
    assert [(cell["x"], cell["y"]) for cell in cells["cells"]] == [(144.5, 80.5), (147.5, 91.5)]
    assert cells["cells"][1]["counts"] == [5, 0, 0, 1]
    assert cells["more"] is True
    side = 256 / 2**24
    assert reports["reports"] == [
        {
            # 11184810 has every odd bit: the westernmost column, the southernmost row
            "x": 2200 / 16 + side / 2,
            "y": 1301 / 16 - side / 2,
            "number": "PO-1",
            "category": "pothole",
            "status": 2,
        }
    ]
    assert none["cells"] == none["reports"] == []


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", ["69,696", "214K", "1.23M", "1,234.5"]),
        ("pl", ["69 696", "214 tys.", "1,23 mln", "1 234,5"]),
        ("ru", ["69 696", "214 тыс.", "1,23 млн", "1 234,5"]),
        ("kk", ["69 696", "214 мың", "1,23 млн", "1 234,5"]),
        ("ky", ["69 696", "214 миң", "1,23 млн", "1 234,5"]),
    ],
)
def test_numbers_on_the_map_are_written_as_beside_it(
    page: Page, language: str, written: list[str]
) -> None:
    found = run(
        page,
        f"""
        document.documentElement.lang = "{language}";
        const {{ number, shortNumber }} = await import("/shared/map/words.js");
        return [...[69696, 214000, 1230000].map(shortNumber), number(1234.49, 1)];
        """,
    )
    assert [text.replace("\u00a0", " ") for text in found] == written


def test_everything_is_counted_once_and_nothing_touches(page: Page) -> None:
    faults = run(
        page,
        """
        const faults = mergeMarks([decode(null, 3, 1, 1)], 3, 46);
        for (const [reach, zoom] of VIEWS) for (let seed = 1; seed < 9; seed += 1) {
            const answer = ground(seed, 3000, zoom);
            const marks = mergeMarks([answer], zoom, reach);
            for (let status = 0; status < 4; status += 1) {
                const told = marks.reduce((sum, { counts }) => sum + counts[status], 0);
                const there = answer.cells.reduce((sum, { counts }) => sum + counts[status], 0)
                    + answer.reports.filter((report) => report.status === status).length;
                if (told !== there) faults.push(`${zoom}: ${told} of ${there}`);
            }
            const named = marks.flatMap(({ reports }) => reports.map(({ number }) => number));
            if (new Set(named).size !== answer.reports.length) faults.push(`${zoom}: numbers`);
            marks.forEach((one, index) => {
                if (one.counts.reduce((sum, part) => sum + part) !== one.total) faults.push("sum");
                for (const other of marks.slice(index + 1)) {
                    const apart = Math.hypot(one.x - other.x, one.y - other.y) * 2 ** zoom;
                    if (apart < radiusOf(one.total) + radiusOf(other.total)) faults.push("touch");
                }
            });
        }
        return faults;
        """,
    )

    assert faults == []


def test_who_pans_sees_the_same_marks(page: Page) -> None:
    """Seen from two views that overlap, and with the tiles' answers in another order."""
    kept, all_of_them = run(
        page,
        """
        let [kept, all] = [0, 0];
        for (const [reach, zoom] of VIEWS) for (let seed = 1; seed < 9; seed += 1) {
            const answer = ground(seed, 3000, zoom);
            const cut = (from, to) => {
                const within = ({ x }) => x >= 100 + from / 2 ** zoom && x < 100 + to / 2 ** zoom;
                const reports = answer.reports.filter(within).reverse();
                return [{ ...answer, cells: [], reports },
                    { ...answer, cells: answer.cells.filter(within), reports: [] }];
            };
            const inBoth = ({ x }) => x > 100 + 700 / 2 ** zoom && x < 100 + 1700 / 2 ** zoom;
            const one = mergeMarks(cut(0, 2000), zoom, reach).filter(inBoth);
            const other = mergeMarks(cut(400, 2400).reverse(), zoom, reach).filter(inBoth);
            const keys = new Set(other.map(({ key }) => key));
            kept += one.filter(({ key }) => keys.has(key)).length;
            all += one.length;
        }
        return [kept, all];
        """,
    )

    assert all_of_them > 2000
    assert kept / all_of_them > 0.98


def test_large_cells_side_by_side_are_no_grid(page: Page) -> None:
    """A crowded place close up is told in cells of 64 px, wider than the rings that tell them."""
    marks, told, in_line = run(
        page,
        """
        const draw = drawing(3);
        const cells = Array.from({ length: 400 }, (_, at) => ({
            x: 100 + (at % 20) * 64 / 2 ** 16, y: 100 + Math.floor(at / 20) * 64 / 2 ** 16,
            counts: [1, 0, 20 + Math.floor(draw() * 60), 0],
        }));
        const answer = { cells, reports: [], size: 64 / 2 ** 16 };
        const marks = mergeMarks([answer], 16, 32);
        const lines = new Set(cells.map(({ x }) => x));
        return [marks.length, marks.reduce((sum, { counts }) => sum + counts[0], 0),
            marks.filter(({ x }) => lines.has(x)).length];
        """,
    )

    assert told == 400
    assert 60 < marks < 200
    assert in_line < marks / 2
