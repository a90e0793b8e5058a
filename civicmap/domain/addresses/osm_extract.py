"""Streets, houses and named places from an OpenStreetMap extract (.osm.pbf, .osm, .osm.bz2).

Tags as wiki.openstreetmap.org documents them: highway, addr:*, place, leisure, public transport.
Pure but for reading the file. The library is loaded when it is needed: nothing that serves pages
needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from civicmap.domain.addresses.rows import (
    LONGEST_NUMBER,
    LONGEST_POSTCODE,
    LONGEST_STREET,
    HouseRow,
    Line,
    Row,
    StreetRow,
    UnreadableFile,
)
from civicmap.foundation.geo import Box, Point
from civicmap.foundation.geocoders.places import plain_name
from civicmap.foundation.locales import LANGUAGES, N_

SUFFIXES = (".pbf", ".osm", ".osm.bz2", ".osm.gz", ".o5m")
# What has a name and is a street: all but what is planned, raced on or only a stop.
_NO_STREETS = frozenset(
    {
        "proposed", "construction", "raceway", "bus_stop", "platform", "elevator", "rest_area",
        "services",
    }
)  # fmt: skip
_OTHER_NAMES = ("alt_name", "old_name", "short_name", "official_name", "loc_name")
# Named places that people go by. Value sets of OpenStreetMap keys.
_PLACES: Mapping[str, frozenset[str]] = {
    "leisure": frozenset({"park", "garden", "stadium", "nature_reserve"}),
    "place": frozenset({"suburb", "quarter", "neighbourhood", "locality", "square", "island"}),
    "highway": frozenset({"bus_stop"}),
    "railway": frozenset({"tram_stop", "station", "halt"}),
    "amenity": frozenset({"marketplace", "school", "university", "hospital", "townhall"}),
}
_KEYS = ("addr:housenumber", "highway", "leisure", "place", "railway", "amenity")
_TOLD_EVERY = 20_000
_CORNERS = 4_000  # of a line; longer ones are no street

Progress = Callable[[int], None]


def read_osm_extract(path: Path, *, box: Box, told: Progress = lambda _: None) -> Iterator[Row]:
    """What of an extract may lie in `box`; `told` hears how many objects were looked at.

    Raises UnreadableFile when the file breaks off or is none.
    """
    try:
        yield from _read(path, box, told)
    except (RuntimeError, OSError, ValueError) as error:
        raise UnreadableFile(
            N_("The file cannot be read as OpenStreetMap data: %(why)s"),
            field="file",
            why=plain_name(str(error), 200),
        ) from None


def _read(path: Path, box: Box, told: Progress) -> Iterator[Row]:
    from osmium import FileProcessor, filter, osm  # noqa: PLC0415, A004 - see above

    outer = _outer_ways(path)
    if outer:
        # The ways of a house that is drawn in several pieces have no tags of their own.
        yield from _read_outer_ways(path, outer, box)
    tagged = FileProcessor(str(path)).with_locations().with_filter(filter.KeyFilter(*_KEYS))
    for looked_at, found in enumerate(tagged):
        if looked_at % _TOLD_EVERY == 0:
            told(looked_at)
        if isinstance(found, osm.Node):
            line: Line = ((found.lon, found.lat),)
        elif isinstance(found, osm.Way):
            line = _line(found.nodes)
        else:
            continue
        if _is_near(line, box):
            yield from _rows(f"{found.type_str()}{found.id}", dict(found.tags), line)


def _outer_ways(path: Path) -> dict[int, tuple[str, dict[str, str]]]:
    """By the id of one of its outer ways, each building with an address that is a relation."""
    from osmium import FileProcessor, filter, osm  # noqa: PLC0415, A004

    found = {}
    relations = FileProcessor(str(path), osm.RELATION)
    for one in relations.with_filter(filter.KeyFilter("addr:housenumber")):
        if not isinstance(one, osm.Relation):
            continue
        member = next((m for m in one.members if m.type == "w" and m.role in ("outer", "")), None)
        if member is not None:
            found[member.ref] = (f"r{one.id}", dict(one.tags))
    return found


def _read_outer_ways(
    path: Path, outer: Mapping[int, tuple[str, dict[str, str]]], box: Box
) -> Iterator[Row]:
    from osmium import FileProcessor, filter, osm  # noqa: PLC0415, A004

    ways = FileProcessor(str(path)).with_locations()
    ways = ways.with_filter(filter.EntityFilter(osm.WAY)).with_filter(filter.IdFilter(outer))
    for way in ways:
        if not isinstance(way, osm.Way):
            continue
        line = _line(way.nodes)
        if _is_near(line, box):
            where, tags = outer[way.id]
            yield from _rows(where, tags, line)


def _line(nodes: Any) -> Line:
    """The corners of a way that the extract holds; one that was cut at its edge lacks some."""
    return tuple((node.lon, node.lat) for node in nodes if node.location.valid())[:_CORNERS]


def _is_near(line: Line, box: Box) -> bool:
    return any(box.west <= lon <= box.east and box.south <= lat <= box.north for lon, lat in line)


def _rows(where: str, tags: Mapping[str, str], line: Line) -> Iterator[Row]:
    middle = _middle(line)
    if number := plain_name(tags.get("addr:housenumber"), LONGEST_NUMBER):
        # In villages without street names the place stands in their stead.
        key = "addr:street" if tags.get("addr:street") else "addr:place"
        if street := plain_name(tags.get(key), LONGEST_STREET):
            postcode = plain_name(tags.get("addr:postcode"), LONGEST_POSTCODE)
            for one in number.split(";")[:4]:
                if one.strip():
                    yield HouseRow(
                        where, street, one.strip(), middle, postcode, _translations(tags, key)
                    )
    name = plain_name(tags.get("name"), LONGEST_STREET)
    if not name:
        return
    highway = tags.get("highway", "")
    others = tuple(
        other
        for key in _OTHER_NAMES
        for part in tags.get(key, "").split(";")
        if (other := plain_name(part, LONGEST_STREET))
    )
    names = _translations(tags, "name")
    if highway and highway not in _NO_STREETS and len(line) > 1:
        yield StreetRow(where, name, "street", (line,), names, others)
    elif any(tags.get(key) in values for key, values in _PLACES.items()):
        spot: Line = ((middle.longitude, middle.latitude),)
        yield StreetRow(where, name, "place", (spot,), names, others)


def _translations(tags: Mapping[str, str], key: str) -> dict[str, str]:
    return {
        language: text
        for language in LANGUAGES
        if (text := plain_name(tags.get(f"{key}:{language}"), LONGEST_STREET))
    }


def _middle(line: Line) -> Point:
    """The middle of its corners: inside most houses, and near enough to the others."""
    corners = line[:-1] if len(line) > 2 and line[0] == line[-1] else line
    return Point(
        sum(lat for _, lat in corners) / len(corners), sum(lon for lon, _ in corners) / len(corners)
    )
