"""Twenty cities on the map: how large they are, how they are cut into areas. Pure.

A city is drawn in metres around its centre, x eastwards and y northwards, as a round shape with
bulges; its areas are hexagons clipped to it. Both have straight sides, so that the statement which
scatters the reports can tell a place's area by arithmetic (`reports.py`).
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import cos, exp, pi, radians, sin, sqrt

from shapely import MultiPolygon, Polygon, prepare
from shapely.affinity import affine_transform
from shapely.geometry import mapping

DEGREE_M = 111_320.0  # metres of a degree of latitude
AREAS = 250  # in each city
CORNERS = 180
LEAST_SHARE = 0.06  # of a whole hexagon: what is smaller at the border belongs to no area
NAMED = {"pl": "Osiedle", "ru": "Район", "kk": "Аудан", "ky": "Аймак", "en": "District"}


@dataclass(frozen=True)
class MapCity:
    """A city to draw; `radius` in metres, degrees of its centre, `population` of its areas."""

    slug: str
    name: str
    country: str
    time_zone: str
    languages: tuple[str, ...]
    latitude: float
    longitude: float
    population: int
    radius: float

    @cached_property
    def bulges(self) -> tuple[float, float, float, float]:
        """How far the border leaves the circle twice and three times around, and where."""
        dice = random.Random(self.slug)  # noqa: S311 - the same city every time
        return (
            0.05 + 0.12 * dice.random(),
            2 * pi * dice.random(),
            0.03 + 0.07 * dice.random(),
            2 * pi * dice.random(),
        )

    @cached_property
    def angle(self) -> float:
        """Radians by which streets and areas are turned against the north."""
        return random.Random(f"{self.slug} streets").random() * pi / 3  # noqa: S311

    @property
    def longitude_m(self) -> float:
        """Metres of a degree of longitude here."""
        return DEGREE_M * cos(radians(self.latitude))

    @cached_property
    def border(self) -> Polygon:
        """In metres around the centre."""
        second, turned_2, third, turned_3 = self.bulges
        corners = []
        for corner in range(CORNERS):
            at = 2 * pi * corner / CORNERS
            reach = self.radius * (
                1 + second * sin(2 * at + turned_2) + third * sin(3 * at + turned_3)
            )
            corners.append((reach * cos(at), reach * sin(at)))
        return Polygon(corners)

    @cached_property
    def hexagon(self) -> float:
        """Metres of the side of an area's hexagon: the one that cuts the city into AREAS."""
        shortest, longest = self.radius / 40, self.radius / 4
        while longest - shortest > 0.5:
            middle = (shortest + longest) / 2
            many = sum(1 for _ in self._cut(middle))
            if many == AREAS:
                return middle
            if many > AREAS:
                shortest = middle
            else:
                longest = middle
        return shortest

    @cached_property
    def areas(self) -> dict[tuple[int, int], Polygon | MultiPolygon]:
        """By the hexagon's column and row, in metres."""
        return dict(self._cut(self.hexagon))

    def people(self) -> dict[tuple[int, int], int]:
        """Of each area: dense in the middle, thin at the border, the city's population in all."""
        weights = {
            place: area.area
            * exp(-2.2 * sqrt(area.centroid.x**2 + area.centroid.y**2) / self.radius)
            * (0.5 + random.Random(f"{self.slug} {place}").random())  # noqa: S311
            for place, area in self.areas.items()
        }
        whole = sum(weights.values())
        return {place: round(self.population * part / whole) for place, part in weights.items()}

    def in_degrees(self, shape: Polygon | MultiPolygon) -> Polygon | MultiPolygon:
        """A shape in metres around the centre as longitude and latitude."""
        return affine_transform(
            shape,
            [1 / self.longitude_m, 0, 0, 1 / DEGREE_M, self.longitude, self.latitude],
        )

    def area_name(self, number: int) -> str:
        """Of the area with this number, 1 at first."""
        return f"{NAMED[self.languages[0]]} {number}"

    def geojson(self) -> bytes:
        """What a city brings: its boundary and its areas, in the order of `areas`."""
        shapes: list[tuple[dict[str, str], Polygon | MultiPolygon]] = [
            ({"kind": "boundary"}, self.border)
        ]
        shapes += [
            ({"name": self.area_name(number)}, area)
            for number, area in enumerate(self.areas.values(), 1)
        ]
        features = [
            {"type": "Feature", "properties": of, "geometry": mapping(self.in_degrees(shape))}
            for of, shape in shapes
        ]
        return json.dumps({"type": "FeatureCollection", "features": features}).encode()

    def _cut(self, side: float) -> Iterator[tuple[tuple[int, int], Polygon | MultiPolygon]]:
        """The hexagons of this side that touch the city, clipped to it."""
        prepare(self.border)
        reach = int(1.4 * self.radius / side) + 1
        least = LEAST_SHARE * 1.5 * sqrt(3) * side**2
        for column in range(-reach, reach + 1):
            for row in range(-reach, reach + 1):
                whole = self._hexagon_at(column, row, side)
                if not self.border.intersects(whole):
                    continue
                part = whole if self.border.covers(whole) else self.border & whole
                if part.area >= least and isinstance(part, Polygon | MultiPolygon):
                    yield (column, row), part

    def _hexagon_at(self, column: int, row: int, side: float) -> Polygon:
        """Axial coordinates, a corner upwards, turned by `angle`."""
        x, y = side * sqrt(3) * (column + row / 2), side * 1.5 * row
        corners = [
            (x + side * sin(pi / 3 * corner), y + side * cos(pi / 3 * corner))
            for corner in range(6)
        ]
        return Polygon(
            (
                x * cos(self.angle) - y * sin(self.angle),
                x * sin(self.angle) + y * cos(self.angle),
            )
            for x, y in corners
        )


