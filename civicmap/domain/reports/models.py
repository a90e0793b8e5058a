"""Reports and everything that happens to them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, false, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from civicmap.foundation.clock import now
from civicmap.foundation.database import Base

# Held as a whole, or shown without what the reporter wrote.
TO_CHECK = "visibility = 'held' OR visibility = 'public' AND content = 'held'"

# Of each report on a map.
TOLD = ("number", "status", "department_id", "area_id")


class Report(Base):
    """A report (Open311: service request).

    `status` is what the public sees and counts; who has it (`department_id`, null = triage), what
    it waits for, whether it is shown (`visibility`) are orthogonal. Nothing here names a person:
    the reporter is in `Reporter`. `point` is EPSG:4326 (longitude, latitude); `morton` is its
    level-30 Morton code (see `foundation.geo`), so that a map tile is one index range.
    `version` grows with every change: the second of two people is told what changed.
    """

    __tablename__ = "reports"

    id: Mapped[int] = mapped_column(primary_key=True)
    jurisdiction_id: Mapped[int] = mapped_column(ForeignKey("jurisdictions.id"))
    number: Mapped[str] = mapped_column(unique=True)
    category_id: Mapped[int] = mapped_column(ForeignKey("categories.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"))
    area_id: Mapped[int | None] = mapped_column(ForeignKey("areas.id"))
    status: Mapped[str] = mapped_column(default="open")
    visibility: Mapped[str] = mapped_column(default="public")
    # held: pin and category show, what the reporter wrote and sent does not until a person looked.
    content: Mapped[str] = mapped_column(default="shown", server_default="shown")
    # Why staff changed `words` or `address` (a key of `MODERATION_REASONS`); null: they did not.
    redacted_for: Mapped[str | None]
    kind: Mapped[str] = mapped_column(default="problem")
    channel: Mapped[str] = mapped_column(default="web")
    words: Mapped[str]
    language: Mapped[str]
    point: Mapped[WKBElement] = mapped_column(Geometry("POINT", srid=4326, spatial_index=False))
    morton: Mapped[int]
    address: Mapped[str] = mapped_column(default="")
    # How the point came about: pin (set on the map), device, typed, described (words and a
    # district only: the point is the middle of the district until staff move it), imported.
    placed_by: Mapped[str] = mapped_column(default="pin")
    accuracy_metres: Mapped[int | None]
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    waiting_for: Mapped[str | None]
    waiting_until: Mapped[date | None]
    duplicate_of_id: Mapped[int | None] = mapped_column(ForeignKey("reports.id"))
    routing_reason: Mapped[dict[str, Any]] = mapped_column(JSONB(), default=dict)
    supporter_count: Mapped[int] = mapped_column(default=0)
    # Photos sent with the report that are not hidden; not those of later updates.
    photo_count: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)
    status_since: Mapped[datetime] = mapped_column(default=now)
    department_since: Mapped[datetime] = mapped_column(default=now)
    respond_by: Mapped[datetime | None]
    fix_by: Mapped[datetime | None]
    responded_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    # Its reporter took it back: see `actions/reporter.py`.
    withdrawn_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    idempotency_key: Mapped[str | None]
    source: Mapped[str | None]
    external_id: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("status IN ('open', 'in_progress', 'fixed', 'wont_fix')", name="status"),
        CheckConstraint("visibility IN ('public', 'held', 'hidden')", name="visibility"),
        CheckConstraint("content IN ('shown', 'held')", name="content"),
        CheckConstraint(
            "kind IN ('problem', 'proposal', 'question', 'praise', 'formal_appeal')", name="kind"
        ),
        CheckConstraint(
            "channel IN ('web', 'phone', 'counter', 'letter', 'email', 'social', 'import')",
            name="channel",
        ),
        CheckConstraint(
            "placed_by IN ('pin', 'device', 'photo', 'typed', 'described', 'imported')",
            name="placed_by",
        ),
        CheckConstraint(
            "(status IN ('fixed', 'wont_fix')) = (closed_at IS NOT NULL)", name="closed"
        ),
        UniqueConstraint("jurisdiction_id", "idempotency_key"),
        UniqueConstraint("jurisdiction_id", "source", "external_id"),
        # What map tiles and lists are read from, without touching the reports themselves: by place,
        # by category and place, by time.
        Index(
            "ix_reports_map",
            "jurisdiction_id",
            "morton",
            postgresql_where=text("visibility = 'public'"),
            postgresql_include=["category_id", "created_at", *TOLD],
        ),
        Index(
            "ix_reports_category_map",
            "category_id",
            "morton",
            postgresql_where=text("visibility = 'public'"),
            postgresql_include=["jurisdiction_id", "created_at", *TOLD],
        ),
        Index(
            "ix_reports_recent",
            "jurisdiction_id",
            text("created_at DESC"),
            text("id DESC"),
            postgresql_where=text("visibility = 'public'"),
            postgresql_include=["category_id", "morton", *TOLD],
        ),
        Index(
            "ix_reports_words",
            func.shelved_words(text("words"), text("address"), text("morton"), text("created_at")),
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},
            postgresql_where=text("visibility = 'public' AND content <> 'held'"),
        ),
        Index(
            "ix_reports_recent_photos",
            "jurisdiction_id",
            text("created_at DESC"),
            text("id DESC"),
            postgresql_where=text("visibility = 'public' AND photo_count > 0"),
        ),
        Index(
            "ix_reports_counts",
            "jurisdiction_id",
            "category_id",
            "area_id",
            "status",
            postgresql_where=text("visibility = 'public'"),
        ),
        Index(
            "ix_reports_worklist",
            "department_id",
            text("created_at DESC"),
            text("id DESC"),
            postgresql_where=text("status IN ('open', 'in_progress')"),
        ),
        # Oldest due date first, for a department and for a whole city.
        Index(
            "ix_reports_due",
            "department_id",
            text("coalesce(fix_by, '9999-12-31 00:00:00+00'::timestamptz)"),
            "id",
            postgresql_where=text("status IN ('open', 'in_progress')"),
        ),
        Index(
            "ix_reports_city_due",
            "jurisdiction_id",
            text("coalesce(fix_by, '9999-12-31 00:00:00+00'::timestamptz)"),
            "id",
            postgresql_where=text("status IN ('open', 'in_progress')"),
        ),
        # Held and hidden ones too, for operators.
        Index(
            "ix_reports_city_recent",
            "jurisdiction_id",
            text("created_at DESC"),
            text("id DESC"),
        ),
        Index("ix_reports_city_map", "jurisdiction_id", "morton"),
        # What a person has to look at, the longest waiting first; see `TO_CHECK`.
        Index(
            "ix_reports_to_check",
            "jurisdiction_id",
            "created_at",
            "id",
            postgresql_where=text(TO_CHECK),
        ),
        # "Already reported nearby?": same category, still open, within metres.
        Index(
            "ix_reports_nearby",
            "category_id",
            func.geography(text("point")),
            postgresql_using="gist",
            postgresql_where=text("status IN ('open', 'in_progress')"),
        ),
    )


class Reporter(Base):
    """The person behind a report: private, in a table of its own that no public query reads.

    `secret` makes the reporter's own link; anybody who has it may see and answer as the reporter.
    """

    __tablename__ = "reporters"

    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id"), primary_key=True)
    secret: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    # E.164 (+48600100200) wherever the number is a whole one.
    phone: Mapped[str] = mapped_column(default="")
    language: Mapped[str]

    __table_args__ = (
        Index(
            "ix_reporters_email", func.lower(text("email")), postgresql_where=text("email <> ''")
        ),
        Index("ix_reporters_phone", "phone", postgresql_where=text("phone <> ''")),
    )


class ReportDevice(Base):
    """A browser (by the hash of its cookie) that holds a report as its reporter."""

    __tablename__ = "report_devices"

    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id"), primary_key=True)
    browser_hash: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (Index("ix_report_devices_browser", "browser_hash"),)


class ReportAnswer(Base):
    """What the reporter answered to a question of the category, in the wording of that day.

    `given` holds a text, a number ("2.5"), a date (ISO 8601) or the keys of the chosen options. May
    be personal: public pages show it only if the question is public. `hidden_for` set: staff took
    it from everybody; the reason, a key of `MODERATION_REASONS`.
    """

    __tablename__ = "report_answers"

    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id"), primary_key=True)
    question_id: Mapped[int] = mapped_column(
        ForeignKey("category_questions.id"), primary_key=True, index=True
    )
    given: Mapped[list[str]] = mapped_column(ARRAY(Text()))
    hidden_for: Mapped[str | None]

    __table_args__ = (CheckConstraint("cardinality(given) > 0", name="given"),)


class ReportEvent(Base):
    """One thing that happened to a report. Append-only: a trigger refuses UPDATE and DELETE.

    `kind`: reported, status_changed, update_posted, note_added, transferred, moved, recategorised,
    published, hidden, approved, redacted, photo_hidden, photo_shown, imported; by the reporter:
    edited, withdrawn, photos_added, question_answered, reopened; question_asked is for the
    reporter. `words` of a public event are public; internal ones never are, but what staff say to
    the reporter with a reason (see `history.words_to_reporter`). A `redacted` whose `new` names an
    `event` speaks of that one's words and not of the report's (see `history.find_left_out`).
    """

    __tablename__ = "report_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    kind: Mapped[str]
    is_public: Mapped[bool]
    actor: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"))
    words: Mapped[str] = mapped_column(default="")
    old: Mapped[dict[str, Any]] = mapped_column(JSONB(), default=dict)
    new: Mapped[dict[str, Any]] = mapped_column(JSONB(), default=dict)
    version: Mapped[int]

    __table_args__ = (
        CheckConstraint("actor IN ('reporter', 'staff', 'system', 'import')", name="actor"),
        Index("ix_report_events_report", "report_id", "at", "id"),
    )


class Supporter(Base):
    """ "Me too": a browser (by the hash of a random cookie) that sees the same problem.

    `follows`: it is listed in that browser's My reports, and whoever has confirmed an address there
    gets letters about it, in `language`; `unfollow_secret` is in each of them, to end them.
    """

    __tablename__ = "supporters"

    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id"), primary_key=True)
    browser_hash: Mapped[str] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    follows: Mapped[bool] = mapped_column(default=False, server_default=false())
    language: Mapped[str | None]
    unfollow_secret: Mapped[str | None] = mapped_column(unique=True)

    __table_args__ = (
        Index("ix_supporters_followed", "browser_hash", postgresql_where=text("follows")),
    )
