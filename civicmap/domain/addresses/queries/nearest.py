"""The address of a point."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from civicmap.domain.addresses.naming import in_readers_words
from civicmap.domain.jurisdictions.queries import City
from civicmap.foundation.geo import Point
from civicmap.foundation.geocoders import write_address

NEAR_HOUSE_M = 75
NEAR_STREET_M = 150
_HERE = "ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)::geography"


@dataclass(frozen=True)
class NearestAddress:
    """The address of a point, `metres` away from it; `kind` house or street. `name` is for the
    reader, `sign` as it stands on the sign: for the crew that looks for it."""

    name: str
    sign: str
    kind: str
    metres: float


def find_nearest_address(session: Session, city: City, point: Point) -> NearestAddress | None:
    """The closest house within 75 m, else the closest street within 150 m."""
    here = {"city": city.id, "lat": point.latitude, "lon": point.longitude}
    house = session.execute(
        text(f"""
            SELECT streets.name, streets.names, near.number, near.metres FROM (
                SELECT street_id, number, point <-> {_HERE} AS metres FROM address_points
                WHERE jurisdiction_id = :city AND ST_DWithin(point, {_HERE}, {NEAR_HOUSE_M})
                ORDER BY point <-> {_HERE} LIMIT 1
            ) AS near JOIN streets ON streets.id = near.street_id
        """),  # noqa: S608 - constants of this file
        here,
    ).first()
    if house:
        return NearestAddress(
            write_address(in_readers_words(house.name, house.names), house.number, city.country),
            write_address(house.name, house.number, city.country),
            "house",
            float(house.metres),
        )
    row = session.execute(
        text(f"""
            SELECT name, names, shape <-> {_HERE} AS metres FROM streets
            WHERE jurisdiction_id = :city AND kind = 'street'
                AND ST_DWithin(shape, {_HERE}, {NEAR_STREET_M})
            ORDER BY shape <-> {_HERE} LIMIT 1
        """),  # noqa: S608
        here,
    ).first()
    if row is None:
        return None
    return NearestAddress(
        in_readers_words(row.name, row.names), row.name, "street", float(row.metres)
    )