_WARSAW, _ALMATY, _BISHKEK = "Europe/Warsaw", "Asia/Almaty", "Asia/Bishkek"
_PL, _KK, _KY, _EN = ("pl", "en"), ("kk", "ru"), ("ky", "ru"), ("en", "pl")

CITIES = (
    MapCity("warszawa", "Warszawa", "PL", _WARSAW, _PL, 52.2300, 21.0110, 1_862_000, 13_500),
    MapCity("krakow", "Kraków", "PL", _WARSAW, _PL, 50.0614, 19.9366, 803_000, 10_500),
    MapCity("wroclaw", "Wrocław", "PL", _WARSAW, _PL, 51.1079, 17.0385, 674_000, 9_800),
    MapCity("lodz", "Łódź", "PL", _WARSAW, _PL, 51.7687, 19.4570, 652_000, 9_900),
    MapCity("poznan", "Poznań", "PL", _WARSAW, _PL, 52.4064, 16.9252, 541_000, 9_200),
    MapCity("gdansk", "Gdańsk", "PL", _WARSAW, _PL, 54.3520, 18.6466, 487_000, 9_000),
    MapCity("lublin", "Lublin", "PL", _WARSAW, _PL, 51.2465, 22.5684, 329_000, 7_000),
    MapCity("bialystok", "Białystok", "PL", _WARSAW, _PL, 53.1325, 23.1688, 292_000, 6_000),
    MapCity("rzeszow", "Rzeszów", "PL", _WARSAW, _PL, 50.0412, 21.9991, 197_000, 6_200),
    MapCity("koszalin", "Koszalin", "PL", _WARSAW, _PL, 54.1944, 16.1722, 104_000, 5_000),
    MapCity("almaty", "Алматы", "KZ", _ALMATY, _KK, 43.2380, 76.9450, 2_000_000, 15_000),
    MapCity("astana", "Астана", "KZ", _ALMATY, _KK, 51.1605, 71.4704, 1_430_000, 16_000),
    MapCity("shymkent", "Шымкент", "KZ", _ALMATY, _KK, 42.3417, 69.5901, 1_220_000, 25_000),
    MapCity("aktobe", "Ақтөбе", "KZ", _ALMATY, _KK, 50.2839, 57.1670, 560_000, 11_000),
    MapCity("karaganda", "Қарағанды", "KZ", _ALMATY, _KK, 49.8047, 73.1094, 515_000, 13_000),
    MapCity("pavlodar", "Павлодар", "KZ", _ALMATY, _KK, 52.2873, 76.9674, 366_000, 8_000),
    MapCity("bishkek", "Бишкек", "KG", _BISHKEK, _KY, 42.8746, 74.5698, 1_145_000, 9_000),
    MapCity("osh", "Ош", "KG", _BISHKEK, _KY, 40.5140, 72.8161, 366_000, 7_000),
    MapCity("vilnius", "Vilnius", "LT", "Europe/Vilnius", _EN, 54.6872, 25.2797, 602_000, 10_000),
    MapCity("lviv", "Lviv", "UA", "Europe/Kyiv", _EN, 49.8397, 24.0297, 717_000, 8_000),
)
