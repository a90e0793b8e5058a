"""Where to look: tiles and points picked from the reports, so that full places are picked often.

Deterministic: report numbers spread over all of them by a fixed step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from benches.map.making import connected
from civicmap.foundation.geo import Point, tile_of

ZOOMS = range(3, 18)
TILES_A_ZOOM = 14
EVERYWHERE, CITIES = range(3, 8), range(6, 18)  # the zooms at which each is looked at
STATUSES = ("open", "in_progress", "fixed", "wont_fix")


@dataclass(frozen=True)
class Spot:
    """A report's place and subjects."""

    city: str
    city_id: int
    point: Point
    category: str
    category_id: int
    group: str
    department: str
    area: str
    radius: int


@dataclass(frozen=True)
class AskedTile:
    """A tile and the filters it is asked with, as in its address."""

    slug: str
    city_id: int
    z: int
    x: int
    y: int
    filters: tuple[tuple[str, str], ...] = ()

    @property
    def path(self) -> str:
        query = f"?{urlencode(self.filters)}" if self.filters else ""
        return f"/tiles/{self.slug}/{self.z}/{self.x}/{self.y}{query}"


def pick_spots(url: str, many: int) -> list[Spot]:
    """Public reports, as many as there are places to be looked at."""
    with connected(url) as cursor:
        cursor.execute("SELECT max(id) FROM reports")
        last = cursor.fetchone()[0]
        # A step that shares no factor with the number wanders over all of them.
        ids = [1 + n * 61_803_399 % last for n in range(2 * many)]
        cursor.execute(
            """
            SELECT j.slug, j.id, ST_Y(r.point), ST_X(r.point), c.key, c.id, g.key,
                coalesce(d.code, ''), coalesce(a.slug, ''), c.duplicate_radius
            FROM unnest(%s::bigint[]) WITH ORDINALITY AS wanted(id, place)
            JOIN reports r USING (id)
            JOIN jurisdictions j ON j.id = r.jurisdiction_id
            JOIN categories c ON c.id = r.category_id
            JOIN category_groups g ON g.id = c.group_id
            LEFT JOIN departments d ON d.id = r.department_id
            LEFT JOIN areas a ON a.id = r.area_id
            WHERE r.visibility = 'public' ORDER BY place LIMIT %s
            """,
            (ids, many),
        )
        return [
            Spot(city, city_id, Point(latitude, longitude), *subjects)
            for city, city_id, latitude, longitude, *subjects in cursor.fetchall()
        ]


def pick_tiles(spots: Sequence[Spot], *, a_zoom: int = TILES_A_ZOOM) -> list[AskedTile]:
    """About 200 different ones over zooms 3 to 17, of every city together and of single ones."""
    picked: dict[AskedTile, None] = {}
    for z in ZOOMS:
        of_zoom: dict[AskedTile, None] = {}
        for n, spot in enumerate(spots):
            tile = tile_of(spot.point, z)
            together = z in EVERYWHERE and (z not in CITIES or n % 2 == 0)
            slug, id_ = ("all", 0) if together else (spot.city, spot.city_id)
            of_zoom.setdefault(AskedTile(slug, id_, z, tile.x, tile.y))
            if len(of_zoom) == a_zoom:
                break
        picked |= of_zoom
    return list(picked)


def filtered_tiles(tiles: Sequence[AskedTile], spots: Sequence[Spot]) -> dict[str, list[AskedTile]]:
    """The tiles with no filter, by status, by group, by category, and with any other filter."""
    kinds: dict[str, list[AskedTile]] = {
        "unfiltered": list(tiles),
        "by status": [],
        "by group": [],
        "by category": [],
        "any filter": [],
    }
    for n, tile in enumerate(tiles):
        spot = next((s for s in spots[n % len(spots) :] if tile.slug in ("all", s.city)), spots[0])
        status = STATUSES[n % 4]
        kinds["by status"].append(_with(tile, ("status", status)))
        kinds["by group"].append(_with(tile, ("group", spot.group)))
        kinds["by category"].append(_with(tile, ("category", spot.category)))
        kinds["any filter"].append(_with(tile, *_any_filter(n, spot, tile.slug == "all")))
    return kinds


def _with(tile: AskedTile, *filters: tuple[str, str]) -> AskedTile:
    return AskedTile(tile.slug, tile.city_id, tile.z, tile.x, tile.y, filters)


def _any_filter(n: int, spot: Spot, is_everywhere: bool) -> tuple[tuple[str, str], ...]:
    """One of a dozen combinations; departments and areas are a city's."""
    year, month = 2021 + n % 5, 1 + n % 12
    some_days = (("since", f"{year}-{month:02d}-05"), ("until", f"{year + 1}-{month:02d}-17"))
    words = ("park", "Lipowa", "мектеп", "Наурыз", "szkoły", "street")[n % 6]
    combinations: list[tuple[tuple[str, str], ...]] = [
        (("since", f"{year}-01-01"), ("until", f"{year}-12-31")),
        some_days,
        (("since", f"{year}-{month:02d}-01"),),
        (("category", spot.category), ("status", "open")),
        (("category", spot.category), *some_days),
        (("status", "open"), ("status", "in_progress"), *some_days),
        (("q", words),),
        (("q", words), ("status", "open")),
        (("group", spot.group), ("status", "fixed"), ("since", f"{year}-01-01")),
    ]
    if not is_everywhere:
        combinations += [
            (("department", spot.department or "roads"),),
            (("area", spot.area),),
            (("area", spot.area), ("category", spot.category)),
            (("department", spot.department or "roads"), ("status", "open"), *some_days),
        ]
    return combinations[n % len(combinations)]


def as_row(tile: AskedTile) -> dict[str, Any]:
    """For the statements that the tiles are held against."""
    return {"z": tile.z, "x": tile.x, "y": tile.y, "city": tile.city_id}
