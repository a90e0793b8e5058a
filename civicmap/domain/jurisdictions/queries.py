"""What can be asked about cities, their areas and their calendars."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Text, func, select, text
from sqlalchemy.orm import Session

from civicmap.domain.jurisdictions.models import Area, Holiday, Jurisdiction
from civicmap.foundation.database import AnySelect
from civicmap.foundation.errors import NotFound
from civicmap.foundation.geo import Box, Point
from civicmap.foundation.locales import N_, in_language
from civicmap.foundation.working_days import Calendar


@dataclass(frozen=True)
class City:
    """A jurisdiction as everything above needs it; small enough to load with every request."""

    id: int
    slug: str
    names: dict[str, str]
    country: str
    time_zone: str
    languages: tuple[str, ...]
    number_prefix: str
    box: Box
    view: Point
    view_zoom: int
    is_demo: bool
    revision: int

    @property
    def display_name(self) -> str:
        return in_language(self.names, *self.languages)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


@dataclass(frozen=True)
class AreaRow:
    id: int
    slug: str
    name: str
    names: dict[str, str]
    square_metres: float
    population: int | None

    @property
    def display_name(self) -> str:
        return in_language(self.names) or self.name


@dataclass(frozen=True)
class Outline:
    """A city drawn: GeoJSON geometries in EPSG:4326, simplified."""

    boundary: dict[str, Any]
    areas: list[dict[str, Any]]


@dataclass(frozen=True)
class CityOutline:
    """A city drawn from afar: a GeoJSON geometry in EPSG:4326, coarse."""

    city: City
    boundary: dict[str, Any]


@dataclass(frozen=True)
class NearestCity:
    city: City
    metres: float


_COARSE = 150
_COLUMNS = (
    Jurisdiction.id,
    Jurisdiction.slug,
    Jurisdiction.names,
    Jurisdiction.country,
    Jurisdiction.time_zone,
    Jurisdiction.languages,
    Jurisdiction.number_prefix,
    Jurisdiction.west,
    Jurisdiction.south,
    Jurisdiction.east,
    Jurisdiction.north,
    Jurisdiction.view_latitude,
    Jurisdiction.view_longitude,
    Jurisdiction.view_zoom,
    Jurisdiction.is_demo,
    Jurisdiction.revision,
)


def list_cities(session: Session) -> list[City]:
    """Every city, by slug."""
    rows = session.execute(select(*_COLUMNS).order_by(Jurisdiction.slug))
    return [_city(row) for row in rows]


def get_city(session: Session, slug: str) -> City:
    """Raises NotFound."""
    row = session.execute(select(*_COLUMNS).where(Jurisdiction.slug == slug)).first()
    if row is None:
        raise NotFound(N_("There is no such city here."))
    return _city(row)


def get_city_by_id(session: Session, jurisdiction_id: int) -> City:
    """Raises NotFound."""
    row = session.execute(select(*_COLUMNS).where(Jurisdiction.id == jurisdiction_id)).first()
    if row is None:
        raise NotFound(N_("There is no such city here."))
    return _city(row)


def get_founding(session: Session, jurisdiction_id: int) -> datetime:
    """When a city came to this installation, an aware moment."""
    return session.execute(
        select(Jurisdiction.created_at).where(Jurisdiction.id == jurisdiction_id)
    ).scalar_one()


def find_city_at(session: Session, point: Point) -> City | None:
    """The city whose boundary covers the point; the smaller one, should two."""
    row = session.execute(
        select(*_COLUMNS)
        .where(func.ST_Covers(Jurisdiction.boundary, _sql_point(point)))
        .order_by(func.ST_Area(Jurisdiction.boundary))
        .limit(1)
    ).first()
    return _city(row) if row else None


def is_inside(session: Session, jurisdiction_id: int, point: Point) -> bool:
    return bool(
        session.scalar(
            select(func.ST_Covers(Jurisdiction.boundary, _sql_point(point))).where(
                Jurisdiction.id == jurisdiction_id
            )
        )
    )


def which_are_inside(session: Session, jurisdiction_id: int, points: Sequence[Point]) -> list[bool]:
    """Of each point in turn whether the city's boundary covers it."""
    if not points:
        return []
    found = session.execute(
        text("""
            SELECT ST_Covers(boundary, ST_SetSRID(ST_MakePoint(lon, lat), 4326))
            FROM unnest(cast(:lons AS float8[]), cast(:lats AS float8[]))
                WITH ORDINALITY AS asked(lon, lat, place), jurisdictions
            WHERE id = :city ORDER BY place
        """),
        {
            "city": jurisdiction_id,
            "lons": [point.longitude for point in points],
            "lats": [point.latitude for point in points],
        },
    )
    return [bool(inside) for (inside,) in found]


