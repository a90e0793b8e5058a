import zoneinfo
from pathlib import Path

import pytest

from civicmap.foundation.geo import Point, distance_m
from civicmap.foundation.time_zones import time_zone_place

has_table = any((Path(folder) / "zone.tab").is_file() for folder in zoneinfo.TZPATH)


@pytest.mark.skipif(not has_table, reason="this machine's tz database comes without zone.tab")
@pytest.mark.parametrize(
    ("zone", "city"),
    [
        ("Europe/Warsaw", Point(52.23, 21.01)),
        ("America/New_York", Point(40.71, -74.01)),
        ("Asia/Almaty", Point(43.24, 76.89)),
        ("Asia/Bishkek", Point(42.87, 74.59)),
        ("America/Argentina/Ushuaia", Point(-54.8, -68.3)),
    ],
)
def test_a_time_zone_is_where_its_city_is(zone: str, city: Point) -> None:
    place = time_zone_place(zone)
    assert place is not None
    assert distance_m(place, city) < 50_000


def test_a_zone_without_a_place_has_none() -> None:
    assert time_zone_place("UTC") is None
    assert time_zone_place("Mars/Olympus") is None
