"""What letters need to know, and who may read those that were kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, literal, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from civicmap.domain.accounts.models import ConfirmedContact
from civicmap.domain.accounts.permissions import ADMIN
from civicmap.domain.accounts.queries import Actor
from civicmap.domain.categories.models import Category
from civicmap.domain.departments.models import Department
from civicmap.domain.jurisdictions.models import Area, Jurisdiction
from civicmap.domain.media.models import Photo
from civicmap.domain.moderation.reasons import reason_in_words
from civicmap.domain.notifications.models import Letter
from civicmap.domain.reports.history import MODERATED, words_to_reporter
from civicmap.domain.reports.models import Report, ReportDevice, Reporter, ReportEvent
from civicmap.domain.reports.queries.public.masking import HELD
from civicmap.domain.reports.workflow import REFUSAL_REASONS
from civicmap.foundation.errors import NotFound
from civicmap.foundation.locales import N_, gettext, in_language
from civicmap.foundation.paging import Page, Place

NEWS_FOR = timedelta(days=1)

# An address line that would become a link in a mail reader. Anybody can type one, together with
# somebody else's e-mail address: civicmap carries no advertising.
_LINK = re.compile(r"://|\bwww\.|@|\w\.[^\W\d_]{2,}", re.IGNORECASE)


@dataclass(frozen=True)
class AddressedReport:
    """A report whose reporter can be written to at `recipient`. Private: for letters only."""

    id: int
    jurisdiction_id: int
    number: str
    visibility: str
    content: str
    created_at: datetime
    fix_by: datetime | None
    address: str
    city_names: dict[str, str]
    city_languages: list[str]
    time_zone: str
    category_names: dict[str, str]
    department_names: dict[str, str] | None
    area_name: str | None
    city_slug: str
    recipient: str
    language: str
    secret: str

    @property
    def city_name(self) -> str:
        return in_language(self.city_names, *self.city_languages)

    @property
    def category_name(self) -> str:
        return in_language(self.category_names, *self.city_languages)

    @property
    def department_name(self) -> str:
        """Empty: nobody has it yet."""
        return in_language(self.department_names or {}, *self.city_languages)

    @property
    def place(self) -> str:
        """Where it is, in words; without what a stranger could advertise with."""
        address = "" if _LINK.search(self.address) else self.address
        return ", ".join(filter(None, (address, self.area_name, self.city_name)))


@dataclass(frozen=True)
class Told:
    """An event as a letter tells it to the reporter. `who`: the department that acted, or
    nobody."""

    at: datetime
    kind: str
    words: str
    reason_key: str
    department_names: dict[str, str] | None
    has_photos: bool
    is_by_staff: bool

    def is_old(self, at: datetime) -> bool:
        """Whether it is no news any more."""
        return is_old(self.at, at)

    @property
    def who(self) -> str:
        return in_language(self.department_names or {})

    @property
    def reason(self) -> str:
        if self.kind in MODERATED:
            return reason_in_words(self.reason_key)
        return gettext(REFUSAL_REASONS[self.reason_key]) if self.reason_key else ""


def is_old(told_of: datetime, at: datetime) -> bool:
    """What is written down later than a day (an import, the demo's past) is told to nobody."""
    return told_of < at - NEWS_FOR


def find_addressed_report(session: Session, report_id: int) -> AddressedReport | None:
    """The report with its reporter's e-mail address; None if they left none."""
    return _find(session, report_id, Reporter.email, Reporter.email != "")


def find_textable_report(session: Session, report_id: int) -> AddressedReport | None:
    """The report with its reporter's phone, if texts to it are read at some browser of theirs:
    anybody can type anybody's number."""
    is_read = (
        select(ConfirmedContact.contact)
        .join(ReportDevice, ReportDevice.browser_hash == ConfirmedContact.browser_hash)
        .where(
            ReportDevice.report_id == Report.id,
            ConfirmedContact.kind == "phone",
            ConfirmedContact.contact == Reporter.phone,
        )
        .exists()
    )
    return _find(session, report_id, Reporter.phone, and_(Reporter.phone != "", is_read))


def find_followed_report(session: Session, report_id: int) -> AddressedReport | None:
    """The report as its followers know it, without a recipient and without an address that nobody
    has looked at; None if it is not public."""
    report = _find(session, report_id, literal(""), Report.visibility == "public")
    return replace(report, address="") if report and report.content == HELD else report


def _find(
    session: Session,
    report_id: int,
    recipient: ColumnElement[str] | InstrumentedAttribute[str],
    condition: ColumnElement[bool],
) -> AddressedReport | None:
    row = session.execute(
        select(
            Report.id,
            Report.jurisdiction_id,
            Report.number,
            Report.visibility,
            Report.content,
            Report.created_at,
            Report.fix_by,
            Report.address,
            Jurisdiction.names.label("city_names"),
            Jurisdiction.languages.label("city_languages"),
            Jurisdiction.time_zone,
            Category.names.label("category_names"),
            Department.names.label("department_names"),
            Area.name.label("area_name"),
            Jurisdiction.slug.label("city_slug"),
            recipient.label("recipient"),
            func.coalesce(Reporter.language, Report.language).label("language"),
            func.coalesce(Reporter.secret, "").label("secret"),
        )
        # Reports of other systems have no reporter here, and followers all the same.
        .outerjoin(Reporter, Reporter.report_id == Report.id)
        .join(Jurisdiction, Jurisdiction.id == Report.jurisdiction_id)
        .join(Category, Category.id == Report.category_id)
        .outerjoin(Department, Department.id == Report.department_id)
        .outerjoin(Area, Area.id == Report.area_id)
        .where(Report.id == report_id, condition)
    ).first()
    return AddressedReport(**row._asdict()) if row else None


def get_told(session: Session, event_id: int) -> Told:
    """An event of a report, for its letter."""
    event, department_names, has_photos = session.execute(
        select(
            ReportEvent,
            Department.names,
            select(Photo.id).where(Photo.event_id == ReportEvent.id).exists(),
        )
        .outerjoin(Department, Department.id == ReportEvent.department_id)
        .where(ReportEvent.id == event_id)
    ).one()
    return Told(
        at=event.at,
        kind=event.kind,
        words=words_to_reporter(event),
        reason_key=event.new.get("reason", ""),
        department_names=department_names,
        has_photos=has_photos,
        is_by_staff=event.actor == "staff",
    )


@dataclass(frozen=True)
class LetterRow:
    """A letter in the demo mailbox."""

    id: int
    kind: str
    medium: str
    recipient: str
    language: str
    subject: str
    body: str
    created_at: datetime


def list_kept_letters(
    session: Session, actor: Actor, city_ids: Sequence[int], *, after: Place | None, limit: int
) -> Page[LetterRow]:
    """The letters this person may read in the mailbox of these (demo) cities, newest first."""
    query = (
        select(Letter)
        .where(_readable(actor, city_ids))
        .order_by(Letter.created_at.desc(), Letter.id.desc())
        .limit(limit + 1)
    )
    if after is not None:
        query = query.where(tuple_(Letter.created_at, Letter.id) < (after.moment, after.id))
    letters = list(session.scalars(query))
    rows = [_row(letter) for letter in letters[:limit]]
    more = len(letters) > limit
    return Page(rows, Place(rows[-1].created_at, rows[-1].id) if more else None)


def get_kept_letter(
    session: Session, actor: Actor, city_ids: Sequence[int], letter_id: int
) -> LetterRow:
    """Raises NotFound, also for a letter that is not this person's to read."""
    letter = session.scalar(
        select(Letter).where(Letter.id == letter_id, _readable(actor, city_ids))
    )
    if letter is None:
        raise NotFound(N_("There is no such letter."))
    return _row(letter)


def _readable(actor: Actor, city_ids: Sequence[int]) -> ColumnElement[bool]:
    """Letters of these cities; password links only for those who could set any password anyway,
    and for the one they are meant for."""
    is_admin = any(grant.role == ADMIN and grant.jurisdiction_id is None for grant in actor.grants)
    own = func.lower(Letter.recipient) == actor.email.lower()
    passwords = Letter.jurisdiction_id.is_(None)
    return and_(
        Letter.recipient != "",
        or_(
            Letter.jurisdiction_id.in_(city_ids),
            passwords if is_admin else and_(passwords, own),
        ),
    )


def _row(letter: Letter) -> LetterRow:
    return LetterRow(
        id=letter.id,
        kind=letter.kind,
        medium=letter.medium,
        recipient=letter.recipient,
        language=letter.language,
        subject=letter.subject,
        body=letter.body,
        created_at=letter.created_at,
    )
