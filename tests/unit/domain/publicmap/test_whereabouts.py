"""A ground as what is kept of it, and what single reports add to that or take off."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from civicmap.domain.publicmap.pyramid.facets import FINEST, LEVEL_BITS, Kind, levels_of
from civicmap.domain.publicmap.whereabouts import parts_of
from civicmap.foundation.geo import FINEST_LEVEL, Ground
from civicmap.foundation.geo.cells import tile_cell
from civicmap.foundation.geo.ground import Range

KINDS = (Kind.ALL, Kind.CATEGORY)


@st.composite
def grounds(draw: st.DrawFn) -> Ground:
    """Up to 24 cells across, somewhere, of any level."""
    level = draw(st.integers(0, 22))
    last = (1 << level) - 1
    west, north = draw(st.integers(0, last)), draw(st.integers(0, last))
    wide, high = draw(st.integers(0, 24)), draw(st.integers(0, 24))
    return Ground(level, west, north, min(last, west + wide), min(last, north + high))


@given(ground=grounds(), kind=st.sampled_from(KINDS), chance=st.randoms(use_true_random=False))
def test_every_place_of_the_ground_is_counted_once_and_no_other(
    ground: Ground, kind: Kind, chance: Random
) -> None:
    parts = parts_of(ground, kind)
    shift = FINEST_LEVEL - ground.level
    for _ in range(50):
        column = _near(chance, ground.west, ground.east, ground.level)
        row = _near(chance, ground.north, ground.south, ground.level)
        inside = ground.west <= column <= ground.east and ground.north <= row <= ground.south
        x, y = (one << shift | chance.randrange(1 << shift) for one in (column, row))
        code = tile_cell(x, y)
        counted = sum(
            1
            for level in levels_of(kind, everywhere=False)
            if _in(parts.cells, level << LEVEL_BITS | code >> 2 * (FINEST_LEVEL - level))
        )
        assert counted + _in(parts.more, code) - _in(parts.less, code) == inside
        # What waits goes with the cells.
        assert _in(parts.codes, code >> 2 * (FINEST_LEVEL - FINEST)) == counted


@given(ground=grounds(), kind=st.sampled_from(KINDS))
def test_of_a_cell_no_more_than_half_is_left_to_the_reports(ground: Ground, kind: Kind) -> None:
    parts = parts_of(ground, kind)
    shift = 2 * (FINEST_LEVEL - levels_of(kind, everywhere=False)[-1])
    left: dict[int, int] = {}
    for first, last in parts.more + parts.less:
        low = first
        while low <= last:
            around = low >> shift
            past = min(last + 1, around + 1 << shift)
            left[around] = left.get(around, 0) + past - low
            low = past
    assert all(many <= 1 << shift - 1 for many in left.values())


def _near(chance: Random, first: int, last: int, level: int) -> int:
    """Often just outside."""
    return max(0, min((1 << level) - 1, chance.randint(first - 2, last + 2)))


def _in(ranges: list[Range], number: int) -> bool:
    return any(low <= number <= high for low, high in ranges)
