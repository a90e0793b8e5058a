"""Send a report: from what a resident (or an operator for them) gave to a numbered report."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

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
from civicmap.domain.media.queries import find_unadopted
from civicmap.domain.reports.deadlines import set_deadlines
from civicmap.domain.reports.events import ReportSent
from civicmap.domain.reports.history import record
from civicmap.domain.reports.models import Report, Reporter
from civicmap.domain.reports.numbers import new_number, new_secret
from civicmap.domain.routing.queries import find_route
from civicmap.foundation.clock import now
from civicmap.foundation.email_addresses import read_email
from civicmap.foundation.errors import CivicmapError, InvalidInput, NotFound
from civicmap.foundation.events import publish
from civicmap.foundation.geo import Point, look_swapped, morton
from civicmap.foundation.locales import N_
from civicmap.foundation.plain_text import clean_text

Read = TypeVar("Read")

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


def examine_report(
    session: Session, *, city: City, report: NewReport
) -> tuple[CheckedReport | None, list[CivicmapError]]:
    """Read and clean everything: the report that can be sent, or every fault there is in it, each
    with the field it belongs to, so that a form can show all of them at once."""
    faults: list[CivicmapError] = []

    def reading(read: Callable[[], Read], otherwise: Read) -> Read:
        try:
            return read()
        except (InvalidInput, NotFound) as fault:
            faults.append(fault)
            return otherwise

    category = reading(lambda: get_offered_category(session, city.id, report.category), None)
    address = reading(
        lambda: clean_text(report.address, field="address", limit=LONGEST_ADDRESS), ""
    )
    point = reading(lambda: _read_place(session, city, report, address), None)
    words = reading(lambda: _read_words(report), "")
    photos: tuple[str, ...] = ()
    photos = reading(lambda: _read_photos(session, report), photos)
    name = reading(lambda: clean_text(report.name, field="name", limit=100), "")
    email = reading(
        lambda: read_email(report.email, field="email") if report.email.strip() else "", ""
    )
    phone = reading(lambda: _read_phone(report.phone), "")
    key = reading(lambda: _read_idempotency_key(report.idempotency_key), None)
    if faults or category is None or point is None:
        return None, faults
    checked = CheckedReport(
        city=city,
        category=category,
        point=point,
        placed_by=report.placed_by if report.point else "described",
        accuracy_metres=report.accuracy_metres if report.point else None,
        areas=find_areas_at(session, city.id, point),
        address=address,
        words=words,
        language=report.language,
        name=name,
        email=email,
        phone=phone,
        channel=report.channel,
        photos=photos,
        idempotency_key=key,
    )
    return checked, faults


def check_report(session: Session, *, city: City, report: NewReport) -> CheckedReport:
    """Read and clean everything. Raises the first fault, an InvalidInput with its field."""
    checked, faults = examine_report(session, city=city, report=report)
    if checked is None:
        raise faults[0]
    return checked


def _read_place(session: Session, city: City, report: NewReport, address: str) -> Point:
    point = report.point
    if point is None:
        if not (report.area and address):
            raise InvalidInput(
                N_("Say where it is: on the map, or the district and the address in words."),
                field="position",
            )
        point = get_area_middle(session, city.id, report.area)
    check_place(session, city=city, point=point)
    return point


def _read_words(report: NewReport) -> str:
    return clean_text(
        report.words,
        field="words",
        limit=LONGEST_WORDS,
        lines=True,
        required=None if report.photos else N_("Say in a few words what is wrong, or add a photo."),
    )


def _read_photos(session: Session, report: NewReport) -> tuple[str, ...]:
    if len(find_unadopted(session, report.photos)) != len(report.photos):
        raise InvalidInput(N_("A photo is no longer there. Choose it again."), field="photos")
    return report.photos


def _read_phone(text: str) -> str:
    phone = clean_text(text, field="phone", limit=30)
    if phone and not _PHONE.fullmatch(phone):
        raise InvalidInput(N_("“%(given)s” is not a phone number."), field="phone", given=phone)
    return phone


def _read_idempotency_key(key: str | None) -> str | None:
    if key is not None and not _IDEMPOTENCY_KEY.fullmatch(key):
        raise InvalidInput(N_("This form is broken. Open it again."), field="idempotency_key")
    return key


def send_report(
    session: Session, *, city: City, report: NewReport, at: datetime | None = None
) -> SentReport:
    """Check, route, number and keep a report; queue what follows from it.

    The same idempotency key gives the same report, even ten times at once. Raises InvalidInput.
    """
    if report.idempotency_key:
        there = find_sent(session, city.id, report.idempotency_key)
        if there:
            return there
    checked, faults = examine_report(session, city=city, report=report)
    if checked is None:
        # A twin of this request may have just sent it, and taken the photos.
        key = report.idempotency_key
        there = find_sent(session, city.id, key) if key else None
        if there:
            return there
        raise faults[0]
    try:
        # The unique key decides between requests that run at the same moment.
        with session.begin_nested():
            return _insert(session, checked, at or now())
    except IntegrityError as error:
        if not checked.idempotency_key or "idempotency_key" not in str(error.orig):
            raise
    there = find_sent(session, city.id, checked.idempotency_key)
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


def find_sent(session: Session, jurisdiction_id: int, key: str) -> SentReport | None:
    """The report that was sent with this idempotency key."""
    row = session.execute(
        select(Report.id, Report.number, Reporter.secret)
        .join(Reporter, Reporter.report_id == Report.id)
        .where(Report.jurisdiction_id == jurisdiction_id, Report.idempotency_key == key)
    ).first()
    return SentReport(*row, was_there=True) if row else None
