"""Reports per month: what the bar under a map draws, and what its player moves through."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ARRAY, DateTime, case, cast, func, select, text
from sqlalchemy.orm import Session

from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.publicmap.pyramid.facets import Kind, facet, month_id
from civicmap.domain.publicmap.pyramid.rollup import COUNTS, SUMS
from civicmap.domain.publicmap.shelves import shelves_of
from civicmap.domain.reports.models import Report
from civicmap.domain.reports.queries.public.filters import Filters, found_in
from civicmap.domain.reports.workflow import STATUSES

Counts = tuple[int, int, int, int]

# Reports from before are counted everywhere else; no bar goes back so far.
EARLIEST = month_id(1970, 1)
_NONE: Counts = (0, 0, 0, 0)

# Month by month: a range of facets would read the cells of every level.
_KEPT = text(
    f"""
    SELECT month, {SUMS} FROM (
        SELECT facet - :facets AS month, {COUNTS}
          FROM map_cells
         WHERE facet = ANY (ARRAY(SELECT generate_series(
                   (SELECT facet FROM map_cells
                     WHERE facet BETWEEN CAST(:facets AS bigint) + :earliest
                                     AND CAST(:facets AS bigint) + :latest
                     ORDER BY facet, cell LIMIT 1),
                   CAST(:facets AS bigint) + :latest)))
           AND cell = 0
        UNION ALL
        SELECT extract(year FROM day) * 12 + extract(month FROM day) - 1, {COUNTS}
          FROM map_deltas
         WHERE jurisdiction_id = :city
    ) AS parts
     WHERE month BETWEEN :earliest AND :latest
     GROUP BY month
    """  # noqa: S608 - constants of the pyramid
)


@dataclass(frozen=True)
class Months:
    """Reports of consecutive months. `first` is a month's id (year * 12 + month - 1); `counts` has
    open, in progress, fixed, won't fix of each month from it to the present one; empty where
    nothing was ever reported."""

    first: int
    counts: tuple[Counts, ...]


def count_by_month(session: Session, city: City, filters: Filters, *, now: datetime) -> Months:
    """The reports of a city under these filters but the dates, by the month they were sent in.

    Months are those of the city's clock, and begin with the first of any report: a filter does not
    move the others. Without filters other than the status the pyramid answers; else the reports
    themselves are counted.
    """
    filters = replace(filters, since=None, until=None)
    present = now.astimezone(city.zone)
    last = month_id(present.year, present.month)
    kept = _count_kept(session, city, latest=last)
    if not kept:
        return Months(last, ())
    first = min(kept)
    found = kept
    if replace(filters, statuses=()) != Filters():
        found = _count_reports(session, city, filters, first, last)
    elif filters.statuses:
        asked = [int(status in filters.statuses) for status in STATUSES]
        found = {
            month: (row[0] * asked[0], row[1] * asked[1], row[2] * asked[2], row[3] * asked[3])
            for month, row in kept.items()
        }
    return Months(first, tuple(found.get(month, _NONE) for month in range(first, last + 1)))


def _count_kept(session: Session, city: City, *, latest: int) -> dict[int, Counts]:
    """Cells of the months and what waits to be added to them, read in one statement."""
    rows = session.execute(
        _KEPT,
        {
            "facets": facet(city.id, Kind.MONTH),
            "city": city.id,
            "earliest": EARLIEST,
            "latest": latest,
        },
    )
    return {
        int(month): (int(a), int(b), int(c), int(d))
        for month, a, b, c, d in rows
        if a or b or c or d
    }


def _count_reports(
    session: Session, city: City, filters: Filters, first: int, last: int
) -> dict[int, Counts]:
    # Where each month begins is reckoned once, not from the time zone for each report.
    begins = [datetime(*month_of(month), 1, tzinfo=city.zone) for month in range(first, last + 2)]
    place = func.width_bucket(Report.created_at, cast(begins, ARRAY(DateTime(timezone=True))))
    reports = select(place.label("place"), Report.status)
    found = found_in(reports, city.id, filters, shelves_of(city.id, filters)).subquery()
    counts = [func.count(case((found.c.status == status, 1))) for status in STATUSES]
    query = select(found.c.place, *counts).group_by(found.c.place)
    return {first + place - 1: (a, b, c, d) for place, a, b, c, d in session.execute(query)}


def month_of(month: int) -> tuple[int, int]:
    """Year and month (1..12) of a month's id."""
    return month // 12, month % 12 + 1
