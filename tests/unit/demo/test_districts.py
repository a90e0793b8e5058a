from __future__ import annotations

from itertools import combinations

import shapely
from shapely.geometry.base import BaseGeometry

from civicmap.cli.demo.draw_districts import RESIDENTS
from civicmap.cli.demo.story import HERE
from civicmap.domain.jurisdictions.boundary_file import read_city_shape

Drawing = tuple[BaseGeometry, dict[str, BaseGeometry]]


def test_every_district_is_one_valid_polygon(drawing: Drawing) -> None:
    _, districts = drawing
    assert len(districts) == 42
    for name, district in districts.items():
        assert district.geom_type == "Polygon", name
        assert district.is_valid, name


def test_districts_share_their_borders_exactly(drawing: Drawing) -> None:
    _, districts = drawing
    assert shapely.coverage_is_valid(list(districts.values()))


def test_no_two_districts_overlap(drawing: Drawing) -> None:
    _, districts = drawing
    for (one, here), (other, there) in combinations(districts.items(), 2):
        assert here.intersection(there).area == 0, (one, other)


def test_districts_cover_the_boundary_and_nothing_else(drawing: Drawing) -> None:
    boundary, districts = drawing
    together = shapely.coverage_union_all(list(districts.values()))
    assert boundary.is_valid
    assert boundary.symmetric_difference(together).area < 1e-12


def test_coordinates_are_degrees_around_poznan_to_five_decimals(drawing: Drawing) -> None:
    boundary, districts = drawing
    west, south, east, north = boundary.bounds
    assert 16.7 < west < east < 17.1
    assert 52.28 < south < north < 52.52
    for district in districts.values():
        corners = shapely.get_coordinates(district)
        assert (abs(corners - corners.round(5)) < 1e-9).all()


def test_landmarks_lie_in_the_districts_where_people_look_for_them(drawing: Drawing) -> None:
    landmarks = {
        "Jeżyce": (16.9035, 52.4128),  # the market square
        "Stare Miasto": (16.9340, 52.4083),  # the old market square
        "Wilda": (16.9190, 52.3930),  # the market square
        "Łazarz": (16.9025, 52.3965),  # the market square
        "Ławica": (16.8263, 52.4210),  # the airport
        "Stare Winogrady": (16.9370, 52.4215),  # the citadel
        "Ostrów Tumski-Śródka-Zawady-Komandoria": (16.9480, 52.4115),  # the cathedral
    }
    _, districts = drawing
    for name, (longitude, latitude) in landmarks.items():
        assert districts[name].covers(shapely.Point(longitude, latitude)), name


def test_the_demo_s_districts_have_540_000_residents_together() -> None:
    shape = read_city_shape((HERE / "poznan.geojson").read_bytes())
    residents = {area.name: area.population or 0 for area in shape.areas}
    assert sum(residents.values()) == 540_000
    assert min(residents.values()) > 0
    assert residents == RESIDENTS
