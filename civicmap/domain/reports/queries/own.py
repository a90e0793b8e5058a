"""A report as its reporter sees it, through their own link: everything they wrote and sent, whether
or not everybody is shown it, and what staff told them. Gives no contact back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from civicmap.domain.media.models import Photo
from civicmap.domain.media.queries import list_photos
from civicmap.domain.reports.history import (
    TOLD_TO_REPORTER,
    Original,
    find_left_out,
    find_original,
    words_to_reporter,
)
from civicmap.domain.reports.models import Report, Reporter, ReportEvent
from civicmap.domain.reports.queries.answers import list_answers
from civicmap.domain.reports.queries.public.lists import CARD
from civicmap.domain.reports.queries.public.report import (
    as_public_event,
    list_events,
    page_values,
    report_query,
)
from civicmap.domain.reports.queries.public.rows import PublicEvent, PublicReport
from civicmap.foundation.errors import NotFound
from civicmap.foundation.locales import N_

_OWN_WORDS = {"address": Report.address, "words": Report.words}
OWN_CARD = tuple(_OWN_WORDS.get(column.key, column) for column in CARD)


@dataclass(frozen=True)
class OwnReport(PublicReport):
    """`original`: what the reporter wrote, where staff changed it for everybody."""

    original: Original | None

    def last(self, kind: str) -> PublicEvent | None:
        """The newest event of a kind: what staff said when they hid or changed something of the
        report itself, and not of what was added to it."""
        return next(
            (
                event
                for event in reversed(self.events)
                if event.kind == kind and "event" not in event.new
            ),
            None,
        )

    @property
    def left_out(self) -> list[PublicEvent]:
        """What staff said when they left out words that everybody is not shown still."""
        hidden = {event.id for event in self.events if event.left_out_for}
        said = {
            event.new["event"]: event
            for event in self.events
            if event.new.get("event") in hidden and not event.new["is_shown"]
        }
        return list(said.values())


def get_report_by_secret(session: Session, number: str, secret: str) -> tuple[int, OwnReport]:
    """The report with its jurisdiction id. Raises NotFound."""
    row = session.execute(
        report_query(OWN_CARD)
        .add_columns(Report.jurisdiction_id)
        .join(Reporter, Reporter.report_id == Report.id)
        .where(Report.number == number, Reporter.secret == secret)
    ).first()
    if row is None:
        raise NotFound(N_("This link does not lead to a report. Check that it is complete."))
    return row.jurisdiction_id, _own_report(session, row)


def is_own_photo(session: Session, number: str, secret: str, key: str) -> bool:
    """Whether a photo belongs to the report that this own link leads to, shown or not."""
    return (
        session.scalar(
            select(Photo.id)
            .join(Report, Report.id == Photo.report_id)
            .join(Reporter, Reporter.report_id == Report.id)
            .where(Report.number == number, Reporter.secret == secret, Photo.key == key)
        )
        is not None
    )


def _own_report(session: Session, row: Any) -> OwnReport:
    photos = list_photos(session, [row.id]).get(row.id, [])
    told = or_(
        ReportEvent.is_public,
        ReportEvent.kind.in_(TOLD_TO_REPORTER),
        ReportEvent.actor == "reporter",
    )
    events = list_events(session, row.id, told)
    original = find_original((event for event, _ in events), words=row.words, address=row.address)
    left_out = find_left_out(event for event, _ in events)
    return OwnReport(
        **page_values(row, photos),
        answers=list_answers(session, row.id, public_only=False),
        original=original if row.redacted_for else None,
        events=tuple(
            as_public_event(event, names, photos, words=words_to_reporter(event), left_out=left_out)
            for event, names in events
        ),
    )
