"""What reporters do to their own reports: correct, add photos, answer, open again, withdraw.

Whoever holds the report's secret may (`reporter_rules` says when). Each action locks the row and
appends an event. `once` is a random key of the form: sent twice, even at the same moment, it is
done once, and the second answer is that of the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicmap.domain.accounts.queries import is_confirmed
from civicmap.domain.accounts.tokens import hash_token
from civicmap.domain.categories.models import Category
from civicmap.domain.jurisdictions.queries import City, load_calendar
from civicmap.domain.media.actions import adopt_photos, drop_photos, order_photos
from civicmap.domain.media.queries import count_shown, list_photos
from civicmap.domain.reports import workflow
from civicmap.domain.reports.actions.hold_again import hold_again
from civicmap.domain.reports.actions.step import ChangedMeanwhile
from civicmap.domain.reports.deadlines import set_deadlines
from civicmap.domain.reports.events import (
    PhotosAdded,
    QuestionAnswered,
    ReportEdited,
    ReportReopened,
    ReportWithdrawn,
)
from civicmap.domain.reports.examination import LONGEST_WORDS
from civicmap.domain.reports.history import record
from civicmap.domain.reports.models import Report, Reporter, ReportEvent
from civicmap.domain.reports.queries.standing import load_standing
from civicmap.domain.reports.reporter_rules import (
    EDITED_WITHIN,
    REOPENED_WITHIN,
    ReporterRights,
    reporter_rights,
    stays_without_reporter,
)
from civicmap.foundation.clock import now
from civicmap.foundation.errors import Conflict, InvalidInput, NotFound
from civicmap.foundation.events import publish
from civicmap.foundation.locales import N_
from civicmap.foundation.plain_text import clean_text


@dataclass(frozen=True)
class OwnStep:
    """A reporter's step: the report by its number and secret, and the form's key.

    `browser`: the raw token of the device, by which a confirmed contact is known. `at` is for tests
    and the demo.
    """

    city: City
    number: str
    secret: str
    once: str
    browser: str = ""
    at: datetime | None = None


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
    report, rights = _lock(session, step)
    if _is_done(session, report, step):
        return
    if rights.edit_until is None:
        raise Conflict(
            N_(
                "It can no longer be changed: the %(minutes)s minutes are over, or the city has "
                "answered already."
            ),
            minutes=int(EDITED_WITHIN.total_seconds() // 60),
        )
    _check_version(report, expected_version)
    there = _own_photos(session, report)
    photos = list(dict.fromkeys(photos))
    words = clean_text(
        words,
        field="words",
        limit=LONGEST_WORDS,
        lines=True,
        required=None if photos else N_("Say in a few words what is wrong, or add a photo."),
    )
    if len(photos) > photo_limit:
        raise _too_many(photo_limit)
    if words == report.words and photos == there:
        return
    old = {"words": report.words, "photos": len(there)}
    drop_photos(session, keys=[key for key in there if key not in photos], report_id=report.id)
    adopt_photos(session, keys=[key for key in photos if key not in there], report_id=report.id)
    order_photos(session, keys=photos, report_id=report.id)
    hold_again(
        session,
        report,
        is_trusted=_is_trusted(session, report, step),
        rewrote=words != report.words,
    )
    report.words = words
    report.photo_count = count_shown(session, report.id)
    event = _record(
        session, report, step, kind="edited", is_public=False, old=old, new={"photos": len(photos)}
    )
    publish(session, ReportEdited(report.id, event.id))


def add_photos(session: Session, step: OwnStep, *, photos: Sequence[str], photo_limit: int) -> None:
    """Add photos to a report that waits; `photo_limit` is for all of them together.

    Raises InvalidInput, Conflict.
    """
    report, rights = _lock(session, step)
    if _is_done(session, report, step):
        return
    if not rights.may_add_photos:
        raise Conflict(N_("This report is closed: no photos can be added."))
    there = _own_photos(session, report)
    photos = [key for key in dict.fromkeys(photos) if key not in there]
    if not photos:
        raise InvalidInput(N_("Choose a photo."), field="photos")
    if len(there) + len(photos) > photo_limit:
        raise _too_many(photo_limit)
    adopt_photos(session, keys=photos, report_id=report.id)
    order_photos(session, keys=[*there, *photos], report_id=report.id)
    hold_again(session, report, is_trusted=_is_trusted(session, report, step))
    report.photo_count += len(photos)
    event = _record(
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
    report, rights = _lock(session, step)
    if _is_done(session, report, step):
        return
    if not rights.may_answer:
        raise Conflict(N_("The department no longer waits for an answer."))
    words = clean_text(
        words, field="words", limit=LONGEST_WORDS, lines=True, required=N_("Write the answer.")
    )
    if len(photos) > photo_limit:
        raise _too_many(photo_limit)
    report.waiting_for = None
    is_public = is_public and report.visibility == "public"
    if is_public:
        hold_again(session, report, is_trusted=_is_trusted(session, report, step))
    event = _record(
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
    report, rights = _lock(session, step)
    if _is_done(session, report, step):
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
    if len(photos) > photo_limit:
        raise _too_many(photo_limit)
    workflow.step_between(report.status, workflow.OPEN)
    old, at = report.status, step.at or now()
    is_public = is_public and report.visibility == "public"
    if is_public:
        hold_again(session, report, is_trusted=_is_trusted(session, report, step))
    report.status = workflow.OPEN
    report.status_since = at
    report.closed_at = None
    _start_clocks_anew(session, step.city, report, at)
    event = _record(
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
        said = _record(session, report, step, kind="note_added", is_public=False, words=words)
    adopt_photos(session, keys=photos, report_id=report.id, event_id=said.id)
    publish(session, ReportReopened(report.id, event.id, old))


def withdraw_report(session: Session, step: OwnStep) -> bool:
    """Take a report back. It leaves the map, the counts and the worklist, unless it stays (see
    `stays_without_reporter`); either way its reporter's contact is erased. Returns whether it
    stays.

    Withdrawn twice is withdrawn once.
    """
    report, _ = _lock(session, step)
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
    event = _record(session, report, step, kind="withdrawn", is_public=False, old=old, new=new)
    publish(session, ReportWithdrawn(report.id, event.id, stays))
    reporter = session.get_one(Reporter, report.id)
    reporter.name = reporter.email = reporter.phone = ""
    session.flush()
    return stays


def _lock(session: Session, step: OwnStep) -> tuple[Report, ReporterRights]:
    """The report, locked, and what its reporter may do. Raises NotFound."""
    report = session.scalar(
        select(Report)
        .join(Reporter, Reporter.report_id == Report.id)
        .where(Report.number == step.number, Reporter.secret == step.secret)
        .with_for_update(of=Report)
        .execution_options(populate_existing=True)
    )
    if report is None:
        raise NotFound(N_("This link does not lead to a report. Check that it is complete."))
    return report, reporter_rights(load_standing(session, report.id), step.at or now())


def _is_trusted(session: Session, report: Report, step: OwnStep) -> bool:
    """Whether the reporter's contact was confirmed at this device."""
    contact = session.execute(
        select(Reporter.email, Reporter.phone).where(Reporter.report_id == report.id)
    ).one()
    return bool(step.browser) and any(
        is_confirmed(session, hash_token(step.browser), given) for given in contact
    )


def _is_done(session: Session, report: Report, step: OwnStep) -> bool:
    """Whether this very form was carried out before."""
    return bool(step.once) and (
        session.scalar(
            select(func.count()).where(
                ReportEvent.report_id == report.id,
                ReportEvent.actor == "reporter",
                ReportEvent.new["once"].astext == step.once,
            )
        )
        != 0
    )


def _check_version(report: Report, expected_version: int) -> None:
    if report.version != expected_version:
        error = ChangedMeanwhile(
            N_("Something happened to this report meanwhile. See what, then save once more.")
        )
        error.since_version = expected_version
        raise error


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


def _record(
    session: Session,
    report: Report,
    step: OwnStep,
    *,
    kind: str,
    is_public: bool,
    words: str = "",
    old: dict[str, Any] | None = None,
    new: dict[str, Any] | None = None,
) -> ReportEvent:
    return record(
        session,
        report,
        kind=kind,
        at=step.at or now(),
        actor="reporter",
        is_public=is_public,
        words=words,
        old=old,
        new={**(new or {}), **({"once": step.once} if step.once else {})},
    )


def _too_many(limit: int) -> InvalidInput:
    return InvalidInput(N_("At most %(limit)s photos can be taken."), field="photos", limit=limit)
