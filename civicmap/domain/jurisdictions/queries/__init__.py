"""What can be asked about cities and their areas; of their drawings and calendars, see beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from civicmap.domain.jurisdictions.models import Area, Jurisdiction
from civicmap.foundation.database import AnySelect
from civicmap.foundation.errors import NotFound
from civicmap.foundation.geo import Box, Point
from civicmap.foundation.locales import N_, in_language
from civicmap.foundation.reading import InSession, Statement


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
class NearestCity:
    city: City
    metres: float


# What `read_city` makes a city of.
CITY_COLUMNS = (
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
    rows = session.execute(select(*CITY_COLUMNS).order_by(Jurisdiction.slug))
    return [read_city(row) for row in rows]


def get_city(session: Session, slug: str) -> City:
    """Raises NotFound."""
    row = session.execute(select(*CITY_COLUMNS).where(Jurisdiction.slug == slug)).first()
    if row is None:
        raise NotFound(N_("There is no such city here."))
    return read_city(row)


def get_city_by_id(session: Session, jurisdiction_id: int) -> City:
    """Raises NotFound."""
    row = session.execute(select(*CITY_COLUMNS).where(Jurisdiction.id == jurisdiction_id)).first()
    if row is None:
        raise NotFound(N_("There is no such city here."))
    return read_city(row)


def get_founding(session: Session, jurisdiction_id: int) -> datetime:
    """When a city came to this installation, an aware moment."""
    return session.execute(
        select(Jurisdiction.created_at).where(Jurisdiction.id == jurisdiction_id)
    ).scalar_one()


def find_city_at(session: Session, point: Point) -> City | None:
    """The city whose boundary covers the point; the smaller one, should two."""
    row = session.execute(
        select(*CITY_COLUMNS)
        .where(func.ST_Covers(Jurisdiction.boundary, _sql_point(point)))
        .order_by(func.ST_Area(Jurisdiction.boundary))
        .limit(1)
    ).first()
    return read_city(row) if row else None


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
    row = session.execute(select(*CITY_COLUMNS, metres).order_by(metres).limit(1)).first()
    return NearestCity(read_city(row), float(row[-1])) if row else None


# With every report, and with every move of the crosshair: written out, because putting a query
# together costs more than this one takes.
_AREAS_AT = Statement(
    "areas_at",
    """
    SELECT id, slug, name, names, square_metres, population FROM areas
     WHERE jurisdiction_id = :jurisdiction_id::bigint
       AND ST_Covers(boundary,
            ST_SetSRID(ST_MakePoint(:longitude::float8, :latitude::float8), 4326))
     ORDER BY square_metres, id
    """,
)


def list_areas(session: Session, jurisdiction_id: int) -> list[AreaRow]:
    """The areas of a city, by name."""
    return _areas(session, select(Area).where(Area.jurisdiction_id == jurisdiction_id))


def find_areas_at(session: Session, jurisdiction_id: int, point: Point) -> list[AreaRow]:
    """The areas of a city that cover the point, the smallest first."""
    rows = InSession(session).rows(
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


def _areas(session: Session, query: AnySelect) -> list[AreaRow]:
    rows = session.execute(
        query.with_only_columns(
            Area.id, Area.slug, Area.name, Area.names, Area.square_metres, Area.population
        ).order_by(Area.slug)  # the database sorts bytes: by name, Łazarz would follow Zawady
    )
    return [AreaRow(*row) for row in rows]


def _sql_point(point: Point) -> Any:
    return func.ST_SetSRID(func.ST_MakePoint(point.longitude, point.latitude), 4326)


def read_city(row: Any) -> City:
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
