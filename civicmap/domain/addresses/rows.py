"""What an import of addresses is made of, whatever file it comes from. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from civicmap.foundation.errors import CivicmapError
from civicmap.foundation.geo import Point

LONGEST_STREET = 120
LONGEST_NUMBER = 20
LONGEST_POSTCODE = 12

Line = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class HouseRow:
    """A house number on a street; `number` "" tells only that the street is there too.

    `where` is its place in the file, for the person who mends it: "line 7", "way 1234". `names` are
    the street's in other languages. `point` is EPSG:4326.
    """

    where: str
    street: str
    number: str
    point: Point
    postcode: str = ""
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StreetRow:
    """A piece of a street (`lines` of longitude, latitude) or a named place (a line of one point).

    `others` are names it is known by but not called: old ones, short ones.
    """

    where: str
    name: str
    kind: Literal["street", "place"]
    lines: tuple[Line, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RowFault:
    """A row that cannot be taken, and why, in the person's language."""

    where: str
    reason: str


class UnreadableFile(CivicmapError):
    """The file breaks off or is no such file; what came before it is not kept either."""


Row = HouseRow | StreetRow | RowFault
