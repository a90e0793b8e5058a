import json

import pytest
import shapely

from civicmap.domain.jurisdictions.boundary_file import CityShape, area_m2, read_city_shape
from civicmap.foundation.errors import InvalidInput
from civicmap.foundation.geo import Point
from tests.real_files import needs_real_files, real_file

pytestmark = needs_real_files
WARSAW = Point(52.25, 21.0)
NEW_YORK = Point(40.71, -74.0)


@pytest.fixture(scope="module")
def poznan() -> CityShape:
    return read_city_shape(real_file("poznan-districts.geojson").read_bytes(), near=WARSAW)


@pytest.fixture(scope="module")
def new_york() -> CityShape:
    return read_city_shape(real_file("nyc_boroughs.geojson").read_bytes(), near=NEW_YORK)


def outlines_json(city: CityShape) -> str:
    return json.dumps(
        [shapely.geometry.mapping(one.outline) for one in city.areas], separators=(",", ":")
    )


def test_poznan_has_its_42_districts_and_its_261_square_kilometres(poznan: CityShape) -> None:
    assert len(poznan.areas) == 42
    assert poznan.repairs == ()
    assert area_m2(poznan.boundary) == pytest.approx(261.9e6, rel=0.005)
    assert {"jezyce", "stare-miasto", "wilda"} <= {one.slug for one in poznan.areas}
    assert len(poznan.boundary.geoms) == 1


def test_every_label_lies_in_its_district(poznan: CityShape, new_york: CityShape) -> None:
    for one in (*poznan.areas, *new_york.areas):
        assert one.polygon.contains(
            shapely.Point(one.label_point.longitude, one.label_point.latitude)
        ), one.name


def test_poznan_s_outlines_are_light_and_fit_each_other(poznan: CityShape) -> None:
    assert len(outlines_json(poznan)) <= 40_000
    drawn = [one.outline for one in poznan.areas]
    together = shapely.union_all(drawn)
    assert sum(one.area for one in drawn) == pytest.approx(together.area, rel=1e-4)
    for one in poznan.areas:
        difference = one.outline.symmetric_difference(one.polygon).area
        assert difference < 0.05 * one.polygon.area, one.name
    assert poznan.boundary_outline.symmetric_difference(together).area < 1e-4 * together.area


def test_new_york_s_invalid_ring_is_repaired_and_named(new_york: CityShape) -> None:
    assert [one.slug for one in new_york.areas] == [
        "staten-island", "queens", "brooklyn", "manhattan", "bronx",
    ]  # fmt: skip
    (repair,) = new_york.repairs
    assert (repair.feature, repair.name) == (2, "Queens")
    assert repair.area_change < 1e-6
    assert "its border touches itself near 40.789010, -73.837280" in str(repair)
    assert all(one.polygon.is_valid for one in new_york.areas)
    assert len(outlines_json(new_york)) <= 45_000


def test_poznan_swapped_is_told_from_poznan() -> None:
    document = json.loads(real_file("poznan-districts.geojson").read_text(encoding="utf-8"))
    for feature in document["features"]:
        for polygon in feature["geometry"]["coordinates"]:
            for ring in polygon:
                for position in ring:
                    position.reverse()
    with pytest.raises(InvalidInput, match="latitude and longitude are swapped"):
        read_city_shape(json.dumps(document).encode(), near=WARSAW)
