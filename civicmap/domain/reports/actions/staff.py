"""What staff do to a report; see `step.py` for what every action has in common. What everybody may
see of it is decided in `moderate.py`."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from civicmap.domain.departments.queries import get_department
from civicmap.domain.jurisdictions.queries import find_areas_at
from civicmap.domain.media.actions import adopt_photos
from civicmap.domain.reports import workflow
from civicmap.domain.reports.actions.step import Step, lock, record_step
from civicmap.domain.reports.events import (
    PublicUpdatePosted,
    QuestionAsked,
    ReportTransferred,
    StatusChanged,
)
from civicmap.domain.reports.examination import LONGEST_WORDS, check_place
from civicmap.domain.reports.reporter_rules import REPORTER
from civicmap.foundation.clock import now
from civicmap.foundation.errors import Conflict, InvalidInput
from civicmap.foundation.events import publish
from civicmap.foundation.geo import Point, morton
from civicmap.foundation.locales import N_
from civicmap.foundation.plain_text import clean_text


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
    report = lock(session, step, "change_status")
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
    if to in workflow.CLOSED:
        report.waiting_for = None
    event = record_step(
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
    report = lock(session, step, "update_public")
    words = clean_text(
        words, field="words", limit=LONGEST_WORDS, lines=True, required=N_("Write the update.")
    )
    event = record_step(session, report, step, kind="update_posted", is_public=True, words=words)
    adopt_photos(session, keys=photos, report_id=report.id, event_id=event.id)
    publish(session, PublicUpdatePosted(report.id, event.id))


def add_note(session: Session, step: Step, *, words: str) -> None:
    """Write an internal note; the public never sees it."""
    report = lock(session, step, "write_notes")
    words = clean_text(
        words, field="words", limit=LONGEST_WORDS, lines=True, required=N_("Write the note.")
    )
    record_step(session, report, step, kind="note_added", is_public=False, words=words)


def ask_reporter(session: Session, step: Step, *, words: str) -> None:
    """Ask the reporter something, and let the report wait for the answer. Only the reporter and
    staff read `words`; a question is no answer, so it does not stop the response clock."""
    report = lock(session, step, "ask_reporter")
    if report.status not in workflow.WAITING or report.withdrawn_at is not None:
        raise Conflict(N_("A report that is closed or withdrawn has nobody to ask any more."))
    words = clean_text(
        words, field="words", limit=LONGEST_WORDS, lines=True, required=N_("Write the question.")
    )
    report.waiting_for = REPORTER
    event = record_step(session, report, step, kind="question_asked", is_public=False, words=words)
    publish(session, QuestionAsked(report.id, event.id))


def transfer(session: Session, step: Step, *, to_department: str, words: str) -> None:
    """Hand over to another department (its code). `words`, the reason, are internal; the public
    sees who has it from now on."""
    report = lock(session, step, "transfer")
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
    event = record_step(
        session,
        report,
        step,
        kind="transferred",
        is_public=True,
        old={"department_id": old},
        new={"department_id": department.id},
    )
    # The reason goes between departments, in an event of its own that the public never reads.
    record_step(session, report, step, kind="note_added", is_public=False, words=words)
    report.department_id = department.id
    report.department_since = at
    report.assignee_id = None
    report.routing_reason = {"kind": "transferred", "department": department.code}
    session.flush()
    publish(session, ReportTransferred(report.id, event.id))


def move_pin(session: Session, step: Step, *, point: Point, address: str) -> None:
    """Correct the place. `point` is EPSG:4326. Raises OutsideCity."""
    report = lock(session, step, "move_pin")
    check_place(session, city=step.city, point=point)
    address = clean_text(address, field="address", limit=200)
    areas = find_areas_at(session, step.city.id, point)
    old = {"morton": report.morton, "address": report.address, "area_id": report.area_id}
    report.point = f"SRID=4326;POINT({point.longitude!r} {point.latitude!r})"  # type: ignore[assignment]
    report.morton = morton(point)
    report.area_id = areas[0].id if areas else None
    report.address = address
    report.placed_by = "pin"
    record_step(
        session,
        report,
        step,
        kind="moved",
        is_public=True,
        old=old,
        new={"morton": report.morton, "address": address, "area_id": report.area_id},
    )
