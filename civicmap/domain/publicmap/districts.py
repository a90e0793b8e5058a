"""Reports by district: what the page of districts shows and compares."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from civicmap.domain.jurisdictions.queries import AreaRow, City, list_areas
from civicmap.domain.publicmap.pyramid.facets import Kind, cell, facet
from civicmap.domain.publicmap.shelves import shelves_of
from civicmap.domain.reports.models import Report
from civicmap.domain.reports.queries.public.filters import Filters, found_in
from civicmap.domain.reports.queries.public.rows import StatusCounts
from civicmap.domain.reports.workflow import STATUSES

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
    counts = _kept_counts(session, city) if kept == Filters() else _count(session, city, kept)
    rows = [
        DistrictCounts(area, counts.get(area.id, StatusCounts()))
        for area in list_areas(session, city.id)
    ]
    outside = counts.get(None, StatusCounts())
    return [*rows, DistrictCounts(None, outside)] if outside.total else rows


def _without_place_and_status(filters: Filters) -> Filters:
    return replace(filters, statuses=(), area="", ground=None)


def _kept_counts(session: Session, city: City) -> dict[int | None, StatusCounts]:
    """From the counts kept for each district and for the whole city, and what waits to be added to
    them, in one statement: exact at any moment. What is in no district is what is left."""
    rows = session.execute(
        text("""
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
                SELECT area_id, open, in_progress, fixed, wont_fix
                FROM map_deltas WHERE jurisdiction_id = :city
            ) AS counted
            GROUP BY id
        """),
        {
            "city": city.id,
            "district": facet(city.id, Kind.AREA),
            "everything": facet(city.id, Kind.ALL),
            "whole": cell(0, 0),
        },
    )
    return {id_: StatusCounts(*map(int, counts)) for id_, *counts in rows}


def _count(session: Session, city: City, filters: Filters) -> dict[int | None, StatusCounts]:
    """Counted on the spot."""
    reports = select(Report.area_id, Report.status)
    found = found_in(reports, city.id, filters, shelves_of(city.id, filters)).subquery()
    query = select(
        found.c.area_id, *(func.count().filter(found.c.status == status) for status in STATUSES)
    )
    rows = session.execute(query.group_by(found.c.area_id))
    return {id_: StatusCounts(*counts) for id_, *counts in rows}
