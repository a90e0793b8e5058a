"""What is kept of addresses: where a city's come from, what foreign geocoders answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicmap.domain.addresses.models import AddressImport, GeocoderAnswer
from civicmap.foundation.clock import now
from civicmap.foundation.geo import Point
from civicmap.foundation.geocoders import FoundPlace


@dataclass(frozen=True)
class ImportRow:
    """Where a city's addresses come from, and how many there are."""

    source: str
    credit: str
    streets: int
    houses: int
    imported_at: datetime


def find_import(session: Session, jurisdiction_id: int) -> ImportRow | None:
    row = session.execute(
        select(
            AddressImport.source,
            AddressImport.credit,
            AddressImport.streets,
            AddressImport.houses,
            AddressImport.imported_at,
        ).where(AddressImport.jurisdiction_id == jurisdiction_id)
    ).first()
    return ImportRow(*row) if row else None


def find_answer(session: Session, key: str) -> list[FoundPlace] | None:
    """What a foreign geocoder answered to the question of this digest, if that is still kept."""
    places = session.scalar(
        select(GeocoderAnswer.places).where(
            GeocoderAnswer.key == key, GeocoderAnswer.kept_until > now()
        )
    )
    if places is None:
        return None
    return [
        FoundPlace(one["name"], one["detail"], one["kind"], Point(*one["point"])) for one in places
    ]
