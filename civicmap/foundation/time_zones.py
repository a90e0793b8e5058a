"""Where a time zone is: the place the zone is named after, from the table of the tz database.

"Europe/Warsaw" has its place in Warsaw. That says roughly where a city that keeps this time must
be, which is enough to notice that somebody swapped latitude and longitude.
"""

from __future__ import annotations

import re
import zoneinfo
from functools import cache
from pathlib import Path

from civicmap.foundation.geo import Point

_ISO_6709 = re.compile(r"([+-])(\d{2})(\d{2})(\d{2})?([+-])(\d{3})(\d{2})(\d{2})?", re.ASCII)


def time_zone_place(time_zone: str) -> Point | None:
    """The principal place of an IANA time zone; None for aliases, UTC, or without the table."""
    return _places().get(time_zone)


@cache
def _places() -> dict[str, Point]:
    for folder in zoneinfo.TZPATH:
        table = Path(folder) / "zone.tab"
        if table.is_file():
            return _read(table.read_text(encoding="utf-8"))
    return {}


def _read(table: str) -> dict[str, Point]:
    places = {}
    for line in table.splitlines():
        columns = line.split("\t")
        if line.startswith("#") or len(columns) < 3:
            continue
        if match := _ISO_6709.fullmatch(columns[1]):
            south, d, m, s, west, e, f, g = match.groups()
            latitude = int(d) + int(m) / 60 + int(s or 0) / 3600
            longitude = int(e) + int(f) / 60 + int(g or 0) / 3600
            places[columns[2]] = Point(
                -latitude if south == "-" else latitude, -longitude if west == "-" else longitude
            )
    return places
