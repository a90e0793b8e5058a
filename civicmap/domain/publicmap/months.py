"""Reports per month: what the bar under a map draws, and what its player moves through."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ARRAY, DateTime, TextClause, case, cast, func, select, text
from sqlalchemy.orm import Session

from civicmap.domain.categories.models import Category, CategoryGroup
from civicmap.domain.departments.models import Department
from civicmap.domain.jurisdictions.models import Area
from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.publicmap.pyramid.facets import BY_MONTH, Kind, and_month, facet, month_id
from civicmap.domain.publicmap.pyramid.rollup import COUNTS, SUMS
from civicmap.domain.publicmap.shelves import shelves_of
from civicmap.domain.reports.models import Report
from civicmap.domain.reports.queries.public.filters import Filters, found_in
from civicmap.domain.reports.workflow import STATUSES

Counts = tuple[int, int, int, int]

# Reports from before are counted everywhere else; no bar goes back so far.
EARLIEST = month_id(1970, 1)
_NONE: Counts = (0, 0, 0, 0)


def _kept(of_subject: str) -> TextClause:
    # Month by month: a range of facets would read the cells of every level.
    return text(
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
             WHERE jurisdiction_id = :city {of_subject}
        ) AS parts
         WHERE month BETWEEN :earliest AND :latest
         GROUP BY month
        """  # noqa: S608 - constants of the pyramid
    )


_KEPT = _kept("")
_KEPT_OF = {
    Kind.GROUP: _kept("AND group_id = :subject"),
    Kind.CATEGORY: _kept("AND category_id = :subject"),
    Kind.DEPARTMENT: _kept("AND department_id = :subject"),
    Kind.AREA: _kept("AND area_id = :subject"),
}


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
    move the others. The pyramid answers, whatever the status, under no filter or one of group,
    category, department and district; else the reports themselves are counted.
    """
    filters = replace(filters, since=None, until=None)
    present = now.astimezone(city.zone)
    last = month_id(present.year, present.month)
    kept = _count_kept(session, city, latest=last)
    if not kept:
        return Months(last, ())
    first = min(kept)
    found = kept
    kind = _subject_kind(filters)
    if kind in _KEPT_OF:
        subject = _subject_id(session, city, kind, filters)
        found = _count_kept(session, city, kind, subject, latest=last) if subject else {}
    elif kind is not Kind.ALL:
        found = _count_reports(session, city, filters, first, last)
    if filters.statuses:
        asked = [int(status in filters.statuses) for status in STATUSES]
        found = {
            month: (row[0] * asked[0], row[1] * asked[1], row[2] * asked[2], row[3] * asked[3])
            for month, row in found.items()
        }
    return Months(first, tuple(found.get(month, _NONE) for month in range(first, last + 1)))


def _subject_kind(filters: Filters) -> Kind | None:
    """What the facets of the months are about, besides the status; None where the pyramid has no
    such facets."""
    rest = replace(filters, statuses=())
    for kind, only in {
        Kind.ALL: Filters(),
        Kind.GROUP: Filters(group=rest.group),
        Kind.CATEGORY: Filters(category=rest.category),
        Kind.DEPARTMENT: Filters(department=rest.department),
        Kind.AREA: Filters(area=rest.area),
    }.items():
        if rest == only:
            return kind
    return None


def _subject_id(session: Session, city: City, kind: Kind, filters: Filters) -> int | None:
    """None where nothing has such a name."""
    query = {
        Kind.GROUP: select(CategoryGroup.id).where(CategoryGroup.key == filters.group),
        Kind.CATEGORY: select(Category.id).where(Category.key == filters.category),
        Kind.DEPARTMENT: select(Department.id).where(
            Department.jurisdiction_id == city.id, Department.code == filters.department
        ),
        Kind.AREA: select(Area.id).where(
            Area.jurisdiction_id == city.id, Area.slug == filters.area
        ),
    }[kind]
    return session.execute(query).scalar_one_or_none()


def _count_kept(
    session: Session, city: City, kind: Kind = Kind.ALL, subject: int = 0, *, latest: int
) -> dict[int, Counts]:
    """Cells of the months and what waits to be added to them, read in one statement."""
    of_no_month = facet(city.id, Kind.MONTH)
    if kind in BY_MONTH:
        of_no_month = facet(city.id, BY_MONTH[kind], and_month(subject))
    rows = session.execute(
        _KEPT_OF.get(kind, _KEPT),
        {
            "facets": of_no_month,
            "city": city.id,
            "subject": subject,
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
