"""The counters: per status, per city, per category."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicmap.domain.categories.models import Category
from civicmap.domain.reports.models import Report
from civicmap.domain.reports.queries.public.filters import Filters, filtered
from civicmap.domain.reports.queries.public.rows import StatusCounts


def count_by_status(session: Session, jurisdiction_id: int, filters: Filters) -> StatusCounts:
    """The four counters, under all filters except that of the status."""
    query = filtered(
        select(Report.status, func.count()), jurisdiction_id, filters, with_status=False
    ).group_by(Report.status)
    return StatusCounts(**dict(session.execute(query).all()))


def count_by_status_everywhere(session: Session) -> dict[int, StatusCounts]:
    """The four counters of every city, by jurisdiction id."""
    query = (
        select(Report.jurisdiction_id, Report.status, func.count())
        .where(Report.visibility == "public")
        .group_by(Report.jurisdiction_id, Report.status)
    )
    found: dict[int, dict[str, int]] = {}
    for jurisdiction_id, status, count in session.execute(query):
        found.setdefault(jurisdiction_id, {})[status] = count
    return {key: StatusCounts(**counts) for key, counts in found.items()}


def count_by_category(session: Session, jurisdiction_id: int, filters: Filters) -> dict[str, int]:
    """Reports per category key, under all filters except that of the category."""
    query = (
        filtered(
            select(Category.key, func.count()).select_from(Report),
            jurisdiction_id,
            filters,
            with_category=False,
        )
        .join(Category, Category.id == Report.category_id)
        .group_by(Category.key)
    )
    return dict(session.execute(query).all())
