"""Cities and their areas as they are drawn."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Text, func, select
from sqlalchemy.orm import Session

from civicmap.domain.jurisdictions.models import Area, Jurisdiction
from civicmap.domain.jurisdictions.queries import CITY_COLUMNS, City, read_city
from civicmap.foundation.locales import in_language

COARSE = 150  # of a city's size, how finely it is drawn from afar


@dataclass(frozen=True)
class Outline:
    """A city drawn: GeoJSON geometries in EPSG:4326, simplified; the `square_metres` of an area are
    those of its true boundary."""

    boundary: dict[str, Any]
    areas: list[dict[str, Any]]


@dataclass(frozen=True)
class CityOutline:
    """A city drawn from afar: a GeoJSON geometry in EPSG:4326, coarse."""

    city: City
    boundary: dict[str, Any]


def get_outline(session: Session, jurisdiction_id: int) -> Outline:
    boundary = session.scalar(
        select(Jurisdiction.outline).where(Jurisdiction.id == jurisdiction_id)
    )
    rows = session.execute(
        select(
            Area.slug,
            Area.name,
            Area.names,
            Area.label_latitude,
            Area.label_longitude,
            Area.population,
            Area.square_metres,
            Area.outline,
        )
        .where(Area.jurisdiction_id == jurisdiction_id)
        .order_by(Area.slug)
    )
    areas = [
        {
            "slug": slug,
            "name": in_language(names) or name,
            "label": [latitude, longitude],
            "population": population,
            "square_metres": round(square_metres),
            "geometry": outline,
        }
        for slug, name, names, latitude, longitude, population, square_metres, outline in rows
    ]
    return Outline(boundary or {}, areas)


def list_city_outlines(session: Session) -> list[CityOutline]:
    """Every city as it is drawn on a map of all of them: true to a hundred-and-fiftieth of its
    size, and light."""
    size = func.greatest(
        Jurisdiction.east - Jurisdiction.west, Jurisdiction.north - Jurisdiction.south
    )
    drawn = func.ST_AsGeoJSON(
        func.ST_SimplifyPreserveTopology(
            func.ST_GeomFromGeoJSON(Jurisdiction.outline.cast(Text)), size / COARSE
        ),
        4,  # decimals of a degree: eleven metres
    )
    rows = session.execute(select(*CITY_COLUMNS, drawn.label("drawn")).order_by(Jurisdiction.slug))
    return [CityOutline(read_city(row), json.loads(row.drawn)) for row in rows]
