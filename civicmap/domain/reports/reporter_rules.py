"""What a reporter may still do to their own report, and until when. Pure.

Correcting is for slips, so it is short, and ends as soon as somebody of the city has answered or
judged what was written: an answer must stand beside the words it answers. Opening again is for what
was closed without being fixed; twice, because a third time it is a person's turn to talk.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from civicmap.domain.reports.workflow import CLOSED, WAITING

EDITED_WITHIN = timedelta(minutes=30)
REOPENED_WITHIN = timedelta(days=14)
REOPENINGS = 2

# What waits for the reporter says so in `reports.waiting_for`.
REPORTER = "reporter"

# What staff do without having answered or judged the reporter's words.
NO_ANSWER = frozenset({"note_added", "transferred", "moved", "recategorised"})


@dataclass(frozen=True)
class Standing:
    """How a report stands. `is_answered`: staff did something to it that is not in NO_ANSWER.
    `reopenings`: how often its reporter has opened it again."""

    status: str
    visibility: str
    created_at: datetime
    closed_at: datetime | None
    withdrawn_at: datetime | None
    waiting_for: str | None
    is_answered: bool
    reopenings: int


@dataclass(frozen=True)
class ReporterRights:
    """`edit_until` and `reopen_until`: None when it cannot be done (any more)."""

    edit_until: datetime | None
    reopen_until: datetime | None
    may_add_photos: bool
    may_answer: bool
    may_withdraw: bool
    is_reopening_spent: bool


def reporter_rights(standing: Standing, at: datetime) -> ReporterRights:
    """What the reporter may do at this moment."""
    is_theirs = standing.withdrawn_at is None
    is_waiting = is_theirs and standing.status in WAITING
    is_hidden = standing.visibility == "hidden"
    edit_until = standing.created_at + EDITED_WITHIN
    may_edit = is_waiting and not is_hidden and not standing.is_answered and at < edit_until
    reopen_until = standing.closed_at + REOPENED_WITHIN if standing.closed_at else None
    in_time = bool(is_theirs and standing.status in CLOSED and reopen_until and at < reopen_until)
    is_spent = standing.reopenings >= REOPENINGS
    return ReporterRights(
        edit_until=edit_until if may_edit else None,
        reopen_until=reopen_until if in_time and not is_spent else None,
        may_add_photos=is_waiting and not is_hidden,
        may_answer=is_waiting and standing.waiting_for == REPORTER,
        may_withdraw=is_theirs,
        is_reopening_spent=in_time and is_spent,
    )


def stays_without_reporter(status: str, supporter_count: int) -> bool:
    """Whether a withdrawn report stays for everyone: others see the problem too, or the city has
    dealt with it already, and its record is not one person's to take away."""
    return status in CLOSED or supporter_count > 0
