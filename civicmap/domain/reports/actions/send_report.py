"""Send a report: from what a resident (or an operator for them) gave to a numbered report."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from civicmap.domain.categories.queries import CategoryRow, get_offered_category
from civicmap.domain.jurisdictions.queries import (
    AreaRow,
    City,
    find_areas_at,
    find_nearest_city,
    get_area_middle,
    is_inside,
    load_calendar,
)
from civicmap.domain.media.actions import adopt_photos
from civicmap.domain.reports.deadlines import set_deadlines
from civicmap.domain.reports.events import ReportSent
from civicmap.domain.reports.history import record
from civicmap.domain.reports.models import Report, Reporter
from civicmap.domain.reports.numbers import new_number, new_secret
from civicmap.domain.routing.queries import find_route
from civicmap.foundation.clock import now
from civicmap.foundation.email_addresses import read_email
from civicmap.foundation.errors import InvalidInput
from civicmap.foundation.events import publish
from civicmap.foundation.geo import Point, look_swapped, morton
from civicmap.foundation.locales import N_
from civicmap.foundation.plain_text import clean_text

LONGEST_WORDS = 4_000
LONGEST_ADDRESS = 200
_IDEMPOTENCY_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}", re.ASCII)
_PHONE = re.compile(r"\+?[0-9 ()./-]{5,30}", re.ASCII)


@dataclass(frozen=True)
class NewReport:
    """What is sent. `point` is EPSG:4326; without it `area` (a district's slug) and `address` in
    words place the report. `idempotency_key` comes from the client: the same key, the same report.
    """

    category: str
    words: str
    language: str
    point: Point | None = None
    placed_by: str = "pin"
    accuracy_metres: int | None = None
    area: str = ""
    address: str = ""
    photos: tuple[str, ...] = ()
    name: str = ""
    email: str = ""
    phone: str = ""
    channel: str = "web"
    idempotency_key: str | None = None


@dataclass(frozen=True)
class SentReport:
    """`secret` makes the reporter's own link; `was_there` tells a repeated request."""

    report_id: int
    number: str
    secret: str
    was_there: bool


class OutsideCity(InvalidInput):
    """The point is outside the city; `nearest` is the city it is in or closest to."""

    nearest: City | None = None
    metres: float = 0


@dataclass(frozen=True)
class CheckedReport:
    """A report that can be sent: everything read, cleaned and found."""

    city: City
    category: CategoryRow
    point: Point
    placed_by: str
    accuracy_metres: int | None
    areas: list[AreaRow]
    address: str
    words: str
    language: str
    name: str
    email: str
    phone: str
    channel: str
    photos: tuple[str, ...] = field(default=())
    idempotency_key: str | None = None


def check_place(session: Session, *, city: City, point: Point) -> None:
    """Raises OutsideCity, or InvalidInput when the coordinates look swapped."""
    if is_inside(session, city.id, point):
        return
    if look_swapped(point, city.box):
        raise InvalidInput(
            N_("Latitude and longitude look swapped: did you mean %(swapped)s?"),
            field="position",
            swapped=Point(point.longitude, point.latitude),
        )
    found = find_nearest_city(session, point)
    nearest = found.city if found else None
    if nearest is None or nearest.id == city.id:
        error = OutsideCity(
            N_("This place is outside %(city)s."), field="position", city=city.display_name
        )
    else:
        error = OutsideCity(
            N_("This place is outside %(city)s. The nearest city here is %(nearest)s."),
            field="position",
            city=city.display_name,
            nearest=nearest.display_name,
        )
    error.nearest = nearest
    error.metres = found.metres if found else 0
    raise error


def check_report(session: Session, *, city: City, report: NewReport) -> CheckedReport:
    """Read and clean everything. Raises InvalidInput with the field it belongs to."""
    category = get_offered_category(session, city.id, report.category)
    point, placed_by = report.point, report.placed_by
    address = clean_text(report.address, field="address", limit=LONGEST_ADDRESS)
    if point is None:
        if not (report.area and address):
            raise InvalidInput(
                N_("Say where it is: on the map, or the district and the address in words."),
                field="position",
            )
        point, placed_by = get_area_middle(session, city.id, report.area), "described"
    check_place(session, city=city, point=point)
    areas = find_areas_at(session, city.id, point)
    words = clean_text(
        report.words,
        field="words",
        limit=LONGEST_WORDS,
        lines=True,
        required=None if report.photos else N_("Say in a few words what is wrong, or add a photo."),
    )
    phone = clean_text(report.phone, field="phone", limit=30)
    if phone and not _PHONE.fullmatch(phone):
        raise InvalidInput(N_("“%(given)s” is not a phone number."), field="phone", given=phone)
    key = report.idempotency_key
    if key is not None and not _IDEMPOTENCY_KEY.fullmatch(key):
        raise InvalidInput(N_("This form is broken. Open it again."), field="idempotency_key")
    return CheckedReport(
        city=city,
        category=category,
        point=point,
        placed_by=placed_by,
        accuracy_metres=report.accuracy_metres,
        areas=areas,
        address=address,
        words=words,
        language=report.language,
        name=clean_text(report.name, field="name", limit=100),
        email=read_email(report.email, field="email") if report.email.strip() else "",
        phone=phone,
        channel=report.channel,
        photos=report.photos,
        idempotency_key=key,
    )


def send_report(
    session: Session, *, city: City, report: NewReport, at: datetime | None = None
) -> SentReport:
    """Check, route, number and keep a report; queue what follows from it.

    The same idempotency key gives the same report, even ten times at once. Raises InvalidInput.
    """
    if report.idempotency_key:
        there = _find_sent(session, city.id, report.idempotency_key)
        if there:
            return there
    checked = check_report(session, city=city, report=report)
    try:
        # The unique key decides between requests that run at the same moment.
        with session.begin_nested():
            return _insert(session, checked, at or now())
    except IntegrityError as error:
        if not checked.idempotency_key or "idempotency_key" not in str(error.orig):
            raise
    there = _find_sent(session, city.id, checked.idempotency_key)
    if there is None:
        raise InvalidInput(N_("This form is broken. Open it again."), field="idempotency_key")
    return there


def _insert(session: Session, checked: CheckedReport, at: datetime) -> SentReport:
    city, category, point = checked.city, checked.category, checked.point
    route = find_route(session, city.id, category=category, areas=checked.areas)
    deadlines = set_deadlines(
        reported_at=at,
        response_days=category.response_days,
        fix_days=category.fix_days,
        calendar=load_calendar(session, city.id),
        zone=city.zone,
    )
    report = Report(
        jurisdiction_id=city.id,
        number=free_number(session, city.number_prefix),
        category_id=category.id,
        department_id=route.department_id,
        area_id=checked.areas[0].id if checked.areas else None,
        visibility="public" if category.is_public else "held",
        channel=checked.channel,
        words=checked.words,
        language=checked.language,
        point=f"SRID=4326;POINT({point.longitude!r} {point.latitude!r})",
        morton=morton(point),
        address=checked.address,
        placed_by=checked.placed_by,
        accuracy_metres=checked.accuracy_metres,
        photo_count=len(checked.photos),
        routing_reason=route.reason,
        created_at=at,
        updated_at=at,
        status_since=at,
        department_since=at,
        respond_by=deadlines.respond_by,
        fix_by=deadlines.fix_by,
        version=0,
        idempotency_key=checked.idempotency_key,
    )
    session.add(report)
    session.flush()
    secret = new_secret()
    session.add(
        Reporter(
            report_id=report.id,
            secret=secret,
            name=checked.name,
            email=checked.email,
            phone=checked.phone,
            language=checked.language,
        )
    )
    adopt_photos(session, keys=checked.photos, report_id=report.id)
    record(
        session,
        report,
        kind="reported",
        at=at,
        actor="reporter",
        is_public=True,
        new={"photos": len(checked.photos), "channel": checked.channel},
    )
    publish(session, ReportSent(report_id=report.id))
    return SentReport(report.id, report.number, secret, was_there=False)


def free_number(session: Session, prefix: str) -> str:
    """A number that no report has yet."""
    while True:
        number = new_number(prefix)
        if session.scalar(select(Report.id).where(Report.number == number)) is None:
            return number


def _find_sent(session: Session, jurisdiction_id: int, key: str) -> SentReport | None:
    row = session.execute(
        select(Report.id, Report.number, Reporter.secret)
        .join(Reporter, Reporter.report_id == Report.id)
        .where(Report.jurisdiction_id == jurisdiction_id, Report.idempotency_key == key)
    ).first()
    return SentReport(*row, was_there=True) if row else None
