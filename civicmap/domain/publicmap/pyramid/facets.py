"""What the pyramid counts by, and at which levels; the numbers under which it keeps the counts.

A facet is a subject in a city: everything, a category, a district, a month. A cell is a square of
the map at a level (`foundation.geo.cells`). Both are single numbers, so that a tile of the map is
one range of the primary key (facet, cell).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum

# Every second level: a map tile at any zoom finds one that is 4 or 5 finer (16 or 8 px a cell). And
# one more, for what is crowded where the map is near.
LEVELS = (0, 10, 12, 14, 16, 18, 19)
FINEST = LEVELS[-1]
# The jurisdiction of counts over every city.
EVERYWHERE = 0

LEVEL_BITS = 40
# A facet is 15 bits of a city, 6 of a kind, 42 of a subject: 27 and 15 where it is of a month too.
CITY_BITS = 48
KIND_BITS = 42
MONTH_BITS = 15
_LARGEST_CITY = (1 << 63 - CITY_BITS) - 1
_EPOCH = date(1970, 1, 1)


class Kind(IntEnum):
    """What a facet is about. Years, months and days are those of `created_at` in the city."""

    ALL = 0
    GROUP = 1
    CATEGORY = 2
    DEPARTMENT = 3
    AREA = 4
    YEAR = 5
    MONTH = 6
    DAY = 7
    GROUP_MONTH = 8
    CATEGORY_MONTH = 9
    DEPARTMENT_MONTH = 10
    AREA_MONTH = 11


# What is kept by month too, and as which kind.
BY_MONTH = {
    Kind.GROUP: Kind.GROUP_MONTH,
    Kind.CATEGORY: Kind.CATEGORY_MONTH,
    Kind.DEPARTMENT: Kind.DEPARTMENT_MONTH,
    Kind.AREA: Kind.AREA_MONTH,
}


@dataclass(frozen=True)
class Subject:
    """How a kind of facet is kept: `id_of` is SQL over a row of `map_deltas` and its `month`
    (`MONTH_OF`); `levels` are those kept for a city, `levels_everywhere` for all together."""

    kind: Kind
    id_of: str
    levels: tuple[int, ...]
    levels_everywhere: tuple[int, ...] = ()


def _up_to(finest: int) -> tuple[int, ...]:
    return tuple(level for level in LEVELS if level <= finest)


def _and_month(id_of: str) -> str:
    return f"(({id_of} << {MONTH_BITS}) | month)"


# The id of the month of a row like those of `map_deltas`.
MONTH_OF = "(extract(year FROM day)::bigint * 12 + extract(month FROM day)::bigint - 1)"

# Each level costs every change another row. Of two subjects only those are kept that tiles of
# several filters are slowest without; of a district or a day, those with fewer cells than the next.
# Categories are counted for whole views, whose cells may be of any level.
SUBJECTS = (
    Subject(Kind.ALL, "0", _up_to(19), _up_to(12)),
    Subject(Kind.GROUP, "group_id", _up_to(18), _up_to(12)),
    Subject(Kind.CATEGORY, "category_id", (*_up_to(12), 13, 14, 15, 16), _up_to(12)),
    Subject(Kind.DEPARTMENT, "department_id", _up_to(16)),
    Subject(Kind.AREA, "area_id", (0, 14, 16)),
    Subject(Kind.YEAR, "month / 12", _up_to(16), _up_to(10)),
    Subject(Kind.MONTH, "month", _up_to(16), _up_to(10)),
    Subject(Kind.DAY, "(day - date '1970-01-01')::bigint", (0, 10), (0, 10)),
    Subject(Kind.GROUP_MONTH, _and_month("group_id"), (0, 14), (10,)),
    Subject(Kind.CATEGORY_MONTH, _and_month("category_id"), (0,), (10,)),
    Subject(Kind.DEPARTMENT_MONTH, _and_month("department_id"), (0, 14)),
    Subject(Kind.AREA_MONTH, _and_month("area_id"), (0,)),
)


def levels_of(kind: Kind, *, everywhere: bool) -> tuple[int, ...]:
    """The levels at which a kind is kept; none when it is not."""
    subject = SUBJECTS[kind]
    return subject.levels_everywhere if everywhere else subject.levels


def facet(jurisdiction_id: int, kind: Kind, subject_id: int = 0) -> int:
    """The number of a facet; `jurisdiction_id` may be `EVERYWHERE`. Raises ValueError where there
    is no room for a number (migration 0018 has the database refuse it before)."""
    if not (0 <= jurisdiction_id <= _LARGEST_CITY and 0 <= subject_id < 1 << KIND_BITS):
        raise ValueError(f"no facet for subject {subject_id} of city {jurisdiction_id}")
    return jurisdiction_id << CITY_BITS | kind << KIND_BITS | subject_id


def and_month(subject_id: int, month: int = 0) -> int:
    """The id of a subject in a month (`month_id`), for the kinds of `BY_MONTH`; without one, that
    which the subject's months are counted up from. Raises ValueError like `facet`."""
    if not (0 <= subject_id < 1 << KIND_BITS - MONTH_BITS and 0 <= month < 1 << MONTH_BITS):
        raise ValueError(f"no facet for month {month} of subject {subject_id}")
    return subject_id << MONTH_BITS | month


def cell(level: int, code: int) -> int:
    """The number of a cell: the Morton code `code` of that level."""
    return level << LEVEL_BITS | code


def month_id(year: int, month: int) -> int:
    """The id of a month's facet; `month` is 1..12."""
    return year * 12 + month - 1


def day_id(day: date) -> int:
    """The id of a day's facet."""
    return (day - _EPOCH).days
