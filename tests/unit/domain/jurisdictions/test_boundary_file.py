import json
from collections.abc import Callable
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from civicmap.domain.jurisdictions.boundary_file import area_m2, read_city_shape
from civicmap.foundation.errors import InvalidInput
from civicmap.foundation.geo import Point

WARSAW = Point(52.25, 21.0)
Ring = list[list[float]]
Feature = dict[str, Any]


def square(west: float, south: float, size: float = 0.05) -> Ring:
    east, north = west + size, south + size
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def area(name: str | None, *rings: Ring, **properties: Any) -> Feature:
    named = {} if name is None else {"name": name}
    return {
        "type": "Feature",
        "properties": {**named, **properties},
        "geometry": {"type": "Polygon", "coordinates": list(rings)},
    }


def west_and_east() -> list[Feature]:
    return [area("West", square(16.90, 52.40)), area("East", square(16.95, 52.40))]


def collection(features: list[Feature], **members: Any) -> bytes:
    return json.dumps(
        {"type": "FeatureCollection", "features": features, **members}, ensure_ascii=False
    ).encode()


def refusal(content: bytes, **options: Any) -> str:
    with pytest.raises(InvalidInput) as refused:
        read_city_shape(content, **options)
    assert refused.value.field == "file"
    return str(refused.value)


def same(one: BaseGeometry, other: BaseGeometry) -> bool:
    return bool(one.symmetric_difference(other).area < 1e-9)


def test_areas_become_a_city_whose_boundary_is_what_they_cover() -> None:
    city = read_city_shape(collection(west_and_east()), near=WARSAW)
    assert [one.name for one in city.areas] == ["West", "East"]
    assert [one.slug for one in city.areas] == ["west", "east"]
    assert same(city.boundary, shapely.box(16.90, 52.40, 17.00, 52.45))
    assert city.repairs == ()
    assert city.extent.contains(Point(52.42, 16.95))
    label = city.areas[0].label_point
    assert (label.latitude, label.longitude) == pytest.approx((52.425, 16.925), abs=0.01)


def test_a_feature_marked_as_boundary_is_the_boundary_and_no_area() -> None:
    boundary = area(None, square(16.88, 52.38, 0.15), kind="boundary")
    city = read_city_shape(collection([*west_and_east(), boundary]))
    assert [one.name for one in city.areas] == ["West", "East"]
    assert same(city.boundary, shapely.box(16.88, 52.38, 17.03, 52.53))


def test_a_boundary_alone_is_a_city_without_areas() -> None:
    city = read_city_shape(collection([area("Gniezno", square(17.5, 52.5), kind="boundary")]))
    assert city.areas == ()
    assert area_m2(city.boundary) == pytest.approx(18.8e6, rel=0.02)


def test_names_are_tidied_and_translations_read() -> None:
    features = west_and_east()
    features[0]["properties"] = {
        "osiedle": "  Stare\n Miasto ", "osiedle:en": "Old Town", "osiedle:ru": "",
        "osiedle:xx": "x",
    }  # fmt: skip
    features[1]["properties"] = {"osiedle": 7}
    city = read_city_shape(collection(features), name_property="osiedle")
    assert city.areas[0].name == "Stare Miasto"
    assert city.areas[0].names == {"en": "Old Town"}
    assert city.areas[1].name == "7"


def test_heights_and_a_byte_order_mark_do_no_harm() -> None:
    features = west_and_east()
    features[0]["geometry"]["coordinates"][0] = [[*xy, 80.5] for xy in square(16.90, 52.40)]
    assert len(read_city_shape(b"\xef\xbb\xbf" + collection(features)).areas) == 2


def test_a_wgs84_declaration_is_accepted_and_any_other_refused() -> None:
    for name in ("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326"):
        crs = {"type": "name", "properties": {"name": name}}
        assert read_city_shape(collection(west_and_east(), crs=crs)).areas
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2180"}}
    assert "urn:ogc:def:crs:EPSG::2180. Export it in WGS 84" in refusal(
        collection(west_and_east(), crs=crs)
    )
    assert "WGS 84" in refusal(collection(west_and_east(), crs="utm"))


