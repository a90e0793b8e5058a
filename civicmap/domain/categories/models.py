"""The category tree. It comes from `seed_categories.yaml`; a city may withhold some of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from civicmap.foundation.database import Base


class CategoryGroup(Base):
    __tablename__ = "category_groups"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    names: Mapped[dict[str, str]]
    icon: Mapped[str]
    position: Mapped[int]
    retired_at: Mapped[datetime | None]

    __table_args__ = (CheckConstraint("id BETWEEN 1 AND 134217727", name="id_in_facet"),)


class Category(Base):
    """A category (Open311: service).

    Targets are in working days; `duplicate_radius` is in metres, 0 = never asks for duplicates;
    `is_public` false: reports wait for a person before they are shown. `retired_at` set: it can no
    longer be chosen, old reports keep it.
    """

    __tablename__ = "categories"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("category_groups.id"), index=True)
    names: Mapped[dict[str, str]]
    keywords: Mapped[dict[str, Any]] = mapped_column(JSONB(), default=dict)
    icon: Mapped[str]
    default_department: Mapped[str]
    urgency: Mapped[str]
    response_days: Mapped[int]
    fix_days: Mapped[int]
    duplicate_radius: Mapped[int]
    is_public: Mapped[bool]
    position: Mapped[int]
    retired_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("id BETWEEN 1 AND 134217727", name="id_in_facet"),
        CheckConstraint("urgency IN ('normal', 'urgent', 'emergency')", name="urgency"),
        CheckConstraint("response_days >= 0 AND fix_days >= 0", name="days"),
        CheckConstraint("duplicate_radius >= 0", name="duplicate_radius"),
    )


class CategoryExclusion(Base):
    """A category that a city does not offer."""

    __tablename__ = "category_exclusions"

    jurisdiction_id: Mapped[int] = mapped_column(ForeignKey("jurisdictions.id"), primary_key=True)
    category_id: Mapped[int] = mapped_column(ForeignKey("categories.id"), primary_key=True)


class CategoryQuestion(Base):
    """One wording of a question; see `questions.Question` for what the fields mean.

    Never rewritten: a question that changes is retired and kept anew, so that an answer stays with
    the words that were asked. Only what an answer does not depend on may change in place:
    `position`, and `is_public` from true to false.
    """

    __tablename__ = "category_questions"

    id: Mapped[int] = mapped_column(primary_key=True)
    category_id: Mapped[int] = mapped_column(ForeignKey("categories.id"), index=True)
    code: Mapped[str]
    kind: Mapped[str]
    names: Mapped[dict[str, str]]
    hints: Mapped[dict[str, str]] = mapped_column(default=dict)
    is_required: Mapped[bool] = mapped_column(default=False)
    is_public: Mapped[bool] = mapped_column(default=False)
    details: Mapped[dict[str, Any]] = mapped_column(JSONB(), default=dict)
    position: Mapped[int]
    retired_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(
            "kind IN ('text', 'number', 'single', 'multiple', 'date', 'notice')", name="kind"
        ),
        Index(
            "ix_category_questions_asked",
            "code",
            unique=True,
            postgresql_where=text("retired_at IS NULL"),
        ),
    )
