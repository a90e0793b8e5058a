"""What somebody wants to send, read and cleaned: ready to be sent, or every fault in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy.orm import Session

from civicmap.domain.categories.queries import (
    CategoryRow,
    get_offered_category,
    list_questions,
)
from civicmap.domain.jurisdictions.queries import (
    AreaRow,
    City,
    find_areas_at,
    find_nearest_city,
    get_area_middle,
    is_inside,
)
from civicmap.domain.media.queries import find_unadopted
from civicmap.domain.reports.answers import Answer, check_answers
from civicmap.foundation.clock import now
from civicmap.foundation.email_addresses import read_email
from civicmap.foundation.errors import CivicmapError, InvalidInput, NotFound
from civicmap.foundation.geo import Point, look_swapped
from civicmap.foundation.locales import N_
from civicmap.foundation.phone_numbers import to_e164
from civicmap.foundation.plain_text import clean_text

Read = TypeVar("Read")

LONGEST_WORDS = 4_000
LONGEST_ADDRESS = 200
_IDEMPOTENCY_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}", re.ASCII)
_PHONE = re.compile(r"\+?[0-9 ()./-]{5,30}", re.ASCII)


@dataclass(frozen=True)
class NewReport:
    """What is sent. `point` is EPSG:4326; without it `area` (a district's slug) and `address` in
    words place the report. `answers`: what was given to the category's questions, by their code.
    `idempotency_key` comes from the client: the same key, the same report. `browser`: the raw token
    of the device that holds the report from now on. `confirmed`: the reporter reads letters to this
    e-mail address or phone, so no moderation rule holds them.
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
    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    name: str = ""
    email: str = ""
    phone: str = ""
    channel: str = "web"
    idempotency_key: str | None = None
    browser: str = ""
    confirmed: bool = False


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
    answers: tuple[Answer, ...] = field(default=())
    idempotency_key: str | None = None
    browser: str = ""
    confirmed: bool = False


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
    answers: tuple[Answer, ...] = ()
    if category is not None:
        answers, wrong = check_answers(
            list_questions(session, [category.id]).get(category.id, ()),
            report.answers,
            today=now().astimezone(city.zone).date(),
            country=city.country,
        )
        faults += wrong
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
    phone = reading(lambda: _read_phone(report.phone, city.country), "")
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
        answers=answers,
        idempotency_key=key,
        browser=report.browser,
        confirmed=report.confirmed,
    )
    return checked, faults


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


def _read_phone(text: str, country: str) -> str:
    """In E.164 wherever it is a whole number; a short one is kept, staff may know it."""
    phone = clean_text(text, field="phone", limit=30)
    if phone and not _PHONE.fullmatch(phone):
        raise InvalidInput(N_("“%(given)s” is not a phone number."), field="phone", given=phone)
    return to_e164(phone, country) or phone


def _read_idempotency_key(key: str | None) -> str | None:
    if key is not None and not _IDEMPOTENCY_KEY.fullmatch(key):
        raise InvalidInput(N_("This form is broken. Open it again."), field="idempotency_key")
    return key
