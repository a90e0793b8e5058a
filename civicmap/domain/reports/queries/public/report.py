"""A single report: its page, its timeline, its photos."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from civicmap.domain.categories.models import Category
from civicmap.domain.departments.models import Department
from civicmap.domain.jurisdictions.models import Jurisdiction
from civicmap.domain.media.queries import PhotoRow
from civicmap.domain.reports.models import Report, ReportEvent, Supporter
from civicmap.domain.reports.queries.public.filters import shown
from civicmap.domain.reports.queries.public.lists import CARD, card_values, joined
from civicmap.domain.reports.queries.public.masking import (
    HELD,
    list_left_out,
    list_public_answers,
    public_values,
    public_words,
)
from civicmap.domain.reports.queries.public.photos import list_shown_photos
from civicmap.domain.reports.queries.public.rows import PublicEvent, PublicReport
from civicmap.foundation.database import AnySelect
from civicmap.foundation.errors import NotFound
from civicmap.foundation.locales import N_


def get_public_report(session: Session, jurisdiction_id: int, number: str) -> PublicReport:
    """Raises NotFound: no such report, or it is not shown."""
    row = session.execute(
        report_query().where(shown(jurisdiction_id), Report.number == number)
    ).first()
    if row is None:
        raise NotFound(N_("There is no report with this number."))
    return _report(session, row)


def find_number(session: Session, number: str) -> str | None:
    """The slug of the city of a shown report with this number."""
    return session.scalar(
        select(Jurisdiction.slug)
        .join(Report, Report.jurisdiction_id == Jurisdiction.id)
        .where(Report.number == number, Report.visibility == "public")
    )


def has_supported(session: Session, report_id: int, browser_hash: str) -> bool:
    """Whether this browser has said "me too" to the report."""
    return (
        session.scalar(
            select(Supporter.report_id).where(
                Supporter.report_id == report_id, Supporter.browser_hash == browser_hash
            )
        )
        is not None
    )


def report_query(card: Sequence[Any] = CARD) -> AnySelect:
    """Reports with what their pages show; `card` are the columns of a row in a list."""
    return joined(
        select(
            *card,
            Report.visibility,
            Report.content,
            Report.redacted_for,
            Report.placed_by,
            Report.accuracy_metres,
            Department.code.label("department_code"),
            Report.department_since,
            Report.respond_by,
            Report.closed_at,
            Report.updated_at,
            Report.version,
            Category.duplicate_radius,
        )
    )


def _report(session: Session, row: Any) -> PublicReport:
    photos = list_shown_photos(session, [row.id]).get(row.id, [])
    left_out = list_left_out(session, row.id)
    return PublicReport(
        **page_values(row, photos),
        answers=list_public_answers(session, row.id, content=row.content),
        events=tuple(
            as_public_event(
                event,
                names,
                photos,
                words=public_words(event, content=row.content, left_out=left_out),
                left_out=left_out,
            )
            for event, names in list_events(session, row.id, ReportEvent.is_public.is_(True))
        ),
    )


def page_values(row: Any, photos: Sequence[PhotoRow]) -> dict[str, Any]:
    """The fields of a `PublicReport` but for its events, from a row of `report_query`."""
    return {
        **card_values(row, photos),
        "visibility": row.visibility,
        "is_content_held": row.content == HELD,
        "redacted_for": row.redacted_for,
        "placed_by": row.placed_by,
        "accuracy_metres": row.accuracy_metres,
        "department_code": row.department_code or "",
        "department_since": row.department_since,
        "respond_by": row.respond_by,
        "closed_at": row.closed_at,
        "updated_at": row.updated_at,
        "version": row.version,
        "duplicate_radius": row.duplicate_radius,
        "photos": tuple(photo for photo in photos if photo.event_id is None),
    }


Names = dict[str, str]


def list_events(
    session: Session, report_id: int, condition: ColumnElement[bool]
) -> list[tuple[ReportEvent, tuple[Names, Names]]]:
    """Events, oldest first, each with the names of the department that acted and of the one that
    the report was handed to."""
    rows = session.execute(
        select(ReportEvent, Department.names)
        .outerjoin(Department, Department.id == ReportEvent.department_id)
        .where(ReportEvent.report_id == report_id, condition)
        .order_by(ReportEvent.at, ReportEvent.id)
    ).all()
    targets = {event.new.get("department_id") for event, _ in rows} - {None}
    names: dict[int, Names] = {}
    if targets:
        names = dict(
            session.execute(
                select(Department.id, Department.names).where(Department.id.in_(targets))
            ).all()
        )
    return [
        (event, (by or {}, names.get(event.new.get("department_id", 0), {}))) for event, by in rows
    ]


def as_public_event(
    event: ReportEvent,
    names: tuple[Names, Names],
    photos: Sequence[PhotoRow],
    *,
    words: str,
    left_out: Mapping[int, str],
) -> PublicEvent:
    """An event of `list_events` with those of `photos` that belong to it. `words`: those that
    whoever asked may read; `left_out`: see `masking.list_left_out`."""
    return PublicEvent(
        id=event.id,
        at=event.at,
        kind=event.kind,
        actor=event.actor,
        department_names=names[0],
        to_department_names=names[1],
        words=words,
        old=public_values(event.old),
        new=public_values(event.new),
        photos=tuple(photo for photo in photos if photo.event_id == event.id),
        left_out_for=left_out.get(event.id),
    )
