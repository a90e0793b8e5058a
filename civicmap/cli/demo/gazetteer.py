"""The demo's own streets and houses, so that its address search works from the first minute.

They are those that its residents write from: odd numbers on one side of a street, even ones on the
other, as evenly as no real street has them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import cos, hypot, radians
from typing import Any

import yaml
from sqlalchemy.orm import Session

from civicmap.cli.demo.story import HERE, Street, streets
from civicmap.domain.addresses.actions.import_addresses import ImportOutcome, import_addresses
from civicmap.domain.addresses.queries.kept import find_import
from civicmap.domain.addresses.rows import HouseRow, Row, StreetRow
from civicmap.domain.jurisdictions.queries import City
from civicmap.foundation.geo import Point

SOURCE = "streets.yaml"
FROM_THE_KERB_M = 14.0
METRES_A_DEGREE = 111_320.0  # of latitude


def install_gazetteer(session: Session, city: City) -> ImportOutcome | None:
    """Import the demo's streets and houses; None when the city has addresses already."""
    if find_import(session, city.id) is not None:
        return None
    return import_addresses(session, city=city, rows=rows(), source=SOURCE, credit="")


def rows() -> Iterator[Row]:
    """Every street, house and landmark, in a fixed order."""
    for place, street in enumerate(streets(), 1):
        where = f"street {place}"
        # "park Sołacki, przy stawie" is a way to say where in the park.
        name = street.name.partition(",")[0]
        start, end = street.start[::-1], street.end[::-1]
        if street.numbers is None:
            yield StreetRow(where, name, "place", ((start,),))
            continue
        yield StreetRow(where, name, "street", ((start, end),))
        for number, point in _houses(street, street.numbers):
            yield HouseRow(where, name, str(number), point)
    for entry in yaml.load((HERE / "landmarks.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader):
        yield from _landmark(entry)


def _houses(street: Street, numbers: tuple[int, int]) -> Iterator[tuple[int, Point]]:
    """Numbers grow from the start to the end; even ones stand to the right."""
    first, last = numbers
    (south, west), (north, east) = street.start, street.end
    narrowing = cos(radians(south))
    up, right = (north - south) * METRES_A_DEGREE, (east - west) * METRES_A_DEGREE * narrowing
    length = hypot(up, right) or 1.0
    for number in range(first, last + 1):
        share = (number - first) / max(1, last - first)
        side = FROM_THE_KERB_M if number % 2 == 0 else -FROM_THE_KERB_M
        yield (
            number,
            Point(
                south + (north - south) * share - side * right / length / METRES_A_DEGREE,
                west + (east - west) * share + side * up / length / (METRES_A_DEGREE * narrowing),
            ),
        )


def _landmark(entry: Mapping[str, Any]) -> Iterator[Row]:
    name, names, others = entry["name"], entry.get("names", {}), tuple(entry.get("others", ()))
    latitude, longitude = entry["at"]
    where = f"landmark {name}"
    spot = ((longitude, latitude),)
    if "numbers" not in entry:
        yield StreetRow(where, name, "place", (spot,), names, others)
        return
    # Houses around a square: a ring of some sixty metres.
    ring = [
        (longitude + 0.0009 * dx, latitude + 0.00055 * dy)
        for dx, dy in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))
    ]
    yield StreetRow(where, name, "street", (tuple(ring),), names, others)
    first, last = entry["numbers"]
    for number in range(first, last + 1):
        along = 4 * (number - first) / (last - first + 1)
        (west, south), (east, north) = ring[int(along)], ring[int(along) + 1]
        share = along - int(along)
        yield HouseRow(
            where,
            name,
            str(number),
            Point(south + (north - south) * share, west + (east - west) * share),
        )
