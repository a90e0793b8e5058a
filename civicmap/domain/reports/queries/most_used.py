"""Which categories residents report most: they stand first in the report form."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicmap.domain.categories.models import Category
from civicmap.domain.reports.models import Report
from civicmap.domain.reports.queries.public.filters import Filters, filtered

# The newest reports say what people meet now, and cost the same however many there are.
AMONG = 1_000


def list_most_used_categories(session: Session, jurisdiction_id: int, *, limit: int) -> list[str]:
    """Keys of the categories of most of a city's newest public reports, the most used first."""
    newest = (
        filtered(select(Report.category_id), jurisdiction_id, Filters())
        .order_by(Report.created_at.desc(), Report.id.desc())
        .limit(AMONG)
        .subquery()
    )
    return list(
        session.scalars(
            select(Category.key)
            .join(newest, newest.c.category_id == Category.id)
            .where(Category.retired_at.is_(None))
            .group_by(Category.id)
            .order_by(func.count().desc(), Category.position)
            .limit(limit)
        )
    )
