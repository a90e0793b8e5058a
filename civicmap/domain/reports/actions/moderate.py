"""What everybody may see of a report: what waits for a look, what staff change or hide, and why.

The reason comes from `MODERATION_REASONS` and the words beside it are for the reporter: they get
both in a letter and on their own page. Internal remarks are notes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicmap.domain.categories.models import CategoryQuestion
from civicmap.domain.media.actions import set_photo_hidden
from civicmap.domain.moderation.reasons import EXPLAINED, MODERATION_REASONS
from civicmap.domain.reports.actions.step import Step, lock, record_step
from civicmap.domain.reports.events import (
    ContentApproved,
    PhotoHidden,
    PhotoShown,
    ReportRedacted,
    VisibilityChanged,
    WordsLeftOut,
    WordsShownAgain,
)
from civicmap.domain.reports.examination import LONGEST_ADDRESS, LONGEST_WORDS
from civicmap.domain.reports.history import FROM_OUTSIDE
from civicmap.domain.reports.models import Report, ReportAnswer, ReportEvent
from civicmap.domain.reports.queries.public.masking import list_left_out
from civicmap.foundation.errors import Conflict, InvalidInput, NotFound
from civicmap.foundation.events import publish
from civicmap.foundation.locales import N_
from civicmap.foundation.plain_text import clean_text


def approve(session: Session, step: Step) -> None:
    """Let everybody see what waited: the whole report, or its words and photos.

    Raises Conflict when nothing waits.
    """
    report = lock(session, step, "moderate")
    if report.visibility == "held":
        _publish(session, report, step, words="")
    elif report.visibility == "public" and report.content == "held":
        report.content = "shown"
        _record(
            session,
            report,
            step,
            ContentApproved,
            kind="approved",
            old={"content": "held"},
            new={"content": "shown"},
        )
    else:
        raise Conflict(N_("Somebody has looked at this report already."))


def change_visibility(
    session: Session, step: Step, *, to: str, reason: str = "", words: str = ""
) -> None:
    """Publish a held or hidden report with all that is in it, or hide one from everybody.

    To hide takes a reason, which the reporter is told with `words`. With `to` public, `words` are
    an internal remark.
    """
    report = lock(session, step, "moderate")
    if to not in ("public", "hidden") or to == report.visibility:
        raise Conflict(N_("The report is shown, or hidden, already."))
    if to == "public":
        _publish(session, report, step, words=_read_words(words))
        return
    words = _check_reason(reason, words)
    _set_visibility(session, report, step, "hidden", words=words, reason=reason)


def _publish(session: Session, report: Report, step: Step, *, words: str) -> None:
    if report.withdrawn_at is not None:
        raise Conflict(N_("Its reporter has withdrawn this report: it cannot be published."))
    report.content = "shown"
    _set_visibility(session, report, step, "public", words=words)


def _set_visibility(
    session: Session, report: Report, step: Step, to: str, *, words: str, reason: str = ""
) -> None:
    old = report.visibility
    report.visibility = to
    _record(
        session,
        report,
        step,
        partial(VisibilityChanged, old=old, new=to),
        kind="published" if to == "public" else "hidden",
        words=words,
        old={"visibility": old},
        new={"visibility": to, **({"reason": reason} if reason else {})},
    )


def redact(
    session: Session,
    step: Step,
    *,
    text: str,
    address: str,
    reason: str,
    words: str = "",
    left_out: Collection[str] = (),
) -> None:
    """Change what everybody reads of the reporter's words, address and answers.

    `text` and `address` are what is shown from now on, `left_out` the codes of the questions whose
    answers are not; what the reporter wrote stays in the internal history. `words` explain the
    reason to the reporter. Raises InvalidInput.
    """
    report = lock(session, step, "moderate")
    text = clean_text(text, field="text", limit=LONGEST_WORDS, lines=True)
    address = clean_text(address, field="address", limit=LONGEST_ADDRESS)
    words = _check_reason(reason, words)
    answers = _leave_out(session, report, left_out, reason)
    if (text, address) == (report.words, report.address) and not answers:
        raise InvalidInput(N_("Nothing was changed in the words or the address."), field="text")
    old = {"words": report.words, "address": report.address}
    report.words, report.address, report.redacted_for = text, address, reason
    _record(
        session,
        report,
        step,
        ReportRedacted,
        kind="redacted",
        words=words,
        old=old,
        new={
            "words": text,
            "address": address,
            "reason": reason,
            **({"answers": answers} if answers else {}),
        },
    )


def _leave_out(
    session: Session, report: Report, codes: Collection[str], reason: str
) -> dict[str, bool]:
    """Hide the answers to these questions and show the others again; those that changed, by code,
    and whether they are shown now."""
    changed: dict[str, bool] = {}
    rows = session.execute(
        select(CategoryQuestion.code, ReportAnswer)
        .join(ReportAnswer, ReportAnswer.question_id == CategoryQuestion.id)
        .where(ReportAnswer.report_id == report.id, CategoryQuestion.is_public)
        .order_by(CategoryQuestion.code)
    )
    for code, answer in rows:
        if (code in codes) != (answer.hidden_for is not None):
            answer.hidden_for = reason if code in codes else None
            changed[code] = answer.hidden_for is None
    return changed


def leave_out_words(
    session: Session, step: Step, *, event_id: int, reason: str, words: str = ""
) -> None:
    """Leave the words of one public event (an answer, a reopening) out for everybody; the event
    itself stays in the timeline. Its reporter, who is told why, and staff still read them.

    Raises InvalidInput, NotFound when the report has no such event, Conflict when they are left
    out already.
    """
    report = lock(session, step, "moderate")
    words = _check_reason(reason, words)
    if event_id in _load_left_out(session, report, event_id):
        raise Conflict(N_("These words are left out already."))
    _record(
        session,
        report,
        step,
        WordsLeftOut,
        kind="redacted",
        words=words,
        new={"event": event_id, "is_shown": False, "reason": reason},
    )


def show_words(session: Session, step: Step, *, event_id: int) -> None:
    """Show what was left out again. Raises NotFound, Conflict when it is shown already."""
    report = lock(session, step, "moderate")
    if event_id not in _load_left_out(session, report, event_id):
        raise Conflict(N_("These words are shown already."))
    new = {"event": event_id, "is_shown": True}
    _record(session, report, step, WordsShownAgain, kind="redacted", new=new)


def _load_left_out(session: Session, report: Report, event_id: int) -> dict[int, str]:
    """What of the locked report is left out. Raises NotFound when `event_id` is no public event of
    it with words from outside."""
    there = session.scalar(
        select(ReportEvent.id).where(
            ReportEvent.id == event_id,
            ReportEvent.report_id == report.id,
            ReportEvent.actor.in_(FROM_OUTSIDE),
            ReportEvent.is_public,
            ReportEvent.words != "",
        )
    )
    if there is None:
        raise NotFound(N_("The report has no such words."), field="event")
    return list_left_out(session, report.id)


def hide_photo(session: Session, step: Step, *, key: str, reason: str, words: str = "") -> None:
    """Take one photo from the public. Its reporter is told why, if it is theirs.

    Raises NotFound when the report has no such photo, Conflict when it is hidden already.
    """
    report = lock(session, step, "moderate")
    words = _check_reason(reason, words)
    follows = PhotoHidden if _set_photo(session, report, key, reason) else None
    new = {"photo": key, "reason": reason}
    _record(session, report, step, follows, kind="photo_hidden", words=words, new=new)


def show_photo(session: Session, step: Step, *, key: str) -> None:
    """Show a hidden photo again. Raises NotFound, Conflict when it is shown already."""
    report = lock(session, step, "moderate")
    follows = PhotoShown if _set_photo(session, report, key, None) else None
    _record(session, report, step, follows, kind="photo_shown", new={"photo": key})


def _set_photo(session: Session, report: Report, key: str, hidden_for: str | None) -> bool:
    """Hide or show; whether the photo came from the reporter and not from staff."""
    event_id = set_photo_hidden(session, key=key, report_id=report.id, hidden_for=hidden_for)
    if event_id is None:
        report.photo_count += -1 if hidden_for else 1
        return True
    return session.get_one(ReportEvent, event_id).actor == "reporter"


def _record(
    session: Session,
    report: Report,
    step: Step,
    follows: Callable[[int, int], object] | None,
    *,
    kind: str,
    words: str = "",
    old: dict[str, Any] | None = None,
    new: dict[str, Any] | None = None,
) -> None:
    """Append to the history, for staff alone, what the step did, and publish what has happened:
    `follows` makes it of the ids of the report and of the entry."""
    event = record_step(
        session, report, step, kind=kind, is_public=False, words=words, old=old, new=new
    )
    if follows:
        publish(session, follows(report.id, event.id))


def _check_reason(reason: str, words: str) -> str:
    """The cleaned words beside a reason. Raises InvalidInput."""
    if reason not in MODERATION_REASONS:
        raise InvalidInput(N_("Choose a reason from the list."), field="reason")
    words = _read_words(words)
    if reason in EXPLAINED and not words:
        raise InvalidInput(N_("Explain it in words: the reporter reads them."), field="words")
    return words


def _read_words(words: str) -> str:
    return clean_text(words, field="words", limit=LONGEST_WORDS, lines=True)
