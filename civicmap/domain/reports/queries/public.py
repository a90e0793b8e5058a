"""What everyone may see of reports. Every public surface reads through this file and no other:
pages, lists, tiles, feeds. `_public` is the one place where hidden and held reports are left out;
the table of reporters is never joined here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from civicmap.domain.categories.models import Category, CategoryGroup
from civicmap.domain.departments.models import Department
from civicmap.domain.jurisdictions.models import Area, Jurisdiction
from civicmap.domain.media.models import Photo
from civicmap.domain.media.queries import PhotoRow, list_photos
from civicmap.domain.reports.models import Report, Reporter, ReportEvent, Supporter
from civicmap.domain.reports.workflow import WAITING
from civicmap.foundation.database import AnySelect
from civicmap.foundation.errors import NotFound
from civicmap.foundation.geo import Box, Point
from civicmap.foundation.locales import N_, in_language
from civicmap.foundation.paging import Page, Place


@dataclass(frozen=True)
class Filters:
    """What of a city is asked for; everything empty is everything."""

    statuses: tuple[str, ...] = ()
    category: str = ""
    group: str = ""
    area: str = ""
    department: str = ""
    box: Box | None = None


@dataclass(frozen=True)
class ReportCard:
    """A report in a list."""

    number: str
    status: str
    category_key: str
    category_names: dict[str, str]
    icon: str
    department_names: dict[str, str]
    area_name: str
    address: str
    words: str
    language: str
    latitude: float
    longitude: float
    created_at: datetime
    status_since: datetime
    fix_by: datetime | None
    supporter_count: int
    photo: PhotoRow | None
    id: int

    @property
    def title(self) -> str:
        return in_language(self.category_names) or self.category_key

    @property
    def department_name(self) -> str:
        return in_language(self.department_names)

    @property
    def place(self) -> str:
        return ", ".join(filter(None, (self.address, self.area_name)))


@dataclass(frozen=True)
class PublicEvent:
    """A line of the timeline. `department_names`: who acted; never a person."""

    id: int
    at: datetime
    kind: str
    actor: str
    department_names: dict[str, str]
    to_department_names: dict[str, str]
    words: str
    old: dict[str, Any]
    new: dict[str, Any]
    photos: tuple[PhotoRow, ...]

    @property
    def department_name(self) -> str:
        return in_language(self.department_names)

    @property
    def to_department_name(self) -> str:
        return in_language(self.to_department_names)


@dataclass(frozen=True)
class PublicReport(ReportCard):
    """A report's page."""

    visibility: str
    placed_by: str
    accuracy_metres: int | None
    department_code: str
    department_since: datetime
    respond_by: datetime | None
    closed_at: datetime | None
    updated_at: datetime
    version: int
    duplicate_radius: int
    photos: tuple[PhotoRow, ...]
    events: tuple[PublicEvent, ...]


@dataclass(frozen=True)
class NearbyReport:
    """A waiting report of the same category close to a new one; `metres` away from it."""

    number: str
    status: str
    words: str
    address: str
    metres: int
    created_at: datetime
    supporter_count: int
    photo: PhotoRow | None


@dataclass(frozen=True)
class StatusCounts:
    open: int = 0
    in_progress: int = 0
    fixed: int = 0
    wont_fix: int = 0

    @property
    def total(self) -> int:
        return self.open + self.in_progress + self.fixed + self.wont_fix

    def __getitem__(self, status: str) -> int:
        return int(getattr(self, status))


def _public(jurisdiction_id: int) -> ColumnElement[bool]:
    return and_(Report.jurisdiction_id == jurisdiction_id, Report.visibility == "public")


def count_by_status(session: Session, jurisdiction_id: int, filters: Filters) -> StatusCounts:
    """The four counters, under all filters except that of the status."""
    query = _filtered(
        select(Report.status, func.count()), jurisdiction_id, filters, with_status=False
    ).group_by(Report.status)
    return StatusCounts(**dict(session.execute(query).all()))


def count_by_status_everywhere(session: Session) -> dict[int, StatusCounts]:
    """The four counters of every city, by jurisdiction id."""
    query = (
        select(Report.jurisdiction_id, Report.status, func.count())
        .where(Report.visibility == "public")
        .group_by(Report.jurisdiction_id, Report.status)
    )
    found: dict[int, dict[str, int]] = {}
    for jurisdiction_id, status, count in session.execute(query):
        found.setdefault(jurisdiction_id, {})[status] = count
    return {key: StatusCounts(**counts) for key, counts in found.items()}


def count_by_category(session: Session, jurisdiction_id: int, filters: Filters) -> dict[str, int]:
    """Reports per category key, under all filters except that of the category."""
    query = (
        _filtered(
            select(Category.key, func.count()).select_from(Report),
            jurisdiction_id,
            filters,
            with_category=False,
        )
        .join(Category, Category.id == Report.category_id)
        .group_by(Category.key)
    )
    return dict(session.execute(query).all())


