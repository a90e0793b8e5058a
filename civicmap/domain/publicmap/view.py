"""The numbers beside the map: by status and by category, of a city or of what the map shows.

Both come out of one statement, so that they always agree: the shown reports by category and
status, under every filter but these two. With no other filter they are in the pyramid: the cells
that fill the ground, each at the coarsest level that is kept, and the deltas that wait there. What
is finer than the pyramid, or filtered by something else, is counted from the reports there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import compress
from typing import NamedTuple

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from civicmap.domain.categories.models import Category, CategoryGroup
from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.publicmap.models import OF_CATEGORIES, OF_CITY
from civicmap.domain.publicmap.pyramid.facets import (
    CITY_BITS,
    KIND_BITS,
    Kind,
    facet,
)
from civicmap.domain.publicmap.tiles.days import Span, subjects
from civicmap.domain.publicmap.whereabouts import FEW, bounds, parts_of, where_to_look
from civicmap.domain.reports.models import Report
from civicmap.domain.reports.queries.public.filters import Filters, found_in
from civicmap.domain.reports.queries.public.lists import list_reports
from civicmap.domain.reports.queries.public.rows import ReportCard, StatusCounts
from civicmap.domain.reports.queries.public.words import words_to_seek
from civicmap.domain.reports.workflow import STATUSES
from civicmap.foundation.clock import now
from civicmap.foundation.geo import Ground
from civicmap.foundation.paging import Page, Place
from civicmap.foundation.reading import InSession, Reading, Statement

_SUBJECT_MASK = (1 << KIND_BITS) - 1

_EACH_STATUS = ", ".join(f"(status = '{status}')::int * number" for status in STATUSES)
# The shown reports of a city by category. An index has the cells of all its categories side by side
# (`models.MapCell`): a range of cells is one scan instead of one for each category.
_BY_CATEGORY = Statement(
    "counts_by_category",
    f"""
    WITH counted AS (
        SELECT kept.*
          FROM unnest(:cells_low::bigint[], :cells_high::bigint[]) AS ranges (low, high)
         CROSS JOIN LATERAL (
            SELECT facet & {_SUBJECT_MASK} AS category_id, open, in_progress, fixed, wont_fix
              FROM map_cells
             WHERE {OF_CITY} = :jurisdiction_id::bigint AND {OF_CATEGORIES}
               AND cell BETWEEN low AND high
            OFFSET 0
         ) AS kept
        UNION ALL
        SELECT waiting.*
          FROM unnest(:codes_low::bigint[], :codes_high::bigint[]) AS ranges (low, high)
         CROSS JOIN LATERAL (
            SELECT category_id, open, in_progress, fixed, wont_fix
              FROM map_deltas
             WHERE jurisdiction_id = :jurisdiction_id::bigint AND code BETWEEN low AND high
            OFFSET 0
         ) AS waiting
        UNION ALL
        SELECT category_id, {_EACH_STATUS}
          FROM (
            SELECT category_id, status, sum(sign)::int AS number
              FROM unnest(:fine_low::bigint[], :fine_high::bigint[], :fine_signs::int[])
                AS ranges (low, high, sign)
             CROSS JOIN LATERAL (
                SELECT category_id, status
                  FROM reports
                 WHERE jurisdiction_id = :jurisdiction_id::bigint AND visibility = 'public'
                   AND morton BETWEEN low AND high
                OFFSET 0
             ) AS found
             GROUP BY category_id, status
          ) AS fine
    )
    SELECT categories.key, category_groups.key, open, in_progress, fixed, wont_fix
      FROM (
        SELECT category_id, sum(open) AS open, sum(in_progress) AS in_progress,
               sum(fixed) AS fixed, sum(wont_fix) AS wont_fix
          FROM counted GROUP BY category_id
      ) AS sums
      JOIN categories ON categories.id = sums.category_id
      JOIN category_groups ON category_groups.id = categories.group_id
     WHERE open + in_progress + fixed + wont_fix > 0
    """,  # noqa: S608 - constants of this package
)

_BY_CITY = text(
    """
    SELECT jurisdiction_id, sum(open) AS open, sum(in_progress) AS in_progress,
           sum(fixed) AS fixed, sum(wont_fix) AS wont_fix
      FROM (
        SELECT jurisdictions.id AS jurisdiction_id, open, in_progress, fixed, wont_fix
          FROM jurisdictions
          JOIN map_cells ON facet = jurisdictions.id << :city_bits AND cell = 0
        UNION ALL
        SELECT jurisdiction_id, open, in_progress, fixed, wont_fix FROM map_deltas
      ) AS counted
     GROUP BY jurisdiction_id
    """
)


_BY_DAYS = text(
    """
    SELECT coalesce(sum(open), 0), coalesce(sum(in_progress), 0), coalesce(sum(fixed), 0),
           coalesce(sum(wont_fix), 0)
      FROM (
        SELECT open, in_progress, fixed, wont_fix
          FROM map_cells WHERE facet = ANY (:facets) AND cell = 0
        UNION ALL
        SELECT open, in_progress, fixed, wont_fix
          FROM map_deltas WHERE jurisdiction_id = :jurisdiction_id AND day BETWEEN :since AND :until
      ) AS counted
    """
)


@dataclass(frozen=True)
class ViewCounts:
    """`statuses`: the four counters, under all filters except that of the status. `categories`:
    reports by category key, under all filters except those of category and group; none with 0."""

    statuses: StatusCounts
    categories: dict[str, int]


def get_view_counts(
    session: Session, jurisdiction_id: int, filters: Filters, *, reading: Reading | None = None
) -> ViewCounts:
    """The counters and the categories of a city, or of a ground of it, under these filters.

    `reading`: who is asked where the pyramid knows, quicker than the session, of which only what is
    committed is seen.
    """
    rest = replace(filters, statuses=(), category="", group="")
    if not words_to_seek(rest.text):
        rest = replace(rest, text="")
    if rest == Filters(ground=filters.ground):
        rows = _read_pyramid(reading or InSession(session), jurisdiction_id, filters.ground)
    else:
        rows = _count_reports(session, jurisdiction_id, rest)
    asked = [status in (filters.statuses or STATUSES) for status in STATUSES]
    categories = {row.category: sum(compress(row.counts, asked)) for row in rows}
    chosen = [
        row.counts
        for row in rows
        if filters.category in ("", row.category) and filters.group in ("", row.group)
    ]
    return ViewCounts(
        StatusCounts(*map(sum, zip(*chosen, strict=True))),
        {category: count for category, count in categories.items() if count},
    )


def list_view(
    session: Session,
    jurisdiction_id: int,
    filters: Filters,
    *,
    after: Place | None,
    limit: int,
    total: int,
) -> Page[ReportCard]:
    """Reports under these filters, newest first. `total`: how many there are."""
    are_few = total <= FEW
    where = where_to_look(session, jurisdiction_id, filters) if are_few else None
    return list_reports(
        session, jurisdiction_id, filters, after=after, limit=limit, are_few=are_few, where=where
    )


def count_by_city(session: Session) -> dict[int, StatusCounts]:
    """The four counters of every city that has reports, by jurisdiction id."""
    rows = session.execute(_BY_CITY, {"city_bits": CITY_BITS})
    counts = {row.jurisdiction_id: _counts(row[1:]) for row in rows}
    return {jurisdiction_id: count for jurisdiction_id, count in counts.items() if count.total}


def count_past_year(session: Session, city: City) -> StatusCounts:
    """The counters of what was reported in the 12 months up to today, by the city's days."""
    today = now().astimezone(city.zone).date()
    since = _a_year_before(today)
    year = Span(since + timedelta(days=1), today)
    row = session.execute(
        _BY_DAYS,
        {
            "jurisdiction_id": city.id,
            "facets": [
                facet(city.id, Kind.ALL) | subject for subject in subjects(year, with_days=True)
            ],
            "since": year.first,
            "until": year.last,
        },
    ).one()
    return _counts(row)


