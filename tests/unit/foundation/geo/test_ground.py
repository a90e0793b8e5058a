from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from civicmap.foundation.geo import (
    FINEST_LEVEL,
    Box,
    Ground,
    Point,
    cell_box,
    ground_of,
    morton,
    parse_box,
    tile_of,
)
from civicmap.foundation.geo.ground import CELLS_ACROSS, merge, piece_range

VIEW = Box(16.85, 52.38, 16.99, 52.43)


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    longitudes = sorted(draw(st.tuples(st.floats(-180, 180), st.floats(-180, 180))))
    latitudes = sorted(draw(st.tuples(st.floats(-85, 85), st.floats(-85, 85))))
    return Box(longitudes[0], latitudes[0], longitudes[1], latitudes[1])


zooms = st.one_of(st.none(), st.integers(0, 30))


def holds(ground: Ground, point: Point) -> bool:
    return any(low <= morton(point) <= high for low, high in ground.codes)


@given(boxes(), zooms, st.data())
def test_what_a_map_shows_lies_on_its_ground(
    box: Box, zoom: int | None, data: st.DataObject
) -> None:
    ground = ground_of(box, zoom)
    width, height = box.east - box.west, box.north - box.south
    assume(min(width, height) > 1e-6)
    # What lies on the border itself may be left out.
    inside = st.floats(0.01, 0.99)
    point = Point(box.south + height * data.draw(inside), box.west + width * data.draw(inside))
    assert holds(ground, point)


@given(boxes(), zooms)
def test_a_ground_reaches_no_further_than_a_cell_beyond_the_view(
    box: Box, zoom: int | None
) -> None:
    # What is no wider than rounding errors may lie on either side of a border.
    assume(min(box.east - box.west, box.north - box.south) > 1e-9)
    ground = ground_of(box, zoom)
    first, last = (
        tile_of(Point(box.north, box.west), ground.level),
        tile_of(Point(box.south, box.east), ground.level),
    )
    assert (ground.west, ground.north) >= (first.x, first.y)
    assert first.x <= ground.west <= ground.east <= last.x
    assert first.y <= ground.north <= ground.south <= last.y


@given(boxes(), zooms)
def test_the_ranges_are_exactly_the_cells_of_the_rectangle(box: Box, zoom: int | None) -> None:
    ground = ground_of(box, zoom)
    columns, rows = ground.east - ground.west + 1, ground.south - ground.north + 1
    assert max(columns, rows) <= CELLS_ACROSS + 2
    cells = columns * rows << 2 * (30 - ground.level)
    assert sum(high - low + 1 for low, high in ground.codes) == cells
    for (_, end), (start, _) in zip(ground.codes, ground.codes[1:], strict=False):
        assert end + 1 < start
    for level, code in ground.pieces:
        piece = cell_box(code, level)
        assert ground.box.west <= piece.west and piece.east <= ground.box.east
        assert ground.box.south <= piece.south and piece.north <= ground.box.north


def test_a_view_is_few_ranges() -> None:
    assert ground_of(VIEW, 13) == Ground(15, 17917, 10759, 17930, 10767)
    assert len(ground_of(VIEW, 13).codes) <= 40


def test_the_cells_are_no_finer_than_what_the_map_draws() -> None:
    corner = Box(16.9, 52.4, 16.9, 52.4)
    assert ground_of(corner, 13).level == 17
    assert ground_of(corner).level == 30


def test_a_single_cell_is_its_own_ground() -> None:
    code = morton(Point(52.41, 16.85), 22)
    ground = ground_of(cell_box(code, 22))
    assert ground.codes == (piece_range(22, code, 30),)


def test_the_whole_earth_is_one_piece() -> None:
    assert ground_of(Box(-180, -90, 180, 90)).pieces == ((0, 0),)
    assert ground_of(Box(-180, -90, 180, 90)).codes == ((0, (1 << 60) - 1),)


def test_ranges_that_touch_become_one() -> None:
    assert merge([(0, 3), (4, 7), (9, 9), (10, 12)]) == [(0, 7), (9, 12)]


@given(st.builds(Point, st.floats(-85, 85), st.floats(-180, 180)), st.integers(12, 24))
def test_a_cell_that_the_map_asks_for_by_its_corners_is_that_cell(point: Point, level: int) -> None:
    code = morton(point, level)
    box = cell_box(code, level)
    corners = (box.west, box.south, box.east, box.north)
    asked = ground_of(parse_box(",".join(f"{corner:.11f}" for corner in corners)))
    assert asked.codes == (piece_range(level, code, FINEST_LEVEL),)
