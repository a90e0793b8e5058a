"""What of a report everybody sees while nobody has looked at it: the one place where words, address
and photos are left out.

Held content never leaves the database: the columns below are what public queries select instead of
`Report.words` and `Report.address` (a test sees to it), and photos come from `photos.py`.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from sqlalchemy import Boolean, ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from civicmap.domain.media.models import Photo
from civicmap.domain.reports.answers import Answer
from civicmap.domain.reports.history import FROM_OUTSIDE, find_left_out
from civicmap.domain.reports.models import Report, ReportEvent
from civicmap.domain.reports.queries.answers import list_answers

HELD = "held"

CONTENT_IS_SHOWN: ColumnElement[bool] = Report.content != HELD
WORDS: ColumnElement[str] = case((Report.content == HELD, ""), else_=Report.words)
ADDRESS: ColumnElement[str] = case((Report.content == HELD, ""), else_=Report.address)

# For statements in plain SQL that go through `shelves`; the same as `is_on_shelf`.
ON_SHELF = (
    "visibility = 'public' AND content <> 'held'"
    " AND shelved_words(words, address, morton, created_at) @@ ANY(shelves.queries)"
)


def has_words(query: str) -> ColumnElement[bool]:
    """The reports whose shown words or address answer `query` (see `words.words_to_seek`). What is
    held is not searched: a hit would tell what it says. No index has this: for reports that
    something else leads to."""
    found = func.searchable_words(Report.words, Report.address).op("@@", return_type=Boolean())
    return and_(CONTENT_IS_SHOWN, found(func.to_tsquery("simple", query)))


def is_on_shelf(queries: ColumnElement[Any]) -> ColumnElement[bool]:
    """The same by the index of words, with the queries of a row of `publicmap.shelves`."""
    shelved = func.shelved_words(Report.words, Report.address, Report.morton, Report.created_at)
    found = shelved.op("@@", return_type=Boolean())
    return and_(Report.visibility == "public", CONTENT_IS_SHOWN, found(func.any(queries)))


# For photos joined with their report and, where they have one, their event: what staff publish is
# theirs to answer for, and never waits; what goes with words for staff alone is for them alone.
PHOTO_IS_SHOWN: ColumnElement[bool] = and_(
    Photo.hidden_for.is_(None),
    or_(Photo.event_id.is_(None), ReportEvent.is_public),
    or_(CONTENT_IS_SHOWN, ReportEvent.actor == "staff"),
)

# What of an event's old and new values is for everybody; addresses and words are not among them.
_PUBLIC_VALUES = frozenset(
    {"status", "reason", "department_id", "channel", "source", "event", "is_shown"}
)


def list_left_out(session: Session, report_id: int) -> dict[int, str]:
    """The events of a report whose words staff have left out, by id, each with the reason."""
    redacted = session.scalars(
        select(ReportEvent)
        .where(ReportEvent.report_id == report_id, ReportEvent.kind == "redacted")
        .order_by(ReportEvent.at, ReportEvent.id)
    )
    return find_left_out(redacted)


def public_words(event: ReportEvent, *, content: str, left_out: Container[int]) -> str:
    """The words of a public event, but for those that staff have left out (`left_out`: ids of
    events). A reporter's wait, and those of another system, with the rest of what nobody has looked
    at."""
    waits = content == HELD and event.actor in FROM_OUTSIDE
    return "" if waits or event.id in left_out else event.words


def public_values(values: dict[str, Any]) -> dict[str, Any]:
    """What everybody may know of the old or new values of an event."""
    return {name: value for name, value in values.items() if name in _PUBLIC_VALUES}


def list_public_answers(session: Session, report_id: int, *, content: str) -> tuple[Answer, ...]:
    """The answers to the category's questions that everybody may read: none while they wait."""
    return () if content == HELD else list_answers(session, report_id, public_only=True)
