from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicmap.foundation.errors import InvalidInput
from civicmap.foundation.geo import Box, Point, distance_m, look_swapped, parse_box

POZNAN_BOX = Box(16.73, 52.29, 17.08, 52.51)
points = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))


@pytest.mark.parametrize("latitude", [nan, inf, -inf, 90.01, -90.01])
def test_a_point_off_the_earth_cannot_exist(latitude: float) -> None:
    with pytest.raises(InvalidInput):
        Point(latitude, 0)
    with pytest.raises(InvalidInput):
        Point(0, 2 * latitude)


def test_known_distances_come_out() -> None:
    assert distance_m(Point(0, 0), Point(0, 1)) == pytest.approx(111_195, abs=1)
    town_hall, cathedral = Point(52.40837, 16.93427), Point(52.41149, 16.94855)
    assert distance_m(town_hall, cathedral) == pytest.approx(1_029, abs=5)
    assert distance_m(Point(0, 179.999), Point(0, -179.999)) == pytest.approx(222, abs=1)


@given(points, points)
def test_distance_is_symmetric_and_at_most_half_the_earth(a: Point, b: Point) -> None:
    assert distance_m(a, b) == pytest.approx(distance_m(b, a), abs=1e-6)
    assert 0 <= distance_m(a, b) <= 20_015_200
    assert distance_m(a, a) == 0


@pytest.mark.parametrize(
    "borders",
    [(17, 52, 16, 53), (16, 53, 17, 52), (-181, 0, 0, 1), (0, -91, 1, 1), (nan, 0, 1, 1)],
)
def test_a_box_inside_out_or_off_the_earth_cannot_exist(
    borders: tuple[float, float, float, float],
) -> None:
    with pytest.raises(InvalidInput):
        Box(*borders)


def test_a_box_holds_its_borders_and_knows_its_neighbours() -> None:
    assert POZNAN_BOX.contains(Point(52.29, 16.73))
    assert not POZNAN_BOX.contains(Point(52.28, 16.9))
    assert POZNAN_BOX.intersects(Box(17.08, 52.0, 18, 53))
    assert not POZNAN_BOX.intersects(Box(17.09, 52.0, 18, 53))
    assert Box(16, 52, 17, 53).center == Point(52.5, 16.5)
    assert Box.around([Point(52, 17), Point(51, 16)]) == Box(16, 51, 17, 52)


def test_a_position_given_the_wrong_way_round_is_noticed() -> None:
    assert look_swapped(Point(16.93, 52.41), POZNAN_BOX)
    assert not look_swapped(Point(52.41, 16.93), POZNAN_BOX)
    assert not look_swapped(Point(48.85, 2.35), POZNAN_BOX)
    assert not look_swapped(Point(52.41, 116.93), POZNAN_BOX)


def test_a_map_view_is_read_west_south_east_north() -> None:
    assert parse_box("16.73,52.29,17.08,52.51") == POZNAN_BOX


@pytest.mark.parametrize(
    "text", ["", "1,2,3", "1,2,3,4,5", "a,b,c,d", "3,2,1,4", "1,2,nan,4", "," * 9999]
)
def test_a_map_view_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_box(text)
