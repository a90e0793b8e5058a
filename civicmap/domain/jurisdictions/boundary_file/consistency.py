"""Do the boundary and the areas of a file describe one believable city?"""

from __future__ import annotations

from collections.abc import Sequence

import shapely
from shapely import MultiPolygon, STRtree

from civicmap.domain.jurisdictions.boundary_file.features import Feature, fault, label
from civicmap.domain.jurisdictions.boundary_file.shapes import area_m2
from civicmap.foundation.locales import N_, local_number

LARGEST_CITY_M2 = 100_000e6  # Chongqing, the largest municipality that is a city, has 82,400 km²
SMALLEST_CITY_M2 = 1_000.0
SMALLEST_AREA_M2 = 100.0
WHOLE_CITY_SHARE = 0.95
# Districts drawn by different hands overlap by a street's width: 0.8 % between two of Poznań's.
FORGIVEN_OVERLAP_SHARE = 0.10
FORGIVEN_OUTSIDE_SHARE = 0.10


def check_city(boundary: MultiPolygon, areas: Sequence[Feature], *, boundary_given: bool) -> None:
    """Raise `InvalidInput` when the shapes contradict each other or are of no city's size.

    Shares are of the smaller of two overlapping areas, or of the area that reaches outside.
    """
    _check_sizes(boundary, areas)
    _check_names(areas)
    _check_whole_city(boundary, areas, boundary_given=boundary_given)
    _check_overlaps(areas)
    if boundary_given:
        _check_inside(boundary, areas)


def _check_sizes(boundary: MultiPolygon, areas: Sequence[Feature]) -> None:
    for area in areas:
        size = area_m2(area.polygon)
        if size < SMALLEST_AREA_M2:
            raise fault(
                N_("%(feature)s covers %(size)s m²: that is no area of a city."),
                feature=label(area.number, area.name),
                size=local_number(round(size, 2)),
            )
    size = area_m2(boundary)
    if size > LARGEST_CITY_M2:
        raise fault(
            N_("The file covers %(size)s km²: that is a country, not a city."),
            size=local_number(round(size / 1e6)),
        )
    if size < SMALLEST_CITY_M2:
        raise fault(
            N_("The whole file covers %(size)s m²: that is a building, not a city."),
            size=local_number(round(size, 1)),
        )


def _check_names(areas: Sequence[Feature]) -> None:
    seen: dict[str, Feature] = {}
    for area in areas:
        other = seen.setdefault(area.name.casefold(), area)
        if other is not area:
            raise fault(
                N_("Features %(first)s and %(second)s have the same name: %(name)s."),
                first=other.number,
                second=area.number,
                name=area.name,
            )


def _check_whole_city(
    boundary: MultiPolygon, areas: Sequence[Feature], *, boundary_given: bool
) -> None:
    if len(areas) == 1 and not boundary_given:
        raise fault(
            N_(
                "%(feature)s is the only area, so it is the whole city. Mark it with the property "
                '"kind": "boundary", or add the areas of the city.'
            ),
            feature=label(areas[0].number, areas[0].name),
        )
    for area in areas:
        if area.polygon.area < boundary.area * WHOLE_CITY_SHARE:
            continue
        if area.polygon.intersection(boundary).area >= boundary.area * WHOLE_CITY_SHARE:
            raise fault(
                N_(
                    "%(feature)s covers the whole city, so it is no area of it. Mark it with the "
                    'property "kind": "boundary", or leave it out.'
                ),
                feature=label(area.number, area.name),
            )


def _check_overlaps(areas: Sequence[Feature]) -> None:
    if not areas:
        return
    polygons = [area.polygon for area in areas]
    tree = STRtree(polygons)
    for left, right in tree.query(polygons, predicate="intersects").T.tolist():
        if left >= right:
            continue
        shared = shapely.intersection(polygons[left], polygons[right]).area
        share = shared / min(polygons[left].area, polygons[right].area)
        if share > FORGIVEN_OVERLAP_SHARE:
            raise fault(
                N_("%(first)s and %(second)s overlap: %(share)s %% of the smaller is in both."),
                first=label(areas[left].number, areas[left].name),
                second=label(areas[right].number, areas[right].name),
                share=local_number(round(share * 100)),
            )


def _check_inside(boundary: MultiPolygon, areas: Sequence[Feature]) -> None:
    shapely.prepare(boundary)
    for area in areas:
        if boundary.covers(area.polygon):
            continue
        share = area.polygon.difference(boundary).area / area.polygon.area
        if share > FORGIVEN_OUTSIDE_SHARE:
            raise fault(
                N_("%(feature)s lies outside the boundary of the city with %(share)s %% of it."),
                feature=label(area.number, area.name),
                share=local_number(round(share * 100)),
            )
