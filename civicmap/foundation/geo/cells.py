"""Map cells as single numbers: Morton (Z-order) codes of Web Mercator tiles.

The code of tile (x, y) at level L interleaves the bits of x (even places) and y (odd places), so
it has 2 L bits: 60 at the finest level, which fits a signed 64-bit integer with room to spare. The
four tiles below a tile have its code times four, plus 0..3. Therefore everything inside a tile is
one unbroken range of finer codes: `WHERE cell BETWEEN low AND high` on a plain b-tree.
"""

from __future__ import annotations

from civicmap.foundation.geo.boxes import Box
from civicmap.foundation.geo.points import Point
from civicmap.foundation.geo.tiles import check_tile, tile_box, tile_of

FINEST_LEVEL = 30  # one cell is 3.7 cm wide at the equator

_SPREAD = (
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)
_GATHER = (
    (1, 0x3333333333333333),
    (2, 0x0F0F0F0F0F0F0F0F),
    (4, 0x00FF00FF00FF00FF),
    (8, 0x0000FFFF0000FFFF),
    (16, 0x00000000FFFFFFFF),
)


def morton(point: Point, level: int = FINEST_LEVEL) -> int:
    """The code of the cell at `level` (0..30) that holds `point`."""
    tile = tile_of(point, level)
    return tile_cell(tile.x, tile.y)


def tile_cell(x: int, y: int) -> int:
    """The code of tile (x, y) at the tile's own level; x and y are 0..2^30 - 1."""
    return _spread(x) | _spread(y) << 1


def cell_tile(code: int) -> tuple[int, int]:
    """The column x and row y of the tile with this code, at the code's own level."""
    return _gather(code), _gather(code >> 1)


def cell_box(code: int, level: int) -> Box:
    """The extent, in degrees, of the cell with this code at `level`."""
    x, y = cell_tile(code)
    return tile_box(level, x, y)


def tile_range(z: int, x: int, y: int, *, level: int = FINEST_LEVEL) -> tuple[int, int]:
    """The lowest and highest code, both inclusive, of the cells of `level` inside a tile.

    `level` must not be coarser than `z`. Raises `InvalidInput` when there is no such tile.
    """
    check_tile(z, x, y)
    if not z <= level <= FINEST_LEVEL:
        raise ValueError(f"level {level} is coarser than zoom {z}")
    shift = 2 * (level - z)
    low = tile_cell(x, y) << shift
    return low, low + (1 << shift) - 1


def _spread(number: int) -> int:
    """Put a zero between the bits: 0b1011 becomes 0b1000101."""
    for shift, mask in _SPREAD:
        number = (number | number << shift) & mask
    return number


def _gather(code: int) -> int:
    """Take every second bit, starting with the lowest: the reverse of `_spread`."""
    code &= 0x5555555555555555
    for shift, mask in _GATHER:
        code = (code | code >> shift) & mask
    return code
