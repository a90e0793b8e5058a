"""Nominatim's questions and answers (nominatim.org, API "Search" and "Reverse", format jsonv2)."""

from __future__ import annotations

from civicmap.foundation.geo import Box, Point
from civicmap.foundation.geocoders.places import FoundPlace, PlaceKind, plain_name, write_address
from civicmap.foundation.geocoders.reading import members, position, texts

Parameters = list[tuple[str, str]]

# Parts of an address from the smallest to the largest: the first that is there tells two streets
# of one name apart.
_PARTS = (
    "suburb", "city_district", "borough", "quarter", "neighbourhood", "village", "town", "city",
)  # fmt: skip
_ROADS = ("road", "pedestrian", "square", "place")


def search_question(words: str, box: Box, language: str, limit: int) -> tuple[str, Parameters]:
    """Path and parameters of a search that is bounded by `box`."""
    return "/search", [
        ("q", words),
        ("format", "jsonv2"),
        ("addressdetails", "1"),
        ("limit", str(limit)),
        ("viewbox", f"{box.west},{box.north},{box.east},{box.south}"),
        ("bounded", "1"),
        ("accept-language", language),
    ]


def reverse_question(point: Point, language: str) -> tuple[str, Parameters]:
    """Path and parameters for the address at a point, to the building."""
    return "/reverse", [
        ("lat", f"{point.latitude:.6f}"),
        ("lon", f"{point.longitude:.6f}"),
        ("format", "jsonv2"),
        ("addressdetails", "1"),
        ("zoom", "18"),
        ("layer", "address"),
        ("accept-language", language),
    ]


def read_search(answer: object) -> list[FoundPlace] | None:
    """The places of an answer, unreadable ones left out; None if it is no answer to a search."""
    if not isinstance(answer, list):
        return None
    return [place for one in answer if (place := _read_place(one))]


def read_reverse(answer: object) -> list[FoundPlace] | None:
    """The house or street at a point, none for {"error": "Unable to geocode"}; None if it is no
    answer."""
    fields = members(answer)
    if fields is None:
        return None
    if "lat" not in fields:
        return [] if "error" in fields else None
    # Whatever has a name at this point: its address is asked for.
    place = _read_place({**fields, "name": ""})
    return [place] if place and place.kind != "place" else []


def _read_place(answer: object) -> FoundPlace | None:
    fields = members(answer) or {}
    parts = members(fields.get("address")) or {}
    point = position(fields.get("lat"), fields.get("lon"))
    road = next(texts(parts, _ROADS), "")
    number = plain_name(parts.get("house_number"), 20)
    address = write_address(road, number, plain_name(parts.get("country_code"), 2).upper())
    own = plain_name(fields.get("name"))
    kind: PlaceKind
    if fields.get("category") == "highway" or (own == road and not number):
        name, kind = own or road, "street"
    elif own and own not in (road, number):
        name, kind = own, "place"
    elif road:
        name, kind = address, "house" if number else "street"
    else:
        name, kind = plain_name(fields.get("display_name")).partition(",")[0], "place"
    if point is None or not name:
        return None
    details = [address if kind == "place" else "", next(texts(parts, _PARTS), "")]
    return FoundPlace(
        name, ", ".join(text for text in details if text not in ("", name)), kind, point
    )
