"""From the bytes of a GeoJSON file to named, valid polygons, or a sentence on why not."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

import shapely
from shapely import MultiPolygon, Polygon

from civicmap.domain.jurisdictions.boundary_file.positions import check_positions
from civicmap.domain.jurisdictions.boundary_file.shapes import Repair, area_m2, as_multipolygon
from civicmap.domain.jurisdictions.population import read_residents
from civicmap.foundation.errors import InvalidInput
from civicmap.foundation.geo import Point
from civicmap.foundation.locales import LANGUAGES, N_, gettext

LARGEST_FILE_BYTES = 64 * 1024 * 1024
MOST_FEATURES = 5_000
LONGEST_NAME = 120

# Names under which GeoJSON files call longitude/latitude in WGS 84 (the only system of RFC 7946).
_WGS84 = re.compile(r"(?i)(urn:ogc:def:crs:)?(OGC:(1\.3)?:?CRS84|EPSG:[0-9.]*:?4326|WGS ?84)")

_REASONS = {
    "Self-intersection": N_("its border crosses itself"),
    "Ring Self-intersection": N_("its border touches itself"),
    "Hole lies outside shell": N_("a hole lies outside of it"),
    "Holes are nested": N_("its holes lie inside one another"),
    "Nested shells": N_("its parts lie inside one another"),
    "Nested holes": N_("its holes lie inside one another"),
    "Duplicate Rings": N_("a ring is there twice"),
    "Interior is disconnected": N_("its holes cut it in pieces"),
    "Too few points in geometry component": N_("a ring has too few different points"),
}


@dataclass(frozen=True, slots=True)
class Feature:
    """One polygon of the file: its number from 1, its name and translations, its residents."""

    number: int
    name: str
    names: Mapping[str, str]
    polygon: MultiPolygon
    is_boundary: bool
    population: int | None


def read_features(
    content: bytes, *, name_property: str, near: Point | None
) -> tuple[list[Feature], list[Repair]]:
    """Every feature of the file in its order, and what had to be repaired. See the package."""
    document = _parse(content)
    rows = _rows(document)
    plain = [
        _plain_feature(number, row, name_property=name_property)
        for number, row in enumerate(rows, start=1)
    ]
    if sum(feature.is_boundary for feature in plain) > 1:
        raise fault(
            N_("Several features are marked as the boundary of the city; there can be only one.")
        )
    check_positions(((one.label, one.polygons) for one in plain), near=near)
    repairs: list[Repair] = []
    features = [
        Feature(
            one.number, one.name, one.names, _build(one, repairs), one.is_boundary, one.population
        )
        for one in plain
    ]
    return features, repairs


def fault(message: str, **values: object) -> InvalidInput:
    return InvalidInput(message, field="file", **values)


def label(number: int, name: str) -> str:
    """How a sentence calls a feature: "feature 3 (Jeżyce)"."""
    if not name:
        return gettext(N_("Feature %(number)s")) % {"number": number}
    return gettext(N_("Feature %(number)s (%(name)s)")) % {"number": number, "name": name}


@dataclass(frozen=True, slots=True)
class _PlainFeature:
    number: int
    name: str
    names: Mapping[str, str]
    is_boundary: bool
    population: int | None
    polygons: list[Any]  # not looked into yet: check_positions does

    @property
    def label(self) -> str:
        return label(self.number, self.name)


def _parse(content: bytes) -> Any:
    if len(content) > LARGEST_FILE_BYTES:
        raise fault(
            N_("The file is larger than %(limit)s MB. Simplify the borders first."),
            limit=LARGEST_FILE_BYTES // 1024 // 1024,
        )
    if not content.strip():
        raise fault(N_("The file is empty."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise fault(
            N_("The file is not UTF-8 text (line %(line)s). Save it as UTF-8 and try again."),
            line=content.count(b"\n", 0, error.start) + 1,
        ) from None
    if "\x00" in text:
        raise fault(
            N_("Line %(line)s holds a NUL character, so this is not a text file."),
            line=text.count("\n", 0, text.index("\x00")) + 1,
        )
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise fault(
            N_("The file is not JSON: line %(line)s, column %(column)s cannot be understood."),
            line=error.lineno,
            column=error.colno,
        ) from None
    except RecursionError:
        raise fault(N_("The file is nested too deeply to be GeoJSON.")) from None
    except ValueError:  # a whole number of thousands of digits
        raise fault(N_("The file holds a number that is no coordinate.")) from None


def _refuse_constant(name: str) -> NoReturn:
    raise fault(N_("The file holds %(constant)s where a number should be."), constant=name)


def _rows(document: Any) -> list[Any]:
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        kind = document.get("type") if isinstance(document, dict) else None
        if not isinstance(kind, str):
            raise fault(N_("The file is JSON, but not a GeoJSON FeatureCollection."))
        raise fault(
            N_("The file must be a GeoJSON FeatureCollection, not “%(kind)s”."), kind=kind[:40]
        )
    _check_crs(document.get("crs"))
    rows = document.get("features")
    if not isinstance(rows, list):
        raise fault(N_("The file has no list of features."))
    if not rows:
        raise fault(N_("The file holds no features: there is nothing to make a city of."))
    if len(rows) > MOST_FEATURES:
        raise fault(
            N_("The file holds %(number)s features; a city can have %(limit)s areas at most."),
            number=len(rows),
            limit=MOST_FEATURES,
        )
    return rows


def _check_crs(crs: Any) -> None:
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if isinstance(name, str) and _WGS84.fullmatch(name.strip()):
        return
    raise fault(
        N_(
            "The file says its coordinates are in %(crs)s. Export it in WGS 84 (EPSG:4326), "
            "in degrees."
        ),
        crs=str(name or crs)[:80],
    )


def _plain_feature(number: int, row: Any, *, name_property: str) -> _PlainFeature:
    if not isinstance(row, dict) or row.get("type") != "Feature":
        raise fault(N_("%(feature)s is not a GeoJSON feature."), feature=label(number, ""))
    properties = row.get("properties") or {}
    if not isinstance(properties, dict):
        raise fault(N_("%(feature)s has no properties."), feature=label(number, ""))
    is_boundary = properties.get("kind") == "boundary"
    name = _name(properties.get(name_property), number)
    if not name and not is_boundary:
        others = ", ".join(f"“{key}”" for key in list(properties)[:8])
        if others:
            raise fault(
                N_("%(feature)s has no “%(property)s”. Its properties are: %(others)s."),
                feature=label(number, ""),
                property=name_property,
                others=others[:200],
            )
        raise fault(
            N_("%(feature)s has no “%(property)s”, so the area would have no name."),
            feature=label(number, ""),
            property=name_property,
        )
    names = {
        language: translated
        for language in LANGUAGES
        if (translated := _name(properties.get(f"{name_property}:{language}"), number))
    }
    called = label(number, name)
    population = None if is_boundary else _population(properties.get("population"), called)
    return _PlainFeature(number, name, names, is_boundary, population, _polygons(row, called))


def _population(value: Any, called: str) -> int | None:
    try:
        return read_residents(value)
    except InvalidInput as refused:
        raise fault(
            N_("%(feature)s has a wrong “population”: %(fault)s"), feature=called, fault=refused
        ) from None


def _name(value: Any, number: int) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)  # numbered districts
    if not isinstance(value, str):
        return ""
    name = " ".join(unicodedata.normalize("NFC", value).split())
    if len(name) > LONGEST_NAME:
        raise fault(
            N_("%(feature)s has a name of more than %(limit)s characters."),
            feature=label(number, name[:40] + "…"),
            limit=LONGEST_NAME,
        )
    # Cc control, Cf format (direction overrides among them), Cs lone surrogates
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Cs") for letter in name):
        raise fault(
            N_("%(feature)s has a name with characters that cannot be seen."),
            feature=label(number, ""),
        )
    return name


def _polygons(row: Mapping[str, Any], called: str) -> list[Any]:
    """The coordinates of the feature as a list of polygons."""
    geometry = row.get("geometry")
    if not isinstance(geometry, dict):
        raise fault(N_("%(feature)s has no geometry."), feature=called)
    kind = geometry.get("type")
    if kind not in ("Polygon", "MultiPolygon"):
        raise fault(
            N_("%(feature)s is a %(kind)s; an area must be a Polygon or a MultiPolygon."),
            feature=called,
            kind=str(kind)[:40],
        )
    coordinates = geometry.get("coordinates")
    if not isinstance(coordinates, list) or not coordinates:
        raise fault(N_("%(feature)s is empty: it has no coordinates."), feature=called)
    return [coordinates] if kind == "Polygon" else coordinates


def _build(plain: _PlainFeature, repairs: list[Repair]) -> MultiPolygon:
    """The polygon of a feature, made valid; what was wrong is added to `repairs`."""
    drawn = MultiPolygon(
        [Polygon(_flat(rings[0]), [_flat(ring) for ring in rings[1:]]) for rings in plain.polygons]
    )
    if drawn.is_valid:
        return drawn
    reason, _, place = shapely.is_valid_reason(drawn).partition("[")
    mended = as_multipolygon(shapely.make_valid(drawn, method="structure", keep_collapsed=False))
    if mended.is_empty:
        raise fault(
            N_("%(feature)s encloses nothing: its border goes there and back."),
            feature=plain.label,
        )
    before, after = area_m2(drawn), area_m2(mended)
    said = gettext(_REASONS.get(reason.strip(), N_("its rings are not valid")))
    if place:
        longitude, _, latitude = place.rstrip("]").partition(" ")
        said = gettext(N_("%(fault)s near %(position)s")) % {
            "fault": said,
            "position": Point(float(latitude), float(longitude)),
        }
    change = abs(after - before) / max(before, after)
    repairs.append(Repair(plain.number, plain.name, said, change))
    return mended


def _flat(ring: Iterable[Any]) -> list[tuple[float, float]]:
    """A ring without heights."""
    return [(position[0], position[1]) for position in ring]
