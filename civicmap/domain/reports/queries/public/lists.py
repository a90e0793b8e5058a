"""Lists of reports, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, case, false, func, select, true, tuple_
from sqlalchemy.orm import Session

from civicmap.domain.categories.models import Category
from civicmap.domain.departments.models import Department
from civicmap.domain.jurisdictions.models import Area
from civicmap.domain.media.queries import PhotoRow
from civicmap.domain.reports.models import Report
from civicmap.domain.reports.queries.public.filters import Filters, Where, filtered, found_in, shown
from civicmap.domain.reports.queries.public.masking import ADDRESS, CONTENT_IS_SHOWN, WORDS
from civicmap.domain.reports.queries.public.photos import list_shown_photos
from civicmap.domain.reports.queries.public.rows import ReportCard
from civicmap.foundation.database import AnySelect
from civicmap.foundation.paging import Page, Place

NEWEST_FIRST = (Report.created_at.desc(), Report.id.desc())


def list_reports(
    session: Session,
    jurisdiction_id: int,
    filters: Filters,
    *,
    after: Place | None,
    limit: int,
    are_few: bool = False,
    where: Where = None,
) -> Page[ReportCard]:
    """Reports, newest first, from `after` on: by going through the city's from the newest on, or,
    if they are few, by gathering them all from `where` (see `found_in`)."""
    if are_few:
        numbers = _newest_of_few(jurisdiction_id, filters, where, after, limit + 1)
        query = _card_query().where(Report.number.in_(numbers))
    else:
        ids = _newest_of_many(jurisdiction_id, filters, after, limit + 1)
        query = _card_query().where(Report.id.in_(ids))
    if after:
        query = query.where(_is_after(after))
    rows = session.execute(query.order_by(*NEWEST_FIRST).limit(limit + 1)).all()
    photos = list_shown_photos(session, [row.id for row in rows[:limit]])
    cards = [_card(row, photos.get(row.id, [])) for row in rows[:limit]]
    more = Place(cards[-1].created_at, cards[-1].id) if len(rows) > limit else None
    return Page(cards, more)


def _newest_of_few(
    jurisdiction_id: int,
    filters: Filters,
    where: Where,
    after: Place | None,
    limit: int,
) -> AnySelect | CompoundSelect[Any]:
    """The numbers of the newest of few reports, by whichever index finds these, and of all that
    were sent in the same moment as the first or the last of them. Going through a whole city by
    date for the handful on a small ground or in a rare category would take seconds."""
    found = found_in(select(Report.number, Report.created_at), jurisdiction_id, filters, where)
    few = found.cte("few").prefix_with("MATERIALIZED")
    newest = select(few.c.number).order_by(few.c.created_at.desc()).fetch(limit, with_ties=True)
    if after is None:
        return newest
    same_moment = select(few.c.number).where(few.c.created_at == after.moment)
    return newest.where(few.c.created_at < after.moment).union_all(same_moment)


def _newest_of_many(
    jurisdiction_id: int, filters: Filters, after: Place | None, limit: int
) -> AnySelect:
    """The ids of the newest of many reports, from the newest of the city on."""
    undated = replace(filters, since=None, until=None)
    wanted = filtered(select(Report.id), jurisdiction_id, undated).whereclause
    # PostgreSQL takes the conditions together for rarer than they are, and would then gather and
    # sort all that meet them. Of a CASE it expects every second one to do so.
    dated = Filters(since=filters.since, until=filters.until)
    query = filtered(select(Report.id), jurisdiction_id, dated).where(
        case((true() if wanted is None else wanted, true()), else_=false())
    )
    if after:
        query = query.where(_is_after(after))
    return query.order_by(*NEWEST_FIRST).limit(limit)


def _is_after(place: Place) -> ColumnElement[bool]:
    return tuple_(Report.created_at, Report.id) < (place.moment, place.id)


def list_recent_with_photos(
    session: Session, jurisdiction_id: int, *, limit: int
) -> list[ReportCard]:
    """The newest reports with a photo that everybody sees."""
    rows = session.execute(
        _card_query()
        .where(shown(jurisdiction_id), Report.photo_count > 0, CONTENT_IS_SHOWN)
        .order_by(*NEWEST_FIRST)
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
