"""What a reporter changes or adds waits for a look once more, where the city wants that."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicmap.domain.moderation.policies import Policy
from civicmap.domain.moderation.queries import find_policy
from civicmap.domain.reports.history import MODERATED
from civicmap.domain.reports.models import Report, ReportEvent


def hold_again(
    session: Session, report: Report, *, is_trusted: bool, rewrote: bool = False
) -> None:
    """Send what the reporter has just changed or added through the city's rule once more.

    For the reporter's own actions, on the locked row, before they record their event. A report that
    everybody sees keeps its pin: somebody has looked at the place. Whoever had something of theirs
    changed or hidden before is looked at again, trusted or not. `rewrote`: the words or the address
    are new, so what staff made of the old ones is over.
    """
    if rewrote:
        report.redacted_for = None
    if report.visibility != "public":
        return
    policy = find_policy(session, report.jurisdiction_id, report.category_id, is_trusted=is_trusted)
    if policy != Policy.AT_ONCE or _was_moderated(session, report):
        report.content = "held"


def _was_moderated(session: Session, report: Report) -> bool:
    return (
        session.scalar(
            select(ReportEvent.id)
            .where(
                ReportEvent.report_id == report.id,
                ReportEvent.kind.in_(MODERATED),
                ReportEvent.actor == "staff",
            )
            .limit(1)
        )
        is not None
    )