def list_reports(
    session: Session, jurisdiction_id: int, filters: Filters, *, after: Place | None, limit: int
) -> Page[ReportCard]:
    """Reports, newest first, from `after` on."""
    query = _filtered(_card_query(), jurisdiction_id, filters)
    if after:
        query = query.where(
            or_(
                Report.created_at < after.moment,
                and_(Report.created_at == after.moment, Report.id < after.id),
            )
        )
    rows = session.execute(
        query.order_by(Report.created_at.desc(), Report.id.desc()).limit(limit + 1)
    ).all()
    photos = list_photos(session, [row.id for row in rows[:limit]])
    cards = [_card(row, photos.get(row.id, [])) for row in rows[:limit]]
    more = Place(cards[-1].created_at, cards[-1].id) if len(rows) > limit else None
    return Page(cards, more)


def list_recent_with_photos(
    session: Session, jurisdiction_id: int, *, limit: int
) -> list[ReportCard]:
    """The newest reports that carry a photo."""
    rows = session.execute(
        _card_query()
        .where(_public(jurisdiction_id), Report.photo_count > 0)
        .order_by(Report.created_at.desc(), Report.id.desc())
        .limit(limit)
    ).all()
    photos = list_photos(session, [row.id for row in rows])
    return [_card(row, photos.get(row.id, [])) for row in rows]


def get_public_report(session: Session, jurisdiction_id: int, number: str) -> PublicReport:
    """Raises NotFound: no such report, or it is not shown."""
    row = session.execute(
        _report_query().where(_public(jurisdiction_id), Report.number == number)
    ).first()
    if row is None:
        raise NotFound(N_("There is no report with this number."))
    return _report(session, row)


def get_report_by_secret(session: Session, number: str, secret: str) -> tuple[int, PublicReport]:
    """A report through its reporter's own link, shown or not; with its jurisdiction id.

    Gives no contact back: whoever holds the link sees what the public would. Raises NotFound.
    """
    row = session.execute(
        _report_query()
        .add_columns(Report.jurisdiction_id)
        .join(Reporter, Reporter.report_id == Report.id)
        .where(Report.number == number, Reporter.secret == secret)
    ).first()
    if row is None:
        raise NotFound(N_("This link does not lead to a report. Check that it is complete."))
    return row.jurisdiction_id, _report(session, row)


def find_number(session: Session, number: str) -> str | None:
    """The slug of the city of a shown report with this number."""
    return session.scalar(
        select(Jurisdiction.slug)
        .join(Report, Report.jurisdiction_id == Jurisdiction.id)
        .where(Report.number == number, Report.visibility == "public")
    )


def find_nearby(
    session: Session,
    jurisdiction_id: int,
    *,
    category_id: int,
    point: Point,
    radius: int,
    limit: int = 3,
) -> list[NearbyReport]:
    """Waiting public reports of a category within `radius` metres of a point, nearest first."""
    if radius <= 0:
        return []
    here = func.geography(func.ST_SetSRID(func.ST_MakePoint(point.longitude, point.latitude), 4326))
    there = func.geography(Report.point)
    metres = func.ST_Distance(there, here)
    rows = session.execute(
        select(
            Report.id,
            Report.number,
            Report.status,
            Report.words,
            Report.address,
            metres.label("metres"),
            Report.created_at,
            Report.supporter_count,
        )
        .where(
            _public(jurisdiction_id),
            Report.category_id == category_id,
            Report.status.in_(WAITING),
            func.ST_DWithin(there, here, radius),
        )
        .order_by(metres)
        .limit(limit)
    ).all()
    photos = list_photos(session, [row.id for row in rows])
    return [
        NearbyReport(
            number=row.number,
            status=row.status,
            words=row.words,
            address=row.address,
            metres=round(row.metres),
            created_at=row.created_at,
            supporter_count=row.supporter_count,
            photo=next(iter(photos.get(row.id, [])), None),
        )
        for row in rows
    ]


def has_supported(session: Session, report_id: int, browser_hash: str) -> bool:
    """Whether this browser has said "me too" to the report."""
    return (
        session.scalar(
            select(Supporter.report_id).where(
                Supporter.report_id == report_id, Supporter.browser_hash == browser_hash
            )
        )
        is not None
    )


def apply_filters(query: AnySelect, jurisdiction_id: int, filters: Filters) -> AnySelect:
    """`query` on public reports of a city under these filters; for maps and statistics."""
    return _filtered(query, jurisdiction_id, filters)


