"""The one way to write history: every change of a report goes through `record`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from civicmap.domain.reports.models import Report, ReportEvent

# What answers the resident. A hand-over and a corrected pin do not: nobody has said anything yet,
# and passing a report on must not stop the clock.
RESPONSES = {"status_changed", "update_posted"}


def record(
    session: Session,
    report: Report,
    *,
    kind: str,
    at: datetime,
    actor: str,
    is_public: bool,
    person_id: int | None = None,
    department_id: int | None = None,
    words: str = "",
    old: dict[str, Any] | None = None,
    new: dict[str, Any] | None = None,
) -> ReportEvent:
    """Append an event and count the report's version up. `department_id`: who acted, for all to
    see; `person_id` is for staff only. The first of staff's `RESPONSES` stops the response clock.
    """
    report.version += 1
    report.updated_at = at
    if kind in RESPONSES and actor == "staff" and report.responded_at is None:
        report.responded_at = at
    event = ReportEvent(
        report_id=report.id,
        at=at,
        kind=kind,
        is_public=is_public,
        actor=actor,
        person_id=person_id,
        department_id=department_id,
        words=words,
        old=old or {},
        new=new or {},
        version=report.version,
    )
    session.add(event)
    session.flush()
    return event
