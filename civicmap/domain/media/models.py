"""Photos: stored first under a random key, adopted by a report or an update to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from civicmap.foundation.clock import now
from civicmap.foundation.database import Base


class Photo(Base):
    """`key` is random and public; `sizes` maps list, page, full to {"width": …, "height": …}.

    Files lie in storage as `<key>-<size>.webp`. `report_id` null: uploaded, not yet sent.
    `uploader` (a hash) says which browser sent it up; only that one sees it until it is adopted.
    `event_id` set: shown with that update (an after-photo). `hidden_for` set: only staff and its
    reporter see it; the reason, a key of `MODERATION_REASONS`.
    """

    __tablename__ = "photos"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    sizes: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(default=now)
    report_id: Mapped[int | None] = mapped_column(ForeignKey("reports.id"), index=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("report_events.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    hidden_for: Mapped[str | None]
    uploader: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("event_id IS NULL OR report_id IS NOT NULL", name="adopted"),
        Index("ix_photos_orphans", "created_at", postgresql_where=text("report_id IS NULL")),
    )
