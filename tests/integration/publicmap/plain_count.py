"""The counts of the map as they are defined, in plain Python: what the pyramid is held against.

Nothing here comes from `civicmap.domain.publicmap`, so that a mistake there is not made here too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, text
from sqlalchemy.orm import Session

STATUSES = ("open", "in_progress", "fixed", "wont_fix")
FINEST = 19

# (facet, cell) → open, in progress, fixed, won't fix; cells without reports are left out.
Counts = dict[tuple[int, int], tuple[int, ...]]


@dataclass(frozen=True)
class Kept:
    """What the map's tables hold: cells with all that waits; how often each has changed."""

    counts: Counts
    revisions: dict[tuple[int, int], int]
    epoch: int


def count_reports(connection: Connection | Session) -> Counts:
    """A plain count over the public reports."""
    rows = connection.execute(
        text(
            "SELECT reports.*, group_id, time_zone FROM reports"
            " JOIN categories ON categories.id = category_id"
            " JOIN jurisdictions ON jurisdictions.id = jurisdiction_id"
            " WHERE visibility = 'public'"
        )
    )
    counts: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for row in rows:
        day = row.created_at.astimezone(ZoneInfo(row.time_zone)).date()
        for place in places(row, day, row.morton // 4 ** (30 - FINEST)):
            counts[place][STATUSES.index(row.status)] += 1
    return {place: tuple(numbers) for place, numbers in counts.items()}


def read_kept(connection: Connection | Session) -> Kept:
    """Cells and waiting deltas, read in one statement and added up."""
    counts: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    revisions: dict[tuple[int, int], int] = defaultdict(int)
    epoch = 0
    for row in connection.execute(_EVERYTHING):
        epoch = row.epoch
        if row.facet is None:
            touched = list(places(row, row.day, row.code))
        else:
            touched = [(row.facet, row.cell)]
        for place in touched:
            revisions[place] += row.changes
            for index, status in enumerate(STATUSES):
                counts[place][index] += getattr(row, status)
    shown = {place: tuple(numbers) for place, numbers in counts.items() if any(numbers)}
    return Kept(shown, dict(revisions), epoch)


_EVERYTHING = text(
    """
    SELECT *, coalesce((SELECT epoch FROM map_state), 0) AS epoch FROM (
        SELECT facet, cell, NULL::bigint AS jurisdiction_id, NULL::bigint AS category_id,
               NULL::bigint AS group_id, NULL::bigint AS department_id, NULL::bigint AS area_id,
               NULL::date AS day, NULL::bigint AS code, open, in_progress, fixed, wont_fix, changes
          FROM map_cells
        UNION ALL
        SELECT NULL, NULL, jurisdiction_id, category_id, group_id, department_id, area_id,
               day, code, open, in_progress, fixed, wont_fix, 1
          FROM map_deltas
    ) AS everything
    """
)


def places(row: Row[tuple[object, ...]], day: date, code: int) -> Iterator[tuple[int, int]]:
    """Every facet and cell that a report, or a delta, counts in; `code` is of level 19."""
    month = day.year * 12 + day.month - 1
    since_1970 = day.toordinal() - date(1970, 1, 1).toordinal()
    every = (0, 10, 12, 14, 16, 18, 19)
    for kind, subject, levels, levels_everywhere in (
        (0, 0, every, every[:3]),
        (1, row.group_id, every[:6], every[:3]),
        (2, row.category_id, (0, 10, 12, 13, 14, 15, 16), every[:3]),
        (3, row.department_id, every[:5], ()),
        (4, row.area_id, (0, 14, 16), ()),
        (5, day.year, every[:5], every[:2]),
        (6, month, every[:5], every[:2]),
        (7, since_1970, (0, 10), (0, 10)),
        (8, _and_month(row.group_id, month), (0, 14), (10,)),
        (9, _and_month(row.category_id, month), (0,), (10,)),
        (10, _and_month(row.department_id, month), (0, 14), ()),
        (11, _and_month(row.area_id, month), (0,), ()),
    ):
        if subject is None:
            continue
        for city, kept in ((row.jurisdiction_id, levels), (0, levels_everywhere)):
            for level in kept:
                facet = city * 2**48 + kind * 2**42 + subject
                yield facet, level * 2**40 + code // 4 ** (FINEST - level)


def _and_month(subject: int | None, month: int) -> int | None:
    return None if subject is None else subject * 2**15 + month
