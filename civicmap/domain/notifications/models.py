"""Letters: written in the transaction of the change that caused them, delivered by the worker."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from civicmap.foundation.clock import now
from civicmap.foundation.database import Base

WAITING = "waiting"
SENT = "sent"
KEPT = "kept"
FAILED = "failed"

MAIL = "mail"
TEXT = "text"


class Letter(Base):
    """A mail, or a text to a phone (`medium`), as it will be, or was, sent.

    `event_id`: what of a report it tells; nobody is told twice. `unsubscribe`: the address that
    ends letters of this sort.

    `state`: waiting for the worker; sent; kept, because there was no mail server to send it; failed
    for good, with the reason in `failure`. After a while only kind, language and dates stay: an
    empty `recipient` is a letter whose contents are forgotten.
    """

    __tablename__ = "letters"

    id: Mapped[int] = mapped_column(primary_key=True)
    jurisdiction_id: Mapped[int | None] = mapped_column(ForeignKey("jurisdictions.id"))
    kind: Mapped[str]
    recipient: Mapped[str]
    language: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=now)
    state: Mapped[str] = mapped_column(default=WAITING)
    sent_at: Mapped[datetime | None]
    failure: Mapped[str] = mapped_column(default="")
    medium: Mapped[str] = mapped_column(default=MAIL, server_default=MAIL)
    unsubscribe: Mapped[str] = mapped_column(default="", server_default="")
    event_id: Mapped[int | None] = mapped_column(ForeignKey("report_events.id"))

    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'sent', 'kept', 'failed')", name="state"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent"),
        CheckConstraint("(state = 'failed') = (failure <> '')", name="failure"),
        CheckConstraint("medium IN ('mail', 'text')", name="medium"),
        Index(
            "uq_letters_event",
            "event_id",
            "recipient",
            unique=True,
            postgresql_where=text("recipient <> ''"),
        ),
        Index("ix_letters_waiting", "created_at", postgresql_where=text("state = 'waiting'")),
        Index("ix_letters_created_at", "created_at"),
    )