def _a_year_before(day: date) -> date:
    """The same day of the year before; 28 February for 29 February."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def add_up(counts: Iterable[StatusCounts]) -> StatusCounts:
    """The sum of several counts."""
    numbers = list(counts)
    return StatusCounts(**{status: sum(count[status] for count in numbers) for status in STATUSES})


class _Row(NamedTuple):
    """`counts`: by status, in their order."""

    category: str
    group: str
    counts: tuple[int, ...]


def _read_pyramid(reading: Reading, jurisdiction_id: int, ground: Ground | None) -> list[_Row]:
    """All shown reports of a city on a ground (None: everywhere)."""
    parts = parts_of(ground, Kind.CATEGORY)
    rows = reading.rows(
        _BY_CATEGORY,
        {
            "jurisdiction_id": jurisdiction_id,
            **bounds("cells", parts.cells),
            **bounds("codes", parts.codes),
            **bounds("fine", parts.more + parts.less),
            "fine_signs": [1] * len(parts.more) + [-1] * len(parts.less),
        },
    )
    return [_Row(row[0], row[1], tuple(row[2:])) for row in rows]


def _count_reports(session: Session, jurisdiction_id: int, filters: Filters) -> list[_Row]:
    """The reports under these filters, counted one by one."""
    where = where_to_look(session, jurisdiction_id, filters)
    found = found_in(
        select(Report.category_id, Report.status), jurisdiction_id, filters, where
    ).subquery()
    counted = (
        select(
            found.c.category_id,
            *(func.count().filter(found.c.status == status).label(status) for status in STATUSES),
        )
        .group_by(found.c.category_id)
        .subquery()
    )
    rows = session.execute(
        select(Category.key, CategoryGroup.key, *(counted.c[status] for status in STATUSES))
        .join(Category, Category.id == counted.c.category_id)
        .join(CategoryGroup, CategoryGroup.id == Category.group_id)
    )
    return [_Row(row[0], row[1], tuple(row[2:])) for row in rows]


def _counts(numbers: Iterable[int]) -> StatusCounts:
    return StatusCounts(*(int(number) for number in numbers))
