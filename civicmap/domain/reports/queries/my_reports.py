"""My reports: what a browser holds, what a signed-in person sent, and what they follow.

Nothing here is public: whoever asks has shown the device's cookie, or signed in by a mailed link.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from civicmap.domain.departments.models import Department
from civicmap.domain.jurisdictions.models import Jurisdiction
from civicmap.domain.media.queries import list_photos
from civicmap.domain.reports.models import Report, ReportDevice, Reporter, ReportEvent, Supporter
from civicmap.domain.reports.queries.own import OWN_CARD
from civicmap.domain.reports.queries.public.lists import CARD, card_values, joined
from civicmap.domain.reports.queries.public.photos import list_shown_photos
from civicmap.domain.reports.queries.public.rows import ReportCard
from civicmap.domain.reports.reporter_rules import REPORTER, stays_without_reporter
from civicmap.domain.reports.workflow import WAITING
from civicmap.foundation.database import AnySelect
from civicmap.foundation.locales import in_language

# More than anybody looks through; who has more finds the newest.
MOST = 200


@dataclass(frozen=True)
class OwnCard(ReportCard):
    """A report in My reports. `secret`: the reporter's own link, empty for one that is followed."""

    city_slug: str
    city_names: dict[str, str]
    visibility: str
    content: str
    waiting_for: str | None
    withdrawn_at: datetime | None
    secret: str
    unfollow_secret: str

    @property
    def city_name(self) -> str:
        return in_language(self.city_names) or self.city_slug

    @property
    def is_asked(self) -> bool:
        """Whether the department waits for an answer."""
        return self.waiting_for == REPORTER and self.is_waiting

    @property
    def is_held(self) -> bool:
        """Whether somebody has yet to look at it, or at its words and photos."""
        return self.visibility == "held" or (self.visibility == "public" and self.content == "held")

    @property
    def is_waiting(self) -> bool:
        return self.status in WAITING and self.withdrawn_at is None


def list_own(session: Session, *, browser_hash: str, email: str = "") -> list[OwnCard]:
    """The reports that a browser holds, and those sent with a confirmed `email`; newest first."""
    held = select(ReportDevice.report_id).where(ReportDevice.browser_hash == browser_hash)
    # A union of two index scans: an OR of them would read every report there is.
    theirs = held.union(
        select(Reporter.report_id).where(
            Reporter.email != "", func.lower(Reporter.email) == email.lower()
        )
    )
    return _cards(
        session,
        _query(OWN_CARD, Reporter.secret, None)
        .join(Reporter, Reporter.report_id == Report.id)
        .where(Report.id.in_(theirs)),
        own=True,
    )


def list_followed(session: Session, browser_hashes: Sequence[str]) -> list[OwnCard]:
    """The public reports that these browsers follow and do not hold; newest first."""
    held = select(ReportDevice.report_id).where(ReportDevice.browser_hash.in_(browser_hashes))
    cards = _cards(
        session,
        _query(CARD, None, Supporter.unfollow_secret)
        .join(
            Supporter,
            and_(
                Supporter.report_id == Report.id,
                Supporter.follows,
                Supporter.browser_hash.in_(browser_hashes),
            ),
        )
        .where(Report.visibility == "public", Report.id.not_in(held)),
    )
    # Followed on the phone and at the desk: once is enough.
    return list({card.id: card for card in reversed(cards)}.values())[::-1]


def find_own_secret(session: Session, report_id: int, browser_hash: str) -> str:
    """The secret of a report that a browser holds; empty when it does not."""
    return (
        session.scalar(
            select(Reporter.secret)
            .join(ReportDevice, ReportDevice.report_id == Reporter.report_id)
            .where(Reporter.report_id == report_id, ReportDevice.browser_hash == browser_hash)
        )
        or ""
    )


def is_following(session: Session, report_id: int, browser_hash: str) -> bool:
    """Whether a browser has the report among those it follows."""
    return bool(
        session.scalar(
            select(Supporter.follows).where(
                Supporter.report_id == report_id, Supporter.browser_hash == browser_hash
            )
        )
    )


@dataclass(frozen=True)
class OwnState:
    """What only the reporter's own page tells. `question`: what the department waits to hear;
    `stays`: a withdrawn report that everyone still sees."""

    withdrawn_at: datetime | None
    stays: bool
    supporter_count: int
    closes_for_good: bool
    has_contact: bool
    question: str
    question_at: datetime | None
    question_from: dict[str, str]


def get_own_state(session: Session, report_id: int) -> OwnState:
    """Raises sqlalchemy.exc.NoResultFound when there is no such report."""
    row = session.execute(
        select(
            Report.withdrawn_at,
            Report.visibility,
            Report.waiting_for,
            Report.status,
            Report.supporter_count,
            (Reporter.email != "").label("has_contact"),
        )
        .join(Reporter, Reporter.report_id == Report.id)
        .where(Report.id == report_id)
    ).one()
    asked = None
    if row.waiting_for == REPORTER:
        asked = session.execute(
            select(ReportEvent.words, ReportEvent.at, Department.names)
            .outerjoin(Department, Department.id == ReportEvent.department_id)
            .where(ReportEvent.report_id == report_id, ReportEvent.kind == "question_asked")
            .order_by(ReportEvent.id.desc())
            .limit(1)
        ).first()
    return OwnState(
        withdrawn_at=row.withdrawn_at,
        stays=row.visibility != "hidden",
        supporter_count=row.supporter_count,
        closes_for_good=not stays_without_reporter(row.status, row.supporter_count),
        has_contact=row.has_contact,
        question=asked.words if asked else "",
        question_at=asked.at if asked else None,
        question_from=(asked.names or {}) if asked else {},
    )


def _query(card: Sequence[Any], secret: Any, unfollow_secret: Any) -> AnySelect:
    return joined(
        select(
            *card,
            Report.content,
            Jurisdiction.slug.label("city_slug"),
            Jurisdiction.names.label("city_names"),
            Report.visibility,
            Report.waiting_for,
            Report.withdrawn_at,
            func.coalesce(secret, "").label("secret"),
            func.coalesce(unfollow_secret, "").label("unfollow_secret"),
        )
    ).join(Jurisdiction, Jurisdiction.id == Report.jurisdiction_id)


def _cards(session: Session, query: AnySelect, *, own: bool = False) -> list[OwnCard]:
    rows = session.execute(
        query.order_by(Report.created_at.desc(), Report.id.desc()).limit(MOST)
    ).all()
    ids = [row.id for row in rows]
    photos = list_photos(session, ids) if own else list_shown_photos(session, ids)
    return [
        OwnCard(
            **card_values(row, photos.get(row.id, [])),
            city_slug=row.city_slug,
            city_names=row.city_names,
            visibility=row.visibility,
            content=row.content,
            waiting_for=row.waiting_for,
            withdrawn_at=row.withdrawn_at,
            secret=row.secret,
            unfollow_secret=row.unfollow_secret,
        )
        for row in rows
    ]
