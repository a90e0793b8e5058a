"""Where to look for the reports under filters that the pyramid does not count together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from civicmap.domain.publicmap.pyramid.facets import (
    FINEST,
    Kind,
    cell,
    facet,
    levels_of,
)
from civicmap.domain.publicmap.shelves import shelves_of
from civicmap.domain.publicmap.tiles.days import span_of, subjects
from civicmap.domain.reports.queries.public.filters import Filters, Where
from civicmap.domain.reports.queries.public.words import words_to_seek
from civicmap.foundation.geo import FINEST_LEVEL, Ground
from civicmap.foundation.geo.ground import Range, merge, piece_range

# So many reports are gathered and put in order at once; of more, the next page is soon found by
# going through the city's reports from the newest on.
FEW = 4_000
# So many are sooner read for their words than the words of all around are gone through.
FEW_TO_READ = 500

_ON_GROUND = text(
    """
    SELECT coalesce(sum(total), 0)
      FROM unnest(CAST(:cells_low AS bigint[]), CAST(:cells_high AS bigint[]))
        AS ranges (low, high)
     CROSS JOIN LATERAL (
        SELECT open + in_progress + fixed + wont_fix AS total
          FROM map_cells WHERE facet = :everything AND cell BETWEEN low AND high
        OFFSET 0
     ) AS kept
    """
)

_IN_MONTHS = text(
    """
    SELECT coalesce(sum(open + in_progress + fixed + wont_fix), 0)
      FROM map_cells WHERE facet = ANY (:months) AND cell = 0
    """
)

# The cells of a district or a department, and those where something waits to be added to them.
_SPOTS = {
    kind: text(
        f"""
        WITH subject AS MATERIALIZED (
            SELECT id FROM {table} WHERE jurisdiction_id = :jurisdiction_id AND {column} = :name
        )
        SELECT kept.code
          FROM subject, unnest(CAST(:cells_low AS bigint[]), CAST(:cells_high AS bigint[]))
            AS ranges (low, high)
         CROSS JOIN LATERAL (
            SELECT cell - :level AS code
              FROM map_cells
             WHERE facet = :of_kind + subject.id AND cell BETWEEN :level + low AND :level + high
               AND open + in_progress + fixed + wont_fix > 0
            OFFSET 0
         ) AS kept
        UNION
        SELECT waiting.code
          FROM subject, unnest(CAST(:codes_low AS bigint[]), CAST(:codes_high AS bigint[]))
            AS ranges (low, high)
         CROSS JOIN LATERAL (
            SELECT code >> :waiting_shift AS code
              FROM map_deltas
             WHERE jurisdiction_id = :jurisdiction_id AND {subject} = subject.id
               AND code BETWEEN low AND high
            OFFSET 0
         ) AS waiting
        """  # noqa: S608 - constants of this file
    )
    for kind, table, column, subject in (
        (Kind.AREA, "areas", "slug", "area_id"),
        (Kind.DEPARTMENT, "departments", "code", "department_id"),
    )
}


def where_to_look(session: Session, jurisdiction_id: int, filters: Filters) -> Where:
    """Where to look for the reports under these filters: on the shelves of their words, or, as
    ranges of level-30 codes, on the ground, or in it the cells of a district or a department; None
    where place is not what narrows most."""
    if words_to_seek(filters.text):
        ground = _ground_if_less_than(session, jurisdiction_id, filters, FEW_TO_READ)
        return shelves_of(jurisdiction_id, filters) if ground is None else ground
    if filters.area or (filters.department and filters.ground):
        return _spots(session, jurisdiction_id, filters)
    if filters.since or filters.until:
        sent = _count_sent(session, jurisdiction_id, filters) if filters.ground else 0
        return _ground_if_less_than(session, jurisdiction_id, filters, sent)
    return filters.ground.codes if filters.ground else None


def _spots(session: Session, jurisdiction_id: int, filters: Filters) -> list[Range]:
    """The cells of a district or a department on the ground."""
    kind, name = (
        (Kind.AREA, filters.area) if filters.area else (Kind.DEPARTMENT, filters.department)
    )
    level = levels_of(kind, everywhere=False)[-1]
    pieces = filters.ground.pieces if filters.ground else ((0, 0),)
    coarse = [piece for piece in pieces if piece[0] <= level]
    rows = session.execute(
        _SPOTS[kind],
        {
            "jurisdiction_id": jurisdiction_id,
            "name": name,
            "of_kind": facet(jurisdiction_id, kind),
            "level": cell(level, 0),
            "waiting_shift": 2 * (FINEST - level),
            **bounds("cells", [piece_range(*piece, level) for piece in coarse]),
            **bounds("codes", [piece_range(*piece, FINEST) for piece in coarse]),
        },
    )
    spots = [piece_range(level, code, FINEST_LEVEL) for (code,) in rows]
    finer = [piece_range(*piece, FINEST_LEVEL) for piece in pieces if piece[0] > level]
    return merge(sorted(spots + finer))


def _ground_if_less_than(
    session: Session, jurisdiction_id: int, filters: Filters, number: int
) -> Sequence[Range] | None:
    """The ground, if about less than `number` of all reports of the city are there."""
    if filters.ground is None:
        return None
    everything = facet(jurisdiction_id, Kind.ALL)
    cells = bounds("cells", parts_of(filters.ground, Kind.ALL).cells)
    there = session.execute(_ON_GROUND, {"everything": everything, **cells}).scalar_one()
    return filters.ground.codes if there < number else None


def _count_sent(session: Session, jurisdiction_id: int, filters: Filters) -> int:
    """How many reports were sent in the months asked for, about."""
    months = subjects(span_of(filters.since, filters.until).touched_months, with_days=False)
    everything = facet(jurisdiction_id, Kind.ALL)
    found = session.execute(_IN_MONTHS, {"months": [everything | month for month in months]})
    return int(found.scalar_one())


Piece = tuple[int, int]  # a cell: level, code


@dataclass(frozen=True)
class Parts:
    """A ground as ranges of kept cells, the codes of the deltas that may wait there, and ranges of
    level-30 codes whose reports are to be added to them (`more`) or taken off (`less`)."""

    cells: list[Range]
    codes: list[Range]
    more: list[Range]
    less: list[Range]


def parts_of(ground: Ground | None, kind: Kind) -> Parts:
    """By the levels at which a kind is kept for a city. Of a cell of the finest that is only partly
    in the ground the smaller part is left to the reports."""
    levels = levels_of(kind, everywhere=False)
    finest = levels[-1]
    whole: list[Piece] = []
    partly: dict[int, list[Piece]] = defaultdict(list)
    for level, code in ground.pieces if ground else ((0, 0),):
        if level <= finest:
            whole.append((level, code))
        else:
            partly[code >> 2 * (level - finest)].append((level, code))
    more: list[Piece] = []
    less: list[Piece] = []
    for around, inside in partly.items():
        if sum(4 ** (finest - level) for level, _ in inside) > 0.5:
            whole.append((finest, around))
            less += _rest((finest, around), inside)
        else:
            more += inside
    cells = []
    for level, code in whole:
        kept = next(one for one in levels if one >= level)
        low, high = piece_range(level, code, kept)
        cells.append((cell(kept, low), cell(kept, high)))
    return Parts(
        merge(sorted(cells)),
        _ranges(whole, FINEST),
        _ranges(more, FINEST_LEVEL),
        _ranges(less, FINEST_LEVEL),
    )


def _ranges(pieces: list[Piece], finer: int) -> list[Range]:
    return merge(sorted(piece_range(level, code, finer) for level, code in pieces))


def _rest(around: Piece, pieces: Sequence[Piece]) -> list[Piece]:
    """What a cell has besides some pieces of it."""
    left = []
    level, code = around
    for quarter in range(4 * code, 4 * code + 4):
        there = [piece for piece in pieces if piece[1] >> 2 * (piece[0] - level - 1) == quarter]
        if not there:
            left.append((level + 1, quarter))
        elif there != [(level + 1, quarter)]:
            left += _rest((level + 1, quarter), there)
    return left


def bounds(name: str, ranges: list[Range]) -> dict[str, list[int]]:
    return {
        f"{name}_low": [low for low, _ in ranges],
        f"{name}_high": [high for _, high in ranges],
    }
