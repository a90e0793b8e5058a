"""Lists of reports, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from civicmap.domain.categories.models import Category
from civicmap.domain.departments.models import Department
from civicmap.domain.jurisdictions.models import Area
from civicmap.domain.media.queries import PhotoRow
from civicmap.domain.reports.models import Report
from civicmap.domain.reports.queries.public.filters import Filters, filtered, found_in, shown
from civicmap.domain.reports.queries.public.masking import ADDRESS, CONTENT_IS_SHOWN, WORDS
from civicmap.domain.reports.queries.public.photos import list_shown_photos
from civicmap.domain.reports.queries.public.rows import ReportCard
from civicmap.foundation.database import AnySelect
from civicmap.foundation.geo.ground import Range
from civicmap.foundation.paging import Page, Place


def list_reports(
    session: Session,
    jurisdiction_id: int,
    filters: Filters,
    *,
    after: Place | None,
    limit: int,
    are_few: bool = False,
    codes: Sequence[Range] | None = None,
) -> Page[ReportCard]:
    """Reports, newest first, from `after` on: by going through the city's from the newest on, or,
    if they are few, by gathering them all. `codes`: ranges of Morton codes that hold all of them,
    and of the ground's nothing else."""
    newest_first = (Report.created_at.desc(), Report.id.desc())
    if are_few:
        ids = _first_of_few(jurisdiction_id, filters, codes, after, limit + 1)
        query = _card_query().where(Report.id.in_(ids)).order_by(*newest_first)
    else:
        query = filtered(_card_query(), jurisdiction_id, filters)
        if after:
            query = query.where(tuple_(Report.created_at, Report.id) < (after.moment, after.id))
        query = query.order_by(*newest_first).limit(limit + 1)
    rows = session.execute(query).all()
    photos = list_shown_photos(session, [row.id for row in rows[:limit]])
    cards = [_card(row, photos.get(row.id, [])) for row in rows[:limit]]
    more = Place(cards[-1].created_at, cards[-1].id) if len(rows) > limit else None
    return Page(cards, more)


def _first_of_few(
    jurisdiction_id: int,
    filters: Filters,
    codes: Sequence[Range] | None,
    after: Place | None,
    limit: int,
) -> AnySelect:
    """The ids of the newest of few reports, by whichever index finds these. Going through a whole
    city by date for the handful on a small ground or in a rare category would take seconds."""
    found = found_in(select(Report.id, Report.created_at), jurisdiction_id, filters, codes)
    few = found.cte("few").prefix_with("MATERIALIZED")
    newest = select(few.c.id).order_by(few.c.created_at.desc(), few.c.id.desc()).limit(limit)
    if after:
        newest = newest.where(tuple_(few.c.created_at, few.c.id) < (after.moment, after.id))
    return newest


def list_recent_with_photos(
    session: Session, jurisdiction_id: int, *, limit: int
) -> list[ReportCard]:
    """The newest reports with a photo that everybody sees."""
    rows = session.execute(
        _card_query()
        .where(shown(jurisdiction_id), Report.photo_count > 0, CONTENT_IS_SHOWN)
        .order_by(Report.created_at.desc(), Report.id.desc())
        .limit(limit)
    ).all()
    photos = list_shown_photos(session, [row.id for row in rows])
    return [_card(row, photos.get(row.id, [])) for row in rows]


CARD = (
    Report.id,
    Report.number,
    Report.status,
    Category.key.label("category_key"),
    Category.names.label("category_names"),
    Category.icon,
    Department.names.label("department_names"),
    Area.name.label("area_name"),
    ADDRESS.label("address"),
    WORDS.label("words"),
    Report.language,
    func.ST_Y(Report.point).label("latitude"),
    func.ST_X(Report.point).label("longitude"),
    Report.created_at,
    Report.status_since,
    Report.fix_by,
    Report.supporter_count,
)


CARD_NAMES = tuple(column.key for column in CARD)


def _card_query() -> AnySelect:
    return joined(select(*CARD))


def joined(query: AnySelect) -> AnySelect:
    return (
        query.select_from(Report)
        .join(Category, Category.id == Report.category_id)
        .outerjoin(Department, Department.id == Report.department_id)
        .outerjoin(Area, Area.id == Report.area_id)
    )


def card_values(row: Any, photos: Sequence[PhotoRow]) -> dict[str, Any]:
    return {
        **{column: getattr(row, column) for column in CARD_NAMES},
        "department_names": row.department_names or {},
        "area_name": row.area_name or "",
        "photo": next((photo for photo in photos if photo.event_id is None), None),
    }


def _card(row: Any, photos: Sequence[PhotoRow]) -> ReportCard:
    return ReportCard(**card_values(row, photos))
