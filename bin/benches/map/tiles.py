"""Tiles over HTTP against their bare SQL, at N and at N/10, and their weight."""

from __future__ import annotations

import random
import statistics
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

import psycopg2

from benches.map.asking import Asker
from benches.map.caught import Caught
from benches.map.making import connected
from benches.map.outcome import Outcome, middle_and_tail
from benches.map.places import ZOOMS, AskedTile, as_row
from benches.map.sites import Site
from benches.measuring import percentile
from civicmap.foundation.geo import tile_range

KEPT = ("unfiltered", "by status", "by group", "by category")  # what the pyramid has
ANY = "any filter"
HEAVIEST = 15.0  # kB gzipped
LONGEST_ANY = 60.0  # ms
GROWTH = 1.3


@dataclass
class Taken:
    """Milliseconds and bytes by kind of filter and zoom."""

    app: dict[tuple[str, int], list[float]] = field(default_factory=lambda: defaultdict(list))
    bare: dict[tuple[str, int], list[float]] = field(default_factory=lambda: defaultdict(list))
    again: dict[tuple[str, int], list[float]] = field(default_factory=lambda: defaultdict(list))
    weight: dict[tuple[str, int], list[float]] = field(default_factory=lambda: defaultdict(list))
    of_path: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def bound(self, kind: str, zoom: int) -> float:
        """The p95 that a tile of this zoom may take, in milliseconds."""
        bare = percentile(self.bare[kind, zoom], 0.95)
        return max(3 * bare, bare + 2)


Kinds = Mapping[str, Sequence[AskedTile]]
Statements = dict[str, list[Caught]]


def statements_of(site: Site, kinds: Kinds) -> tuple[Statements, dict[str, str]]:
    """What the application asks for each tile, by its path; and those it fails at, with why."""
    caught: Statements = {}
    failed: dict[str, str] = {}
    for path in [tile.path for tiles in kinds.values() for tile in tiles]:
        try:
            caught[path] = site.statements_of(path)
        except (RuntimeError, psycopg2.Error) as failure:
            failed[path] = str(failure).splitlines()[0]
    return caught, failed


def measure(
    sites: Sequence[tuple[Site, Statements]], kinds: Kinds, rounds: int
) -> tuple[Taken, ...]:
    """Each tile from each site in turns with its bare SQL.

    A round begins with servers just started, so that what they keep of answers is of this round:
    the first time a tile is asked for it is not there, `again` it is. Each has an order of its own:
    a moment in which the machine does something else falls on no single zoom.
    """
    taken = tuple(Taken() for _ in sites)
    asked = [(kind, tile) for kind, tiles in kinds.items() for tile in tiles]
    for number in range(rounds):
        random.Random(number).shuffle(asked)  # noqa: S311 - the same every time
        with _all_served([site for site, _ in sites], kinds) as askers:
            for kind, tile in asked:
                for (site, statements), asker, times in zip(sites, askers, taken, strict=True):
                    _ask(tile, kind, site, statements[tile.path], asker, times)
    return taken


def _ask(  # noqa: PLR0917 - one tile in one round
    tile: AskedTile, kind: str, site: Site, statements: list[Caught], asker: Asker, times: Taken
) -> None:
    key = (kind, tile.z)
    answer = asker.get(tile.path)
    if answer.status not in (200, 204):
        raise RuntimeError(f"{tile.path} answered {answer.status}")
    times.app[key].append(answer.milliseconds)
    times.of_path[tile.path].append(answer.milliseconds)
    times.weight[key].append(len(answer.body) / 1000)
    begun = time.perf_counter()
    site.playback.play(statements)
    times.bare[key].append((time.perf_counter() - begun) * 1000)
    times.again[key].append(asker.get(tile.path).milliseconds)


class _all_served:  # noqa: N801 - reads as the context manager it is
    """Connections to every site, each with a worker that has answered before: not these tiles, but
    their neighbours, so that every thread has its connection and its statements are prepared, as
    those of the bare SQL are."""

    def __init__(self, sites: Sequence[Site], kinds: Kinds) -> None:
        self.sites = sites
        measured = {tile.path for tiles in kinds.values() for tile in tiles}
        near = {replace(tile, x=tile.x ^ 1).path for kind in KEPT for tile in kinds.get(kind, ())}
        self.neighbours = sorted(near - measured)

    def __enter__(self) -> list[Asker]:
        self._served = [site.served() for site in self.sites]
        askers = [Asker(one.__enter__()) for one in self._served]
        for asker in askers:
            for path in self.neighbours:
                asker.get(path)
        return askers

    def __exit__(self, *_: object) -> None:
        for one in self._served:
            one.__exit__(None, None, None)


