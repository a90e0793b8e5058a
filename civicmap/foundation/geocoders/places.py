"""What a geocoder finds, whoever it is, and how an address is written."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from civicmap.foundation.geo import Point

PlaceKind = Literal["house", "street", "place"]

LONGEST_NAME = 120
# Countries (ISO 3166-1) that write the number before the street.
_NUMBER_FIRST = frozenset({"AU", "CA", "FR", "GB", "IE", "LU", "NZ", "US", "ZA"})
_CYRILLIC = re.compile(r"[\u0400-\u052f]")
_BIDI = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class FoundPlace:
    """A place with a name to show: `name` is what goes into an address field ("Dąbrowskiego 42"),
    `detail` tells it from others of that name (a district). `point` is EPSG:4326."""

    name: str
    detail: str
    kind: PlaceKind
    point: Point


def write_address(street: str, number: str, country: str) -> str:
    """A street and a house number as a letter to `country` (ISO 3166-1) has them."""
    if not number or not street:
        return street or number
    if _CYRILLIC.search(street):
        return f"{street}, {number}"
    return f"{number} {street}" if country in _NUMBER_FIRST else f"{street} {number}"


def plain_name(text: object, limit: int = LONGEST_NAME) -> str:
    """A foreign text as one harmless line of at most `limit` characters; "" if it is none."""
    if not isinstance(text, str):
        return ""
    readable = _BIDI.sub("", text[: limit * 4])
    line = " ".join(
        "".join(
            " " if letter.isspace() or unicodedata.category(letter)[0] == "C" else letter
            for letter in unicodedata.normalize("NFC", readable)
        ).split()
    )
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"
