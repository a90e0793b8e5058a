"""The days of a city: which are worked, and which are not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicmap.domain.jurisdictions.models import Holiday
from civicmap.foundation.working_days import Calendar


@dataclass(frozen=True)
class HolidayRow:
    """A day that differs from its weekday: off, or worked (`is_working`)."""

    day: date
    name: str
    is_working: bool


def list_holidays(session: Session, jurisdiction_id: int) -> list[HolidayRow]:
    """The special days of a city, in order."""
    rows = session.execute(
        select(Holiday.day, Holiday.name, Holiday.is_working)
        .where(Holiday.jurisdiction_id == jurisdiction_id)
        .order_by(Holiday.day)
    )
    return [HolidayRow(*row) for row in rows]


def load_calendar(session: Session, jurisdiction_id: int) -> Calendar:
    """The working days of a city."""
    days = session.execute(
        select(Holiday.day, Holiday.name, Holiday.is_working).where(
            Holiday.jurisdiction_id == jurisdiction_id
        )
    ).all()
    return Calendar(
        holidays={day: name for day, name, is_working in days if not is_working},
        extra_working_days=frozenset(day for day, _, is_working in days if is_working),
    )
