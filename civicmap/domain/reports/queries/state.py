"""How far a report is, for those who write its history in one go: the demo and tests."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicmap.domain.reports.models import Report


@dataclass(frozen=True)
class ReportState:
    """`department_id` None: nobody's yet (triage)."""

    version: int
    department_id: int | None
    visibility: str
    content: str


def get_report_state(session: Session, report_id: int) -> ReportState:
    """The version that the next action has to name, and who has the report."""
    row = session.execute(
        select(Report.version, Report.department_id, Report.visibility, Report.content).where(
            Report.id == report_id
        )
    ).one()
    return ReportState(*row)


def list_sent_keys(session: Session, jurisdiction_id: int, beginning: str) -> set[str]:
    """The idempotency keys of a city's reports that begin so."""
    return set(
        session.scalars(
            select(Report.idempotency_key).where(
                Report.jurisdiction_id == jurisdiction_id,
                Report.idempotency_key.startswith(beginning, autoescape=True),
            )
        )
    )