def test_an_invalid_ring_is_repaired_and_said() -> None:
    bow_tie = [[16.8, 52.4], [16.85, 52.45], [16.85, 52.4], [16.8, 52.45], [16.8, 52.4]]
    city = read_city_shape(collection([*west_and_east(), area("Bow", bow_tie)]))
    assert all(one.polygon.is_valid for one in city.areas)
    (repair,) = city.repairs
    assert (repair.feature, repair.name) == (3, "Bow")
    assert "Feature 3 (Bow): its border crosses itself near 52.425000, 16.825000" in str(repair)
    assert "its area changed by" in str(repair)


def test_hair_gaps_between_areas_do_not_riddle_the_boundary() -> None:
    dent = [[16.95, 52.41], [16.94999, 52.425], [16.95, 52.43]]
    west = area("West", [[16.9, 52.4], [16.95, 52.4], *dent, [16.95, 52.45], [16.9, 52.45],
                         [16.9, 52.4]])  # fmt: skip
    city = read_city_shape(collection([west, area("East", square(16.95, 52.40))]))
    assert not city.areas[0].polygon.union(city.areas[1].polygon).equals(city.boundary)
    assert all(not part.interiors for part in city.boundary.geoms)


def test_neighbours_keep_one_border_in_the_outlines() -> None:
    steps = [[16.95 + (0.0004 if at % 2 else 0), 52.40 + 0.05 * at / 400] for at in range(401)]
    west = area("West", [[16.9, 52.4], *steps, [16.9, 52.45], [16.9, 52.4]])
    east = area("East", [[17.0, 52.4], [17.0, 52.45], *reversed(steps), [17.0, 52.4]])
    city = read_city_shape(collection([west, east]))
    first, second = (one.outline for one in city.areas)
    assert shapely.coverage_is_valid([first, second])
    assert first.intersection(second).length > 0.04


