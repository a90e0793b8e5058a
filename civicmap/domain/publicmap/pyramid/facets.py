"""What the pyramid counts by, and at which levels; the numbers under which it keeps the counts.

A facet is a subject in a city: everything, a category, a district, a month. A cell is a square of
the map at a level (`foundation.geo.cells`). Both are single numbers, so that a tile of the map is
one range of the primary key (facet, cell).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum

# Every second level: a map tile at any zoom finds one that is 4 or 5 finer (16 or 8 px a cell).
LEVELS = (0, 8, 10, 12, 14, 16, 18)
FINEST = LEVELS[-1]
# The jurisdiction of counts over every city.
EVERYWHERE = 0

LEVEL_BITS = 36
KIND_BITS = 28
CITY_BITS = 32
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


@dataclass(frozen=True)
class Subject:
    """How a kind of facet is kept: `id_of` is SQL over a row of `map_deltas`; `finest` is the
    finest level kept for a city, `finest_everywhere` for all cities together (None: not kept)."""

    kind: Kind
    id_of: str
    finest: int
    finest_everywhere: int | None


SUBJECTS = (
    Subject(Kind.ALL, "0", 18, 12),
    Subject(Kind.GROUP, "group_id", 16, 12),
    Subject(Kind.CATEGORY, "category_id", 16, 12),
    Subject(Kind.DEPARTMENT, "department_id", 16, None),
    Subject(Kind.AREA, "area_id", 16, None),
    Subject(Kind.YEAR, "extract(year FROM day)::bigint", 16, 10),
    Subject(
        Kind.MONTH,
        "(extract(year FROM day) * 12 + extract(month FROM day) - 1)::bigint",
        16,
        10,
    ),
    Subject(Kind.DAY, "(day - date '1970-01-01')::bigint", 10, 8),
)


def finest_level(kind: Kind, *, everywhere: bool) -> int | None:
    """The finest level at which a kind is kept; None when it is not."""
    subject = SUBJECTS[kind]
    return subject.finest_everywhere if everywhere else subject.finest


def facet(jurisdiction_id: int, kind: Kind, subject_id: int = 0) -> int:
    """The number of a facet; `jurisdiction_id` may be `EVERYWHERE`."""
    return jurisdiction_id << CITY_BITS | kind << KIND_BITS | subject_id


def cell(level: int, code: int) -> int:
    """The number of a cell: the Morton code `code` of that level."""
    return level << LEVEL_BITS | code


def month_id(year: int, month: int) -> int:
    """The id of a month's facet; `month` is 1..12."""
    return year * 12 + month - 1


def day_id(day: date) -> int:
    """The id of a day's facet."""
    return (day - _EPOCH).days
