"""One-time links: a letter or text with a link shows a browser the reports with that contact.

Whoever asks for one learns nothing, neither from the answer nor from its time: every request writes
a row and queues a job; only the worker looks whether there is anything to show.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from civicmap.domain.accounts.events import LinkRequested
from civicmap.domain.accounts.models import ConfirmedContact, OneTimeLink
from civicmap.domain.accounts.queries import is_confirmed
from civicmap.domain.accounts.tokens import hash_token, new_token
from civicmap.foundation.clock import now
from civicmap.foundation.errors import InvalidInput
from civicmap.foundation.events import publish
from civicmap.foundation.locales import N_

EMAIL = "email"
PHONE = "phone"

LINK_LASTS = timedelta(hours=1)
# What one mailbox or phone may be sent, whoever asks.
LINKS_AN_HOUR = 3
LINKS_A_DAY = 8
# A button pressed twice is one press.
PRESSED_TWICE_WITHIN = timedelta(minutes=2)

_EXPIRED = N_("This link has been used or has expired. Ask for a new one.")


@dataclass(frozen=True)
class UsedLink:
    """`kind`: email or phone. `wants_account`: whoever asked for it wants to be signed in."""

    kind: str
    contact: str
    language: str
    wants_account: bool


def request_link(
    session: Session, *, kind: str, contact: str, language: str, wants_account: bool = False
) -> None:
    """Have a link sent to an e-mail address (normalised) or phone (E.164), if it is known here.

    Silently nothing when too many were asked for.
    """
    contact = contact.lower()
    # Two requests at once must both count.
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(contact, 0))))
    if _is_too_often(session, contact):
        return
    link = OneTimeLink(kind=kind, contact=contact, language=language, wants_account=wants_account)
    session.add(link)
    session.flush()
    publish(session, LinkRequested(link.id))


def make_token(session: Session, link_id: int, *, at: datetime | None = None) -> str:
    """The token for the letter of a requested link, once; empty when it has one, or is too old.
    The row stays locked."""
    at = at or now()
    link = session.scalar(
        select(OneTimeLink)
        .where(OneTimeLink.id == link_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if link is None or link.token_hash is not None or link.created_at < at - LINK_LASTS:
        return ""
    token = new_token()
    link.token_hash = hash_token(token)
    link.expires_at = at + LINK_LASTS
    session.flush()
    return token


def use_link(session: Session, *, token: str, browser: str) -> UsedLink:
    """Use a link up: its contact is confirmed at this browser (a raw token). The same browser
    pressing the button once more gets the same answer.

    Raises InvalidInput: used or expired.
    """
    link = session.scalar(
        select(OneTimeLink)
        .where(OneTimeLink.token_hash == hash_token(token))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if link is None or link.expires_at is None:
        raise InvalidInput(_EXPIRED)
    used = UsedLink(link.kind, link.contact, link.language, link.wants_account)
    browser_hash = hash_token(browser)
    if link.used_at is not None:
        again = link.used_at > now() - PRESSED_TWICE_WITHIN
        if again and is_confirmed(session, browser_hash, link.contact):
            return used
        raise InvalidInput(_EXPIRED)
    if link.expires_at <= now():
        raise InvalidInput(_EXPIRED)
    link.used_at = now()
    confirmed = insert(ConfirmedContact).values(
        browser_hash=browser_hash, kind=link.kind, contact=link.contact, confirmed_at=now()
    )
    session.execute(
        confirmed.on_conflict_do_update(
            index_elements=[
                ConfirmedContact.browser_hash,
                ConfirmedContact.kind,
                ConfirmedContact.contact,
            ],
            set_={"confirmed_at": confirmed.excluded.confirmed_at},
        )
    )
    return used


def forget_contacts(session: Session, *, browser_hash: str) -> None:
    """Forget which contacts were confirmed at a browser."""
    session.execute(delete(ConfirmedContact).where(ConfirmedContact.browser_hash == browser_hash))


def _is_too_often(session: Session, contact: str) -> bool:
    def asked(within: timedelta) -> int:
        return int(
            session.scalar(
                select(func.count()).where(
                    OneTimeLink.contact == contact, OneTimeLink.created_at > now() - within
                )
            )
            or 0
        )

    return asked(timedelta(hours=1)) >= LINKS_AN_HOUR or asked(timedelta(days=1)) >= LINKS_A_DAY
