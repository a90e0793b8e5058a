"""Reading foreign JSON: nothing in it has to be of the type that the documentation says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from math import isfinite

from civicmap.foundation.geo import Point
from civicmap.foundation.geocoders.places import plain_name

_DEGREES = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{1,20})?")


def members(value: object) -> Mapping[str, object] | None:
    """The members of a JSON object; None for anything else."""
    return value if isinstance(value, dict) else None


def texts(fields: Mapping[str, object], names: Sequence[str]) -> Iterator[str]:
    """The texts among the named members, as harmless lines, in that order."""
    return (text for name in names if (text := plain_name(fields.get(name))))


def position(latitude: object, longitude: object) -> Point | None:
    """A point (EPSG:4326) from two numbers or two texts of digits; None if they are no position."""
    lat, lon = _degrees(latitude), _degrees(longitude)
    if lat is None or lon is None or abs(lat) > 90 or abs(lon) > 180:
        return None
    return Point(lat, lon)


def _degrees(value: object) -> float | None:
    if isinstance(value, str) and _DEGREES.fullmatch(value):
        return float(value)
    # bool is an int to Python; a whole number of any length is one to JSON.
    if isinstance(value, float) and isfinite(value):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= 180:
        return float(value)
    return None
