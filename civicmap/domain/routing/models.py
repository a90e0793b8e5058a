"""Routing rules: category × area → department (see `matching.py` for which rule wins)."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civicmap.foundation.database import Base


class RoutingRule(Base):
    """Null category and group: any category; null area: the whole city."""

    __tablename__ = "routing_rules"

    id: Mapped[int] = mapped_column(primary_key=True)
    jurisdiction_id: Mapped[int] = mapped_column(ForeignKey("jurisdictions.id"))
    category_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("category_groups.id"))
    area_id: Mapped[int | None] = mapped_column(ForeignKey("areas.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"))

    __table_args__ = (
        UniqueConstraint(
            "jurisdiction_id",
            "category_id",
            "group_id",
            "area_id",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("category_id IS NULL OR group_id IS NULL", name="one_subject"),
    )
