"""Letters: written in the transaction of the change that caused them, delivered by the worker."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from civicmap.foundation.clock import now
from civicmap.foundation.database import Base


class Letter(Base):
    """A mail as it will be, or was, sent. `sent_at` null: waiting for the worker."""

    __tablename__ = "letters"

    id: Mapped[int] = mapped_column(primary_key=True)
    jurisdiction_id: Mapped[int | None] = mapped_column(ForeignKey("jurisdictions.id"))
    kind: Mapped[str]
    recipient: Mapped[str]
    language: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=now)
    sent_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_letters_waiting", "created_at", postgresql_where=text("sent_at IS NULL")),
        Index("ix_letters_created_at", "created_at"),
    )
