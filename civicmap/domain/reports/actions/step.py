"""A step that staff take: who acts on what. Each action locks the row, checks the version and the
permission, and leaves an event.

`expected_version` is the version the person was looking at. If the report has changed since, `lock`
raises `ChangedMeanwhile` with what happened; nothing is overwritten.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicmap.domain.accounts.queries import Actor
from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.reports.history import record
from civicmap.domain.reports.models import Report, ReportEvent
from civicmap.foundation.clock import now
from civicmap.foundation.errors import Conflict, NotFound
from civicmap.foundation.locales import N_


class ChangedMeanwhile(Conflict):
    """Somebody else changed the report first; `since_version` is what this person last saw."""

    since_version: int = 0


@dataclass(frozen=True)
class Step:
    """Who acts on what: the arguments that every staff action shares.

    `at` is for imports and the demo; everyone else acts now.
    """

    city: City
    number: str
    actor: Actor
    expected_version: int
    at: datetime | None = None


def lock(session: Session, step: Step, permission: str) -> Report:
    """The report as it is now, nobody else's until the transaction ends.

    Raises NotFound, NotAllowed, ChangedMeanwhile.
    """
    report = session.scalar(
        select(Report)
        .where(Report.jurisdiction_id == step.city.id, Report.number == step.number)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if report is None:
        raise NotFound(N_("There is no report with this number."))
    step.actor.must(
        permission, jurisdiction_id=report.jurisdiction_id, department_id=report.department_id
    )
    check_version(
        report,
        step.expected_version,
        N_("Somebody else changed this report meanwhile. See what happened, then decide."),
    )
    return report


def check_version(report: Report, expected_version: int, message: str) -> None:
    """Raises ChangedMeanwhile when the locked report is not what the person was looking at."""
    if report.version != expected_version:
        error = ChangedMeanwhile(message)
        error.since_version = expected_version
        raise error


def record_step(
    session: Session,
    report: Report,
    step: Step,
    *,
    kind: str,
    is_public: bool,
    words: str = "",
    old: dict[str, Any] | None = None,
    new: dict[str, Any] | None = None,
) -> ReportEvent:
    """Append what the step did to the history, in the name of the department that acted."""
    own = step.actor.department_ids(step.city.id)
    acting = report.department_id if report.department_id in own or not own else own[0]
    return record(
        session,
        report,
        kind=kind,
        at=step.at or now(),
        actor="staff",
        is_public=is_public,
        person_id=step.actor.person_id,
        department_id=acting,
        words=words,
        old=old,
        new=new,
    )
