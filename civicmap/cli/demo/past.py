"""Writes the demo city's two years: each report through the doors that everyone's goes through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from civicmap.cli.demo.course import DemoEvent
from civicmap.cli.demo.given import given_for
from civicmap.cli.demo.history import DemoReport
from civicmap.domain.accounts.queries import Actor
from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.media.actions import keep_photo
from civicmap.domain.media.pipeline import ProcessedPhoto
from civicmap.domain.reports.actions.moderate import approve, change_visibility
from civicmap.domain.reports.actions.send_report import SentReport, send_report
from civicmap.domain.reports.actions.staff import change_status, transfer
from civicmap.domain.reports.actions.step import Step
from civicmap.domain.reports.actions.support import support_report
from civicmap.domain.reports.examination import NewReport
from civicmap.domain.reports.queries.state import get_report_state
from civicmap.foundation.geo import Point
from civicmap.foundation.storage import Storage

# What waits is looked at after a while; what concerns a home stays with those who answer it. The
# newest still waits, so that there is something to look at.
HELD_FOR = timedelta(minutes=19)
NOT_LOOKED_AT = timedelta(days=4)
NEVER_PUBLISHED = frozenset({"house_common"})


@dataclass(frozen=True)
class Developed:
    """A report's photos as the pipeline made them: before, and after the repair."""

    before: tuple[ProcessedPhoto, ...]
    after: ProcessedPhoto | None


@dataclass(frozen=True)
class Scribe:
    """Who writes what where: `everywhere` acts for departments that have nobody in `staff`;
    `present` is the moment that the past leads up to."""

    city: City
    present: datetime
    storage: Storage
    everywhere: Actor
    staff: dict[int, Actor]

    def write(self, session: Session, report: DemoReport, key: str, photos: Developed) -> None:
        """Send a report at its own time and let happen to it what happened. Once for each key."""
        sent = send_report(
            session,
            city=self.city,
            report=NewReport(
                category=report.category,
                words=report.words,
                language=report.language,
                point=Point(latitude=report.latitude, longitude=report.longitude),
                address=report.address,
                photos=self._keep(session, photos.before),
                answers=given_for(report.category, report.words, seed=report.external_id),
                channel=report.channel,
                idempotency_key=key,
            ),
            at=report.created_at,
        )
        if sent.was_there:
            return
        self._look(session, report, sent)
        for event in report.events:
            self._let_happen(session, sent, event, photos if event is report.events[-1] else None)
        if get_report_state(session, sent.report_id).visibility == "public":
            for number in range(report.supporters):
                support_report(
                    session,
                    jurisdiction_id=self.city.id,
                    number=sent.number,
                    browser=f"{key}-{number}",
                )

    def _look(self, session: Session, report: DemoReport, sent: SentReport) -> None:
        """Decide on what waits for somebody's look."""
        state = get_report_state(session, sent.report_id)
        if state.visibility == "public" and state.content == "shown":
            return
        if not report.events and report.created_at > self.present - NOT_LOOKED_AT:
            return
        at = report.created_at + HELD_FOR
        if report.events:
            at = min(at, report.created_at + (report.events[0].at - report.created_at) / 2)
        step = Step(self.city, sent.number, self.everywhere, state.version, at)
        if report.category in NEVER_PUBLISHED:
            change_visibility(session, step, to="hidden", reason="private_matter")
        else:
            approve(session, step)

    def _let_happen(
        self, session: Session, sent: SentReport, event: DemoEvent, photos: Developed | None
    ) -> None:
        state = get_report_state(session, sent.report_id)
        actor = self.staff.get(state.department_id or 0, self.everywhere)
        step = Step(self.city, sent.number, actor, state.version, event.at)
        if event.kind == "handed_over":
            transfer(session, step, to_department=event.department or "", words=event.words)
            return
        after = self._keep(session, [photos.after] if photos and photos.after else [])
        change_status(
            session,
            step,
            to="open" if event.kind == "reopened" else event.kind,
            words=event.words,
            reason=event.reason or "",
            photos=after,
        )

    def _keep(self, session: Session, photos: Sequence[ProcessedPhoto]) -> tuple[str, ...]:
        return tuple(keep_photo(session, self.storage, photo=photo) for photo in photos)
