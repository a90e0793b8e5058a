"""One report as the people who work on it see it: internal words, names of colleagues, deadlines,
and what this person may do next. The reporter's contact is read only for those who may have it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicmap.domain.accounts.models import Person
from civicmap.domain.accounts.queries import Actor
from civicmap.domain.categories.models import Category, CategoryGroup
from civicmap.domain.departments.models import Department
from civicmap.domain.jurisdictions.models import Area
from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.jurisdictions.queries.calendar import load_calendar
from civicmap.domain.media.models import Photo
from civicmap.domain.media.queries import PhotoRow, list_photos
from civicmap.domain.reports.deadlines import working_days_left
from civicmap.domain.reports.history import (
    MODERATED,
    find_left_out,
    find_original,
)
from civicmap.domain.reports.models import Report, Reporter, ReportEvent
from civicmap.domain.reports.queries.answers import list_answers
from civicmap.domain.reports.queries.public.masking import HELD, PHOTO_IS_SHOWN, public_values
from civicmap.domain.reports.queries.public.photos import list_shown_photos
from civicmap.domain.reports.queries.staff.rows import (
    Clock,
    ContactRow,
    DepartmentName,
    StaffEvent,
    StaffReport,
)
from civicmap.domain.reports.workflow import WAITING, possible_steps
from civicmap.domain.routing.wording import reason_in_words
from civicmap.foundation.clock import now
from civicmap.foundation.errors import NotAllowed, NotFound
from civicmap.foundation.geo import FINEST_LEVEL, Point, cell_box, distance_m
from civicmap.foundation.locales import N_, in_language

# What a person may do to a report, asked once for the page; see `accounts/permissions.py`.
_PERMISSIONS = (
    "read_reporter",
    "write_notes",
    "update_public",
    "ask_reporter",
    "change_status",
    "transfer",
    "move_pin",
    "moderate",
)


def get_staff_report(session: Session, city: City, actor: Actor, number: str) -> StaffReport:
    """Raises NotFound, and NotAllowed for what another department has not made public."""
    row = session.execute(
        _query().where(Report.jurisdiction_id == city.id, Report.number == number)
    ).first()
    if row is None:
        raise NotFound(N_("There is no report with this number."))
    check_readable(city, actor, visibility=row.visibility, department_id=row.department_id)
    may = frozenset(
        permission
        for permission in _PERMISSIONS
        if actor.may(permission, jurisdiction_id=city.id, department_id=row.department_id)
    )
    departments = _departments(session, city)
    names = {department.id: department for department in departments}
    reads_all = actor.may(
        "read_unpublished", jurisdiction_id=city.id, department_id=row.department_id
    )
    list_readable = list_photos if reads_all else list_shown_photos
    photos = list_readable(session, [row.id]).get(row.id, [])
    events = _read_events(session, row.id)
    left_out = find_left_out(event for event, _ in events)
    response_clock, fix_clock = _clocks(session, city, row)
    values = {column.key: getattr(row, column.key) for column in _COLUMNS}
    return StaffReport(
        **{
            **values,
            **({} if reads_all or row.content != HELD else {"words": "", "address": ""}),
            "area_name": row.area_name or "",
            "routing_reason": _route_in_words(session, row, departments),
        },
        department=names.get(row.department_id),
        departments=tuple(department for department in departments if not department.is_retired),
        response_clock=response_clock,
        fix_clock=fix_clock,
        contact=_contact(session, row.id) if "read_reporter" in may else None,
        answers=list_answers(session, row.id, public_only=not reads_all)
        if reads_all or row.content != HELD
        else (),
        gets_letters=row.gets_letters,
        photos=tuple(photo for photo in photos if photo.event_id is None),
        original=find_original((event for event, _ in events), words=row.words, address=row.address)
        if reads_all
        else None,
        events=tuple(
            _as_staff_event(
                event,
                person,
                names,
                photos,
                left_out,
                content=row.content,
                reads_all=reads_all,
            )
            for event, person in events
        ),
        steps=tuple(possible_steps(row.status)),
        may=may,
    )


def check_readable(city: City, actor: Actor, *, visibility: str, department_id: int | None) -> None:
    """Raises NotAllowed: not this city's staff, or not shown to all and another department's."""
    actor.must("read_reports", jurisdiction_id=city.id, department_id=department_id)
    if visibility != "public" and not actor.may(
        "read_unpublished", jurisdiction_id=city.id, department_id=department_id
    ):
        raise NotAllowed(N_("This report is not public and another department answers for it."))


def check_photo(session: Session, city: City, actor: Actor, key: str) -> None:
    """Whether a person may see a photo, of a hidden report too. Raises NotFound, NotAllowed."""
    row = session.execute(
        select(Report.visibility, Report.department_id, PHOTO_IS_SHOWN.label("is_shown"))
        .join(Photo, Photo.report_id == Report.id)
        .outerjoin(ReportEvent, ReportEvent.id == Photo.event_id)
        .where(Photo.key == key, Report.jurisdiction_id == city.id)
    ).first()
    if row is None:
        raise NotFound(N_("There is no such photo."))
    check_readable(
        city,
        actor,
        visibility=row.visibility if row.is_shown else HELD,
        department_id=row.department_id,
    )


_COLUMNS = (
    Report.id,
    Report.number,
    Report.status,
    Report.visibility,
    Report.content,
    Report.redacted_for,
    Report.kind,
    Report.channel,
    Category.key.label("category_key"),
    Category.names.label("category_names"),
    CategoryGroup.names.label("group_names"),
    Category.icon,
    Report.words,
    Report.language,
    func.ST_Y(Report.point).label("latitude"),
    func.ST_X(Report.point).label("longitude"),
    Report.address,
    Area.name.label("area_name"),
    Report.placed_by,
    Report.accuracy_metres,
    Report.routing_reason,
    Report.supporter_count,
    Report.created_at,
    Report.updated_at,
    Report.status_since,
    Report.department_since,
    Report.responded_at,
    Report.closed_at,
    Report.withdrawn_at,
    Report.waiting_for,
    Report.source,
    Report.external_id,
    Report.version,
)


# Whether they left an address, not which: null where there is no reporter.
_GETS_LETTERS = (
    select(Reporter.email != "")
    .where(Reporter.report_id == Report.id)
    .scalar_subquery()
    .label("gets_letters")
)


def _query() -> Any:
    return (
        select(*_COLUMNS, Report.department_id, Report.respond_by, Report.fix_by, _GETS_LETTERS)
        .select_from(Report)
        .join(Category, Category.id == Report.category_id)
        .join(CategoryGroup, CategoryGroup.id == Category.group_id)
        .outerjoin(Area, Area.id == Report.area_id)
    )


def _departments(session: Session, city: City) -> list[DepartmentName]:
    """Every department of the city, retired ones too: the history names them."""
    rows = session.execute(
        select(Department.id, Department.code, Department.names, Department.retired_at)
        .where(Department.jurisdiction_id == city.id)
        .order_by(Department.code)
    )
    return [DepartmentName(row.id, row.code, row.names, row.retired_at is not None) for row in rows]


def _clocks(session: Session, city: City, row: Any) -> tuple[Clock | None, Clock | None]:
    if row.status not in WAITING or not (row.respond_by or row.fix_by):
        return None, None
    calendar, at = load_calendar(session, city.id), now()

    def clock(until: datetime | None) -> Clock | None:
        if until is None:
            return None
        return Clock(until, working_days_left(until, at, calendar, city.zone), until < at)

    return (clock(row.respond_by) if row.responded_at is None else None), clock(row.fix_by)


def _contact(session: Session, report_id: int) -> ContactRow | None:
    row = session.execute(
        select(Reporter.name, Reporter.email, Reporter.phone, Reporter.language).where(
            Reporter.report_id == report_id
        )
    ).first()
    return ContactRow(*row) if row else None


def _route_in_words(session: Session, row: Any, departments: Iterable[DepartmentName]) -> str:
    reason: Mapping[str, Any] = row.routing_reason
    subject, group = in_language(row.category_names), in_language(row.group_names)
    if reason.get("category") not in (None, row.category_key):
        # The report was given another category since it was routed.
        names = session.scalar(select(Category.names).where(Category.key == reason["category"]))
        subject = in_language(names or {}) or str(reason["category"])
    code = reason.get("department")
    department = next((one.display_name for one in departments if one.code == code), code or "")
    return reason_in_words(reason, subject=subject, group=group, department=department)


def _read_events(session: Session, report_id: int) -> list[tuple[ReportEvent, str]]:
    """Every event, oldest first, with the name of the person who acted."""
    rows = session.execute(
        select(ReportEvent, Person.name)
        .outerjoin(Person, Person.id == ReportEvent.person_id)
        .where(ReportEvent.report_id == report_id)
        .order_by(ReportEvent.at, ReportEvent.id)
    ).all()
    return [(event, name or "") for event, name in rows]


# What these changed, and why, is for those who answer for the report: the old words are the very
# thing that should not be read any more.
_UNPUBLISHED_KINDS = MODERATED | {"edited"}


def _as_staff_event(
    event: ReportEvent,
    person_name: str,
    departments: Mapping[int, DepartmentName],
    photos: Iterable[PhotoRow],
    left_out: Mapping[int, str],
    *,
    content: str,
    reads_all: bool,
) -> StaffEvent:
    def name(department_id: int | None) -> str:
        found = departments.get(department_id or 0)
        return found.display_name if found else ""

    is_kept_back = not reads_all and (
        event.kind in _UNPUBLISHED_KINDS
        or event.id in left_out
        or (content == HELD and event.actor == "reporter")
    )
    return StaffEvent(
        id=event.id,
        at=event.at,
        kind=event.kind,
        is_public=event.is_public,
        actor=event.actor,
        person_id=event.person_id,
        person_name=person_name,
        department_name=name(event.department_id),
        from_department_name=name(event.old.get("department_id")),
        to_department_name=name(event.new.get("department_id")),
        words="" if is_kept_back else event.words,
        old=public_values(event.old) if is_kept_back else event.old,
        new=public_values(event.new) if is_kept_back else event.new,
        version=event.version,
        moved_metres=_metres(event),
        photos=tuple(photo for photo in photos if photo.event_id == event.id),
        left_out_for=left_out.get(event.id),
    )


def _metres(event: ReportEvent) -> int | None:
    """How far a moved pin went, metres."""
    if event.kind != "moved" or "morton" not in event.old:
        return None
    return round(distance_m(_middle(event.old["morton"]), _middle(event.new["morton"])))


def _middle(code: int) -> Point:
    box = cell_box(code, FINEST_LEVEL)
    return Point((box.south + box.north) / 2, (box.west + box.east) / 2)
