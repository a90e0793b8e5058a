"""Draws the demo city's districts: `python -m civicmap.cli.demo.draw_districts`.

The drawing is our own. It starts from an outline of Poznań sketched by hand, the course of the
Warta, and a few places everybody in the city knows (a market square, a tram loop, a village green)
for each district, rounded to about half a kilometre. Every spot of the city belongs to the district
with the nearest such place on its own side of the river, after the ground has been bent a little
so that borders wander as real ones do. It is good enough to find one's home on, and no good at all
for deciding on which side of a street a border runs. The numbers of residents are made up as well.
"""

from __future__ import annotations

import json
from math import cos, radians, sin
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon, mapping
from shapely.geometry.base import BaseGeometry

RESULT = Path(__file__).parent / "poznan.geojson"
CELL = 40.0  # metres: how finely the ground is sorted into districts
BEND = 170.0  # metres: how far a border may wander from the straight line
SMOOTHING = 95.0  # metres: detail smaller than this is left out of a border
Numbers = NDArray[np.float64]
ORIGIN = (16.93, 52.40)  # longitude, latitude (EPSG:4326) of the local plane's zero
METRES_PER_DEGREE = (111_320 * cos(radians(ORIGIN[1])), 111_250.0)

# Longitude, latitude (EPSG:4326), clockwise from the western tip of Kiekrz.
OUTLINE = [
    (16.733, 52.464), (16.748, 52.464), (16.756, 52.472), (16.772, 52.474), (16.783, 52.483),
    (16.806, 52.481), (16.826, 52.476), (16.848, 52.478), (16.860, 52.473), (16.872, 52.474),
    (16.885, 52.472), (16.884, 52.480), (16.890, 52.487), (16.889, 52.497), (16.897, 52.508),
    (16.920, 52.505), (16.938, 52.509), (16.962, 52.508), (16.974, 52.503), (16.971, 52.490),
    (16.979, 52.479), (16.976, 52.466), (16.974, 52.458), (16.981, 52.450), (16.994, 52.446),
    (17.006, 52.441), (17.014, 52.448), (17.026, 52.447), (17.022, 52.437), (17.014, 52.430),
    (17.030, 52.426), (17.046, 52.430), (17.058, 52.424), (17.058, 52.414), (17.071, 52.409),
    (17.066, 52.396), (17.058, 52.388), (17.052, 52.376), (17.060, 52.366), (17.056, 52.350),
    (17.044, 52.342), (17.034, 52.329), (17.016, 52.337), (17.002, 52.330), (17.002, 52.318),
    (16.990, 52.309), (16.986, 52.297), (16.966, 52.292), (16.948, 52.297), (16.935, 52.306),
    (16.928, 52.320), (16.906, 52.321), (16.900, 52.333), (16.904, 52.345), (16.891, 52.355),
    (16.873, 52.355), (16.858, 52.346), (16.842, 52.345), (16.827, 52.357), (16.832, 52.371),
    (16.812, 52.376), (16.791, 52.377), (16.799, 52.388), (16.814, 52.394), (16.802, 52.400),
    (16.796, 52.411), (16.803, 52.423), (16.788, 52.429), (16.789, 52.443), (16.802, 52.453),
    (16.782, 52.458), (16.762, 52.453), (16.742, 52.454),
]  # fmt: skip

# The Warta from Luboń to Radojewo: districts do not cross it, save the cathedral island's.
RIVER = [
    (16.885, 52.325), (16.903, 52.341), (16.915, 52.350), (16.927, 52.359), (16.930, 52.370),
    (16.939, 52.380), (16.941, 52.392), (16.944, 52.402), (16.9425, 52.411), (16.948, 52.418),
    (16.959, 52.425), (16.965, 52.434), (16.975, 52.443), (16.974, 52.456), (16.990, 52.470),
    (16.990, 52.520),
]  # fmt: skip

