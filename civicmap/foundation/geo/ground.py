"""A part of the map as whole cells: what a view shows, as few ranges of Morton codes.

Counts and lists that speak of "this part of the map" must all mean the same ground, to the report.
So a view's box is rounded outwards to a grid of cells, and everything is asked of those cells.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from math import asinh, ceil, floor, pi, radians, tan

from civicmap.foundation.geo.boxes import Box
from civicmap.foundation.geo.cells import FINEST_LEVEL, tile_cell
from civicmap.foundation.geo.tiles import MERCATOR_LATITUDE, tile_box

# Along its longer side a view has at most so many cells (but for one that it only touches): they
# are 32 to 64 px wide on a desktop, and the view is some forty ranges.
CELLS_ACROSS = 24
# How far, as a share of the earth's width, a border may reach into a cell by rounding errors alone.
_JITTER = 1e-12

Range = tuple[int, int]


@dataclass(frozen=True)
class Ground:
    """The cells of `level` in the columns west..east and the rows north..south, all inclusive."""

    level: int
    west: int
    north: int
    east: int
    south: int

    @cached_property
    def pieces(self) -> tuple[tuple[int, int], ...]:
        """The fewest cells of any level that fill this ground, as (level, code), in that order."""
        # From the smallest tile that holds all of it.
        depth = max(self.west ^ self.east, self.north ^ self.south).bit_length()
        x, y = self.west >> depth, self.north >> depth
        found: list[tuple[int, int]] = []
        self._split(self.level - depth, x, y, tile_cell(x, y), found)
        return tuple(found)

    @cached_property
    def codes(self) -> tuple[Range, ...]:
        """The ranges of level-30 Morton codes, both ends inclusive, apart and ascending."""
        return tuple(merge(piece_range(level, code, FINEST_LEVEL) for level, code in self.pieces))

    @property
    def box(self) -> Box:
        """West and north as those of the first cell, east and south of the last, in degrees."""
        first = tile_box(self.level, self.west, self.north)
        last = tile_box(self.level, self.east, self.south)
        return Box(first.west, last.south, last.east, first.north)

    def _split(self, level: int, x: int, y: int, code: int, found: list[tuple[int, int]]) -> None:
        """Add the pieces of this ground inside the tile (x, y) of `level`, whose code is `code`."""
        depth = self.level - level
        west, north = x << depth, y << depth
        east, south = west + (1 << depth) - 1, north + (1 << depth) - 1
        if west > self.east or east < self.west or north > self.south or south < self.north:
            return
        inside = self.west <= west and east <= self.east
        if inside and self.north <= north and south <= self.south:
            found.append((level, code))
            return
        for quarter in range(4):
            self._split(
                level + 1, 2 * x + (quarter & 1), 2 * y + (quarter >> 1), 4 * code + quarter, found
            )


def ground_of(box: Box, zoom: int | None = None) -> Ground:
    """The ground of a view: `box` rounded outwards to whole cells.

    Their size follows from the size of the box; with `zoom` they are no finer than what the map
    draws there (16 px). A border that lies on the border of a cell does not take in the next one.
    """
    west, east = _column(box.west), _column(box.east)
    north, south = _row(box.north), _row(box.south)
    side = max(east - west, south - north)
    level = FINEST_LEVEL if zoom is None else min(zoom + 4, FINEST_LEVEL)
    while level and side * (1 << level) > CELLS_ACROSS:
        level -= 1
    first_column, last_column = _between(west, east, level)
    first_row, last_row = _between(north, south, level)
    return Ground(level, first_column, first_row, last_column, last_row)


def piece_range(level: int, code: int, finer: int) -> Range:
    """The codes of the level `finer` inside the cell `code` of `level`, both ends inclusive."""
    shift = 2 * (finer - level)
    return code << shift, ((code + 1) << shift) - 1


def merge(ranges: Iterable[Range]) -> list[Range]:
    """Ascending ranges of whole numbers, those that touch put together."""
    merged: list[Range] = []
    for low, high in ranges:
        if merged and low == merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], high)
        else:
            merged.append((low, high))
    return merged


def _column(longitude: float) -> float:
    """How far east on the square map: 0 at 180 degrees west, 1 at 180 east."""
    return (longitude + 180) / 360


def _row(latitude: float) -> float:
    """How far south on the square map: 0 at its northern end, 1 at its southern."""
    latitude = max(-MERCATOR_LATITUDE, min(MERCATOR_LATITUDE, latitude))
    return (1 - asinh(tan(radians(latitude))) / pi) / 2


def _between(start: float, end: float, level: int) -> Range:
    """The first and the last cell of a side of the box."""
    size = 1 << level
    first = max(0, min(size - 1, floor((start + _JITTER) * size)))
    last = min(size - 1, ceil((end - _JITTER) * size) - 1)
    return first, max(first, last)
