"""What a boundary file holds once read, and the measures taken of it.

Geometries are shapely's, EPSG:4326, longitude before latitude.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from civicmap.foundation.geo import EARTH_RADIUS_M, Box, Point
from civicmap.foundation.locales import N_, gettext, local_number

_G = TypeVar("_G", bound=BaseGeometry)

SLIVER_SHARE = 1e-4  # gaps between areas smaller than this share of the city are drawing errors


@dataclass(frozen=True, slots=True)
class AreaShape:
    """A named part of a city.

    `names` are translations by language; `slug` is unique in the city; `label_point` is where its
    name is written; `outline` is simplified, for drawing only; `population` is its residents.
    """

    name: str
    names: Mapping[str, str]
    slug: str
    polygon: MultiPolygon
    label_point: Point
    outline: MultiPolygon
    population: int | None


@dataclass(frozen=True, slots=True)
class Repair:
    """What was mended in a feature: its number (from 1), its name, what was wrong and how much
    its area changed, as a share of what it was (0.01 is one percent)."""

    feature: int
    name: str
    fault: str
    area_change: float

    def __str__(self) -> str:
        return gettext(
            N_(
                "Feature %(feature)s (%(name)s): %(fault)s. Repaired; its area changed by "
                "%(share)s %%."
            )
        ) % {
            "feature": self.feature,
            "name": self.name,
            "fault": self.fault,
            "share": local_number(round(self.area_change * 100, 6)),
        }


@dataclass(frozen=True, slots=True)
class CityShape:
    boundary: MultiPolygon
    boundary_outline: MultiPolygon
    areas: tuple[AreaShape, ...]
    repairs: tuple[Repair, ...]

    @property
    def extent(self) -> Box:
        return Box(*self.boundary.bounds)


def area_m2(geometry: BaseGeometry) -> float:
    """Square metres on the mean sphere (sinusoidal projection, which keeps areas exactly)."""

    def project(positions: NDArray[np.float64]) -> NDArray[np.float64]:
        angles = np.radians(positions)
        return np.column_stack((angles[:, 0] * np.cos(angles[:, 1]), angles[:, 1]))

    return float(shapely.transform(geometry, project).area) * EARTH_RADIUS_M**2


@dataclass(frozen=True, slots=True)
class Plane:
    """Flat metres around one latitude: true enough over a city for widths and distances."""

    latitude: float

    @classmethod
    def of(cls, geometry: BaseGeometry) -> Plane:
        _, south, _, north = geometry.bounds
        return cls((south + north) / 2)

    @property
    def _metres_per_degree(self) -> tuple[float, float]:
        along_meridian = radians(1) * EARTH_RADIUS_M
        return along_meridian * max(0.01, cos(radians(self.latitude))), along_meridian

    def to_metres(self, geometry: _G) -> _G:
        scale = self._metres_per_degree
        return shapely.transform(geometry, lambda positions: positions * scale)

    def to_degrees(self, geometry: _G) -> _G:
        scale = self._metres_per_degree
        return shapely.transform(geometry, lambda positions: positions / scale)


def label_point(polygon: MultiPolygon) -> Point:
    """The point of the largest part that is farthest from its border: where a name fits best."""
    largest = max(polygon.geoms, key=lambda part: part.area)
    plane = Plane.of(largest)
    flat = plane.to_metres(largest)
    radius = shapely.maximum_inscribed_circle(flat, max(1.0, flat.length / 2_000))
    center = plane.to_degrees(shapely.Point(radius.coords[0]))
    if not largest.contains(center):
        center = largest.representative_point()
    return Point(center.y, center.x)


def as_multipolygon(geometry: BaseGeometry) -> MultiPolygon:
    """The polygons of a geometry, leaving out any lines and points a repair may have left."""
    parts = [part for part in shapely.get_parts(geometry) if isinstance(part, Polygon)]
    nested = [
        part
        for collection in shapely.get_parts(geometry)
        if isinstance(collection, MultiPolygon)
        for part in collection.geoms
    ]
    return MultiPolygon([part for part in [*parts, *nested] if not part.is_empty])


def union_without_slivers(polygons: Sequence[MultiPolygon]) -> MultiPolygon:
    """What the areas cover together, with the hair gaps between neighbours closed."""
    union = as_multipolygon(shapely.union_all(polygons))
    smallest = union.area * SLIVER_SHARE
    return MultiPolygon(
        [
            Polygon(
                part.exterior,
                [ring for ring in part.interiors if Polygon(ring).area >= smallest],
            )
            for part in union.geoms
        ]
    )
