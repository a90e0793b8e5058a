"""Adding a city: its names, its boundary and areas, its address and the prefix of its numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, floor, log2, radians
from zoneinfo import available_timezones

import shapely
from shapely import MultiPolygon
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicmap.domain.jurisdictions.boundary_file import CityShape, area_m2
from civicmap.domain.jurisdictions.models import Area, Jurisdiction
from civicmap.domain.jurisdictions.queries import City, get_city_by_id
from civicmap.foundation.errors import Conflict, InvalidInput
from civicmap.foundation.geo import Box, Point
from civicmap.foundation.locales import LANGUAGES, N_
from civicmap.foundation.plain_text import clean_text
from civicmap.foundation.slugs import slugify

LONGEST_NAME = 80
NARROW_MAP_PX = 390  # a phone's width: the city should fit there
TILE_PX = 256
LEAST_ZOOM, MOST_ZOOM = 3, 16

# What stands first in addresses that are no city's; a test compares it with those there are.
RESERVED_SLUGS = frozenset(
    {
        "admin", "all", "api", "auth", "find", "form-token", "healthz", "kiosk", "mine", "offline",
        "open311", "photos", "readyz", "staff", "static", "tiles",
    }
)  # fmt: skip

_PREFIX = re.compile(r"[A-Z]{2,3}")
_COUNTRY = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True)
class NewCity:
    """A city to add. `names` by language; `languages` the first is the city's own.

    `slug`, `number_prefix` (two or three letters before every report's number) and the default map
    view (`view`, `zoom`) are made from the name and the shape where they are not given.
    """

    names: Mapping[str, str]
    country: str
    time_zone: str
    languages: Sequence[str]
    shape: CityShape
    slug: str = ""
    number_prefix: str = ""
    view: Point | None = None
    zoom: int | None = None
    is_demo: bool = False


def add_city(session: Session, *, city: NewCity) -> City:
    """Add a jurisdiction with its areas. Raises InvalidInput naming the field, or Conflict."""
    names = {
        language: clean_text(name, field="name", limit=LONGEST_NAME)
        for language, name in city.names.items()
    }
    _check_languages([*names, *city.languages])
    if not city.languages:
        raise InvalidInput(N_("A city needs at least one language."), field="language")
    if not any(names.values()):
        raise InvalidInput(N_("A city needs a name."), field="name")
    if city.time_zone not in available_timezones():
        raise InvalidInput(
            N_("There is no time zone “%(given)s”. Write it like Europe/Warsaw."),
            field="time_zone",
            given=city.time_zone[:40],
        )
    if not _COUNTRY.fullmatch(city.country):
        raise InvalidInput(
            N_("Write the country as two capital letters, like PL."), field="country"
        )
    name = next(filter(None, (names.get(language, "") for language in city.languages)), "")
    slug = _free_slug(session, city.slug or slugify(name or next(iter(names.values()))))
    prefix = _free_prefix(session, city.number_prefix, slug)
    box = city.shape.extent
    view = city.view or box.center
    if not box.contains(view):
        raise InvalidInput(N_("The map would open outside of the city."), field="view")
    zoom = fitting_zoom(box) if city.zoom is None else city.zoom
    if not 0 <= zoom <= 19:
        raise InvalidInput(N_("The zoom of the map is 0 to 19."), field="zoom")
    jurisdiction = Jurisdiction(
        slug=slug,
        names=names,
        country=city.country,
        time_zone=city.time_zone,
        languages=list(dict.fromkeys(city.languages)),
        number_prefix=prefix,
        boundary=_ewkt(city.shape.boundary),
        outline=shapely.geometry.mapping(city.shape.boundary_outline),
        west=box.west,
        south=box.south,
        east=box.east,
        north=box.north,
        view_latitude=view.latitude,
        view_longitude=view.longitude,
        view_zoom=zoom,
        is_demo=city.is_demo,
    )
    session.add(jurisdiction)
    session.flush()
    session.add_all(
        Area(
            jurisdiction_id=jurisdiction.id,
            slug=area.slug,
            name=area.name,
            names=dict(area.names),
            boundary=_ewkt(area.polygon),
            outline=shapely.geometry.mapping(area.outline),
            square_metres=area_m2(area.polygon),
            label_latitude=area.label_point.latitude,
            label_longitude=area.label_point.longitude,
            population=area.population,
        )
        for area in city.shape.areas
    )
    session.flush()
    return get_city_by_id(session, jurisdiction.id)


def fitting_zoom(box: Box) -> int:
    """The largest whole zoom at which `box` still fits a phone's map, in Web Mercator tiles."""
    width = max(box.east - box.west, 1e-6)
    # Degrees of latitude are stretched by Mercator; near 60 degrees twice.
    height = max(box.north - box.south, 1e-6) / max(0.1, cos(radians(box.center.latitude)))
    zoom = floor(log2(360 / max(width, height) * NARROW_MAP_PX / TILE_PX))
    return max(LEAST_ZOOM, min(MOST_ZOOM, zoom))


def _check_languages(languages: Sequence[str]) -> None:
    for language in languages:
        if language not in LANGUAGES:
            raise InvalidInput(
                N_("civicmap does not speak “%(language)s”; it speaks %(known)s."),
                field="language",
                language=language[:20],
                known=", ".join(LANGUAGES),
            )


def _free_slug(session: Session, slug: str) -> str:
    if slug != slugify(slug) or not slug:
        raise InvalidInput(
            N_("“%(slug)s” cannot stand in an address: use small Latin letters, digits and -."),
            field="slug",
            slug=slug[:60],
        )
    if slug in RESERVED_SLUGS:
        raise InvalidInput(
            N_("“%(slug)s” is the address of another page. Choose another."),
            field="slug",
            slug=slug,
        )
    if session.scalar(select(Jurisdiction.id).where(Jurisdiction.slug == slug)) is not None:
        raise Conflict(N_("There is a city “%(slug)s” already."), field="slug", slug=slug)
    return slug


def _free_prefix(session: Session, given: str, slug: str) -> str:
    """The prefix given, or the first free one of initials and letters of the slug."""
    taken = set(session.scalars(select(Jurisdiction.number_prefix)))
    if given:
        if not _PREFIX.fullmatch(given):
            raise InvalidInput(
                N_("The prefix of numbers is two or three capital letters, like PO."),
                field="prefix",
            )
        if given in taken:
            raise Conflict(
                N_("Another city has the prefix %(prefix)s."), field="prefix", prefix=given
            )
        return given
    letters = re.sub(r"[^a-z]", "", slug).upper() or "C"
    initials = "".join(word[0] for word in slug.split("-") if word[0].isalpha()).upper()
    candidates = [initials[:3], letters[:2], letters[:3]]
    candidates += [letters[0] + letter for letter in (letters[1:] + "ABCDEFGHIJKLMNOPQRSTUVWXYZ")]
    candidates += [
        letters[0] + a + b
        for a in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        for b in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    ]
    free = (one for one in candidates if _PREFIX.fullmatch(one) and one not in taken)
    prefix = next(free, None)
    if prefix is None:
        raise InvalidInput(N_("Give a prefix for the numbers of this city."), field="prefix")
    return prefix


def _ewkt(polygon: MultiPolygon) -> str:
    return f"SRID=4326;{shapely.to_wkt(polygon, rounding_precision=-1)}"
