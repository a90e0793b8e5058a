"""Simplified shapes for drawing: light enough for a phone, borders still shared by neighbours.

Simplifying each area by itself tears neighbours apart. So the areas are first cleaned into a proper
coverage (hair gaps and overlaps closed) and simplified together, as a coverage, coarser and
coarser until few enough corners are left. Drawing only: who answers for a point is asked of the
full shapes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from civicmap.domain.jurisdictions.boundary_file.shapes import (
    Plane,
    as_multipolygon,
    union_without_slivers,
)

FIRST_TOLERANCE_M = 4.0
COARSEST_TOLERANCE_M = 2_000.0
DECIMALS = 5  # of a degree: 1.1 metres, and half the bytes of what a file usually carries
_SAME_CITY_SHARE = 0.02


def corner_budget(areas: int) -> int:
    """How many corners the outlines of a city may have: 20 bytes of JSON each."""
    return 1_500 + 10 * areas


def draw_outlines(
    areas: Sequence[MultiPolygon], boundary: MultiPolygon
) -> tuple[list[MultiPolygon], MultiPolygon]:
    """Simplified areas, in order, and the simplified boundary around them; all in degrees."""
    plane = Plane.of(boundary)
    flat_areas = [plane.to_metres(area) for area in areas]
    flat_boundary = plane.to_metres(boundary)
    outlines = _simplify(flat_areas) if flat_areas else []
    covered = union_without_slivers(outlines) if outlines else MultiPolygon()
    if covered.symmetric_difference(flat_boundary).area > flat_boundary.area * _SAME_CITY_SHARE:
        covered = _simplify([flat_boundary])[0]
    return [_degrees(plane, outline) for outline in outlines], _degrees(plane, covered)


def _simplify(polygons: Sequence[MultiPolygon]) -> list[MultiPolygon]:
    """Simplify polygons in metres until they keep to their budget of corners."""
    shapes = _coverage(polygons)
    is_coverage = bool(shapely.coverage_is_valid(shapes))
    tolerance = FIRST_TOLERANCE_M
    while True:
        # Each round starts from the one before, so that only the first sees every corner.
        shapes = (
            shapely.coverage_simplify(shapes, tolerance)
            if is_coverage
            else shapely.simplify(shapes, tolerance, preserve_topology=True)
        )
        drawn = [_without_specks(one, tolerance) for one in shapes]
        corners = int(shapely.get_num_coordinates(np.array(drawn)).sum())
        if corners <= corner_budget(len(polygons)) or tolerance >= COARSEST_TOLERANCE_M:
            return drawn
        tolerance *= 1.4


def _coverage(polygons: Sequence[MultiPolygon]) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    shapes = np.array(polygons, dtype=object)
    if shapely.coverage_is_valid(shapes):
        return shapes
    cleaned = shapely.coverage_clean(shapes)  # type: ignore[attr-defined]  # newer than its stubs
    # Cleaning may hand a small area's whole ground to a neighbour: then draw what was given.
    return shapes if any(as_multipolygon(one).is_empty for one in cleaned) else cleaned


def _without_specks(shape: BaseGeometry, tolerance: float) -> MultiPolygon:
    """Leave out islands too small to be seen at this coarseness, but never the last one."""
    polygon = as_multipolygon(shape)
    parts = sorted(polygon.geoms, key=lambda part: part.area, reverse=True)
    return MultiPolygon(
        [part for at, part in enumerate(parts) if at == 0 or part.area > 4 * tolerance**2]
    )


def _degrees(plane: Plane, outline: MultiPolygon) -> MultiPolygon:
    return shapely.transform(
        plane.to_degrees(outline), lambda positions: np.round(positions, DECIMALS)
    )
