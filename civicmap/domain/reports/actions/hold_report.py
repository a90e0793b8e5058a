"""Which browsers hold a report as its reporter's."""

from __future__ import annotations

from sqlalchemy import func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from civicmap.domain.accounts.tokens import hash_token
from civicmap.domain.reports.models import ReportDevice, Reporter
from civicmap.foundation.clock import now


def hold_report(session: Session, *, report_id: int, browser: str) -> None:
    """List a report in the My reports of a browser (its raw token); again changes nothing."""
    session.execute(
        insert(ReportDevice)
        .values(report_id=report_id, browser_hash=hash_token(browser), since=now())
        .on_conflict_do_nothing()
    )


def hold_reports_with(session: Session, *, kind: str, contact: str, browser: str) -> None:
    """List every report with this contact, an e-mail address or a phone (E.164), in the My reports
    of a browser where the contact was just confirmed."""
    has_contact = (
        (Reporter.email != "") & (func.lower(Reporter.email) == contact.lower())
        if kind == "email"
        else (Reporter.phone != "") & (Reporter.phone == contact)
    )
    session.execute(
        insert(ReportDevice)
        .from_select(
            ["report_id", "browser_hash", "since"],
            select(Reporter.report_id, literal(hash_token(browser)), literal(now())).where(
                has_contact
            ),
        )
        .on_conflict_do_nothing()
    )
