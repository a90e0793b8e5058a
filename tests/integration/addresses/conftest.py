"""A square Poznań with a few streets."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from sqlalchemy.orm import Session

from civicmap.domain.addresses.actions.import_addresses import ImportOutcome, import_addresses
from civicmap.domain.addresses.rows import HouseRow, Row, StreetRow
from civicmap.domain.jurisdictions.queries import City
from civicmap.foundation.geo import Point
from civicmap.foundation.transaction import transaction
from tests.factories.cities import make_city

Import = Callable[..., ImportOutcome]


def house(street: str, number: str, lat: float, lon: float, **names: str) -> HouseRow:
    return HouseRow("line 2", street, number, Point(lat, lon), names=names)


def street(name: str, *line: tuple[float, float], others: Sequence[str] = (), **names: str) -> Row:
    """A street along points of latitude, longitude."""
    corners = tuple((lon, lat) for lat, lon in line)
    return StreetRow("way 1", name, "street", (corners,), names, tuple(others))


def place(name: str, lat: float, lon: float, **names: str) -> Row:
    return StreetRow("node 1", name, "place", (((lon, lat),),), names)


@pytest.fixture
def city(session: Session) -> City:
    return make_city(session)


@pytest.fixture
def take(session: Session, city: City) -> Import:
    """Import rows into the city."""

    def take(*rows: Row, source: str = "test", credit: str = "") -> ImportOutcome:
        # What a failing command rolls back must not be this.
        with transaction(session):
            return import_addresses(session, city=city, rows=rows, source=source, credit=credit)

    return take
