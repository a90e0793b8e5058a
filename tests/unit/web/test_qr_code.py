"""The square of dots that takes a link to one's own phone."""

from __future__ import annotations

import re

import segno

from civicmap.web.shared.qr_code import qr_code

LINK = "https://civicmap.example.org/mine/PO-7K4M-2Q/" + "a" * 32


def test_every_dark_module_is_drawn_once() -> None:
    code = qr_code(LINK)
    drawn = [(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", code.path)]
    matrix = segno.make(LINK, error="m", micro=False, boost_error=False).matrix
    dark = [(x, y) for y, row in enumerate(matrix) for x, module in enumerate(row) if module]
    assert drawn == dark
    assert code.side == len(matrix)


def test_the_three_corners_that_a_camera_looks_for_are_there() -> None:
    code = qr_code(LINK)
    for x, y in ((0, 0), (code.side - 7, 0), (0, code.side - 7)):
        assert all(f"M{x + step} {y}h" in code.path for step in range(7))