# Places everybody knows, as longitude, latitude (EPSG:4326), by the district they stand for.
WEST: dict[str, list[tuple[float, float]]] = {
    "Kiekrz": [(16.760, 52.464), (16.785, 52.470), (16.805, 52.471)],
    "Krzyżowniki-Smochowice": [(16.805, 52.440), (16.835, 52.440), (16.825, 52.447)],
    "Strzeszyn": [(16.830, 52.463), (16.850, 52.450), (16.860, 52.463)],
    "Podolany": [(16.880, 52.448), (16.892, 52.453), (16.883, 52.465)],
    "Piątkowo Północ": [(16.902, 52.464), (16.912, 52.463)],
    "Piątkowo": [(16.905, 52.452), (16.922, 52.456)],
    "Morasko-Radojewo": [(16.905, 52.490), (16.925, 52.475), (16.950, 52.498), (16.930, 52.490)],
    "Umultowo": [(16.948, 52.468), (16.962, 52.472)],
    "Naramowice": [(16.950, 52.452), (16.962, 52.445), (16.940, 52.452)],
    "Nowe Winogrady Północ": [(16.925, 52.441), (16.933, 52.441)],
    "Nowe Winogrady Południe": [(16.926, 52.432), (16.936, 52.432)],
    "Nowe Winogrady Wschód": [(16.945, 52.438)],
    "Stare Winogrady": [(16.930, 52.424), (16.943, 52.424), (16.953, 52.431)],
    "Winiary": [(16.910, 52.430), (16.911, 52.438)],
    "Sołacz": [(16.900, 52.425), (16.880, 52.432), (16.868, 52.430), (16.895, 52.434)],
    "Jeżyce": [(16.897, 52.414), (16.908, 52.413)],
    "Ogrody": [(16.883, 52.417)],
    "Wola": [(16.858, 52.422), (16.865, 52.418)],
    "Ławica": [(16.825, 52.418), (16.815, 52.408), (16.835, 52.405), (16.845, 52.410)],
    "Grunwald Północ": [(16.874, 52.408)],
    "Stary Grunwald": [(16.883, 52.403)],
    "Grunwald Południe": [(16.865, 52.396), (16.875, 52.392)],
    "Junikowo": [(16.835, 52.388), (16.848, 52.386)],
    "Kwiatowe": [(16.808, 52.383), (16.822, 52.381)],
    "Fabianowo-Kotowo": [(16.843, 52.355), (16.850, 52.366), (16.860, 52.358)],
    "Górczyn": [(16.876, 52.380), (16.888, 52.383), (16.862, 52.377)],
    "Świerczewo": [(16.886, 52.367)],
    "Łazarz": [(16.900, 52.403), (16.897, 52.393)],
    "Wilda": [(16.918, 52.396), (16.922, 52.386), (16.921, 52.377)],
    "Zielony Dębiec": [(16.906, 52.368), (16.912, 52.356)],
    "Stare Miasto": [(16.933, 52.408), (16.920, 52.409), (16.928, 52.402), (16.934, 52.416)],
}
EAST: dict[str, list[tuple[float, float]]] = {
    "Ostrów Tumski-Śródka-Zawady-Komandoria": [
        (16.948, 52.411), (16.957, 52.411), (16.962, 52.419), (16.968, 52.409),
    ],
    "Główna": [(16.978, 52.426), (16.990, 52.437), (17.005, 52.436)],
    "Warszawskie-Pomet-Maltańskie": [(16.985, 52.408), (16.995, 52.416), (16.975, 52.404)],
    "Rataje": [(16.950, 52.399), (16.957, 52.390), (16.948, 52.383), (16.966, 52.395)],
    "Chartowo": [(16.983, 52.392), (16.990, 52.386)],
    "Żegrze": [(16.967, 52.379), (16.974, 52.375)],
    "Starołęka-Minikowo-Marlewo": [
        (16.946, 52.370), (16.938, 52.357), (16.945, 52.347), (16.920, 52.332),
    ],
    "Krzesiny-Pokrzywno-Garaszewo": [
        (16.990, 52.345), (16.977, 52.354), (16.963, 52.359), (16.975, 52.366), (16.992, 52.360),
    ],
    "Szczepankowo-Spławie-Krzesinki": [
        (17.012, 52.370), (17.030, 52.357), (17.012, 52.345), (17.038, 52.345), (17.030, 52.368),
    ],
    "Antoninek-Zieliniec-Kobylepole": [
        (17.022, 52.405), (17.045, 52.410), (17.010, 52.391), (17.035, 52.392), (17.040, 52.422),
    ],
    "Głuszyna": [(16.963, 52.325), (16.968, 52.308), (16.985, 52.327), (16.950, 52.310)],
}  # fmt: skip

# How many people we say live there: round numbers of our own, as invented as the borders, that make
# a city of 540,000 with dense old quarters and estates and thin edges.
RESIDENTS = {
    "Antoninek-Zieliniec-Kobylepole": 11_900, "Chartowo": 24_300, "Fabianowo-Kotowo": 3_300,
    "Grunwald Południe": 26_300, "Grunwald Północ": 12_200, "Górczyn": 16_500, "Głuszyna": 5_100,
    "Główna": 5_200, "Jeżyce": 24_900, "Junikowo": 10_200, "Kiekrz": 2_400,
    "Krzesiny-Pokrzywno-Garaszewo": 3_600, "Krzyżowniki-Smochowice": 9_100, "Kwiatowe": 6_800,
    "Morasko-Radojewo": 3_900, "Naramowice": 19_600, "Nowe Winogrady Południe": 9_600,
    "Nowe Winogrady Północ": 13_400, "Nowe Winogrady Wschód": 5_800, "Ogrody": 7_600,
    "Ostrów Tumski-Śródka-Zawady-Komandoria": 4_800, "Piątkowo": 27_800, "Piątkowo Północ": 10_700,
    "Podolany": 13_100, "Rataje": 39_500, "Sołacz": 4_700, "Stare Miasto": 30_000,
    "Stare Winogrady": 9_500, "Starołęka-Minikowo-Marlewo": 12_800, "Stary Grunwald": 5_600,
    "Strzeszyn": 10_400, "Szczepankowo-Spławie-Krzesinki": 10_300, "Umultowo": 4_100,
    "Warszawskie-Pomet-Maltańskie": 8_700, "Wilda": 30_000, "Winiary": 14_200, "Wola": 6_700,
    "Zielony Dębiec": 6_300, "Ławica": 6_600, "Łazarz": 33_200, "Świerczewo": 12_900,
    "Żegrze": 16_400,
}  # fmt: skip


