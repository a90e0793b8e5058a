import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicmap.foundation.errors import InvalidInput
from civicmap.foundation.geo import (
    FINEST_LEVEL,
    MERCATOR_LATITUDE,
    Box,
    Point,
    cell_box,
    cell_tile,
    morton,
    tile_box,
    tile_cell,
    tile_of,
    tile_range,
    tiles_over,
)

points = st.builds(Point, st.floats(-85, 85), st.floats(-180, 180))
zooms = st.integers(0, FINEST_LEVEL)


@st.composite
def tiles(draw: st.DrawFn) -> tuple[int, int, int]:
    z = draw(zooms)
    row = st.integers(0, (1 << z) - 1)
    return z, draw(row), draw(row)


def test_known_tiles_come_out() -> None:
    """The first is the worked example of OpenStreetMap's wiki page on tile names."""
    assert tile_of(Point(35.6590699, 139.7006793), 18) == (18, 232798, 103246)
    assert tile_of(Point(40.7128, -74.0060), 10) == (10, 301, 385)
    assert tile_of(Point(0, 0), 1) == (1, 1, 1)
    assert tile_of(Point(90, 180), 3) == (3, 7, 0)
    assert tile_of(Point(-90, -180), 3) == (3, 0, 7)


def test_known_codes_come_out() -> None:
    assert [tile_cell(x, y) for y in range(2) for x in range(2)] == [0, 1, 2, 3]
    assert tile_cell(0b1011, 0b0000) == 0b1000101
    assert tile_cell(0, 0b1011) == 0b10001010
    assert morton(Point(0, 0), 1) == 3
    assert morton(Point(-MERCATOR_LATITUDE, 180)) == (1 << 60) - 1


@given(points)
def test_the_finest_code_fits_a_signed_64_bit_integer(point: Point) -> None:
    assert 0 <= morton(point) < 1 << 60


@given(points, zooms)
def test_a_point_lies_in_the_box_of_its_tile(point: Point, z: int) -> None:
    box = tile_box(*tile_of(point, z))
    slack = 1e-9
    assert box.west - slack <= point.longitude <= box.east + slack
    assert box.south - slack <= point.latitude <= box.north + slack


@given(tiles())
def test_a_tile_and_its_code_are_inverse(tile: tuple[int, int, int]) -> None:
    z, x, y = tile
    assert cell_tile(tile_cell(x, y)) == (x, y)
    assert cell_box(tile_cell(x, y), z) == tile_box(z, x, y)


@given(tiles())
def test_the_middle_of_a_tile_belongs_to_it(tile: tuple[int, int, int]) -> None:
    z, x, y = tile
    if z <= 28:  # finer boxes are as narrow as the rounding of a double
        assert tile_of(tile_box(z, x, y).center, z) == tile


@given(points, zooms, zooms)
def test_a_code_is_in_the_range_of_a_tile_exactly_when_its_point_is_in_the_tile(
    point: Point, z: int, other: int
) -> None:
    tile = tile_of(point, z)
    low, high = tile_range(*tile)
    assert low <= morton(point) <= high
    neighbour = (tile.x + 1 + other) % (1 << z)
    if neighbour != tile.x:
        low, high = tile_range(z, neighbour, tile.y)
        assert not low <= morton(point) <= high


@given(tiles())
def test_the_four_tiles_below_share_the_range_of_their_parent_without_gap_or_overlap(
    tile: tuple[int, int, int],
) -> None:
    z, x, y = tile
    if z == FINEST_LEVEL:
        return
    below = sorted(
        tile_range(z + 1, 2 * x + right, 2 * y + down) for right in (0, 1) for down in (0, 1)
    )
    low, high = tile_range(z, x, y)
    assert below[0][0] == low
    assert below[-1][1] == high
    assert all(a[1] + 1 == b[0] for a, b in itertools.pairwise(below))


@given(points, zooms)
def test_a_coarser_cell_is_a_prefix_of_the_finer_code(point: Point, level: int) -> None:
    assert morton(point) >> 2 * (FINEST_LEVEL - level) == morton(point, level)


def test_a_range_can_be_asked_for_at_a_coarser_level() -> None:
    low, high = tile_range(11, 1120, 671, level=16)
    assert high - low + 1 == 32 * 32
    assert low == tile_cell(1120 << 5, 671 << 5)


@pytest.mark.parametrize("tile", [(-1, 0, 0), (31, 0, 0), (3, 8, 0), (3, 0, 8), (3, -1, 0)])
def test_a_tile_that_is_not_there_is_refused(tile: tuple[int, int, int]) -> None:
    for ask in (tile_box, tile_range):
        with pytest.raises(InvalidInput):
            ask(*tile)


def test_asking_for_a_finer_cell_than_known_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="coarser"):
        tile_range(12, 1, 1, level=11)


@given(points, st.floats(0.001, 2), st.integers(1, 9))
def test_the_tiles_over_a_box_hold_all_of_it(corner: Point, degrees: float, most: int) -> None:
    north, east = min(85.0, corner.latitude + degrees), min(180.0, corner.longitude + degrees)
    box = Box(corner.longitude, corner.latitude, east, north)
    found = tiles_over(box, most=most, deepest=14)
    assert 1 <= len(found) <= most
    assert len({tile.z for tile in found}) == 1
    for point in (*box.corners, box.center):
        assert tile_of(point, found[0].z) in found
