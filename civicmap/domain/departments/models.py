"""Departments (Open311: agency responsible) and what the public directory says of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from civicmap.foundation.database import Base


class Department(Base):
    """A department of one jurisdiction. `code` is how seed files, rules and imports name it.

    `hours` maps `mon` … `sun` to "8:00-16:00" or a list of such spans; a missing day is closed.
    """

    __tablename__ = "departments"

    id: Mapped[int] = mapped_column(primary_key=True)
    jurisdiction_id: Mapped[int] = mapped_column(ForeignKey("jurisdictions.id"))
    code: Mapped[str]
    names: Mapped[dict[str, str]]
    responsibilities: Mapped[dict[str, str]] = mapped_column(JSONB(), default=dict)
    address: Mapped[str] = mapped_column(default="")
    room: Mapped[str] = mapped_column(default="")
    hours: Mapped[dict[str, Any]] = mapped_column(JSONB(), default=dict)
    phone: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    retired_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("jurisdiction_id", "code"),
        CheckConstraint("code ~ '^[a-z0-9_-]+$'", name="code"),
        CheckConstraint("id BETWEEN 1 AND 134217727", name="id_in_facet"),
    )
