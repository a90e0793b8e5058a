"""What can be done to departments: add, change, retire."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicmap.domain.departments.models import Department
from civicmap.domain.departments.queries import DepartmentRow, get_department
from civicmap.domain.jurisdictions.actions.revision import touch_city
from civicmap.foundation.clock import now
from civicmap.foundation.email_addresses import read_email
from civicmap.foundation.errors import Conflict, InvalidInput, NotFound
from civicmap.foundation.locales import LANGUAGES, N_
from civicmap.foundation.plain_text import clean_text

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONGEST_NAME = 120
LONGEST_TEXT = 1_000

_CODE = re.compile(r"[a-z0-9_-]{1,40}")
_SPAN = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])-([01]?[0-9]|2[0-4]):([0-5][0-9])")


@dataclass(frozen=True)
class DepartmentCard:
    """What the public directory says of a department; texts in several languages by language.

    `hours` maps `mon` … `sun` to spans of local time like "7:30-15:30"; a missing day is closed.
    """

    names: Mapping[str, str]
    responsibilities: Mapping[str, str] = field(default_factory=dict)
    address: str = ""
    room: str = ""
    hours: Mapping[str, str] = field(default_factory=dict)
    phone: str = ""
    email: str = ""


def add_department(
    session: Session, *, jurisdiction_id: int, code: str, card: DepartmentCard
) -> DepartmentRow:
    """Add a department, or bring a retired one of this code back.

    Raises InvalidInput naming the field, Conflict when the code is taken.
    """
    if not _CODE.fullmatch(code) or code == "triage":
        raise InvalidInput(
            N_("“%(code)s” is no code of a department: use small Latin letters, digits, _ and -."),
            field="code",
            code=code[:40],
        )
    values = _checked(card)
    department = _find(session, jurisdiction_id, code)
    if department is None:
        department = Department(jurisdiction_id=jurisdiction_id, code=code, **values)
        session.add(department)
    elif department.retired_at is None:
        raise Conflict(N_("There is a department “%(code)s” already."), field="code", code=code)
    else:
        department.retired_at = None
        _set(department, values)
    session.flush()
    touch_city(session, jurisdiction_id=jurisdiction_id)
    return get_department(session, jurisdiction_id, code)


def change_department(
    session: Session, *, jurisdiction_id: int, code: str, card: DepartmentCard
) -> DepartmentRow:
    """Replace everything the directory says of a department. Raises NotFound, InvalidInput."""
    department = _find(session, jurisdiction_id, code)
    if department is None or department.retired_at is not None:
        raise NotFound(N_("There is no such department in this city."), field="department")
    _set(department, _checked(card))
    session.flush()
    touch_city(session, jurisdiction_id=jurisdiction_id)
    return get_department(session, jurisdiction_id, code)


def retire_department(session: Session, *, jurisdiction_id: int, code: str) -> None:
    """Take a department out of use; its reports and its history keep it. Raises NotFound."""
    department = _find(session, jurisdiction_id, code)
    if department is None or department.retired_at is not None:
        raise NotFound(N_("There is no such department in this city."), field="department")
    department.retired_at = now()
    session.flush()
    touch_city(session, jurisdiction_id=jurisdiction_id)


def _find(session: Session, jurisdiction_id: int, code: str) -> Department | None:
    return session.scalar(
        select(Department).where(
            Department.jurisdiction_id == jurisdiction_id, Department.code == code
        )
    )


def _set(department: Department, values: Mapping[str, object]) -> None:
    for name, value in values.items():
        setattr(department, name, value)


def _checked(card: DepartmentCard) -> dict[str, object]:
    names = _texts(card.names, "name", LONGEST_NAME)
    if not any(names.values()):
        raise InvalidInput(N_("A department needs a name."), field="name")
    return {
        "names": names,
        "responsibilities": _texts(card.responsibilities, "responsibilities", LONGEST_TEXT),
        "address": clean_text(card.address, field="address", limit=200),
        "room": clean_text(card.room, field="room", limit=40),
        "hours": _hours(card.hours),
        "phone": clean_text(card.phone, field="phone", limit=40),
        "email": read_email(card.email, field="email") if card.email.strip() else "",
    }


def _texts(texts: Mapping[str, str], name: str, limit: int) -> dict[str, str]:
    for language in texts:
        if language not in LANGUAGES:
            raise InvalidInput(
                N_("civicmap does not speak “%(language)s”; it speaks %(known)s."),
                field=name,
                language=language[:20],
                known=", ".join(LANGUAGES),
            )
    return {language: clean_text(text, field=name, limit=limit) for language, text in texts.items()}


def _hours(hours: Mapping[str, str]) -> dict[str, str]:
    for day, span in hours.items():
        times = _SPAN.fullmatch(span)
        if day not in WEEKDAYS or times is None:
            raise InvalidInput(
                N_("“%(given)s” are no opening hours: write them like mon 7:30-15:30."),
                field="hours",
                given=f"{day} {span}"[:60],
            )
        opens = int(times[1]) * 60 + int(times[2])
        closes = int(times[3]) * 60 + int(times[4])
        if not opens < closes <= 24 * 60:
            raise InvalidInput(
                N_("“%(given)s” closes before it opens."), field="hours", given=f"{day} {span}"
            )
    return {day: hours[day] for day in WEEKDAYS if day in hours}
