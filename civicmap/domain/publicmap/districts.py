"""Reports by district: what the page of districts shows and compares."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from civicmap.domain.jurisdictions.queries import AreaRow, City, list_areas
from civicmap.domain.publicmap.pyramid.facets import MONTH_BITS, Kind, cell, facet, month_id
from civicmap.domain.publicmap.pyramid.rollup import SUMS
from civicmap.domain.publicmap.shelves import shelves_of
from civicmap.domain.publicmap.tiles.days import Span, months_and_edges, span_of, subjects
from civicmap.domain.reports.models import Report
from civicmap.domain.reports.queries.public.filters import Filters, found_in
from civicmap.domain.reports.queries.public.rows import StatusCounts
from civicmap.domain.reports.workflow import STATUSES
from civicmap.foundation.midnight import midnight

M2_PER_KM2 = 1_000_000


class Measure(StrEnum):
    """What districts are compared by."""

    TOTAL = "total"
    OPEN = "open"
    IN_PROGRESS = "in_progress"
    FIXED = "fixed"
    WONT_FIX = "wont_fix"
    SHARE_FIXED = "share_fixed"
    PER_1000 = "per_1000"
    PER_KM2 = "per_km2"


@dataclass(frozen=True)
class DistrictCounts:
    """The reports of a district, or (`area` None) those outside all districts."""

    area: AreaRow | None
    counts: StatusCounts

    def measured(self, measure: Measure) -> float | None:
        """A count; the fixed ones as a share (0 to 1) of all; reports per 1,000 residents or per
        square kilometre. None where it cannot be told: no reports, nobody counted the residents."""
        total = self.counts.total
        if measure is Measure.TOTAL:
            return total
        if measure is Measure.SHARE_FIXED:
            return self.counts.fixed / total if total else None
        if measure is Measure.PER_1000:
            residents = self.area.population if self.area else None
            return total * 1_000 / residents if residents else None
        if measure is Measure.PER_KM2:
            square_metres = self.area.square_metres if self.area else None
            return total * M2_PER_KM2 / square_metres if square_metres else None
        return self.counts[measure.value]


def list_district_counts(session: Session, city: City, filters: Filters) -> list[DistrictCounts]:
    """The reports of every district of a city by status, by the district's slug; last, where there
    are any, those outside all districts.

    Of the filters those of place and status are left aside: the page tells districts and statuses
    apart by itself. A report where districts overlap counts once, in the one it was given to.
    """
    kept = _without_place_and_status(filters)
    if kept == Filters():
        counts = _kept_counts(session, city)
    elif kept == Filters(since=kept.since, until=kept.until):
        counts = _kept_counts_of_days(session, city, span_of(kept.since, kept.until))
    else:
        counts = _count(session, city, kept)
    rows = [
        DistrictCounts(area, counts.get(area.id, StatusCounts()))
        for area in list_areas(session, city.id)
    ]
    outside = counts.get(None, StatusCounts())
    return [*rows, DistrictCounts(None, outside)] if outside.total else rows


# What waits may tell of a district that is gone; of cells, only those of districts there are count.
_AREA_OF_CHANGE = "(SELECT id FROM areas WHERE areas.id = area_id AND jurisdiction_id = :city)"


def _without_place_and_status(filters: Filters) -> Filters:
    return replace(filters, statuses=(), area="", ground=None)


def _kept_counts(session: Session, city: City) -> dict[int | None, StatusCounts]:
    """From the counts kept for each district and for the whole city, and what waits to be added to
    them, in one statement: exact at any moment. What is in no district is what is left."""
    rows = session.execute(
        text(f"""
            WITH district AS (
                SELECT areas.id, open, in_progress, fixed, wont_fix
                FROM areas JOIN map_cells ON facet = :district + areas.id AND cell = :whole
                WHERE jurisdiction_id = :city
            )
            SELECT id, sum(open), sum(in_progress), sum(fixed), sum(wont_fix)
            FROM (
                SELECT * FROM district
                UNION ALL
                SELECT NULL, open, in_progress, fixed, wont_fix
                FROM map_cells WHERE facet = :everything AND cell = :whole
                UNION ALL
                SELECT NULL, -open, -in_progress, -fixed, -wont_fix FROM district
                UNION ALL
                SELECT {_AREA_OF_CHANGE}, open, in_progress, fixed, wont_fix
                FROM map_deltas WHERE jurisdiction_id = :city
            ) AS counted
            GROUP BY id
        """),  # noqa: S608 - a constant
        {
            "city": city.id,
            "district": facet(city.id, Kind.AREA),
            "everything": facet(city.id, Kind.ALL),
            "whole": cell(0, 0),
        },
    )
    return {id_: StatusCounts(*map(int, counts)) for id_, *counts in rows}


def _kept_counts_of_days(
    session: Session, city: City, span: Span
) -> dict[int | None, StatusCounts]:
    """The same of days: whole months, and the days that are over or missing at either end."""
    months, edges = months_and_edges(span)
    by_district = facet(city.id, Kind.AREA_MONTH)
    rows = session.execute(
        _OF_DAYS,
        {
            "city": city.id,
            "zone": city.zone.key,
            # Nothing is kept of the month before the first.
            "first": by_district + month_id(months.first.year, months.first.month),
            "last": by_district + (month_id(months.last.year, months.last.month) if months else 0),
            "everything": [
                facet(city.id, Kind.ALL) | month for month in subjects(months, with_days=False)
            ],
            "whole": cell(0, 0),
            "since": months.first,
            "until": months.last,
            "edge_firsts": [edge.span.first for edge in edges],
            "edge_lasts": [edge.span.last for edge in edges],
            "edge_signs": [edge.sign for edge in edges],
        },
    )
    return {id_: StatusCounts(*map(int, counts)) for id_, *counts in rows}


_COLUMNS = ", ".join(STATUSES)
# The months of a district are one range of facets, each of one cell.
_OF_DAYS = text(
    f"""
    WITH district AS MATERIALIZED (
        SELECT areas.id, kept.*
          FROM areas CROSS JOIN LATERAL (
            SELECT {SUMS}
              FROM map_cells
             WHERE facet BETWEEN :first + (areas.id << {MONTH_BITS})
                             AND :last + (areas.id << {MONTH_BITS})
          ) AS kept
         WHERE jurisdiction_id = :city AND kept.open IS NOT NULL
    ), edges AS MATERIALIZED (
        SELECT {midnight("first", ":zone")} AS first, {midnight("last + 1", ":zone")} AS past, sign
          FROM unnest(CAST(:edge_firsts AS date[]), CAST(:edge_lasts AS date[]),
                      CAST(:edge_signs AS integer[])) AS edge (first, last, sign)
    )
    SELECT id, {SUMS} FROM (
        SELECT * FROM district
        UNION ALL
        SELECT NULL, {", ".join(f"-{status}" for status in STATUSES)} FROM district
        UNION ALL
        SELECT NULL, {_COLUMNS} FROM map_cells
         WHERE facet = ANY (CAST(:everything AS bigint[])) AND cell = :whole
        UNION ALL
        SELECT {_AREA_OF_CHANGE}, {_COLUMNS} FROM map_deltas
         WHERE jurisdiction_id = :city AND day BETWEEN :since AND :until
        UNION ALL
        SELECT of_edge.* FROM edges CROSS JOIN LATERAL (
            SELECT area_id, {
        ", ".join(f"sign * count(*) FILTER (WHERE status = '{status}')" for status in STATUSES)
    }
              FROM reports
             WHERE jurisdiction_id = :city AND visibility = 'public'
               AND created_at >= edges.first AND created_at < edges.past
             GROUP BY area_id
        ) AS of_edge
    ) AS counted
     GROUP BY id
    """  # noqa: S608 - constants of the pyramid
)


def _count(session: Session, city: City, filters: Filters) -> dict[int | None, StatusCounts]:
    """Counted on the spot."""
    reports = select(Report.area_id, Report.status)
    found = found_in(reports, city.id, filters, shelves_of(city.id, filters)).subquery()
    query = select(
        found.c.area_id, *(func.count().filter(found.c.status == status) for status in STATUSES)
    )
    rows = session.execute(query.group_by(found.c.area_id))
    return {id_: StatusCounts(*counts) for id_, *counts in rows}
