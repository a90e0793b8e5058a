"""Counters of cities and views, duplicates nearby, routes: in the application without HTTP, which
would add the same to each, against their bare SQL and a plain COUNT."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import closing

import psycopg2

from benches.map.caught import Caught
from benches.map.outcome import Outcome, middle_and_tail
from benches.map.places import Spot
from benches.map.sites import Site
from civicmap.domain.categories.queries import list_offered_categories
from civicmap.domain.jurisdictions.queries import find_areas_at
from civicmap.domain.publicmap.view import get_view_counts
from civicmap.domain.reports.queries.public.filters import Filters
from civicmap.domain.reports.queries.public.nearby import find_nearby
from civicmap.domain.routing.queries import find_route
from civicmap.extensions import db
from civicmap.foundation.geo import Box, ground_of, tile_of
from civicmap.foundation.geo.tiles import tile_box
from civicmap.foundation.reading import Reading
from civicmap.web.public.view import READING

ROUNDS = 3
VIEWS = range(9, 18)  # zooms
COUNTERS, NEARBY, ROUTE = 5.0, 5.0, 1.0  # ms

Question = Callable[[], object]

COUNT = """
SELECT category_id, status, count(*) FROM reports
WHERE visibility = 'public' AND jurisdiction_id = %s GROUP BY 1, 2
"""


def measure(outcome: Outcome, site: Site, spots: Sequence[Spot]) -> None:
    """Tables and targets."""
    outcome.heading("Counters, duplicates, routes, ms", "p50", "p95", "bare p50", "bare p95")
    reading: Reading = site.app.extensions[READING]
    with site.app.app_context():
        for name, questions, bound in (
            ("counters of a city", list(_cities(spots, reading)), COUNTERS),
            ("counters of a view", list(_views(spots, reading)), COUNTERS),
            ("counters of a view, filtered", list(_filtered_views(spots)), None),
            ("duplicates nearby", list(_nearby(spots)), NEARBY),
            ("areas of a point and its route", list(_routes(spots)), ROUTE),
        ):
            tail = _turns(outcome, site, name, questions)
            if bound:
                outcome.target(f"{name}: p95", tail, bound, "ms")
    outcome.row("counters", "plain COUNT of a city, for comparison", p50=_plain_count(site, spots))


def _turns(outcome: Outcome, site: Site, name: str, questions: list[Question]) -> float:
    """A row of the table; the p95 of ours."""
    ours: list[float] = []
    bare: list[float] = []
    for question in questions:
        statements = _caught(site, question)
        for _ in range(ROUNDS):
            db.session.connection()  # a request has one: it has asked for its city before
            begun = time.perf_counter()
            question()
            ours.append((time.perf_counter() - begun) * 1000)
            db.session.rollback()
            begun = time.perf_counter()
            site.playback.play(statements)
            bare.append((time.perf_counter() - begun) * 1000)
    (p50, p95), (bare_p50, bare_p95) = middle_and_tail(ours), middle_and_tail(bare)
    outcome.row("numbers", name, p50=p50, p95=p95, bare_p50=bare_p50, bare_p95=bare_p95)
    return p95


def _caught(site: Site, question: Question) -> list[Caught]:
    with site.catcher.listen() as statements:
        question()
    db.session.rollback()
    site.playback.ready(statements)
    return statements


def _cities(spots: Sequence[Spot], reading: Reading) -> Sequence[Question]:
    cities = sorted({spot.city_id for spot in spots})
    return [
        lambda id_=id_: get_view_counts(db.session, id_, Filters(), reading=reading)  # type: ignore[misc]
        for id_ in cities
    ]


def _views(spots: Sequence[Spot], reading: Reading) -> Sequence[Question]:
    return [
        lambda spot=spot, zoom=zoom, n=n: get_view_counts(  # type: ignore[misc]
            db.session,
            spot.city_id,
            Filters(ground=ground_of(_view(spot, zoom, n), zoom)),
            reading=reading,
        )
        for zoom in VIEWS
        for n, spot in enumerate(spots[:12])
    ]


def _filtered_views(spots: Sequence[Spot]) -> Sequence[Question]:
    return [
        lambda spot=spot, zoom=zoom, n=n: get_view_counts(  # type: ignore[misc]
            db.session,
            spot.city_id,
            Filters(
                ground=ground_of(_view(spot, zoom, n), zoom),
                **({"department": spot.department}, {"area": spot.area})[n % 2],
            ),
        )
        for zoom in VIEWS
        for n, spot in enumerate(spots[:4])
    ]


def _nearby(spots: Sequence[Spot]) -> Sequence[Question]:
    return [
        lambda spot=spot: find_nearby(  # type: ignore[misc]
            db.session,
            spot.city_id,
            category_id=spot.category_id,
            point=spot.point,
            radius=spot.radius or 50,
        )
        for spot in spots[:100]
    ]


def _routes(spots: Sequence[Spot]) -> Sequence[Question]:
    categories = {
        category.key: category for category in list_offered_categories(db.session, spots[0].city_id)
    }

    def route(spot: Spot) -> object:
        areas = find_areas_at(db.session, spot.city_id, spot.point)
        return find_route(db.session, spot.city_id, category=categories[spot.category], areas=areas)

    return [lambda spot=spot: route(spot) for spot in spots[:100]]  # type: ignore[misc]


def _view(spot: Spot, zoom: int, number: int) -> Box:
    """What a phone (390 x 600 px) or a desktop (1280 x 700 px) shows around a spot."""
    wide, high = ((390, 600), (1280, 700))[number % 2]
    tile = tile_of(spot.point, zoom)
    box = tile_box(*tile)
    middle = spot.point
    half_x = (box.east - box.west) * wide / 256 / 2
    half_y = (box.north - box.south) * high / 256 / 2
    return Box(
        max(-180.0, middle.longitude - half_x),
        max(-85.0, middle.latitude - half_y),
        min(180.0, middle.longitude + half_x),
        min(85.0, middle.latitude + half_y),
    )


def _plain_count(site: Site, spots: Sequence[Spot]) -> float:
    """Median milliseconds of counting a city's reports."""
    taken = []
    with closing(psycopg2.connect(site.url)) as connection, connection.cursor() as cursor:
        for city_id in sorted({spot.city_id for spot in spots})[:5]:
            begun = time.perf_counter()
            cursor.execute(COUNT, (city_id,))
            cursor.fetchall()
            taken.append((time.perf_counter() - begun) * 1000)
    return middle_and_tail(taken)[0]
