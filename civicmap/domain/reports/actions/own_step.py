"""A step that a reporter takes at their own report, which they hold by its secret. Each action (see
`reporter.py`) locks the row and appends an event.

`once` is a random key of the form: sent twice, even at the same moment, it is done once, and the
second answer is that of the first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicmap.domain.accounts.queries import is_confirmed
from civicmap.domain.accounts.tokens import hash_token
from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.reports.history import record
from civicmap.domain.reports.models import Report, Reporter, ReportEvent
from civicmap.domain.reports.queries.standing import load_standing
from civicmap.domain.reports.reporter_rules import ReporterRights, reporter_rights
from civicmap.foundation.clock import now
from civicmap.foundation.errors import NotFound
from civicmap.foundation.locales import N_


@dataclass(frozen=True)
class OwnStep:
    """A reporter's step: the report by its number and secret, and the form's key.

    `browser`: the raw token of the device, by which a confirmed contact is known. `at` is for tests
    and the demo.
    """

    city: City
    number: str
    secret: str
    once: str
    browser: str = ""
    at: datetime | None = None


def lock_own(session: Session, step: OwnStep) -> tuple[Report, ReporterRights]:
    """The report, locked, and what its reporter may do. Raises NotFound."""
    report = session.scalar(
        select(Report)
        .join(Reporter, Reporter.report_id == Report.id)
        .where(Report.number == step.number, Reporter.secret == step.secret)
        .with_for_update(of=Report)
        .execution_options(populate_existing=True)
    )
    if report is None:
        raise NotFound(N_("This link does not lead to a report. Check that it is complete."))
    return report, reporter_rights(load_standing(session, report.id), step.at or now())


def is_done(session: Session, report: Report, step: OwnStep) -> bool:
    """Whether this very form was carried out before."""
    return bool(step.once) and (
        session.scalar(
            select(func.count()).where(
                ReportEvent.report_id == report.id,
                ReportEvent.actor == "reporter",
                ReportEvent.new["once"].astext == step.once,
            )
        )
        != 0
    )


def is_trusted(session: Session, report: Report, step: OwnStep) -> bool:
    """Whether the reporter's contact was confirmed at this device."""
    contact = session.execute(
        select(Reporter.email, Reporter.phone).where(Reporter.report_id == report.id)
    ).one()
    return bool(step.browser) and any(
        is_confirmed(session, hash_token(step.browser), given) for given in contact
    )


def record_own(
    session: Session,
    report: Report,
    step: OwnStep,
    *,
    kind: str,
    is_public: bool,
    words: str = "",
    old: dict[str, Any] | None = None,
    new: dict[str, Any] | None = None,
) -> ReportEvent:
    return record(
        session,
        report,
        kind=kind,
        at=step.at or now(),
        actor="reporter",
        is_public=is_public,
        words=words,
        old=old,
        new={**(new or {}), **({"once": step.once} if step.once else {})},
    )
