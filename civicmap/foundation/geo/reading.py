"""Positions that people type or paste.

`float()` takes "nan", "1e309", "5_2.3" and Arabic digits, so nothing here calls it before a strict
ASCII pattern has matched.
"""

from __future__ import annotations

import re

from civicmap.foundation.errors import InvalidInput
from civicmap.foundation.geo.points import Point
from civicmap.foundation.locales import N_
from civicmap.foundation.plain_text import quotable

LONGEST_TEXT = 200

_NUMBER = r"[+-]?[0-9]{1,3}(?:[.,][0-9]{0,20})?"
_PLAIN = re.compile(_NUMBER)
_ONE = re.compile(
    rf"""
    (?P<before>[NSEW])?\s*
    (?P<degrees>{_NUMBER})\s*°?\s*
    (?:(?P<minutes>[0-9]{{1,2}}(?:[.,][0-9]{{0,20}})?)\s*'\s*
       (?:(?P<seconds>[0-9]{{1,2}}(?:[.,][0-9]{{0,20}})?)\s*(?:"|'')\s*)?)?
    (?P<after>[NSEW])?
    """,
    re.VERBOSE,
)
# What browsers, maps and phones put in the place of the plain ASCII sign.
_PLAINER = str.maketrans(
    {
        "\u2212": "-",
        "\u2013": "-",
        "\u00ba": "°",
        "\u02da": "°",
        "\u2032": "'",
        "\u2019": "'",
        "\u2033": '"',
        "\u201d": '"',
        "\u00a0": " ",
        "\u2009": " ",
        "\u202f": " ",
        "\t": " ",
        "\n": " ",
        "\r": " ",
    }
)


def parse_coordinate(text: str, *, field: str | None = None) -> float:
    """Read one coordinate in plain decimal degrees: "52.4083", "-73.9", "16,93".

    A decimal comma is taken: in a field of its own a coordinate can have no thousands, so "52,41"
    means one thing only. Spaces around it are ignored. Exponents, "nan", "inf", underscores,
    non-ASCII digits and anything else raise `InvalidInput` for `field`. The range is not checked
    here: a `Point` does that, because it depends on which of the two coordinates it is.
    """
    plain = text.strip(" \t\r\n")
    if len(plain) > LONGEST_TEXT or not _PLAIN.fullmatch(plain):
        raise InvalidInput(
            N_("“%(given)s” is not a coordinate. Write plain degrees, for example 52.4083."),
            field=field,
            given=quotable(plain),
        )
    return float(plain.replace(",", "."))


def parse_position(lat_text: str, lon_text: str) -> Point:
    """Read latitude and longitude from two fields, degrees, EPSG:4326.

    Raises `InvalidInput` with field "latitude" or "longitude". Whether they were swapped only the
    caller can tell, who knows the city: see `look_swapped`.
    """
    return Point(
        parse_coordinate(lat_text, field="latitude"), parse_coordinate(lon_text, field="longitude")
    )


def parse_position_text(text: str) -> Point:
    """Read a position pasted as one text, latitude first unless letters say otherwise.

    Taken: "52.41, 16.93" · "52.41 16.93" · "52.41;16.93" · "52,41 16,93" · "52.41° N, 16.93° E" ·
    "E 16.93 N 52.41" · "52°24'30\\"N 16°55'48\\"E" · "geo:52.41,16.93" · "(52.41, 16.93)".
    Refused as ambiguous: "52,41,16,93" and "52,16" (one number or two?).
    Raises `InvalidInput` with field "position".
    """
    if len(text) > LONGEST_TEXT:
        raise _unreadable(text)
    plain = text.translate(_PLAINER).strip().upper()
    if plain.startswith("GEO:"):  # RFC 5870: parameters may follow
        plain = re.split("[;?]", plain.removeprefix("GEO:"))[0]
    plain = plain.strip("()[] ")
    parts = _two_parts(plain)
    found = [_ONE.fullmatch(part.strip()) for part in parts] if parts else []
    if len(found) != 2 or found[0] is None or found[1] is None:
        raise _unreadable(text)
    first, first_axis = _degrees(found[0], text)
    second, second_axis = _degrees(found[1], text)
    axes = first_axis + second_axis
    if axes in ("", "NE"):
        return Point(first, second)
    if axes == "EN":
        return Point(second, first)
    raise _unreadable(text)


def _two_parts(text: str) -> list[str]:
    """Cut "first second" in two, trying the least ambiguous separator first."""
    for separator in (r"\s*;\s*", r"\s*,\s+", r"(?<=[NSEW])\s*,?\s*(?=[0-9+-])"):
        parts = re.split(separator, text)
        if len(parts) == 2 and all(parts):
            return parts
    letters = re.split(r"\s+(?=[NSEW]\s*[0-9+-])", text)
    if len(letters) == 2:
        return letters
    if text.count(",") == 1 and "." in text:
        return text.split(",")
    spaced = text.split()
    return spaced if len(spaced) == 2 else []


def _degrees(match: re.Match[str], text: str) -> tuple[float, str]:
    """Signed degrees and the axis the letters name: "N" for latitude, "E" for longitude, or ""."""
    letter = match["before"] or match["after"] or ""
    if match["before"] and match["after"]:
        raise _unreadable(text)
    degrees = parse_coordinate(match["degrees"])
    minutes = parse_coordinate(match["minutes"] or "0")
    seconds = parse_coordinate(match["seconds"] or "0")
    split = match["minutes"] is not None
    if minutes >= 60 or seconds >= 60 or (split and not degrees.is_integer()):
        raise _unreadable(text)
    size = abs(degrees) + minutes / 60 + seconds / 3600
    minus = match["degrees"].startswith("-")
    if minus and letter in ("S", "W"):
        raise _unreadable(text)
    value = -size if minus or letter in ("S", "W") else size
    return value, {"": "", "N": "N", "S": "N", "E": "E", "W": "E"}[letter]


def _unreadable(text: str) -> InvalidInput:
    return InvalidInput(
        N_(
            "“%(given)s” is not a position. Write latitude, then longitude, in degrees: "
            "52.4083, 16.9336."
        ),
        field="position",
        given=quotable(text.strip()),
    )
