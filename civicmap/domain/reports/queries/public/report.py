"""A single report: its page, its timeline, its photos."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicmap.domain.categories.models import Category
from civicmap.domain.departments.models import Department
from civicmap.domain.jurisdictions.models import Jurisdiction
from civicmap.domain.media.models import Photo
from civicmap.domain.media.queries import PhotoRow, list_photos
from civicmap.domain.reports.models import Report, Reporter, ReportEvent, Supporter
from civicmap.domain.reports.queries.answers import list_answers
from civicmap.domain.reports.queries.public.filters import shown
from civicmap.domain.reports.queries.public.lists import CARD, card_values, joined
from civicmap.domain.reports.queries.public.rows import PublicEvent, PublicReport
from civicmap.foundation.database import AnySelect
from civicmap.foundation.errors import NotFound
from civicmap.foundation.locales import N_


def get_public_report(session: Session, jurisdiction_id: int, number: str) -> PublicReport:
    """Raises NotFound: no such report, or it is not shown."""
    row = session.execute(
        _report_query().where(shown(jurisdiction_id), Report.number == number)
    ).first()
    if row is None:
        raise NotFound(N_("There is no report with this number."))
    return _report(session, row, public_only=True)


def get_report_by_secret(session: Session, number: str, secret: str) -> tuple[int, PublicReport]:
    """A report through its reporter's own link, shown or not; with its jurisdiction id.

    Gives no contact back: whoever holds the link sees what the public would, and all that was
    answered. Raises NotFound.
    """
    row = session.execute(
        _report_query()
        .add_columns(Report.jurisdiction_id)
        .join(Reporter, Reporter.report_id == Report.id)
        .where(Report.number == number, Reporter.secret == secret)
    ).first()
    if row is None:
        raise NotFound(N_("This link does not lead to a report. Check that it is complete."))
    return row.jurisdiction_id, _report(session, row, public_only=False)


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


def is_photo_shown(session: Session, key: str) -> bool:
    """Whether a photo may be fetched by its random address: not once its report is hidden."""
    return bool(
        session.scalar(
            select(func.coalesce(Report.visibility, "public") != "hidden")
            .select_from(Photo)
            .outerjoin(Report, Report.id == Photo.report_id)
            .where(Photo.key == key)
        )
    )


def _report_query() -> AnySelect:
    return joined(
        select(
            *CARD,
            Report.visibility,
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


def _report(session: Session, row: Any, *, public_only: bool) -> PublicReport:
    photos = list_photos(session, [row.id]).get(row.id, [])
    return PublicReport(
        **card_values(row, photos),
        visibility=row.visibility,
        placed_by=row.placed_by,
        accuracy_metres=row.accuracy_metres,
        department_code=row.department_code or "",
        department_since=row.department_since,
        respond_by=row.respond_by,
        closed_at=row.closed_at,
        updated_at=row.updated_at,
        version=row.version,
        duplicate_radius=row.duplicate_radius,
        answers=list_answers(session, row.id, public_only=public_only),
        photos=tuple(photo for photo in photos if photo.event_id is None),
        events=tuple(_public_events(session, row.id, photos)),
    )


def _public_events(
    session: Session, report_id: int, photos: Sequence[PhotoRow]
) -> list[PublicEvent]:
    rows = session.execute(
        select(ReportEvent, Department.names)
        .outerjoin(Department, Department.id == ReportEvent.department_id)
        .where(ReportEvent.report_id == report_id, ReportEvent.is_public)
        .order_by(ReportEvent.at, ReportEvent.id)
    ).all()
    targets = {event.new.get("department_id") for event, _ in rows} - {None}
    names: dict[int, dict[str, str]] = {}
    if targets:
        names = dict(
            session.execute(
                select(Department.id, Department.names).where(Department.id.in_(targets))
            ).all()
        )
    return [
        PublicEvent(
            id=event.id,
            at=event.at,
            kind=event.kind,
            actor=event.actor,
            department_names=department_names or {},
            to_department_names=names.get(event.new.get("department_id", 0), {}),
            words=event.words,
            old=event.old,
            new=event.new,
            photos=tuple(photo for photo in photos if photo.event_id == event.id),
        )
        for event, department_names in rows
    ]
