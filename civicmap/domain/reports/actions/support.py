""" "Me too": one more resident sees the same problem."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from civicmap.domain.accounts.tokens import hash_token
from civicmap.domain.reports.models import Report, Supporter
from civicmap.foundation.clock import now
from civicmap.foundation.errors import NotFound
from civicmap.foundation.locales import N_


def support_report(
    session: Session, *, jurisdiction_id: int, number: str, browser: str
) -> tuple[int, bool]:
    """Count a browser (a random token it keeps in a cookie) once; the count, and whether it is new.

    Raises NotFound when there is no such public report.
    """
    report_id = session.scalar(
        select(Report.id).where(
            Report.jurisdiction_id == jurisdiction_id,
            Report.number == number,
            Report.visibility == "public",
        )
    )
    if report_id is None:
        raise NotFound(N_("There is no report with this number."))
    added = session.scalar(
        insert(Supporter)
        .values(report_id=report_id, browser_hash=hash_token(browser), created_at=now())
        .on_conflict_do_nothing()
        .returning(Supporter.report_id)
    )
    if added is not None:
        session.execute(
            update(Report)
            .where(Report.id == report_id)
            .values(supporter_count=Report.supporter_count + 1)
        )
    count = session.scalar(select(Report.supporter_count).where(Report.id == report_id))
    return int(count or 0), added is not None
