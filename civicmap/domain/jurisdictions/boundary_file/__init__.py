"""Reads the GeoJSON file that describes a city: its boundary and its named areas.

Pure: bytes in, frozen shapes out, every fault one sentence that says what is wrong and where. The
file is the one thing a city must bring, it comes from any of a dozen programs, and whoever runs
`city add` cannot be expected to know what a ring is; so nothing is guessed and nothing passes in
silence: what can be repaired safely is repaired and reported, everything else is refused.

Expected: a FeatureCollection in WGS 84 (longitude before latitude, as GeoJSON demands) of Polygons
and MultiPolygons. Each is an area with a name, save one that may carry `"kind": "boundary"` and be
the city's outer boundary; without it, the boundary is what the areas cover together. An area may
say how many people live there, as "population".
"""

from __future__ import annotations

from civicmap.domain.jurisdictions.boundary_file.consistency import check_city
from civicmap.domain.jurisdictions.boundary_file.features import read_features
from civicmap.domain.jurisdictions.boundary_file.outlines import draw_outlines
from civicmap.domain.jurisdictions.boundary_file.shapes import (
    AreaShape,
    CityShape,
    Repair,
    area_m2,
    as_multipolygon,
    label_point,
    union_without_slivers,
)
from civicmap.foundation.geo import Point
from civicmap.foundation.slugs import distinct_slugs

__all__ = ["AreaShape", "CityShape", "Repair", "area_m2", "read_city_shape"]


def read_city_shape(
    content: bytes, *, name_property: str = "name", near: Point | None = None
) -> CityShape:
    """Read and check a city's GeoJSON file.

    `name_property` is the property that holds an area's name; translations are read from
    `<name_property>:<language>`, for example "name:pl". `near` is a place the city should be
    somewhere around (the place of its time zone will do, thousands of kilometres are forgiven); it
    lets swapped latitude and longitude be told even where both are possible.

    Raises `InvalidInput` (field "file") with a sentence naming the feature at fault.
    """
    features, repairs = read_features(content, name_property=name_property, near=near)
    boundaries = [feature for feature in features if feature.is_boundary]
    areas = [feature for feature in features if not feature.is_boundary]
    if boundaries:
        boundary = boundaries[0].polygon
    else:
        boundary = union_without_slivers([area.polygon for area in areas])
    check_city(boundary, areas, boundary_given=bool(boundaries))
    outlines, boundary_outline = draw_outlines([area.polygon for area in areas], boundary)
    slugs = distinct_slugs((area.name for area in areas), fallback="area")
    return CityShape(
        boundary=boundary,
        boundary_outline=boundary_outline,
        areas=tuple(
            AreaShape(
                name=area.name,
                names=area.names,
                slug=slug,
                polygon=area.polygon,
                label_point=label_point(area.polygon),
                outline=as_multipolygon(outline),
                population=area.population,
            )
            for area, slug, outline in zip(areas, slugs, outlines, strict=True)
        ),
        repairs=tuple(repairs),
    )
