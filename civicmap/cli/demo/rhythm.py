"""When residents write and when departments work. Pure; all moments are aware datetimes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

CITY_TIME = ZoneInfo("Europe/Warsaw")
YEARS_BACK = timedelta(days=730)

# How often people write at each hour of the day: on the way to work, at lunch, after dinner.
_HOURS = (1, 1, 0, 0, 0, 2, 6, 12, 12, 9, 8, 8, 9, 8, 9, 11, 13, 13, 12, 11, 9, 7, 4, 2)
_WEEKDAYS = (13, 12, 11, 11, 11, 7, 6)
_DAYS_OFF = {(1, 1), (1, 6), (5, 1), (5, 3), (8, 15), (11, 1), (11, 11), (12, 25), (12, 26)}


def moment_of_writing(chance: Random, now: datetime, months: Sequence[int]) -> datetime:
    """A moment in the two years before `now`, more often lately than long ago.

    Only in `months` (1 to 12) if any are given; at an hour when people are awake.
    """
    for _ in range(5000):
        # The service became known bit by bit: three times as many reports now as at the start.
        age = YEARS_BACK * (1 - chance.random() ** 0.45)
        if chance.random() < 0.22:  # and a letter went to every household last month
            age = timedelta(days=20 * chance.random() ** 1.3)
        day: datetime = (now - age).astimezone(CITY_TIME)
        if months and day.month not in months:
            continue
        if chance.random() * max(_WEEKDAYS) > _WEEKDAYS[day.weekday()]:
            continue
        hour = chance.choices(range(24), _HOURS)[0]
        moment: datetime = day.replace(
            hour=hour, minute=chance.randrange(60), second=chance.randrange(60)
        )
        moment = moment.replace(microsecond=0)
        if moment < now - timedelta(minutes=25):
            return moment
    raise ValueError(f"no month of {months} in the two years before {now:%Y-%m-%d}")


def working_moment(chance: Random, wanted: datetime) -> datetime:
    """The first moment from `wanted` on at which an office or a crew is at work."""
    moment: datetime = wanted.astimezone(CITY_TIME)
    if moment.hour >= 15:
        moment = (moment + timedelta(days=1)).replace(hour=7, minute=chance.randrange(60))
    if moment.hour < 7:
        moment = moment.replace(hour=7, minute=chance.randrange(60))
    while moment.weekday() > 4 or (moment.month, moment.day) in _DAYS_OFF:
        moment += timedelta(days=1)
    return moment
