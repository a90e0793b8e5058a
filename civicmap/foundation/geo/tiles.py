"""Web Mercator tiles in XYZ numbering (x eastwards, y southwards), and their boxes in degrees."""

from __future__ import annotations

from math import asinh, atan, degrees, pi, radians, sinh, tan
from typing import NamedTuple

from civicmap.foundation.errors import InvalidInput
from civicmap.foundation.geo.boxes import Box
from civicmap.foundation.geo.points import Point
from civicmap.foundation.locales import N_

MERCATOR_LATITUDE = degrees(atan(sinh(pi)))  # 85.0511 degrees: where the square map ends


class Tile(NamedTuple):
    """One square of the map: zoom z, column x from the west, row y from the north."""

    z: int
    x: int
    y: int


def tile_of(point: Point, z: int) -> Tile:
    """The tile at zoom `z` (0..30) that holds `point`.

    A point on a border belongs to the tile east or south of it. Beyond 85.05 degrees north or south
    the nearest tile is given, and longitude 180 belongs to the easternmost column.
    """
    size = 1 << z
    latitude = max(-MERCATOR_LATITUDE, min(MERCATOR_LATITUDE, point.latitude))
    x = int((point.longitude + 180) / 360 * size)
    y = int((1 - asinh(tan(radians(latitude))) / pi) / 2 * size)
    return Tile(z, min(size - 1, x), max(0, min(size - 1, y)))


def tile_box(z: int, x: int, y: int) -> Box:
    """The extent of a tile in degrees.

    Raises `InvalidInput` when there is no such tile (z not 0..30, x or y not 0..2^z - 1).
    """
    check_tile(z, x, y)
    return Box(
        west=_longitude(z, x),
        south=_latitude(z, y + 1),
        east=_longitude(z, x + 1),
        north=_latitude(z, y),
    )


def tiles_over(box: Box, *, most: int, deepest: int) -> list[Tile]:
    """The smallest tiles, of zoom `deepest` at most, of which no more than `most` meet the box."""
    found = [Tile(0, 0, 0)]
    for z in range(1, deepest + 1):
        first = tile_of(Point(box.north, box.west), z)
        last = tile_of(Point(box.south, box.east), z)
        if (last.x - first.x + 1) * (last.y - first.y + 1) > most:
            break
        found = [
            Tile(z, x, y) for x in range(first.x, last.x + 1) for y in range(first.y, last.y + 1)
        ]
    return found


def check_tile(z: int, x: int, y: int) -> None:
    if not (0 <= z <= 30 and 0 <= x < 1 << z and 0 <= y < 1 << z):
        raise InvalidInput(N_("There is no such map tile."), field="tile")


def _longitude(z: int, x: int) -> float:
    return x / (1 << z) * 360 - 180


def _latitude(z: int, y: int) -> float:
    return degrees(atan(sinh(pi * (1 - 2 * y / (1 << z)))))
