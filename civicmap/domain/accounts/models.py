"""People who sign in, what they may do where, and their sign-ins."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from civicmap.foundation.clock import now
from civicmap.foundation.database import Base


class Person(Base):
    """Somebody with an account. `password_hash` null: has to set a password by mail first."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    name: Mapped[str]
    language: Mapped[str]
    password_hash: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    disabled_at: Mapped[datetime | None]
    # Lock-out: in the database, so that a restart does not forgive.
    failed_sign_ins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]

    __table_args__ = (Index("uq_people_email", func.lower(text("email")), unique=True),)


class Membership(Base):
    """A role of a person. Null jurisdiction: everywhere; null department: the whole city."""

    __tablename__ = "memberships"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    role: Mapped[str]
    jurisdiction_id: Mapped[int | None] = mapped_column(ForeignKey("jurisdictions.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"))

    __table_args__ = (
        UniqueConstraint(
            "person_id",
            "role",
            "jurisdiction_id",
            "department_id",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("role IN ('admin', 'operator', 'staff')", name="role"),
        CheckConstraint("role <> 'staff' OR department_id IS NOT NULL", name="staff_department"),
    )


class SignIn(Base):
    """A signed-in browser. The cookie holds the token, this row only its SHA-256."""

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class PasswordReset(Base):
    """A one-time link to set a password; the mail holds the token, this row its SHA-256."""

    __tablename__ = "password_resets"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
