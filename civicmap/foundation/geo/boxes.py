"""Rectangles in degrees: a city's extent, a map's view."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite
from typing import Self

from civicmap.foundation.errors import InvalidInput
from civicmap.foundation.geo.points import Point
from civicmap.foundation.geo.reading import parse_coordinate
from civicmap.foundation.locales import N_


@dataclass(frozen=True, slots=True)
class Box:
    """West, south, east, north in degrees, EPSG:4326, borders included.

    A box does not cross the 180th meridian: no city that runs civicmap does, and a box that may
    wrap makes every user of it wrong in a new way. Raises `InvalidInput` when it is inside out or
    not on the earth.
    """

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        if not all(map(isfinite, (self.west, self.south, self.east, self.north))):
            raise InvalidInput(N_("The borders of the map view must be numbers."))
        if not (-180 <= self.west <= self.east <= 180 and -90 <= self.south <= self.north <= 90):
            raise InvalidInput(
                N_(
                    "The map view must be given as west, south, east, north in degrees, "
                    "west before east and south before north."
                )
            )

    @classmethod
    def around(cls, points: Iterable[Point]) -> Self:
        """The smallest box that holds all `points`; raises ValueError when there are none."""
        points = list(points)
        latitudes = [point.latitude for point in points]
        longitudes = [point.longitude for point in points]
        return cls(min(longitudes), min(latitudes), max(longitudes), max(latitudes))

    @property
    def center(self) -> Point:
        return Point((self.south + self.north) / 2, (self.west + self.east) / 2)

    @property
    def corners(self) -> tuple[Point, Point]:
        """The south-western and the north-eastern one."""
        return Point(self.south, self.west), Point(self.north, self.east)

    def contains(self, point: Point) -> bool:
        return (
            self.west <= point.longitude <= self.east and self.south <= point.latitude <= self.north
        )

    def intersects(self, other: Box) -> bool:
        return (
            self.west <= other.east
            and other.west <= self.east
            and self.south <= other.north
            and other.south <= self.north
        )


def look_swapped(point: Point, box: Box) -> bool:
    """Whether `point` lies outside `box` but would lie inside with latitude and longitude swapped.

    `box` is where the point should have been, for example the extent of the city reported to.
    """
    if box.contains(point) or abs(point.longitude) > 90:
        return False
    return box.contains(Point(point.longitude, point.latitude))


def parse_box(text: str) -> Box:
    """Read "west,south,east,north" in degrees, as in the `bbox` parameter of GeoJSON services.

    Raises `InvalidInput` (field "bbox").
    """
    parts = text.split(",") if len(text) <= 200 else []
    if len(parts) != 4:
        raise InvalidInput(
            N_("The map view must be four numbers: west, south, east, north."), field="bbox"
        )
    west, south, east, north = (parse_coordinate(part, field="bbox") for part in parts)
    return Box(west, south, east, north)
