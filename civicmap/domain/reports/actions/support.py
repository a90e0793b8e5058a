""" "Me too": one more resident sees the same problem, and perhaps wants to hear how it goes."""

from __future__ import annotations

import secrets

from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from civicmap.domain.accounts.models import ConfirmedContact
from civicmap.domain.accounts.tokens import hash_token
from civicmap.domain.reports.models import Report, ReportDevice, Supporter
from civicmap.foundation.clock import now
from civicmap.foundation.errors import NotFound
from civicmap.foundation.locales import N_


def support_report(
    session: Session,
    *,
    jurisdiction_id: int,
    number: str,
    browser: str,
    follow: bool = False,
    language: str = "",
) -> tuple[int, bool]:
    """Count a browser (a random token it keeps in a cookie) once; the count, and whether it is new.
    The reporter's own browser is not one more.

    `follow`: list the report in the browser's My reports, and write letters in `language` to
    whoever has a confirmed address there. Raises NotFound when there is no such public report.
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
    browser_hash = hash_token(browser)
    if session.get(ReportDevice, (report_id, browser_hash)):
        return _count(session, report_id), False
    added = session.scalar(
        insert(Supporter)
        .values(report_id=report_id, browser_hash=browser_hash, created_at=now())
        .on_conflict_do_nothing()
        .returning(Supporter.report_id)
    )
    if added is not None:
        session.execute(
            update(Report)
            .where(Report.id == report_id)
            .values(supporter_count=Report.supporter_count + 1)
        )
    if follow:
        session.execute(
            update(Supporter)
            .where(
                Supporter.report_id == report_id,
                Supporter.browser_hash == browser_hash,
                Supporter.follows.is_(False),
            )
            .values(follows=True, language=language, unfollow_secret=secrets.token_urlsafe(24))
        )
    return _count(session, report_id), added is not None


def _count(session: Session, report_id: int) -> int:
    return int(session.scalar(select(Report.supporter_count).where(Report.id == report_id)) or 0)


def find_followed(session: Session, secret: str) -> str | None:
    """The number of the report that a letter's link to end its letters is about."""
    return session.scalar(
        select(Report.number)
        .join(Supporter, Supporter.report_id == Report.id)
        .where(Supporter.unfollow_secret == secret, Supporter.follows)
    )


def unfollow_report(session: Session, *, secret: str) -> None:
    """End following; that its reader sees the problem too stays counted. Again changes nothing.

    At every browser where letters to the same address are read: whoever asks for no more letters
    gets none by way of another device.
    """
    here = session.execute(
        select(Supporter.report_id, Supporter.browser_hash).where(
            Supporter.unfollow_secret == secret
        )
    ).first()
    if here is None:
        return
    addresses = select(ConfirmedContact.contact).where(
        ConfirmedContact.browser_hash == here.browser_hash, ConfirmedContact.kind == "email"
    )
    same_reader = select(ConfirmedContact.browser_hash).where(
        ConfirmedContact.kind == "email", ConfirmedContact.contact.in_(addresses)
    )
    session.execute(
        update(Supporter)
        .where(
            Supporter.report_id == here.report_id,
            or_(
                Supporter.browser_hash == here.browser_hash,
                Supporter.browser_hash.in_(same_reader),
            ),
        )
        .values(follows=False)
    )


def forget_browser(session: Session, *, browser: str) -> None:
    """Let a browser hold and follow nothing any more. The reports stay what they are."""
    browser_hash = hash_token(browser)
    session.execute(delete(ReportDevice).where(ReportDevice.browser_hash == browser_hash))
    session.execute(
        update(Supporter)
        .where(Supporter.browser_hash == browser_hash, Supporter.follows)
        .values(follows=False)
    )
