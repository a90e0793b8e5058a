"""Where and when a photo was taken, as its camera wrote it in EXIF. Pure.

Both are a bonus: Android strips the position from photos chosen in a browser, and cameras lie. So
anything doubtful is no position and no time, never an error. Tags are those of EXIF 2.32.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import datetime
from numbers import Real
from typing import Any

ORIENTATION = 0x0112
EXIF_IFD = 0x8769
GPS_IFD = 0x8825

_DATE_TIME = 0x0132
_DATE_TIME_ORIGINAL = 0x9003
_OFFSET_TIME = 0x9010
_OFFSET_TIME_ORIGINAL = 0x9011
_GPS_LATITUDE_REF, _GPS_LATITUDE, _GPS_LONGITUDE_REF, _GPS_LONGITUDE = 1, 2, 3, 4
_GPS_STATUS = 9

_MOMENT = re.compile(r"(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d):(\d\d)", re.ASCII)
_OFFSET = re.compile(r"[+-](0\d|1[0-4]):[0-5]\d", re.ASCII)
_FIRST_DIGITAL_CAMERAS = 1990


def read_orientation(tags: Mapping[int, Any]) -> int:
    """EXIF orientation 1 to 8; 1 (upright) when there is none that makes sense."""
    orientation = tags.get(ORIENTATION)
    return orientation if isinstance(orientation, int) and 1 <= orientation <= 8 else 1


def read_position(gps: Mapping[int, Any]) -> tuple[float, float] | None:
    """(latitude, longitude) in degrees, WGS 84 (SRID 4326), rounded to about 10 cm, or None.

    None too for a position the receiver itself called void, and for exactly 0° 0°, which cameras
    write before they know.
    """
    latitude = _degrees(gps.get(_GPS_LATITUDE), gps.get(_GPS_LATITUDE_REF), "NS", 90)
    longitude = _degrees(gps.get(_GPS_LONGITUDE), gps.get(_GPS_LONGITUDE_REF), "EW", 180)
    if latitude is None or longitude is None or latitude == longitude == 0:
        return None
    if _text(gps.get(_GPS_STATUS)) == "V":
        return None
    return latitude, longitude


def read_moment(tags: Mapping[int, Any], exif: Mapping[int, Any]) -> datetime | None:
    """When the shutter opened: aware if the camera wrote its offset from UTC, else naive."""
    for moment, offset in (
        (exif.get(_DATE_TIME_ORIGINAL), exif.get(_OFFSET_TIME_ORIGINAL)),
        (tags.get(_DATE_TIME), exif.get(_OFFSET_TIME)),
    ):
        found = _MOMENT.match(_text(moment))
        if not found or int(found[1]) < _FIRST_DIGITAL_CAMERAS:
            continue
        year, month, day, hour, minute, second = found.groups()
        zone = _text(offset)
        zone = zone if _OFFSET.fullmatch(zone) else ""
        try:
            return datetime.fromisoformat(f"{year}-{month}-{day}T{hour}:{minute}:{second}{zone}")
        except ValueError:
            continue
    return None


def _degrees(parts: object, reference: object, letters: str, largest: int) -> float | None:
    """Degrees from (degrees, minutes, seconds) and the letter of the hemisphere."""
    letter = _text(reference).upper()[:1]
    if not letter or letter not in letters or not isinstance(parts, tuple):
        return None
    numbers = [_number(part) for part in parts]
    if not 1 <= len(numbers) <= 3 or None in numbers:
        return None
    total = sum(n / unit for n, unit in zip(numbers, (1, 60, 3600), strict=False) if n)
    if total > largest:
        return None
    return round(-total if letter == letters[1] else total, 6)


def _number(value: object) -> float | None:
    """A finite number from 0 up; EXIF's fractions may be divided by nothing."""
    if not isinstance(value, Real):
        return None
    try:
        number = float(value)
    except (ArithmeticError, ValueError):
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _text(value: object) -> str:
    if isinstance(value, bytes):
        value = value.decode("ascii", "replace")
    return value.strip("\0 ") if isinstance(value, str) else ""
