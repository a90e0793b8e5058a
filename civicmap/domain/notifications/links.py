"""The letter or text with a one-time link, written by the worker: whoever asks for one gets the
same answer in the same time, whether or not there is anything to show."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicmap.domain.accounts.actions.links import LINK_LASTS, PHONE, make_token
from civicmap.domain.accounts.events import LinkRequested
from civicmap.domain.accounts.queries import LinkRow, get_link
from civicmap.domain.jurisdictions.models import Jurisdiction
from civicmap.domain.notifications.mailing import MAILING
from civicmap.domain.notifications.models import MAIL, TEXT
from civicmap.domain.notifications.posting import post
from civicmap.domain.notifications.wording import word_letter, word_text
from civicmap.domain.reports.models import Report, Reporter
from civicmap.foundation.clock import now
from civicmap.foundation.jobs import enqueue, job
from civicmap.foundation.locales import speaking


def queue_link(session: Session, event: LinkRequested) -> None:
    """Let the worker look whether there is anything to send."""
    enqueue(session, send_link, link_id=event.link_id)


@job("notifications.send_link")
def send_link(session: Session, link_id: int) -> None:
    """Write the letter or text of a requested link, once. A letter goes to whoever asks, for it may
    be there to follow reports of others; a text, which costs, only to a number that reports were
    sent with."""
    link = get_link(session, link_id)
    if link is None:
        return
    city_id = _newest_city(session, link)
    if city_id is None and link.kind == PHONE:
        return
    token = make_token(session, link_id)
    if not token:
        return
    values = {
        "link": MAILING.value.open_link(token),
        "minutes": LINK_LASTS // timedelta(minutes=1),
        "host": MAILING.value.host,
    }
    with speaking(link.language):
        if link.kind == PHONE:
            kind = "reports_link_text"
            subject, body = word_text(kind, **values)
        else:
            kind = "account_link" if link.wants_account else "reports_link"
            subject, body = word_letter(kind, **values)
    post(
        session,
        jurisdiction_id=city_id or _demo_city(session),
        kind=kind,
        medium=TEXT if link.kind == PHONE else MAIL,
        recipient=link.contact,
        language=link.language,
        subject=subject,
        body=body,
        at=now(),
    )


def _newest_city(session: Session, link: LinkRow) -> int | None:
    """The city of the newest report with this contact."""
    if link.kind == PHONE:
        is_theirs = (Reporter.phone != "") & (Reporter.phone == link.contact)
    else:
        is_theirs = (Reporter.email != "") & (func.lower(Reporter.email) == link.contact)
    return session.scalar(
        select(Report.jurisdiction_id)
        .join(Reporter, Reporter.report_id == Report.id)
        .where(is_theirs)
        .order_by(Report.created_at.desc())
        .limit(1)
    )


def _demo_city(session: Session) -> int | None:
    """Whose demo mailbox shows a letter that belongs to no city: that of an installation with
    nothing but demo cities, where it opens nothing real."""
    if session.scalar(select(Jurisdiction.id).where(Jurisdiction.is_demo.is_(False)).limit(1)):
        return None
    return session.scalar(select(func.min(Jurisdiction.id)))
