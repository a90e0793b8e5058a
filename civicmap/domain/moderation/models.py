"""Moderation rules: what of a city's new reports waits for a person (see `policies.py`)."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civicmap.foundation.database import Base


class ModerationRule(Base):
    """Null category and group: every category of the city."""

    __tablename__ = "moderation_rules"

    id: Mapped[int] = mapped_column(primary_key=True)
    jurisdiction_id: Mapped[int] = mapped_column(ForeignKey("jurisdictions.id"))
    category_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("category_groups.id"))
    policy: Mapped[str]

    __table_args__ = (
        UniqueConstraint(
            "jurisdiction_id", "category_id", "group_id", postgresql_nulls_not_distinct=True
        ),
        CheckConstraint("category_id IS NULL OR group_id IS NULL", name="one_subject"),
        CheckConstraint("policy IN ('at_once', 'hold_content', 'hold_all')", name="policy"),
    )