def tell(outcome: Outcome, big: Taken, small: Taken, kinds: Kinds) -> None:
    """Tables and targets."""
    for kind in kinds:
        outcome.heading(
            f"Tiles {kind}: gunicorn over loopback, ms",
            "p50", "p95", "bare p50", "bare p95", "bound", "again p95", "kB p95", "x N/10",
        )  # fmt: skip
        for zoom in ZOOMS:
            if not big.app[kind, zoom]:
                continue
            middle, tail = middle_and_tail(big.app[kind, zoom])
            bare_middle, bare_tail = middle_and_tail(big.bare[kind, zoom])
            outcome.row(
                f"tiles {kind}",
                f"zoom {zoom}",
                p50=middle,
                p95=tail,
                bare_p50=bare_middle,
                bare_p95=bare_tail,
                bound=big.bound(kind, zoom),
                again_p95=percentile(big.again[kind, zoom], 0.95),
                kilobytes_p95=percentile(big.weight[kind, zoom], 0.95),
                against_tenth=tail / percentile(small.app[kind, zoom], 0.95),
            )
        zooms = [zoom for zoom in ZOOMS if big.app[kind, zoom]]
        if kind in KEPT:
            outcome.target(
                f"tiles {kind}: p95 of its bound, worst zoom",
                max(percentile(big.app[kind, z], 0.95) / big.bound(kind, z) for z in zooms),
                1,
                "of the bound",
            )
        else:
            outcome.target(
                f"tiles with {kind}: p95, worst zoom",
                max(percentile(big.app[kind, z], 0.95) for z in zooms),
                LONGEST_ANY,
                "ms",
            )
            _tell_slowest(outcome, big, kinds[kind])
    outcome.target(
        "weight of a tile: p95, worst zoom and filter",
        max(percentile(some, 0.95) for some in big.weight.values() if some),
        HEAVIEST,
        "kB gzipped",
    )
    outcome.target(
        "N against N/10: p95, worst zoom",
        max(_p95_of_zoom(big, zoom) / _p95_of_zoom(small, zoom) for zoom in ZOOMS),
        GROWTH,
        "times",
    )


def tell_waiting(outcome: Outcome, usual: Taken, waiting: Taken, times: float) -> None:
    """Tiles while many changes wait to be folded, against the bound they have otherwise."""
    outcome.heading("Tiles while changes wait, ms", "p50", "p95", "of bound")
    shares = []
    for zoom in ZOOMS:
        for kind in KEPT:
            if not waiting.app[kind, zoom]:
                continue
            p50, p95 = middle_and_tail(waiting.app[kind, zoom])
            shares.append(p95 / usual.bound(kind, zoom))
            outcome.row("waiting", f"zoom {zoom}, {kind}", p50=p50, p95=p95, of_bound=shares[-1])
    outcome.target(
        "tiles while 100,000 changes wait: p95 of its bound, worst",
        max(shares),
        times,
        "of the bound",
    )


def _tell_slowest(outcome: Outcome, big: Taken, tiles: Sequence[AskedTile]) -> None:
    """What to look at when there are too slow ones."""
    outcome.heading("The slowest of them, ms", "p50")
    ordered = sorted(tiles, key=lambda tile: -statistics.median(big.of_path[tile.path]))
    for tile in ordered[:8]:
        median = statistics.median(big.of_path[tile.path])
        outcome.row("slowest", unquote(tile.path), p50=median)


def _p95_of_zoom(taken: Taken, zoom: int) -> float:
    return percentile([one for kind in KEPT for one in taken.app[kind, zoom]], 0.95)


VECTOR = """
SELECT ST_AsMVT(tile, 'reports') FROM (
    SELECT ST_AsMVTGeom(ST_Transform(point, 3857), ST_TileEnvelope(%(z)s, %(x)s, %(y)s)) AS geom,
        number, category_id, status
    FROM reports WHERE visibility = 'public' AND morton BETWEEN %(low)s AND %(high)s
        AND jurisdiction_id = ANY(%(cities)s)
) AS tile
"""
COUNT = """
SELECT status, count(*) FROM reports
WHERE visibility = 'public' AND morton BETWEEN %(low)s AND %(high)s
    AND jurisdiction_id = ANY(%(cities)s) GROUP BY status
"""


def measure_others(outcome: Outcome, site: Site, tiles: Sequence[AskedTile], big: Taken) -> None:
    """The same ground as vector tiles of the points and by counting them: a few tiles of a zoom."""
    outcome.heading(
        "The same tiles otherwise, ms: medians, and as multiples of ours over HTTP",
        "ST_AsMVT", "COUNT", "x MVT", "x COUNT",
    )  # fmt: skip
    with connected(site.url) as cursor:
        cursor.execute("SELECT array_agg(id) FROM jurisdictions")
        every_city = cursor.fetchone()[0]
        for zoom in ZOOMS:
            some = [tile for tile in tiles if tile.z == zoom][: 2 if zoom < 10 else 5]
            times: dict[str, list[float]] = {VECTOR: [], COUNT: []}
            for tile in some:
                low, high = tile_range(tile.z, tile.x, tile.y)
                cities = [tile.city_id] if tile.city_id else every_city
                for sql, taken in times.items():
                    begun = time.perf_counter()
                    cursor.execute(
                        sql, {**as_row(tile), "low": low, "high": high, "cities": cities}
                    )
                    cursor.fetchall()
                    taken.append((time.perf_counter() - begun) * 1000)
            ours = statistics.median(big.app["unfiltered", zoom])
            vector, count = (statistics.median(times[sql]) for sql in (VECTOR, COUNT))
            outcome.row(
                "tiles otherwise",
                f"zoom {zoom}",
                vector=vector,
                count=count,
                against_vector=vector / ours,
                against_count=count / ours,
            )