REFUSED: list[tuple[str, Callable[[], bytes], str]] = [
    ("nothing", lambda: b"", "The file is empty."),
    ("blank", lambda: b" \n ", "The file is empty."),
    ("not json", lambda: b'{"type":\n oops}', "not JSON: line 2, column 2"),
    ("cut off", lambda: collection(west_and_east())[:-9], "not JSON: line 1"),
    ("latin 1", lambda: b'{"type": "\n\xe9"}', "not UTF-8 text (line 2)"),
    ("utf 16", lambda: collection(west_and_east()).decode().encode("utf-16"), "not UTF-8"),
    ("nul", lambda: b'{"a":\n "\x00"}', "Line 2 holds a NUL"),
    ("a list", lambda: b"[]", "not a GeoJSON FeatureCollection"),
    ("a number", lambda: b"5", "not a GeoJSON FeatureCollection"),
    ("topojson", lambda: b'{"type": "Topology"}', "FeatureCollection, not “Topology”"),
    ("deep", lambda: b"[" * 200_000, "nested too deeply"),
    ("endless number", lambda: b'{"type": ' + b"9" * 5000 + b"}", "no coordinate"),
    ("no list", lambda: b'{"type": "FeatureCollection"}', "no list of features"),
    ("no features", lambda: collection([]), "holds no features"),
    ("too many", lambda: collection([{}] * 5001), "5001 features"),
    ("no feature", lambda: collection([*west_and_east(), {"a": 1}]), "Feature 3 is not a GeoJSON"),
    ("null", lambda: collection([None]), "Feature 1 is not a GeoJSON"),  # type: ignore[list-item]
    (
        "nan",
        lambda: collection([area("A", [[float("nan"), 52.0]] * 4)]),
        "holds NaN where a number should be",
    ),
    (
        "infinity",
        lambda: collection([area("A", square(16.9, 52.4))]).replace(b"16.9,", b"1e999,"),
        "position 1 of ring 1 is not two numbers",
    ),
    (
        "null coordinate",
        lambda: collection([area("A", [[16.9, None], *square(16.9, 52.4)])]),  # type: ignore[list-item]
        "Feature 1 (A): position 1 of ring 1 is not two numbers: [16.9, None]",
    ),
    (
        "text coordinate",
        lambda: collection([area("A", [["16.9", "52.4"]] * 4)]),  # type: ignore[list-item]
        "is not two numbers",
    ),
    (
        "huge whole number",
        lambda: collection([area("A", [[10**400, 52], *square(16.9, 52.4)])]),
        "is not two numbers",
    ),
    (
        "metres",
        lambda: collection([area("Jeżyce", [[356000.0, 507000.0], [357000.0, 507000.0],
                                            [357000.0, 508000.0], [356000.0, 507000.0]])]),
        "Feature 1 (Jeżyce) is at 356000, 507000: these are projected coordinates in metres.",
    ),
    (
        "impossible latitude",
        lambda: collection([area("A", [[43.2, 176.9], [43.3, 176.9], [43.3, 177], [43.2, 176.9]])]),
        "latitude and longitude are swapped",
    ),
    (
        "off the earth",
        lambda: collection([area("A", [[200, 52], [201, 52], [201, 53], [200, 52]])]),
        "which is not on the earth",
    ),
    (
        "unclosed",
        lambda: collection([*west_and_east(), area("Open", square(16.8, 52.4)[:-1])]),
        "Feature 3 (Open): ring 1 is not closed",
    ),
    (
        "unclosed hole",
        lambda: collection([area("A", square(16.8, 52.4), square(16.81, 52.41, 0.01)[:-1])]),
        "ring 2 is not closed",
    ),
    ("short ring", lambda: collection([area("A", square(1, 1)[:3])]), "fewer than four positions"),
    ("no rings", lambda: collection([area("A")]), "Feature 1 (A) is empty"),
    (
        "empty part",
        lambda: collection([{**area("A"), "geometry": {"type": "MultiPolygon",
                                                      "coordinates": [[]]}}]),
        "a part without a border",
    ),
    (
        "flat",
        lambda: collection([area("Flat", [[16.8, 52.4], [16.9, 52.4], [16.85, 52.4],
                                          [16.8, 52.4]])]),
        "Feature 1 (Flat) encloses nothing",
    ),
    (
        "a point",
        lambda: collection([{**area("A"), "geometry": {"type": "Point", "coordinates": [1, 2]}}]),
        "Feature 1 (A) is a Point; an area must be a Polygon",
    ),
    (
        "no geometry",
        lambda: collection([{**area("A"), "geometry": None}]),
        "Feature 1 (A) has no geometry",
    ),
    (
        "nameless",
        lambda: collection([*west_and_east(), area(None, square(16.8, 52.4), boro="Queens")]),
        "Feature 3 has no “name”. Its properties are: “boro”.",
    ),
    (
        "no properties",
        lambda: collection([area(None, square(16.8, 52.4))]),
        "Feature 1 has no “name”, so the area would have no name.",
    ),
    ("blank name", lambda: collection([area(" \t", square(1, 1))]), "Feature 1 has no “name”"),
    ("long name", lambda: collection([area("x" * 121, square(1, 1))]), "more than 120 characters"),
    ("hidden", lambda: collection([area("A\u202eB", square(1, 1))]), "cannot be seen"),
    (
        "same name",
        lambda: collection([*west_and_east(), area("WEST", square(16.8, 52.4))]),
        "Features 1 and 3 have the same name: WEST.",
    ),
    (
        "two boundaries",
        lambda: collection([area(None, square(1, 1), kind="boundary")] * 2),
        "only one",
    ),
    (
        "only the city",
        lambda: collection([area("Poznań", square(16.9, 52.4))]),
        "Feature 1 (Poznań) is the only area, so it is the whole city.",
    ),
    (
        "the city among its areas",
        lambda: collection([*west_and_east(), area("City", square(16.9, 52.4, 0.1))]),
        "Feature 3 (City) covers the whole city",
    ),
    (
        "the city within its boundary",
        lambda: collection([area("City", square(16.9, 52.4)),
                            area(None, square(16.9, 52.4), kind="boundary")]),
        "Feature 1 (City) covers the whole city",
    ),
    (
        "overlap",
        lambda: collection([area("A", square(16.9, 52.4)), area("B", square(16.92, 52.4)),
                            area("C", square(17.0, 52.4))]),
        "Feature 1 (A) and Feature 2 (B) overlap: 60 % of the smaller is in both.",
    ),
    (
        "outside",
        lambda: collection([*west_and_east(), area(None, square(16.9, 52.4, 0.07), kind="boundary"),
                            area("Far", square(20, 52))]),
        "Feature 2 (East) lies outside the boundary of the city with 60 % of it.",
    ),
    ("a country", lambda: collection([area("A", square(10, 50, 4)), area("B", square(14, 50, 4))]),
     "that is a country, not a city"),
    ("a house", lambda: collection([area("A", square(10, 50, 0.0002)),
                                    area("B", square(10.0002, 50, 0.0002))]),
     "that is a building, not a city"),
    ("a crumb", lambda: collection([*west_and_east(), area("C", square(10, 50, 0.00001))]),
     "Feature 3 (C) covers"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(content, sentence) for _, content, sentence in REFUSED],
    ids=[name for name, _, _ in REFUSED],
)
def test_a_file_that_is_no_city_is_refused_saying_what_and_where(
    content: Callable[[], bytes], sentence: str
) -> None:
    assert sentence in refusal(content())


