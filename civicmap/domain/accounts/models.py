"""People who sign in, what they may do where, and their sign-ins."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from civicmap.foundation.clock import now
from civicmap.foundation.database import Base


class Person(Base):
    """Somebody with an account. `password_hash` null: signs in by a mailed link (a resident), or
    has to set a password by mail first (staff). `email_confirmed_at`: a letter there was read.
    """

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
    email_confirmed_at: Mapped[datetime | None]

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


class OneTimeLink(Base):
    """A link by mail or text (`kind`) that shows a browser the reports with this contact.

    Kept for unknown contacts too: it counts how often one was asked for, and whoever asks learns
    nothing. The worker makes the token when it writes the letter; this row has only its SHA-256.
    """

    __tablename__ = "one_time_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    contact: Mapped[str]
    language: Mapped[str]
    wants_account: Mapped[bool]
    token_hash: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("kind IN ('email', 'phone')", name="kind"),
        CheckConstraint("(token_hash IS NULL) = (expires_at IS NULL)", name="expires"),
        Index("ix_one_time_links_contact", "contact", "created_at"),
    )


class ConfirmedContact(Base):
    """An address or number whose letters are read at this browser (by the hash of its cookie)."""

    __tablename__ = "confirmed_contacts"

    browser_hash: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    contact: Mapped[str] = mapped_column(primary_key=True)
    confirmed_at: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (CheckConstraint("kind IN ('email', 'phone')", name="kind"),)
