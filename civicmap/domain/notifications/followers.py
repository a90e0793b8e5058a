"""Letters to those who follow a report. Many may, so the worker writes them."""

from __future__ import annotations

from sqlalchemy import and_, exists, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from civicmap.domain.accounts.models import ConfirmedContact
from civicmap.domain.notifications.mailing import MAILING
from civicmap.domain.notifications.posting import post
from civicmap.domain.notifications.queries import find_followed_report, get_told
from civicmap.domain.notifications.wording import word_letter
from civicmap.domain.reports.events import ReportReopened, StatusChanged
from civicmap.domain.reports.models import Reporter, ReportEvent, Supporter
from civicmap.domain.reports.workflow import STATUS_NAMES
from civicmap.foundation.clock import now
from civicmap.foundation.database import AnySelect
from civicmap.foundation.jobs import enqueue, job
from civicmap.foundation.locales import DEFAULT_LANGUAGE, gettext, speaking


def queue_followers(session: Session, event: StatusChanged | ReportReopened) -> None:
    """Have followers told of a new status, if any of them can be written to."""
    if session.scalar(select(exists(_followers(event.report_id).subquery().select()))):
        enqueue(session, tell_followers, event_id=event.event_id)


@job("notifications.tell_followers")
def tell_followers(session: Session, event_id: int) -> None:
    """Write to everybody who follows the report of an event and has a confirmed address; to each
    address once, and not to its reporter, who has a letter of their own."""
    event = session.get_one(ReportEvent, event_id)
    report = find_followed_report(session, event.report_id)
    if report is None:
        return
    told = get_told(session, event_id)
    if told.is_old(now()):
        return
    for follower in session.execute(_followers(event.report_id)):
        language = follower.language or DEFAULT_LANGUAGE
        unfollow = MAILING.value.unfollow(follower.unfollow_secret)
        with speaking(language, report.time_zone):
            subject, body = word_letter(
                "followed",
                report=report,
                event=told,
                status=gettext(STATUS_NAMES[event.new["status"]]),
                link=MAILING.value.public_report(report.city_slug, report.number),
                unfollow=unfollow,
            )
        post(
            session,
            jurisdiction_id=report.jurisdiction_id,
            kind="followed",
            recipient=follower.contact,
            language=language,
            subject=subject,
            body=body,
            at=told.at,
            unsubscribe=unfollow,
            event_id=event_id,
        )


def _followers(report_id: int) -> AnySelect:
    """One row an address: contact, language, unfollow_secret."""
    return (
        select(ConfirmedContact.contact, Supporter.language, Supporter.unfollow_secret)
        .ext(distinct_on(ConfirmedContact.contact))
        .join(
            ConfirmedContact,
            and_(
                ConfirmedContact.browser_hash == Supporter.browser_hash,
                ConfirmedContact.kind == "email",
            ),
        )
        .where(
            Supporter.report_id == report_id,
            Supporter.follows,
            ConfirmedContact.contact.not_in(
                select(func.lower(Reporter.email)).where(Reporter.report_id == report_id)
            ),
        )
        .order_by(ConfirmedContact.contact, Supporter.created_at.desc())
    )
