"""Keeping the days of a city: those off, and those of a weekend that are worked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from civicmap.domain.jurisdictions.models import Holiday
from civicmap.foundation.errors import InvalidInput
from civicmap.foundation.locales import N_
from civicmap.foundation.plain_text import clean_text


def set_holidays(
    session: Session, *, jurisdiction_id: int, days: Mapping[date, str], is_working: bool = False
) -> int:
    """Name days off, or weekend days that are worked (`is_working`); returns how many are new.

    A day that is there already takes the new name and kind.
    """
    if not days:
        return 0
    there = set(
        session.scalars(
            select(Holiday.day).where(
                Holiday.jurisdiction_id == jurisdiction_id, Holiday.day.in_(days)
            )
        )
    )
    statement = insert(Holiday).values(
        [
            {
                "jurisdiction_id": jurisdiction_id,
                "day": day,
                "name": clean_text(name, field="name", limit=120),
                "is_working": is_working,
            }
            for day, name in days.items()
        ]
    )
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[Holiday.jurisdiction_id, Holiday.day],
            set_={"name": statement.excluded.name, "is_working": statement.excluded.is_working},
        )
    )
    return len(days.keys() - there)


def remove_holiday(session: Session, *, jurisdiction_id: int, day: date) -> None:
    """Make a day an ordinary one again. Raises InvalidInput when it is one."""
    removed = session.execute(
        delete(Holiday)
        .where(Holiday.jurisdiction_id == jurisdiction_id, Holiday.day == day)
        .returning(Holiday.day)
    ).first()
    if removed is None:
        raise InvalidInput(
            N_("%(day)s is no special day in this city."), field="day", day=day.isoformat()
        )
