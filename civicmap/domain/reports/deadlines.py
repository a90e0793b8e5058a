"""Until when a department has to respond, and to fix. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from civicmap.foundation.working_days import Calendar, deadline, working_days_between


@dataclass(frozen=True)
class Deadlines:
    respond_by: datetime
    fix_by: datetime


def set_deadlines(
    *, reported_at: datetime, response_days: int, fix_days: int, calendar: Calendar, zone: ZoneInfo
) -> Deadlines:
    """The response target and the fix target; `*_days` are working days, `zone` is the city's."""
    return Deadlines(
        respond_by=deadline(reported_at, response_days, calendar, zone),
        fix_by=deadline(reported_at, fix_days, calendar, zone),
    )


def working_days_left(until: datetime, at: datetime, calendar: Calendar, zone: ZoneInfo) -> int:
    """Working days from the day of `at` to the day of `until`; negative when it has passed."""
    return working_days_between(at.astimezone(zone).date(), until.astimezone(zone).date(), calendar)
