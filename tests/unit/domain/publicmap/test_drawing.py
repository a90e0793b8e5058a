from __future__ import annotations

import json
import re
from typing import Any

import pytest
import shapely
from shapely.geometry import MultiPolygon, Polygon, box, mapping

from civicmap.domain.jurisdictions.boundary_file import read_city_shape
from civicmap.domain.publicmap.drawing import TALLEST, WIDTH, DrawnCity, draw_city
from tests.real_files import needs_real_files, real_file


def area(slug: str, shape: shapely.geometry.base.BaseGeometry) -> dict[str, Any]:
    middle = shape.centroid
    geometry = json.loads(json.dumps(mapping(shape)))
    return {"slug": slug, "label": [middle.y, middle.x], "geometry": geometry}


def two_halves() -> DrawnCity:
    halves = [area("west", box(16.8, 52.3, 16.9, 52.5)), area("east", box(16.9, 52.3, 17.0, 52.5))]
    return draw_city(mapping(box(16.8, 52.3, 17.0, 52.5)), halves)


def corners(path: str) -> list[tuple[int, int]]:
    """The corners of every ring of a path, written out again."""
    found = []
    for ring in path.split("z")[:-1]:
        start, steps = ring.removeprefix("M").split("l")
        x, y = map(int, re.findall(r"-?\d+", start))
        found.append((x, y))
        numbers = list(map(int, re.findall(r"-?\d+", steps)))
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            found.append((x, y))
    return found


def test_north_is_up_and_west_is_left() -> None:
    drawn = two_halves()
    west, east = drawn.areas
    assert max(x for x, _ in corners(west.path)) == min(x for x, _ in corners(east.path))
    assert west.x < east.x
    every = corners(drawn.boundary)
    assert min(x for x, _ in every) >= 0 and max(x for x, _ in every) <= WIDTH
    assert min(y for _, y in every) >= 0 and max(y for _, y in every) <= drawn.height <= TALLEST
    # Mercator: 0.2 degrees up are 1.64 times as long as 0.2 degrees across at 52.4 degrees north.
    height = max(y for _, y in every) - min(y for _, y in every)
    across = max(x for x, _ in every) - min(x for x, _ in every)
    assert height / across == pytest.approx(1.64, abs=0.01)


def test_a_name_is_broken_where_it_fits_and_left_out_where_it_does_not() -> None:
    west = two_halves().areas[0]
    whole = west.fit("Wola", "12", 23)
    assert whole is not None and whole.lines == ("Wola", "12")
    broken = west.fit("Szczepankowo-Spławie-Krzesinki", "12", 23)
    assert broken is not None
    assert broken.lines == ("Szczepankowo-", "Spławie-Krzesinki", "12")
    alone = west.fit("Szczepankowo-Spławie-Krzesinki", "12", 90)
    assert alone is not None and alone.lines == ("12",)
    assert west.fit("Szczepankowo-Spławie-Krzesinki", "12", 90, alone=False) is None
    assert west.fit("Wola", "123,456,789", 120) is None


def test_a_city_without_districts_is_drawn_as_its_boundary() -> None:
    drawn = draw_city(mapping(box(16.8, 52.3, 17.0, 52.5)), [])
    assert drawn.areas == ()
    assert len(corners(drawn.boundary)) == 4
    assert draw_city({}, []) == DrawnCity(0, "", ())


def test_islets_and_holes_too_small_to_be_seen_are_left_out_and_the_rest_is_drawn() -> None:
    west, east = box(16.8, 52.3, 16.85, 52.5), box(16.9, 52.3, 17.0, 52.5)
    islet, pond = box(16.87, 52.4, 16.870001, 52.400001), box(16.95, 52.4, 16.950001, 52.400001)
    shape = MultiPolygon([west, islet, Polygon(east.exterior, [pond.exterior])])
    drawn = draw_city(mapping(shape), [area("all", shape), area("islet", islet)])
    assert len(corners(drawn.boundary)) == len(corners(drawn.areas[0].path)) == 8
    assert drawn.areas[1].path == ""


@needs_real_files
@pytest.mark.parametrize("name", ["poznan-districts.geojson", "nyc_boroughs.geojson"])
def test_real_cities_are_light_and_every_district_is_there(name: str) -> None:
    shape = read_city_shape(real_file(name).read_bytes())
    areas = [area(one.slug, one.outline) for one in shape.areas]
    drawn = draw_city(mapping(shape.boundary_outline), areas)
    assert all(len(corners(one.path)) >= 3 for one in drawn.areas)
    assert len(drawn.boundary) + sum(len(one.path) for one in drawn.areas) < 13_000
    assert sum(one.fit(one.slug, "12", 23) is not None for one in drawn.areas) > len(areas) / 2
