"""A city's outlines as paths of an SVG drawing, with room found for names. Pure.

The drawing is `WIDTH` units wide, Web Mercator like the map, north up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import asinh, radians, tan
from typing import Any

import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

WIDTH = 1_000
TALLEST = 1_150
MARGIN = 6
# Of a letter's height, in the bold of a sans-serif: letters that are wider are made up by others.
LETTER_WIDTH = 0.57
LINE_HEIGHT = 1.12
MOST_LINES = 3


@dataclass(frozen=True, slots=True)
class Label:
    """Lines of text centred on x; `y` of the first line's baseline, `step` to the next."""

    x: int
    y: int
    step: int
    lines: tuple[str, ...]


@dataclass(frozen=True)
class DrawnArea:
    slug: str
    path: str
    x: int
    y: int
    shape: BaseGeometry

    def fit(self, name: str, value: str, size: int, *, alone: bool = True) -> Label | None:
        """Name and value where there is room for letters `size` units high, else the value `alone`,
        else nothing."""
        for lines in (*_broken(name, value), *([(value,)] if alone else [])):
            if self._has_room(lines, size):
                step = round(size * LINE_HEIGHT)
                first = self.y - step * (len(lines) - 1) / 2 + size * 0.36
                return Label(self.x, round(first), step, lines)
        return None

    def _has_room(self, lines: Sequence[str], size: int) -> bool:
        width = max(map(len, lines)) * size * LETTER_WIDTH + size * 0.25
        height = ((len(lines) - 1) * LINE_HEIGHT + 0.8) * size
        box = shapely.box(
            self.x - width / 2, self.y - height / 2, self.x + width / 2, self.y + height / 2
        )
        return bool(self.shape.covers(box))


@dataclass(frozen=True)
class DrawnCity:
    height: int
    boundary: str
    areas: tuple[DrawnArea, ...]


def draw_city(boundary: Mapping[str, Any], areas: Sequence[Mapping[str, Any]]) -> DrawnCity:
    """Draw what `get_outline` gives: GeoJSON geometries in EPSG:4326, longitude before latitude."""
    rings = [ring for outline in (boundary, *(area["geometry"] for area in areas))
             for polygon in _polygons(outline) for ring in polygon]  # fmt: skip
    places = [_mercator(*position[:2]) for ring in rings for position in ring]
    if not places:
        return DrawnCity(0, "", ())
    west, south = min(x for x, _ in places), min(y for _, y in places)
    east, north = max(x for x, _ in places), max(y for _, y in places)
    across, up = max(east - west, 1e-9), max(north - south, 1e-9)
    scale = min((WIDTH - 2 * MARGIN) / across, (TALLEST - 2 * MARGIN) / up)
    left = (WIDTH - across * scale) / 2

    def place(longitude: float, latitude: float) -> tuple[int, int]:
        x, y = _mercator(longitude, latitude)
        return round(left + (x - west) * scale), round(MARGIN + (north - y) * scale)

    return DrawnCity(
        height=round(up * scale + 2 * MARGIN),
        boundary=_path(_placed(boundary, place)),
        areas=tuple(_draw(area, place) for area in areas),
    )


Ring = list[tuple[int, int]]


def _draw(area: Mapping[str, Any], place: Any) -> DrawnArea:
    polygons = _placed(area["geometry"], place)
    latitude, longitude = area["label"]
    x, y = place(longitude, latitude)
    shape = MultiPolygon([Polygon(rings[0], rings[1:]) for rings in polygons])
    return DrawnArea(area["slug"], _path(polygons), x, y, shape.buffer(0))


def _polygons(geometry: Mapping[str, Any]) -> list[list[list[Sequence[float]]]]:
    coordinates: list[Any] = list(geometry.get("coordinates") or ())
    return [coordinates] if geometry.get("type") == "Polygon" else coordinates


def _placed(geometry: Mapping[str, Any], place: Any) -> list[list[Ring]]:
    """Without what is too small to be seen: of an islet or a hole less than a unit wide no three
    corners are left."""
    placed = []
    for polygon in _polygons(geometry):
        rings = [
            list(_without_repeats(place(*position[:2]) for position in ring)) for ring in polygon
        ]
        if rings and len(rings[0]) > 3:
            placed.append([ring for ring in rings if len(ring) > 3])
    return placed


def _without_repeats(places: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    last = None
    for each in places:
        if each != last:
            yield each
        last = each


def _path(polygons: Iterable[Iterable[Ring]]) -> str:
    """The data of an SVG path, in short: each corner as its way from the one before."""
    parts = []
    for rings in polygons:
        for ring in rings:
            (x, y), steps = ring[0], []
            for to_x, to_y in ring[1:-1]:
                steps.append(f"{to_x - x} {to_y - y}".replace(" -", "-"))
                x, y = to_x, to_y
            parts.append(f"M{ring[0][0]} {ring[0][1]}l{' '.join(steps)}z".replace(" -", "-"))
    return "".join(parts)


def _mercator(longitude: float, latitude: float) -> tuple[float, float]:
    return radians(longitude), asinh(tan(radians(max(-85.0, min(85.0, latitude)))))


def _broken(name: str, value: str) -> Iterator[tuple[str, ...]]:
    """The name on one line, on two, on three, broken where it is shortest; the value below."""
    words = [word for word in re.split(r"(?<=-)|\s+", name) if word]
    for lines in range(1, min(MOST_LINES, len(words)) + 1):
        ways = (
            tuple(
                _joined(words[start:end])
                for start, end in zip((0, *cuts), (*cuts, len(words)), strict=True)
            )
            for cuts in combinations(range(1, len(words)), lines - 1)
        )
        yield (*min(ways, key=lambda way: max(map(len, way))), value)


def _joined(words: Sequence[str]) -> str:
    return "".join(word if word.endswith("-") else f"{word} " for word in words).strip()