def _filtered(
    query: AnySelect,
    jurisdiction_id: int,
    filters: Filters,
    *,
    with_status: bool = True,
    with_category: bool = True,
) -> AnySelect:
    query = query.where(_public(jurisdiction_id))
    if with_status and filters.statuses:
        query = query.where(Report.status.in_(filters.statuses))
    if with_category and filters.category:
        query = query.where(
            Report.category_id.in_(select(Category.id).where(Category.key == filters.category))
        )
    if with_category and filters.group:
        query = query.where(
            Report.category_id.in_(
                select(Category.id)
                .join(CategoryGroup, CategoryGroup.id == Category.group_id)
                .where(CategoryGroup.key == filters.group)
            )
        )
    if filters.area:
        query = query.where(
            Report.area_id.in_(
                select(Area.id).where(
                    Area.jurisdiction_id == jurisdiction_id, Area.slug == filters.area
                )
            )
        )
    if filters.department:
        query = query.where(
            Report.department_id.in_(
                select(Department.id).where(
                    Department.jurisdiction_id == jurisdiction_id,
                    Department.code == filters.department,
                )
            )
        )
    if filters.box:
        box = filters.box
        query = query.where(
            func.ST_X(Report.point).between(box.west, box.east),
            func.ST_Y(Report.point).between(box.south, box.north),
        )
    return query


_CARD = (
    Report.id,
    Report.number,
    Report.status,
    Category.key.label("category_key"),
    Category.names.label("category_names"),
    Category.icon,
    Department.names.label("department_names"),
    Area.name.label("area_name"),
    Report.address,
    Report.words,
    Report.language,
    func.ST_Y(Report.point).label("latitude"),
    func.ST_X(Report.point).label("longitude"),
    Report.created_at,
    Report.status_since,
    Report.fix_by,
    Report.supporter_count,
)


def _card_query() -> AnySelect:
    return _joined(select(*_CARD))


def _report_query() -> AnySelect:
    return _joined(
        select(
            *_CARD,
            Report.visibility,
            Report.placed_by,
            Report.accuracy_metres,
            Department.code.label("department_code"),
            Report.department_since,
            Report.respond_by,
            Report.closed_at,
            Report.updated_at,
            Report.version,
            Category.duplicate_radius,
        )
    )


def _joined(query: AnySelect) -> AnySelect:
    return (
        query.select_from(Report)
        .join(Category, Category.id == Report.category_id)
        .outerjoin(Department, Department.id == Report.department_id)
        .outerjoin(Area, Area.id == Report.area_id)
    )


def _card_values(row: Any, photos: Sequence[PhotoRow]) -> dict[str, Any]:
    return {
        **{column: getattr(row, column) for column in _CARD_NAMES},
        "department_names": row.department_names or {},
        "area_name": row.area_name or "",
        "photo": next((photo for photo in photos if photo.event_id is None), None),
    }


_CARD_NAMES = tuple(column.key for column in _CARD)


def _card(row: Any, photos: Sequence[PhotoRow]) -> ReportCard:
    return ReportCard(**_card_values(row, photos))


def _report(session: Session, row: Any) -> PublicReport:
    photos = list_photos(session, [row.id]).get(row.id, [])
    return PublicReport(
        **_card_values(row, photos),
        visibility=row.visibility,
        placed_by=row.placed_by,
        accuracy_metres=row.accuracy_metres,
        department_code=row.department_code or "",
        department_since=row.department_since,
        respond_by=row.respond_by,
        closed_at=row.closed_at,
        updated_at=row.updated_at,
        version=row.version,
        duplicate_radius=row.duplicate_radius,
        photos=tuple(photo for photo in photos if photo.event_id is None),
        events=tuple(_public_events(session, row.id, photos)),
    )


def _public_events(
    session: Session, report_id: int, photos: Sequence[PhotoRow]
) -> list[PublicEvent]:
    rows = session.execute(
        select(ReportEvent, Department.names)
        .outerjoin(Department, Department.id == ReportEvent.department_id)
        .where(ReportEvent.report_id == report_id, ReportEvent.is_public)
        .order_by(ReportEvent.at, ReportEvent.id)
    ).all()
    targets = {event.new.get("department_id") for event, _ in rows} - {None}
    names: dict[int, dict[str, str]] = {}
    if targets:
        names = dict(
            session.execute(
                select(Department.id, Department.names).where(Department.id.in_(targets))
            ).all()
        )
    return [
        PublicEvent(
            id=event.id,
            at=event.at,
            kind=event.kind,
            actor=event.actor,
            department_names=department_names or {},
            to_department_names=names.get(event.new.get("department_id", 0), {}),
            words=event.words,
            old=event.old,
            new=event.new,
            photos=tuple(photo for photo in photos if photo.event_id == event.id),
        )
        for event, department_names in rows
    ]


def is_photo_shown(session: Session, key: str) -> bool:
    """Whether a photo may be fetched by its random address: not once its report is hidden."""
    return bool(
        session.scalar(
            select(func.coalesce(Report.visibility, "public") != "hidden")
            .select_from(Photo)
            .outerjoin(Report, Report.id == Photo.report_id)
            .where(Photo.key == key)
        )
    )
