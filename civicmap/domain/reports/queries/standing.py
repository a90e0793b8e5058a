"""How a report stands for its reporter: what `reporter_rules` has to know."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from civicmap.domain.reports.models import Report, ReportEvent
from civicmap.domain.reports.reporter_rules import (
    NO_ANSWER,
    ReporterRights,
    Standing,
    reporter_rights,
)


def load_standing(session: Session, report_id: int) -> Standing:
    """Read within the session's transaction, so that a locked report stands still."""
    row = session.execute(
        select(
            Report.status,
            Report.visibility,
            Report.created_at,
            Report.closed_at,
            Report.withdrawn_at,
            Report.waiting_for,
            func.count(ReportEvent.id)
            .filter(and_(ReportEvent.actor == "staff", ReportEvent.kind.not_in(NO_ANSWER)))
            .label("answers"),
            func.count(ReportEvent.id)
            .filter(and_(ReportEvent.actor == "reporter", ReportEvent.kind == "reopened"))
            .label("reopenings"),
        )
        .outerjoin(ReportEvent, ReportEvent.report_id == Report.id)
        .where(Report.id == report_id)
        .group_by(Report.id)
    ).one()
    return Standing(
        status=row.status,
        visibility=row.visibility,
        created_at=row.created_at,
        closed_at=row.closed_at,
        withdrawn_at=row.withdrawn_at,
        waiting_for=row.waiting_for,
        is_answered=row.answers > 0,
        reopenings=row.reopenings,
    )


def get_reporter_rights(session: Session, report_id: int, at: datetime) -> ReporterRights:
    """What the reporter may do at this moment, for a page that offers it."""
    return reporter_rights(load_standing(session, report_id), at)