def test_swapped_coordinates_are_told_even_where_both_orders_are_possible() -> None:
    swapped = [
        area(name, [[y, x] for x, y in square(west, 52.4)])
        for name, west in [("A", 16.9), ("B", 16.95)]
    ]
    assert "latitude and longitude are swapped" in refusal(collection(swapped), near=WARSAW)
    assert read_city_shape(collection(swapped)).areas  # without a hint it might be in Yemen


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(-200, 200) | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=5)
            | st.dictionaries(
                st.sampled_from(
                    ["type", "features", "geometry", "coordinates", "properties", "name"]
                ),
                inner
                | st.sampled_from(["FeatureCollection", "Feature", "Polygon", "MultiPolygon"]),
            )
        ),
        max_leaves=20,
    )
)
def test_no_json_makes_reading_fail_in_another_way(member: Any) -> None:
    for document in (
        member,
        {"type": "FeatureCollection", "features": member},
        {"type": "FeatureCollection", "features": [member]},
        {"type": "FeatureCollection", "features": [{**area("A"), "geometry": member}]},
        {"type": "FeatureCollection", "features": [
            {**area("A"), "geometry": {"type": "Polygon", "coordinates": member}}]},
    ):  # fmt: skip
        with pytest.raises(InvalidInput):
            read_city_shape(json.dumps(document).encode())


def test_an_area_may_say_how_many_people_live_there() -> None:
    features = [
        area("West", square(16.90, 52.40), population=24_900),
        area("East", square(16.95, 52.40), population=None),
        area("All", square(16.90, 52.40, 0.1), kind="boundary", population="many"),
    ]
    assert [one.population for one in read_city_shape(collection(features)).areas] == [24_900, None]


@pytest.mark.parametrize("nonsense", [-5, 12.5, "12,345", "many", True, [3]])
def test_a_population_that_is_no_number_of_people_is_refused(nonsense: Any) -> None:
    features = [area("West", square(16.90, 52.40), population=nonsense), *west_and_east()[1:]]
    said = refusal(collection(features))
    assert said.startswith("Feature 1 (West) has a wrong “population”: “")
    assert "is no number of people" in said


def test_a_population_that_is_not_a_number_at_all_is_refused() -> None:
    features = [area("West", square(16.90, 52.40), population=float("nan")), *west_and_east()[1:]]
    assert "NaN where a number should be" in refusal(collection(features))
