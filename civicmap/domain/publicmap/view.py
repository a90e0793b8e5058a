"""The numbers beside the map: by status and by category, of a city or of what the map shows.

Both come out of one statement, so that they always agree: the shown reports by category and
status, under every filter but these two. With no other filter they are in the pyramid: the cells
that fill the ground, each at the coarsest level that is kept, and the deltas that wait there. What
is finer than the pyramid, or filtered by something else, is counted from the reports there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from civicmap.domain.categories.models import Category, CategoryGroup
from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.publicmap.pyramid.facets import (
    CITY_BITS,
    FINEST,
    LEVELS,
    Kind,
    cell,
    facet,
    finest_level,
)
from civicmap.domain.publicmap.tiles.days import Span, subjects
from civicmap.domain.reports.models import Report
from civicmap.domain.reports.queries.public.filters import Filters, found_in
from civicmap.domain.reports.queries.public.lists import list_reports
from civicmap.domain.reports.queries.public.rows import ReportCard, StatusCounts
from civicmap.domain.reports.queries.public.words import words_to_seek
from civicmap.domain.reports.workflow import STATUSES
from civicmap.foundation.clock import now
from civicmap.foundation.geo import FINEST_LEVEL, Ground
from civicmap.foundation.geo.ground import Range, merge, piece_range
from civicmap.foundation.paging import Page, Place

# So many reports are gathered and put in order at once; of more, the next page is soon found by
# going through the city's reports from the newest on.
FEW = 4_000

# The shown reports of a city by category. Ranges that hold nothing are not asked for each category.
_BY_CATEGORY = text(
    """
    WITH ground AS MATERIALIZED (
        SELECT low, high
          FROM unnest(CAST(:cells_low AS bigint[]), CAST(:cells_high AS bigint[]))
            AS ranges (low, high)
         WHERE EXISTS (
            SELECT FROM map_cells WHERE facet = :everything AND cell BETWEEN low AND high
         )
    ), counted AS (
        SELECT categories.id AS category_id, kept.*
          FROM ground CROSS JOIN categories CROSS JOIN LATERAL (
            SELECT open, in_progress, fixed, wont_fix
              FROM map_cells
             WHERE facet = :by_category + categories.id AND cell BETWEEN ground.low AND ground.high
            OFFSET 0
          ) AS kept
        UNION ALL
        SELECT waiting.*
          FROM unnest(CAST(:codes_low AS bigint[]), CAST(:codes_high AS bigint[]))
            AS ranges (low, high)
         CROSS JOIN LATERAL (
            SELECT category_id, open, in_progress, fixed, wont_fix
              FROM map_deltas
             WHERE jurisdiction_id = :jurisdiction_id AND code BETWEEN low AND high
            OFFSET 0
         ) AS waiting
        UNION ALL
        SELECT fine.*
          FROM unnest(CAST(:finer_low AS bigint[]), CAST(:finer_high AS bigint[]))
            AS ranges (low, high)
         CROSS JOIN LATERAL (
            SELECT category_id, (status = 'open')::int, (status = 'in_progress')::int,
                   (status = 'fixed')::int, (status = 'wont_fix')::int
              FROM reports
             WHERE jurisdiction_id = :jurisdiction_id AND visibility = 'public'
               AND morton BETWEEN low AND high
            OFFSET 0
         ) AS fine
    )
    SELECT categories.key, category_groups.key, sums.*
      FROM (
        SELECT category_id, sum(open) AS open, sum(in_progress) AS in_progress,
               sum(fixed) AS fixed, sum(wont_fix) AS wont_fix
          FROM counted GROUP BY category_id
      ) AS sums
      JOIN categories ON categories.id = sums.category_id
      JOIN category_groups ON category_groups.id = categories.group_id
     WHERE open + in_progress + fixed + wont_fix > 0
    """
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


@dataclass(frozen=True)
class ViewCounts:
    """`statuses`: the four counters, under all filters except that of the status. `categories`:
    reports by category key, under all filters except those of category and group; none with 0."""

    statuses: StatusCounts
    categories: dict[str, int]


def get_view_counts(session: Session, jurisdiction_id: int, filters: Filters) -> ViewCounts:
    """The counters and the categories of a city, or of a ground of it, under these filters."""
    rest = replace(filters, statuses=(), category="", group="")
    if not words_to_seek(rest.text):
        rest = replace(rest, text="")
    if rest == Filters(ground=filters.ground):
        rows = _read_pyramid(session, jurisdiction_id, filters.ground)
    else:
        rows = _count_reports(session, jurisdiction_id, rest)
    asked = filters.statuses or STATUSES
    categories = {row.category: sum(row.counts[status] for status in asked) for row in rows}
    return ViewCounts(
        add_up(
            row.counts
            for row in rows
            if filters.category in ("", row.category) and filters.group in ("", row.group)
        ),
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
    codes = _narrow(session, jurisdiction_id, filters) if are_few else None
    return list_reports(
        session, jurisdiction_id, filters, after=after, limit=limit, are_few=are_few, codes=codes
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


@dataclass(frozen=True)
class _Row:
    category: str
    group: str
    counts: StatusCounts


def _read_pyramid(session: Session, jurisdiction_id: int, ground: Ground | None) -> list[_Row]:
    """All shown reports of a city on a ground (None: everywhere)."""
    finest = finest_level(Kind.CATEGORY, everywhere=False) or 0
    parts = _parts(ground, finest)
    rows = session.execute(
        _BY_CATEGORY,
        {
            "jurisdiction_id": jurisdiction_id,
            "everything": facet(jurisdiction_id, Kind.ALL),
            "by_category": facet(jurisdiction_id, Kind.CATEGORY),
            **_bounds("cells", parts.cells),
            **_bounds("codes", parts.codes),
            **_bounds("finer", parts.finer),
        },
    )
    return [_Row(row[0], row[1], _counts(row[3:])) for row in rows]


def _count_reports(session: Session, jurisdiction_id: int, filters: Filters) -> list[_Row]:
    """The reports under these filters, counted one by one."""
    codes = _narrow(session, jurisdiction_id, filters)
    found = found_in(
        select(Report.category_id, Report.status), jurisdiction_id, filters, codes
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
    return [_Row(row[0], row[1], _counts(row[2:])) for row in rows]


def _narrow(session: Session, jurisdiction_id: int, filters: Filters) -> Sequence[Range] | None:
    """Where to look for the reports under these filters, as ranges of level-30 codes: the ground,
    or in it the cells of a district or a department; None where place is not what narrows most."""
    if words_to_seek(filters.text):
        return None
    if not (filters.area or filters.department):
        return filters.ground.codes if filters.ground else None
    kind, name = (
        (Kind.AREA, filters.area) if filters.area else (Kind.DEPARTMENT, filters.department)
    )
    level = finest_level(kind, everywhere=False) or 0
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
            **_bounds("cells", [piece_range(*piece, level) for piece in coarse]),
            **_bounds("codes", [piece_range(*piece, FINEST) for piece in coarse]),
        },
    )
    spots = [piece_range(level, code, FINEST_LEVEL) for (code,) in rows]
    finer = [piece_range(*piece, FINEST_LEVEL) for piece in pieces if piece[0] > level]
    return merge(sorted(spots + finer))


@dataclass(frozen=True)
class _Parts:
    """A ground as ranges of kept cells, the codes of the deltas that may wait there, and ranges of
    level-30 codes for what is finer than any kept cell."""

    cells: list[Range]
    codes: list[Range]
    finer: list[Range]


def _parts(ground: Ground | None, finest: int) -> _Parts:
    """`finest`: the finest level that is kept."""
    if ground is None:
        return _Parts([(cell(0, 0), cell(0, 0))], [piece_range(0, 0, FINEST)], [])
    cells: list[Range] = []
    codes: list[Range] = []
    finer: list[Range] = []
    for level, code in ground.pieces:
        if level > finest:
            finer.append(piece_range(level, code, FINEST_LEVEL))
            continue
        kept = next(kept for kept in LEVELS if kept >= level)
        low, high = piece_range(level, code, kept)
        cells.append((cell(kept, low), cell(kept, high)))
        codes.append(piece_range(level, code, FINEST))
    return _Parts(merge(cells), merge(codes), merge(finer))


def _bounds(name: str, ranges: list[Range]) -> dict[str, list[int]]:
    return {
        f"{name}_low": [low for low, _ in ranges],
        f"{name}_high": [high for _, high in ranges],
    }


def _counts(numbers: Iterable[int]) -> StatusCounts:
    return StatusCounts(*(int(number) for number in numbers))
