"""What the worker does with letters: deliver them, and forget them after a while."""

from __future__ import annotations

import logging
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from civicmap.domain.notifications.mailing import MAILING, Mailing
from civicmap.domain.notifications.models import FAILED, KEPT, SENT, TEXT, WAITING, Letter
from civicmap.domain.notifications.texting import TEXTING
from civicmap.foundation.clock import now
from civicmap.foundation.jobs import enqueue, job
from civicmap.foundation.mail import LetterRefused, MailServerAway, OutgoingMail, send
from civicmap.foundation.texting import GatewayAway, OutgoingText, TextRefused, send_text

log = logging.getLogger(__name__)

# As long as mail servers themselves keep trying (RFC 5321, 4.5.4.1: at least four to five days).
TRIED_FOR = timedelta(days=5)
KEPT_FOR = timedelta(days=30)
QUEUED_AGAIN_AFTER = timedelta(minutes=30)
# These carry a key to an account: their text goes as soon as it is delivered.
SECRET_KINDS = {
    "password_reset",
    "invitation",
    "reports_link",
    "account_link",
    "reports_link_text",
}


@job("notifications.deliver_letter", attempts=1000, longest_wait_seconds=900)
def deliver_letter(session: Session, letter_id: int) -> None:
    """Hand a waiting letter to the mail server, or a text to the gateway, and note it in the same
    transaction.

    The row stays locked while the server is spoken to, so a letter leaves once. Only a worker that
    is killed between the server's last word and the commit leaves it to be sent again, with the
    same Message-ID or key. Raises MailServerAway, GatewayAway: to be tried again.
    """
    letter = session.scalar(
        select(Letter)
        .where(Letter.id == letter_id, Letter.state == WAITING)
        # Locked: another worker is delivering it, and tries again itself if it cannot.
        .with_for_update(skip_locked=True)
    )
    if letter is None:
        return
    try:
        if not _hand_over(letter):
            letter.state = KEPT
            return
    except (LetterRefused, TextRefused) as refused:
        _fail(letter, refused.reason)
    except (MailServerAway, GatewayAway) as away:
        if letter.created_at > now() - TRIED_FOR:
            log.warning("letter %s waits: %s", letter.id, away)
            raise
        _fail(letter, f"not delivered in {TRIED_FOR.days} days: {away}")
    else:
        letter.state = SENT
        letter.sent_at = now()
        if letter.kind in SECRET_KINDS:
            letter.body = ""


def queue_letter(session: Session, letter_id: int) -> None:
    """Have a letter delivered; nothing happens while it is queued already."""
    enqueue(session, deliver_letter, once=f"letter {letter_id}", letter_id=letter_id)


@job("notifications.deliver_waiting_letters")
def deliver_waiting_letters(session: Session) -> None:
    """Queue every letter that has waited for long once more: whatever became of its job, the
    letter itself says that it has not been sent."""
    waiting = session.scalars(
        select(Letter.id)
        .where(Letter.state == WAITING, Letter.created_at < now() - QUEUED_AGAIN_AFTER)
        .order_by(Letter.created_at)
        .limit(1000)
    )
    for letter_id in waiting.all():
        queue_letter(session, letter_id)


@job("notifications.forget_old_letters")
def forget_old_letters(session: Session) -> None:
    """Empty letters that are over and older than `KEPT_FOR`; that they were sent stays known."""
    session.execute(
        update(Letter)
        .where(
            Letter.created_at < now() - KEPT_FOR, Letter.state != WAITING, Letter.recipient != ""
        )
        .values(recipient="", subject="", body="", unsubscribe="")
        .execution_options(synchronize_session=False)
    )


def _hand_over(letter: Letter) -> bool:
    """Whether there is anywhere to hand it over."""
    if letter.medium == TEXT:
        gateway = TEXTING.value
        if gateway is not None:
            send_text(gateway, OutgoingText(letter.recipient, letter.body.strip(), _key(letter)))
        return gateway is not None
    mailing = MAILING.value
    if mailing.server is None:
        return False
    send(mailing.server, _outgoing(letter, mailing))
    return True


def _key(letter: Letter) -> str:
    return f"letter.{letter.id}.{int(letter.created_at.timestamp())}"


def _fail(letter: Letter, reason: str) -> None:
    letter.state = FAILED
    letter.failure = reason
    log.warning("letter %s failed: %s", letter.id, reason)


def _outgoing(letter: Letter, mailing: Mailing) -> OutgoingMail:
    written = letter.created_at
    return OutgoingMail(
        sender=mailing.sender,
        recipient=letter.recipient,
        subject=letter.subject,
        body=letter.body,
        message_id=f"<{_key(letter)}@{mailing.domain}>",
        written_at=written,
        language=letter.language,
        unsubscribe=letter.unsubscribe,
    )
