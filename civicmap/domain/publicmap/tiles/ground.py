"""The ground of a tile: which cells and codes lie in it, and which level it is told at. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from civicmap.domain.publicmap.pyramid.facets import FINEST, cell
from civicmap.foundation.errors import InvalidInput
from civicmap.foundation.geo import FINEST_LEVEL, tile_range
from civicmap.foundation.geo.cells import tile_cell
from civicmap.foundation.locales import N_

DEEPEST_ZOOM = 22
# A tile has 16 x 16 cells of 16 px, or 32 x 32 of 8 px; where cells are not kept as fine, 8 x 8 of
# 32 px, or 4 x 4 of 64 px where the reports would have to be counted otherwise: who draws merges
# what is nearer than that.
FINEST_CELLS = 5
USUAL_CELLS = 4
COARSEST_CELLS = 3
LAST_RESORT = 2
# Cells counted from the reports may be of any level. Those finer than 16 px would make the tile
# longer and be merged where they are drawn.
COUNTED_CELLS = 4
# Single reports are placed to a 16th of a pixel.
FINEST_REPORTS = 12


@dataclass(frozen=True)
class Ground:
    """Tile (z, x, y) in Web Mercator. Raises InvalidInput when there is no such tile."""

    z: int
    x: int
    y: int

    def __post_init__(self) -> None:
        if not (0 <= self.z <= DEEPEST_ZOOM and 0 <= max(self.x, self.y) < 1 << self.z) or (
            min(self.x, self.y) < 0
        ):
            raise InvalidInput(N_("There is no such map tile."), field="tile")

    @cached_property
    def code(self) -> int:
        """The Morton code of the tile at its own zoom."""
        return tile_cell(self.x, self.y)

    @cached_property
    def codes(self) -> tuple[int, int]:
        """The lowest and highest code of places (level 30) in the tile."""
        return tile_range(self.z, self.x, self.y)

    @property
    def report_level(self) -> int:
        """The level at which single reports are told."""
        return min(self.z + FINEST_REPORTS, FINEST_LEVEL)

    def kept_level(self, levels: Sequence[int], *, coarsest: int = COARSEST_CELLS) -> int | None:
        """The level of the pyramid, one of `levels`, that the tile's cells are read from; None when
        all are too coarse: less than `coarsest` finer than the tile."""
        fit = [level for level in levels if level <= self.z + FINEST_CELLS]
        if fit and fit[-1] >= self.z + coarsest:
            return next((level for level in fit if level >= self.z + USUAL_CELLS), fit[-1])
        # At low zooms: cells that are finer than those told, to be added up.
        return next((level for level in levels if level > self.z + FINEST_CELLS), None)

    def told_level(self, kept: int | None) -> int:
        """The level at which the tile's cells are told: from those of the level `kept`, or (None)
        from the reports."""
        if kept is None:
            return min(self.z + COUNTED_CELLS, FINEST_LEVEL)
        return min(self.z + FINEST_CELLS, kept)

    def probed_level(self, levels: Sequence[int]) -> int:
        """The coarsest of `levels` whose cells fill the tile exactly; the finest, in one cell that
        is larger than the tile, when there is none."""
        return next((level for level in levels if self.z <= level), levels[-1])

    def cells(self, level: int) -> tuple[int, int]:
        """The lowest and highest cell of a kept level in the tile, or the one around it."""
        low, high = self._codes_at(level)
        return cell(level, low), cell(level, high)

    @property
    def waiting(self) -> tuple[int, int]:
        """The lowest and highest code of `map_deltas` in the tile, or the one around it."""
        return self._codes_at(FINEST)

    def _codes_at(self, level: int) -> tuple[int, int]:
        if level < self.z:
            around = self.code >> 2 * (self.z - level)
            return around, around
        shift = 2 * (level - self.z)
        return self.code << shift, (self.code + 1 << shift) - 1