def find_nearest_city(session: Session, point: Point) -> NearestCity | None:
    """The city whose boundary is closest, with the distance in metres; None without cities."""
    metres = func.ST_Distance(
        func.geography(Jurisdiction.boundary), func.geography(_sql_point(point))
    )
    row = session.execute(select(*_COLUMNS, metres).order_by(metres).limit(1)).first()
    return NearestCity(_city(row), float(row[-1])) if row else None


# With every report, and with every move of the crosshair: written out, because putting a query
# together costs more than this one takes.
_AREAS_AT = text("""
    SELECT id, slug, name, names, square_metres, population FROM areas
     WHERE jurisdiction_id = :jurisdiction_id
       AND ST_Covers(boundary, ST_SetSRID(ST_MakePoint(:longitude, :latitude), 4326))
     ORDER BY square_metres, id
""")


def list_areas(session: Session, jurisdiction_id: int) -> list[AreaRow]:
    """The areas of a city, by name."""
    return _areas(session, select(Area).where(Area.jurisdiction_id == jurisdiction_id))


def find_areas_at(session: Session, jurisdiction_id: int, point: Point) -> list[AreaRow]:
    """The areas of a city that cover the point, the smallest first."""
    rows = session.execute(
        _AREAS_AT,
        {
            "jurisdiction_id": jurisdiction_id,
            "longitude": point.longitude,
            "latitude": point.latitude,
        },
    )
    return [AreaRow(*row) for row in rows]


def get_area_middle(session: Session, jurisdiction_id: int, slug: str) -> Point:
    """The point inside an area where its name stands. Raises NotFound."""
    row = session.execute(
        select(Area.label_latitude, Area.label_longitude).where(
            Area.jurisdiction_id == jurisdiction_id, Area.slug == slug
        )
    ).first()
    if row is None:
        raise NotFound(N_("There is no such district in this city."), field="area")
    return Point(row[0], row[1])


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
            "geometry": outline,
        }
        for slug, name, names, latitude, longitude, population, outline in rows
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
            func.ST_GeomFromGeoJSON(Jurisdiction.outline.cast(Text)), size / _COARSE
        ),
        4,  # decimals of a degree: eleven metres
    )
    rows = session.execute(select(*_COLUMNS, drawn.label("drawn")).order_by(Jurisdiction.slug))
    return [CityOutline(_city(row), json.loads(row.drawn)) for row in rows]


@dataclass(frozen=True)
class HolidayRow:
    """A day that differs from its weekday: off, or worked (`is_working`)."""

    day: date
    name: str
    is_working: bool


def list_holidays(session: Session, jurisdiction_id: int) -> list[HolidayRow]:
    """The special days of a city, in order."""
    rows = session.execute(
        select(Holiday.day, Holiday.name, Holiday.is_working)
        .where(Holiday.jurisdiction_id == jurisdiction_id)
        .order_by(Holiday.day)
    )
    return [HolidayRow(*row) for row in rows]


def load_calendar(session: Session, jurisdiction_id: int) -> Calendar:
    """The working days of a city."""
    days = session.execute(
        select(Holiday.day, Holiday.name, Holiday.is_working).where(
            Holiday.jurisdiction_id == jurisdiction_id
        )
    ).all()
    return Calendar(
        holidays={day: name for day, name, is_working in days if not is_working},
        extra_working_days=frozenset(day for day, _, is_working in days if is_working),
    )


def _areas(session: Session, query: AnySelect) -> list[AreaRow]:
    rows = session.execute(
        query.with_only_columns(
            Area.id, Area.slug, Area.name, Area.names, Area.square_metres, Area.population
        ).order_by(Area.slug)  # the database sorts bytes: by name, Łazarz would follow Zawady
    )
    return [AreaRow(*row) for row in rows]


def _sql_point(point: Point) -> Any:
    return func.ST_SetSRID(func.ST_MakePoint(point.longitude, point.latitude), 4326)


def _city(row: Any) -> City:
    return City(
        id=row.id,
        slug=row.slug,
        names=row.names,
        country=row.country,
        time_zone=row.time_zone,
        languages=tuple(row.languages),
        number_prefix=row.number_prefix,
        box=Box(row.west, row.south, row.east, row.north),
        view=Point(row.view_latitude, row.view_longitude),
        view_zoom=row.view_zoom,
        is_demo=row.is_demo,
        revision=row.revision,
    )
