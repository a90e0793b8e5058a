"""Which browsers hold a report as its reporter's."""

from __future__ import annotations

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from civicmap.domain.accounts.tokens import hash_token
from civicmap.domain.reports.models import ReportDevice
from civicmap.foundation.clock import now


def hold_report(session: Session, *, report_id: int, browser: str) -> None:
    """List a report in the My reports of a browser (its raw token); again changes nothing."""
    session.execute(
        insert(ReportDevice)
        .values(report_id=report_id, browser_hash=hash_token(browser), since=now())
        .on_conflict_do_nothing()
    )
