"""What staff do to a report. Each action locks the row, checks the version and the permission.

`expected_version` is the version the person was looking at. If the report has changed since, the
action raises `ChangedMeanwhile` with what happened; nothing is overwritten.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicmap.domain.accounts.queries import Actor
from civicmap.domain.departments.queries import get_department
from civicmap.domain.jurisdictions.queries import City, find_areas_at
from civicmap.domain.media.actions import adopt_photos
from civicmap.domain.reports import workflow
from civicmap.domain.reports.events import (
    PublicUpdatePosted,
    ReportTransferred,
    StatusChanged,
    VisibilityChanged,
)
from civicmap.domain.reports.examination import LONGEST_WORDS, check_place
from civicmap.domain.reports.history import record
from civicmap.domain.reports.models import Report, ReportEvent
from civicmap.foundation.clock import now
from civicmap.foundation.errors import Conflict, InvalidInput, NotFound
from civicmap.foundation.events import publish
from civicmap.foundation.geo import Point, morton
from civicmap.foundation.locales import N_
from civicmap.foundation.plain_text import clean_text


class ChangedMeanwhile(Conflict):
    """Somebody else changed the report first; `since_version` is what this person last saw."""

    since_version: int = 0


@dataclass(frozen=True)
class Step:
    """Who acts on what: the arguments that every staff action shares.

    `at` is for imports and the demo; everyone else acts now.
    """

    city: City
    number: str
    actor: Actor
    expected_version: int
    at: datetime | None = None


def change_status(
    session: Session,
    step: Step,
    *,
    to: str,
    words: str = "",
    reason: str = "",
    photos: Sequence[str] = (),
) -> None:
    """Set a report to another status (see `workflow.STEPS` for what each step asks for).

    `words` are public; `photos` are keys of uploads, shown as after-photos.
    Raises InvalidInput, NotAllowed, NotFound, Conflict.
    """
    report = _lock(session, step, "change_status")
    words = clean_text(words, field="words", limit=LONGEST_WORDS, lines=True)
    asked = workflow.step_between(report.status, to)
    if asked.reason and reason not in workflow.REFUSAL_REASONS:
        raise InvalidInput(N_("Choose a reason from the list."), field="reason")
    if asked.words and not words:
        raise InvalidInput(N_("Explain it in words: everyone will read them."), field="words")
    if asked.proof and not (words or photos):
        raise InvalidInput(
            N_("Show that it is fixed: add a photo, or say what was done."), field="words"
        )
    old, at = report.status, step.at or now()
    report.status = to
    report.status_since = at
    report.closed_at = at if to in workflow.CLOSED else None
    event = _record(
        session,
        report,
        step,
        kind="status_changed",
        is_public=True,
        words=words,
        old={"status": old},
        new={"status": to, **({"reason": reason} if asked.reason else {})},
    )
    adopt_photos(session, keys=photos, report_id=report.id, event_id=event.id)
    publish(session, StatusChanged(report.id, event.id, old, to))


def post_update(session: Session, step: Step, *, words: str, photos: Sequence[str] = ()) -> None:
    """Tell the public something; the status stays."""
    report = _lock(session, step, "update_public")
    words = clean_text(
        words, field="words", limit=LONGEST_WORDS, lines=True, required=N_("Write the update.")
    )
    event = _record(session, report, step, kind="update_posted", is_public=True, words=words)
    adopt_photos(session, keys=photos, report_id=report.id, event_id=event.id)
    publish(session, PublicUpdatePosted(report.id, event.id))


def add_note(session: Session, step: Step, *, words: str) -> None:
    """Write an internal note; the public never sees it."""
    report = _lock(session, step, "write_notes")
    words = clean_text(
        words, field="words", limit=LONGEST_WORDS, lines=True, required=N_("Write the note.")
    )
    _record(session, report, step, kind="note_added", is_public=False, words=words)


def transfer(session: Session, step: Step, *, to_department: str, words: str) -> None:
    """Hand over to another department (its code). `words`, the reason, are internal; the public
    sees who has it from now on."""
    report = _lock(session, step, "transfer")
    if not to_department:
        raise InvalidInput(N_("Choose the department that takes it."), field="department")
    department = get_department(session, step.city.id, to_department)
    if department.id == report.department_id:
        raise InvalidInput(
            N_("%(department)s has it already."),
            field="department",
            department=department.display_name,
        )
    words = clean_text(
        words,
        field="words",
        limit=LONGEST_WORDS,
        lines=True,
        required=N_("Say why it is theirs."),
    )
    old, at = report.department_id, step.at or now()
    event = _record(
        session,
        report,
        step,
        kind="transferred",
        is_public=True,
        old={"department_id": old},
        new={"department_id": department.id},
    )
    # The reason goes between departments, in an event of its own that the public never reads.
    _record(session, report, step, kind="note_added", is_public=False, words=words)
    report.department_id = department.id
    report.department_since = at
    report.assignee_id = None
    report.routing_reason = {"kind": "transferred", "department": department.code}
    session.flush()
    publish(session, ReportTransferred(report.id, event.id))


def move_pin(session: Session, step: Step, *, point: Point, address: str) -> None:
    """Correct the place. `point` is EPSG:4326. Raises OutsideCity."""
    report = _lock(session, step, "move_pin")
    check_place(session, city=step.city, point=point)
    address = clean_text(address, field="address", limit=200)
    areas = find_areas_at(session, step.city.id, point)
    old = {"morton": report.morton, "address": report.address, "area_id": report.area_id}
    report.point = f"SRID=4326;POINT({point.longitude!r} {point.latitude!r})"  # type: ignore[assignment]
    report.morton = morton(point)
    report.area_id = areas[0].id if areas else None
    report.address = address
    report.placed_by = "pin"
    _record(
        session,
        report,
        step,
        kind="moved",
        is_public=True,
        old=old,
        new={"morton": report.morton, "address": address, "area_id": report.area_id},
    )


def change_visibility(session: Session, step: Step, *, to: str, words: str = "") -> None:
    """Publish a held or hidden report, or hide a public one (with a reason, internal)."""
    report = _lock(session, step, "change_visibility")
    if to not in ("public", "hidden") or to == report.visibility:
        raise Conflict(N_("The report is shown, or hidden, already."))
    words = clean_text(words, field="words", limit=LONGEST_WORDS, lines=True)
    if to == "hidden" and not words:
        raise InvalidInput(N_("Say why it must not be shown."), field="words")
    old = report.visibility
    report.visibility = to
    event = _record(
        session,
        report,
        step,
        kind="published" if to == "public" else "hidden",
        is_public=False,
        words=words,
        old={"visibility": old},
        new={"visibility": to},
    )
    publish(session, VisibilityChanged(report.id, event.id, old, to))


def _lock(session: Session, step: Step, permission: str) -> Report:
    report = session.scalar(
        select(Report)
        .where(Report.jurisdiction_id == step.city.id, Report.number == step.number)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if report is None:
        raise NotFound(N_("There is no report with this number."))
    step.actor.must(
        permission, jurisdiction_id=report.jurisdiction_id, department_id=report.department_id
    )
    if report.version != step.expected_version:
        error = ChangedMeanwhile(
            N_("Somebody else changed this report meanwhile. See what happened, then decide.")
        )
        error.since_version = step.expected_version
        raise error
    return report


def _record(
    session: Session,
    report: Report,
    step: Step,
    *,
    kind: str,
    is_public: bool,
    words: str = "",
    old: dict[str, Any] | None = None,
    new: dict[str, Any] | None = None,
) -> ReportEvent:
    own = step.actor.department_ids(step.city.id)
    acting = report.department_id if report.department_id in own or not own else own[0]
    return record(
        session,
        report,
        kind=kind,
        at=step.at or now(),
        actor="staff",
        is_public=is_public,
        person_id=step.actor.person_id,
        department_id=acting,
        words=words,
        old=old,
        new=new,
    )