def _plane(points: list[tuple[float, float]]) -> Numbers:
    """Longitude, latitude to metres east and north of ORIGIN."""
    return (np.array(points) - ORIGIN) * METRES_PER_DEGREE


def _bend(x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """Shifts every spot by a sum of slow waves, the same each time."""
    dx, dy = np.zeros_like(x), np.zeros_like(y)
    for turn, length, share in ((0.4, 2900, 0.55), (1.9, 1300, 0.3), (3.3, 620, 0.15)):
        along = (x * cos(turn) + y * sin(turn)) / length * 6.283
        across = (y * cos(turn) - x * sin(turn)) / length * 6.283
        dx += share * np.sin(across + turn) * BEND
        dy += share * np.sin(along + 2 * turn) * BEND
    return x + dx, y + dy


def _nearest(
    places: dict[str, list[tuple[float, float]]], x: Numbers, y: Numbers
) -> NDArray[np.intp]:
    distance = np.full((len(places), *x.shape), np.inf)
    for row, points in enumerate(places.values()):
        for px, py in _plane(points):
            np.minimum(distance[row], np.hypot(x - px, y - py), out=distance[row])
    nearest: NDArray[np.intp] = distance.argmin(axis=0)
    return nearest


def draw() -> dict[str, BaseGeometry]:
    """The districts by name, in degrees (EPSG:4326), sharing their borders exactly."""
    outline, river = Polygon(_plane(OUTLINE)), _plane(RIVER)
    west = Polygon([*river, (-30_000, river[-1][1]), (-30_000, river[0][1])])
    left, low, right, high = outline.bounds
    x, y = np.meshgrid(np.arange(left, right, CELL), np.arange(low, high, CELL))
    bent = _bend(x, y)
    names = [*WEST, *EAST]
    label = np.where(
        shapely.contains_xy(west, x, y),
        _nearest(WEST, *bent),
        _nearest(EAST, *bent) + len(WEST),
    )
    label[~shapely.contains_xy(outline, *_bend(x, y))] = -1
    cells = []
    for number in range(len(names)):
        row, column = np.nonzero(label == number)
        east, north = left + column * CELL, low + row * CELL
        parts = shapely.union_all(shapely.box(east, north, east + CELL, north + CELL))
        cells.append(parts)
    cells = _without_crumbs(cells)
    smooth = shapely.coverage_simplify(np.array(cells), SMOOTHING)
    degrees = shapely.transform(
        smooth, lambda metres: np.round(metres / METRES_PER_DEGREE + ORIGIN, 5)
    )
    return dict(zip(names, degrees, strict=True))


def _without_crumbs(cells: list[BaseGeometry]) -> list[BaseGeometry]:
    """Gives each stray piece of a district to the neighbour it touches longest."""
    mains = [max(shapely.get_parts(cell), key=lambda part: part.area) for cell in cells]
    crumbs = [
        part
        for cell, main in zip(cells, mains, strict=True)
        for part in shapely.get_parts(cell)
        if part is not main and not part.equals(main)
    ]
    for crumb in crumbs:
        shared = [main.intersection(crumb).length for main in mains]
        if max(shared) > 0:
            taker = shared.index(max(shared))
            mains[taker] = mains[taker].union(crumb)
    return mains


def _feature(geometry: BaseGeometry, properties: dict[str, str | int]) -> dict[str, object]:
    return {"type": "Feature", "properties": properties, "geometry": mapping(geometry)}


def write(path: Path = RESULT) -> None:
    """Writes the boundary and the districts as GeoJSON, one feature a line."""
    districts = draw()
    boundary = shapely.coverage_union_all(np.array(list(districts.values())))
    features = [_feature(boundary, {"kind": "boundary", "name": "Poznań"})]
    features += [
        _feature(districts[name], {"kind": "district", "name": name, "population": RESIDENTS[name]})
        for name in sorted(districts)
    ]
    lines = ",\n".join(json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in features)
    path.write_text(f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n', encoding="utf-8")


if __name__ == "__main__":
    write()
