"""Tiles that are answered past Flask are answered as Flask does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from unittest import mock

import psycopg2.errors
import pytest
from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from civicmap.domain.jurisdictions.queries import list_cities
from civicmap.domain.publicmap.tiles.answer import Tiles
from civicmap.extensions import db
from civicmap.foundation.geo import Point, tile_of
from civicmap.foundation.reading import Readings
from civicmap.foundation.transaction import transaction
from civicmap.web.public.quick_tiles import QuickTiles
from civicmap.web.public.ready_tiles import ReadyTiles
from civicmap.web.public.tile_answers import READY_TILES, TILES
from tests.factories.cities import make_category, make_city
from tests.factories.reports import make_report, make_reports

HERE = tile_of(Point(52.41, 16.85), 12)
NEAR = tile_of(Point(52.41, 16.85), 17)
TILE = "/tiles/poznan/{}/{}/{}".format(*HERE)
Told = tuple[str, list[tuple[str, str]], bytes]

ADDRESSES = [
    TILE,
    "/tiles/all/{}/{}/{}".format(*HERE),
    "/tiles/poznan/{}/{}/{}".format(*NEAR),
    "/tiles/poznan/12/0/0",
    f"{TILE}?status=open&category=pothole",
    f"{TILE}?category=pothole&status=open&status=open",
    f"{TILE}?category=pothole&unknown=1&status=open&bbox=1,2,3,4",
    f"{TILE}?q=hole",
    f"{TILE}?q=D%C4%85browskiego+42&lang=pl",
    f"{TILE}?q=%00",
    f"{TILE}?q=" + "a" * 3000,
    f"{TILE}?q=%FF%FE",
    f"{TILE}?category=%00",
    f"{TILE}?since=2020-01-05&category=pothole",
    f"{TILE}?since=2025-02-30",
    f"{TILE}?",
    f"{TILE}?&&=&status",
    f"{TILE}/",
    TILE.replace("poznan", "%70oznan"),
    TILE.replace("poznan", "poznan%00"),
    TILE.replace("poznan", "Poznan"),
    TILE.replace("poznan", "nowhere"),
    TILE.replace("poznan", "a" * 200),
    TILE.replace("/tiles", "//tiles"),
    "/tiles/poznan/03/0/0",
    "/tiles/poznan/23/0/0",
    "/tiles/poznan/%D9%A3/0/0",
    "/tiles/poznan/3/1",
    "/tiles/",
]
HEADERS: list[dict[str, str]] = [
    {},
    {"Accept-Encoding": "gzip"},
    {"Accept-Encoding": "GZIP, deflate, br, zstd"},
    {"Accept-Encoding": "br;q=1.0, gzip;q=0.5"},
    {"Accept-Encoding": "gzip;q=0"},
    {"Accept-Encoding": "*"},
    {"Accept-Encoding": "*;q=0"},
    {"Accept-Encoding": "identity, x-gzip"},
    {"Accept-Language": "pl", "Cookie": "civicmap_language=ru"},
    {"If-None-Match": "*"},
    {"If-None-Match": 'W/"1-1-1-1"'},
    {"If-None-Match": "unquoted"},
    {"If-None-Match": '"'},
    {"Accept": "text/html"},
]


@pytest.fixture
def site(live_app: Flask, database_url: str) -> Iterator[Flask]:
    """A city with a few reports, whose tiles are read past the tests' own transactions."""
    with live_app.app_context(), transaction(db.session) as session:
        city = make_city(session)
        make_category(session, "pothole")
        make_report(session, city)
        points = [Point(52.40 + n / 10_000, 16.86) for n in range(40)]
        make_reports(session, city, points, statuses=["open", "fixed"])
    readings = Readings(database_url)
    extensions = {TILES: Tiles(readings), READY_TILES: ReadyTiles()}
    with mock.patch.dict(live_app.extensions, extensions):
        yield live_app
    readings.close()


def ask(way: Any, address: str, headers: dict[str, str], method: str = "GET") -> Told:
    builder = EnvironBuilder(path=address, method=method, headers=list(headers.items()))
    body, status, told = run_wsgi_app(way, builder.get_environ())
    return status, sorted(told), b"".join(body)


def both_ways(site: Flask) -> tuple[QuickTiles, Any]:
    quick = site.wsgi_app
    assert isinstance(quick, QuickTiles)
    return quick, quick._otherwise


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_answer_is_flasks_own(site: Flask, address: str) -> None:
    quick, flask = both_ways(site)
    for turn in range(2):
        for headers in HEADERS:
            first = ask(quick, address, headers)
            assert first == ask(flask, address, headers), headers
            assert ask(quick, address, headers) == first
            if etag := dict(first[1]).get("ETag"):
                opaque = etag.removeprefix("W/")
                for held in (etag, opaque, f'"x", {etag}', f"{etag}, *", f"w/{opaque}"):
                    holding = {**headers, "If-None-Match": held}
                    again = ask(quick, address, holding)
                    assert again == ask(flask, address, holding), holding
                assert ask(quick, address, {**headers, "If-None-Match": etag})[0][:3] == "304"
        if turn == 0:
            add_a_report(site)


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "POST", "PUT"])
def test_other_methods_are_left_to_flask(site: Flask, method: str) -> None:
    quick, flask = both_ways(site)
    for _ in range(2):
        assert ask(quick, TILE, {}, method) == ask(flask, TILE, {}, method)
        ask(quick, TILE, {})


def test_tiles_that_are_there_do_not_come_to_flask(
    site: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick, _ = both_ways(site)
    monkeypatch.setattr(quick, "_otherwise", None)
    etag = dict(ask(quick, TILE, {})[1])["ETag"]
    assert ask(quick, TILE, {"If-None-Match": etag, "Accept-Encoding": "gzip"})[0][:3] == "304"
    assert ask(quick, f"{TILE}?q=hole&status=open", {})[0][:3] == "200"
    assert ask(quick, "/tiles/all/3/0/0", {})[0][:3] == "204"


def test_a_change_is_there_with_the_next_answer(site: Flask) -> None:
    quick, _ = both_ways(site)
    for address in (TILE, f"{TILE}?q=hole", "/tiles/all/3/4/2"):
        before = ask(quick, address, {})
        assert ask(quick, address, {}) == before
        add_a_report(site)
        assert ask(quick, address, {})[2] != before[2]


def test_a_city_that_is_not_there_is_looked_for_once_and_refused_in_the_persons_language(
    site: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick, _ = both_ways(site)
    tiles = site.extensions[TILES]
    asked = mock.Mock(wraps=tiles.read)
    monkeypatch.setattr(tiles, "read", asked)
    status, headers, body = ask(quick, "/tiles/nowhere/3/4/2", {"Accept-Language": "pl"})
    assert status[:3] == "404"
    assert dict(headers)["Cache-Control"] == "no-store"
    assert json.loads(body)["error"] == "Nie ma tu takiego miasta."
    assert asked.call_count == 1


def test_what_the_database_does_not_answer_in_time_is_asked_once_and_told(
    site: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick, _ = both_ways(site)
    asked = mock.Mock(side_effect=psycopg2.errors.QueryCanceled)
    monkeypatch.setattr(site.extensions[TILES], "read", asked)
    status, headers, body = ask(quick, f"{TILE}?q=hole", {})
    assert status[:3] == "503"
    assert "Retry-After" in dict(headers)
    assert json.loads(body)["error"]
    assert asked.call_count == 1


def add_a_report(site: Flask) -> None:
    with site.app_context(), transaction(db.session) as session:
        make_report(session, list_cities(session)[0])
