"""What reporters do to their own reports: correct, add photos, answer, open again, withdraw.

Whoever holds the report's secret may (`reporter_rules` says when); see `own_step.py` for what every
action has in common.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicmap.domain.categories.models import Category
from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.jurisdictions.queries.calendar import load_calendar
from civicmap.domain.media.actions import adopt_photos, drop_photos, order_photos
from civicmap.domain.media.queries import count_shown, list_photos
from civicmap.domain.reports import workflow
from civicmap.domain.reports.actions.hold_again import hold_again
from civicmap.domain.reports.actions.own_step import (
    OwnStep,
    is_done,
    is_trusted,
    lock_own,
    record_own,
)
from civicmap.domain.reports.actions.step import check_version
from civicmap.domain.reports.deadlines import set_deadlines
from civicmap.domain.reports.events import (
    PhotosAdded,
    QuestionAnswered,
    ReportEdited,
    ReportReopened,
    ReportWithdrawn,
)
from civicmap.domain.reports.examination import LONGEST_WORDS
from civicmap.domain.reports.models import Report, Reporter
from civicmap.domain.reports.reporter_rules import (
    EDITED_WITHIN,
    REOPENED_WITHIN,
    stays_without_reporter,
)
from civicmap.foundation.clock import now
from civicmap.foundation.errors import Conflict, InvalidInput
from civicmap.foundation.events import publish
from civicmap.foundation.locales import N_
from civicmap.foundation.plain_text import clean_text


def edit_report(
    session: Session,
    step: OwnStep,
    *,
    words: str,
    photos: Sequence[str],
    photo_limit: int,
    expected_version: int,
) -> None:
    """Correct the words and the photos (`photos`: the keys of all that shall be there, in order).

    The words before stay in the event, for staff; photos that are taken off are gone. Raises
    InvalidInput, Conflict when it is too late, ChangedMeanwhile when somebody was there first.
    """
    report, rights = lock_own(session, step)
    if is_done(session, report, step):
        return
    if rights.edit_until is None:
        raise Conflict(
            N_(
                "It can no longer be changed: the %(minutes)s minutes are over, or the city has "
                "answered already."
            ),
            minutes=int(EDITED_WITHIN.total_seconds() // 60),
        )
    check_version(
        report,
        expected_version,
        N_("Something happened to this report meanwhile. See what, then save once more."),
    )
    there = _own_photos(session, report)
    photos = list(dict.fromkeys(photos))
    words = clean_text(
        words,
        field="words",
        limit=LONGEST_WORDS,
        lines=True,
        required=None if photos else N_("Say in a few words what is wrong, or add a photo."),
    )
    _check_number(len(photos), photo_limit)
    if words == report.words and photos == there:
        return
    old = {"words": report.words, "photos": len(there)}
    drop_photos(session, keys=[key for key in there if key not in photos], report_id=report.id)
    adopt_photos(session, keys=[key for key in photos if key not in there], report_id=report.id)
    order_photos(session, keys=photos, report_id=report.id)
    _hold_again(session, report, step, rewrote=words != report.words)
    report.words = words
    report.photo_count = count_shown(session, report.id)
    event = record_own(
        session, report, step, kind="edited", is_public=False, old=old, new={"photos": len(photos)}
    )
    publish(session, ReportEdited(report.id, event.id))


def add_photos(session: Session, step: OwnStep, *, photos: Sequence[str], photo_limit: int) -> None:
    """Add photos to a report that waits; `photo_limit` is for all of them together.

    Raises InvalidInput, Conflict.
    """
    report, rights = lock_own(session, step)
    if is_done(session, report, step):
        return
    if not rights.may_add_photos:
        raise Conflict(N_("This report is closed: no photos can be added."))
    there = _own_photos(session, report)
    photos = [key for key in dict.fromkeys(photos) if key not in there]
    if not photos:
        raise InvalidInput(N_("Choose a photo."), field="photos")
    _check_number(len(there) + len(photos), photo_limit)
    adopt_photos(session, keys=photos, report_id=report.id)
    order_photos(session, keys=[*there, *photos], report_id=report.id)
    _hold_again(session, report, step)
    report.photo_count += len(photos)
    event = record_own(
        session,
        report,
        step,
        kind="photos_added",
        is_public=True,
        new={"photos": len(photos)},
    )
    publish(session, PhotosAdded(report.id, event.id))


def answer_question(
    session: Session,
    step: OwnStep,
    *,
    words: str,
    photos: Sequence[str] = (),
    photo_limit: int,
    is_public: bool,
) -> None:
    """Answer what the department asked; it no longer waits. Only staff read the answer unless its
    author wants everyone to (`is_public`), and the report itself is shown to everyone.

    Raises InvalidInput, Conflict.
    """
    report, rights = lock_own(session, step)
    if is_done(session, report, step):
        return
    if not rights.may_answer:
        raise Conflict(N_("The department no longer waits for an answer."))
    words = clean_text(
        words, field="words", limit=LONGEST_WORDS, lines=True, required=N_("Write the answer.")
    )
    _check_number(len(photos), photo_limit)
    report.waiting_for = None
    is_public = is_public and report.visibility == "public"
    if is_public:
        _hold_again(session, report, step)
    event = record_own(
        session,
        report,
        step,
        kind="question_answered",
        is_public=is_public,
        words=words,
    )
    adopt_photos(session, keys=photos, report_id=report.id, event_id=event.id)
    publish(session, QuestionAnswered(report.id, event.id))


def reopen_report(
    session: Session,
    step: OwnStep,
    *,
    words: str,
    photos: Sequence[str] = (),
    photo_limit: int,
    is_public: bool,
) -> None:
    """Open a closed report again. Its deadlines begin anew, as if it had just been sent; it is in
    the worklist of the department that closed it. Everyone sees that it is open again; the words
    and photos are for staff unless `is_public`.

    Raises InvalidInput, Conflict.
    """
    report, rights = lock_own(session, step)
    if is_done(session, report, step):
        return
    if rights.is_reopening_spent:
        raise Conflict(
            N_("You have opened it again twice already. Please call the city, or report it anew.")
        )
    if rights.reopen_until is None:
        raise Conflict(
            N_("A report can be opened again for %(days)s days after it was closed."),
            days=REOPENED_WITHIN.days,
        )
    words = clean_text(
        words,
        field="words",
        limit=LONGEST_WORDS,
        lines=True,
        required=N_("Say what is still wrong: the department reads it."),
    )
    _check_number(len(photos), photo_limit)
    workflow.step_between(report.status, workflow.OPEN)
    old, at = report.status, step.at or now()
    is_public = is_public and report.visibility == "public"
    if is_public:
        _hold_again(session, report, step)
    report.status = workflow.OPEN
    report.status_since = at
    report.closed_at = None
    _start_clocks_anew(session, step.city, report, at)
    event = record_own(
        session,
        report,
        step,
        kind="reopened",
        is_public=True,
        words=words if is_public else "",
        old={"status": old},
        new={"status": workflow.OPEN},
    )
    said = event
    if not is_public:
        said = record_own(session, report, step, kind="note_added", is_public=False, words=words)
    adopt_photos(session, keys=photos, report_id=report.id, event_id=said.id)
    publish(session, ReportReopened(report.id, event.id, old))


def withdraw_report(session: Session, step: OwnStep) -> bool:
    """Take a report back. It leaves the map, the counts and the worklist, unless it stays (see
    `stays_without_reporter`); either way its reporter's contact is erased. Returns whether it
    stays.

    Withdrawn twice is withdrawn once.
    """
    report, _ = lock_own(session, step)
    if report.withdrawn_at is not None:
        return report.visibility != "hidden"
    at = step.at or now()
    stays = stays_without_reporter(report.status, report.supporter_count)
    old: dict[str, Any] = {}
    new: dict[str, Any] = {"stays": stays}
    report.withdrawn_at = at
    report.waiting_for = None
    if not stays:
        old = {"status": report.status, "visibility": report.visibility}
        workflow.step_between(report.status, workflow.WONT_FIX)
        report.status = workflow.WONT_FIX
        report.status_since = at
        report.closed_at = at
        report.visibility = "hidden"
        new |= {"status": report.status, "visibility": report.visibility}
    event = record_own(session, report, step, kind="withdrawn", is_public=False, old=old, new=new)
    publish(session, ReportWithdrawn(report.id, event.id, stays))
    reporter = session.get_one(Reporter, report.id)
    reporter.name = reporter.email = reporter.phone = ""
    session.flush()
    return stays


def _hold_again(session: Session, report: Report, step: OwnStep, *, rewrote: bool = False) -> None:
    trusted = is_trusted(session, report, step)
    hold_again(session, report, is_trusted=trusted, rewrote=rewrote)


def _own_photos(session: Session, report: Report) -> list[str]:
    photos = list_photos(session, [report.id]).get(report.id, [])
    return [photo.key for photo in photos if photo.event_id is None]


def _start_clocks_anew(session: Session, city: City, report: Report, at: datetime) -> None:
    days = session.execute(
        select(Category.response_days, Category.fix_days).where(Category.id == report.category_id)
    ).one()
    deadlines = set_deadlines(
        reported_at=at,
        response_days=days.response_days,
        fix_days=days.fix_days,
        calendar=load_calendar(session, city.id),
        zone=city.zone,
    )
    report.respond_by = deadlines.respond_by
    report.fix_by = deadlines.fix_by
    report.responded_at = None


def _check_number(photos: int, limit: int) -> None:
    if photos > limit:
        raise InvalidInput(
            N_("At most %(limit)s photos can be taken."), field="photos", limit=limit
        )
