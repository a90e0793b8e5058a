"""Photon's questions and answers (github.com/komoot/photon, docs/api-v1.md): GeoJSON."""

from __future__ import annotations

from civicmap.foundation.geo import Box, Point
from civicmap.foundation.geocoders.places import FoundPlace, PlaceKind, plain_name, write_address
from civicmap.foundation.geocoders.reading import members, position, texts

Parameters = list[tuple[str, str]]

REVERSE_KILOMETRES = "0.15"
_PARTS = ("district", "locality", "city")


def search_question(words: str, box: Box, language: str, limit: int) -> tuple[str, Parameters]:
    """Path and parameters of a search that is bounded by `box`.

    The language goes in a header alone: a `lang` that the server has no names in is refused, the
    header falls back to the local names.
    """
    del language
    return "/api", [
        ("q", words),
        ("limit", str(limit)),
        ("bbox", f"{box.west},{box.south},{box.east},{box.north}"),
        ("lat", f"{box.center.latitude:.4f}"),
        ("lon", f"{box.center.longitude:.4f}"),
    ]


def reverse_question(point: Point, language: str) -> tuple[str, Parameters]:
    """Path and parameters for the nearest house or street around a point."""
    del language
    return "/reverse", [
        ("lat", f"{point.latitude:.6f}"),
        ("lon", f"{point.longitude:.6f}"),
        ("radius", REVERSE_KILOMETRES),
        ("limit", "1"),
        ("layer", "house"),
        ("layer", "street"),
    ]


def read_search(answer: object) -> list[FoundPlace] | None:
    """The places of an answer, unreadable ones left out; None if it is no answer to a search."""
    fields = members(answer)
    features = (fields or {}).get("features")
    if not isinstance(features, list):
        return None
    return [place for one in features if (place := _read_feature(one))]


def read_reverse(answer: object) -> list[FoundPlace] | None:
    """The place at a point, if there is one; None if it is no answer."""
    places = read_search(answer)
    return places if places is None else [one for one in places if one.kind != "place"][:1]


def _read_feature(feature: object) -> FoundPlace | None:
    fields = members(feature) or {}
    geometry = members(fields.get("geometry")) or {}
    ends = geometry.get("coordinates")
    if geometry.get("type") != "Point" or not isinstance(ends, list) or len(ends) < 2:
        return None
    point = position(ends[1], ends[0])
    about = members(fields.get("properties")) or {}
    country = plain_name(about.get("countrycode"), 2).upper()
    own = plain_name(about.get("name"))
    road = plain_name(about.get("street"))
    number = plain_name(about.get("housenumber"), 20)
    address = write_address(road, number, country) if road else ""
    kind: PlaceKind
    if about.get("osm_key") == "highway" or about.get("type") == "street":
        name, kind = own or road, "street"
    elif road and number and own in ("", number):
        name, kind = address, "house"
    else:
        name, kind = own or address, "place"
    if point is None or not name:
        return None
    details = [
        text
        for text in (address if kind == "place" else "", next(texts(about, _PARTS), ""))
        if text and text != name
    ]
    return FoundPlace(name, ", ".join(details), kind, point)
