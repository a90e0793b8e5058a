"""Working days: terms that know weekends, public holidays and moved working days.

The rule, the same wherever civicmap runs: the day something is received does not count, the term
runs in working days from the day after, and it ends with the last second of its last working day,
by the city's own clock. So a report of Friday evening with a term of one working day is due at the
end of Monday, and so is one made on Saturday or Sunday. This is how the Polish code of
administrative procedure counts a term (kpa art. 57 § 1 and § 4), carried over to working days; the
lengths of terms and the lists of holidays are each city's settings.

Weekdays are Python's: Monday is 0, Sunday is 6.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from civicmap.foundation.errors import InvalidInput
from civicmap.foundation.locales import N_

SATURDAY_AND_SUNDAY = frozenset({5, 6})
LONGEST_TERM_DAYS = 2_600  # ten years of working days: longer is a slip of the keyboard

_ONE_DAY = timedelta(days=1)
_LAST_SECOND = time(23, 59, 59, fold=1)  # the later one, should clocks go back over midnight


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a city works.

    `holidays` maps each day off to its name; `extra_working_days` are weekend days or customary
    holidays that are worked, as when a government moves a working day; `weekend` holds weekdays.
    Raises `InvalidInput` when a day is both, or when the weekend leaves no day of the week.
    """

    holidays: Mapping[date, str] = field(default_factory=dict)
    extra_working_days: Set[date] = frozenset()
    weekend: frozenset[int] = SATURDAY_AND_SUNDAY

    def __post_init__(self) -> None:
        if not self.weekend < frozenset(range(7)):
            raise InvalidInput(
                N_("The weekend must be days of the week, and not all seven."), field="weekend"
            )
        both = self.extra_working_days & self.holidays.keys()
        if both:
            raise InvalidInput(
                N_("%(day)s is listed both as a holiday and as a working day."),
                field="holidays",
                day=min(both).isoformat(),
            )

    def is_working_day(self, day: date) -> bool:
        if day in self.extra_working_days:
            return True
        return day.weekday() not in self.weekend and day not in self.holidays

    def first_working_day(self, day: date) -> date:
        """`day` itself if it is worked, else the next day that is."""
        while not self.is_working_day(day):
            day += _ONE_DAY
        return day


def add_working_days(start: date, days: int, calendar: Calendar) -> date:
    """The last day of a term of `days` working days received on `start`; `start` does not count.

    With 0 days it is `start`, or the next working day if `start` is none. Raises ValueError for
    fewer than 0 or more than `LONGEST_TERM_DAYS` days.
    """
    if not 0 <= days <= LONGEST_TERM_DAYS:
        raise ValueError(f"a term of {days} working days")
    if days == 0:
        return calendar.first_working_day(start)
    day = start
    for _ in range(days):
        day = calendar.first_working_day(day + _ONE_DAY)
    return day


def working_days_between(a: date, b: date, calendar: Calendar) -> int:
    """How many working days lie after `a` up to and including `b`; negative when `b` is before `a`.

    The counterpart of `add_working_days`: between a start and the end of its term of n days there
    are n working days.
    """
    if b < a:
        return -working_days_between(b, a, calendar)
    return sum(
        calendar.is_working_day(a + timedelta(days=passed)) for passed in range(1, (b - a).days + 1)
    )


def deadline(start: datetime, days: int, calendar: Calendar, zone: ZoneInfo) -> datetime:
    """The last second of the last working day of a term, as an aware datetime in UTC.

    `start` is aware; `days` are working days; `zone` is the city's time zone, which decides on
    which day `start` fell and when its last day ends, whether or not clocks change in between.
    """
    if start.tzinfo is None:
        raise ValueError("a start without time zone")
    last = add_working_days(start.astimezone(zone).date(), days, calendar)
    return datetime.combine(last, _LAST_SECOND, tzinfo=zone).astimezone(UTC)
