"""The one way to write history: every change of a report goes through `record`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from civicmap.domain.reports.models import Report, ReportEvent

# What answers the resident. A hand-over and a corrected pin do not: nobody has said anything yet,
# and passing a report on must not stop the clock.
RESPONSES = {"status_changed", "update_posted"}

# What staff changed or hid, with a reason: not for everybody, but its reporter is told.
MODERATED = frozenset({"hidden", "redacted", "photo_hidden"})
# And what they let be seen (again), and what they ask. What the reporter did comes besides.
TOLD_TO_REPORTER = MODERATED | {"published", "approved", "photo_shown", "question_asked"}


# Whose public words the city answers for no more than for a report's own: they wait with them, and
# staff can leave them out.
FROM_OUTSIDE = frozenset({"reporter", "import"})


def find_left_out(events: Iterable[ReportEvent]) -> dict[int, str]:
    """The events whose words staff have left out for everybody, by id, each with the reason. An
    event cannot be rewritten: a later one, `redacted`, names it (`new.event`), and the last word
    counts. `events` are a report's, oldest first."""
    left_out: dict[int, str] = {}
    for event in events:
        if event.kind == "redacted" and "event" in event.new:
            if event.new["is_shown"]:
                left_out.pop(event.new["event"], None)
            else:
                left_out[event.new["event"]] = event.new["reason"]
    return left_out


def words_to_reporter(event: ReportEvent) -> str:
    """The words of an event that its reporter may read. What was hidden before reasons were told
    has words that were meant for staff, and no reason."""
    told = event.kind in MODERATED and "reason" in event.new
    between = event.actor == "reporter" or event.kind == "question_asked"
    return event.words if event.is_public or told or between else ""


@dataclass(frozen=True)
class Original:
    """What the reporter wrote, where staff changed it for everybody."""

    words: str
    address: str


def find_original(events: Iterable[ReportEvent], *, words: str, address: str) -> Original | None:
    """What stood where `words` and `address` stand now, before staff changed it; None when nobody
    did. `events` are a report's, oldest first."""
    first = Original(words, address)
    for event in reversed(list(events)):
        if event.kind == "edited" and event.old.get("words") != first.words:
            break  # the reporter wrote anew
        if event.kind == "redacted" and "event" not in event.new:
            first = Original(event.old["words"], event.old["address"])
    return first if first != Original(words, address) else None


def record(
    session: Session,
    report: Report,
    *,
    kind: str,
    at: datetime,
    actor: str,
    is_public: bool,
    person_id: int | None = None,
    department_id: int | None = None,
    words: str = "",
    old: dict[str, Any] | None = None,
    new: dict[str, Any] | None = None,
) -> ReportEvent:
    """Append an event and count the report's version up. `department_id`: who acted, for all to
    see; `person_id` is for staff only. The first of staff's `RESPONSES` stops the response clock.
    """
    report.version += 1
    report.updated_at = at
    if kind in RESPONSES and actor == "staff" and report.responded_at is None:
        report.responded_at = at
    event = ReportEvent(
        report_id=report.id,
        at=at,
        kind=kind,
        is_public=is_public,
        actor=actor,
        person_id=person_id,
        department_id=department_id,
        words=words,
        old=old or {},
        new=new or {},
        version=report.version,
    )
    session.add(event)
    session.flush()
    return event
