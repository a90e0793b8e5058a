"""Tiles of counts: what the map is told is what the reports say, at every zoom and filter."""

from __future__ import annotations

import gzip
import json
import random
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

import psycopg2.errors
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from civicmap.domain.categories.models import Category, CategoryGroup
from civicmap.domain.departments.models import Department
from civicmap.domain.jurisdictions.models import Area
from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.publicmap.pyramid.fold import fold
from civicmap.domain.publicmap.tiles import answer
from civicmap.domain.publicmap.tiles.answer import Tiles
from civicmap.domain.publicmap.tiles.ground import Ground
from civicmap.domain.publicmap.tiles.plan import Question
from civicmap.domain.reports.models import Report
from civicmap.domain.reports.queries.public.filters import Filters
from civicmap.domain.reports.queries.public.words import words_to_seek
from civicmap.domain.reports.workflow import CLOSED, STATUSES
from civicmap.foundation.geo import Point, morton, tile_of
from civicmap.foundation.geo.cells import cell_tile
from civicmap.web.public.ready_tiles import ReadyTiles
from civicmap.web.public.tile_answers import READY_TILES, TILES
from tests.factories.cities import make_category, make_city, make_department, make_group
from tests.factories.reports import make_report, next_number

FEW = 200
HERE = Point(52.41, 16.85)


@dataclass(frozen=True)
class Made:
    """A report as the tests made it, and as the map must tell it."""

    city: str
    number: str
    morton: int
    category: str
    group: str
    area: str
    department: str
    status: str
    day: date


@pytest.fixture
def poznan(session: Session) -> City:
    city = make_city(session)
    make_department(session, city, "roads")
    make_department(session, city, "parks")
    return city


@pytest.fixture
def made(session: Session, poznan: City) -> list[Made]:
    """Reports of two neighbouring cities, some of them folded, others waiting, none to see among
    them; a pile at one spot."""
    gniezno = make_city(
        session, "gniezno", square=(17.0, 52.3, 17.2, 52.5), time_zone="America/New_York"
    )
    make_department(session, gniezno, "roads")
    for key, group in (("pothole", "streets"), ("lamp", "streets"), ("bench", "green")):
        make_group(session, group)
        make_category(session, key, group=group)
    chance = random.Random(11)
    choices = {city.slug: _choices(session, city) for city in (poznan, gniezno)}
    made = []
    for part in range(3):
        for index in range(420):
            city = gniezno if chance.random() < 0.2 else poznan
            is_of_the_pile = part == 1 and index < 260
            report, told = _make_one(chance, city, choices[city.slug], is_of_the_pile)
            session.add(report)
            made += [told] if report.visibility == "public" else []
        session.flush()
        if part == 0:
            fold(session)
    return made


def _choices(session: Session, city: City) -> tuple[list[Any], list[Any], list[Any]]:
    """Categories, areas and departments, none among them."""
    categories = session.execute(
        select(Category.id, Category.key, CategoryGroup.key)
        .join(CategoryGroup, CategoryGroup.id == Category.group_id)
        .order_by(Category.id)
    ).all()
    areas = session.execute(
        select(Area.id, Area.slug).where(Area.jurisdiction_id == city.id).order_by(Area.id)
    ).all()
    departments = session.execute(
        select(Department.id, Department.code)
        .where(Department.jurisdiction_id == city.id)
        .order_by(Department.id)
    ).all()
    return list(categories), list(areas), [*departments, (None, "")]


def _make_one(
    chance: random.Random,
    city: City,
    choices: tuple[list[Any], list[Any], list[Any]],
    is_of_the_pile: bool,
) -> tuple[Report, Made]:
    categories, areas, departments = choices
    category = chance.choices(categories, [8, 3, 1])[0]
    area, department = chance.choice(areas), chance.choice(departments)
    status = chance.choices(STATUSES, [4, 2, 5, 1])[0]
    at = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(3 * 365 * 1440))
    spread = 0.0 if is_of_the_pile else chance.choice([0.0005, 0.02])
    middle = city.box.center
    point = Point(
        middle.latitude + chance.uniform(-spread, spread),
        middle.longitude + chance.uniform(-spread, spread),
    )
    report = Report(
        jurisdiction_id=city.id,
        number=next_number(city.number_prefix),
        category_id=category[0],
        area_id=area[0],
        department_id=department[0],
        status=status,
        visibility=chance.choices(["public", "held", "hidden"], [20, 1, 1])[0],
        closed_at=at if status in CLOSED else None,
        created_at=at,
        words="A deep hole.",
        language="en",
        point=f"SRID=4326;POINT({point.longitude} {point.latitude})",
        morton=morton(point),
    )
    told = Made(
        city=city.slug,
        number=report.number,
        morton=report.morton,
        category=category[1],
        group=category[2],
        area=area[1],
        department=department[1],
        status=status,
        day=at.astimezone(city.zone).date(),
    )
    return report, told


def holds(filters: Filters, made: Made) -> bool:
    return (
        (not filters.statuses or made.status in filters.statuses)
        and (not filters.category or made.category == filters.category)
        and (not filters.group or made.group == filters.group)
        and (not filters.area or made.area == filters.area)
        and (not filters.department or made.department == filters.department)
        and (not filters.since or made.day >= filters.since)
        and (not filters.until or made.day <= filters.until)
    )


FILTERS = [
    Filters(),
    Filters(statuses=("open", "wont_fix")),
    Filters(group="streets"),
    Filters(category="bench", statuses=("open",)),
    Filters(category="pothole"),
    Filters(area="west"),
    Filters(department="roads"),
    Filters(since=date(2025, 1, 1), until=date(2025, 12, 31)),
    Filters(since=date(2024, 3, 17)),
    Filters(until=date(2026, 5, 9), statuses=("fixed",)),
    Filters(since=date(2025, 2, 3), until=date(2025, 2, 17)),
    Filters(category="pothole", since=date(2024, 6, 2)),
    Filters(category="pothole", since=date(2024, 1, 20), until=date(2026, 6, 25)),
    Filters(group="streets", since=date(2025, 1, 1)),
    Filters(group="streets", since=date(2024, 2, 3), until=date(2024, 2, 27)),
    Filters(department="roads", statuses=("open", "fixed"), until=date(2026, 3, 9)),
    Filters(area="west", since=date(2024, 6, 1), until=date(2025, 12, 31)),
    Filters(category="pothole", group="green"),
    Filters(area="east", department="roads", group="streets"),
    Filters(category="nothing_like_it"),
]


@pytest.mark.parametrize("city", ["poznan", "all"])
def test_every_tile_tells_what_the_reports_say(
    app: Flask, session: Session, made: list[Made], city: str
) -> None:
    tiles: Tiles = app.extensions[TILES]
    chance = random.Random(7)
    seen = Counter[str]()
    for zoom in range(21):
        points = {made[0].morton, made[500].morton, chance.choice(made).morton}
        for code in {code >> 2 * (30 - zoom) for code in points}:
            x, y = cell_tile(code)
            for filters in FILTERS:
                ground = Ground(zoom, x, y)
                told = tiles.read(Question(city, ground, filters))
                inside = [
                    one
                    for one in made
                    if city in ("all", one.city)
                    and one.morton >> 2 * (30 - zoom) == code
                    and holds(filters, one)
                ]
                seen[_compare(ground, told.body, inside, filters)] += 1
    assert min(seen["empty"], seen["cells"], seen["reports"]) > 20


def _compare(ground: Ground, body: bytes, inside: list[Made], filters: Filters) -> str:
    where = (ground, filters)
    if not inside:
        assert body == b"", where
        return "empty"
    told = json.loads(body)
    low = ground.codes[0]
    assert told["more"] is False
    if told["cells"]["rows"]:
        level = told["cells"]["level"]
        assert ground.z + 2 <= level <= max(ground.z + 5, 8), where
        rows = told["cells"]["rows"]
        cells = {i: tuple(counts) for i, *counts in zip(*[iter(rows)] * 5, strict=True)}
        expected: dict[int, list[int]] = {}
        for one in inside:
            counts = expected.setdefault(one.morton - low >> 2 * (30 - level), [0, 0, 0, 0])
            counts[STATUSES.index(one.status)] += 1
        assert cells == {i: tuple(counts) for i, counts in expected.items()}, where
        assert list(cells) == sorted(cells)
        assert told["reports"]["rows"] == []
        return "cells"
    assert len(inside) <= FEW, where
    level = told["reports"]["level"]
    rows = told["reports"]["rows"]
    expected_reports = {
        (one.morton - low >> 2 * (30 - level), one.number, one.category, STATUSES.index(one.status))
        for one in inside
    }
    assert set(zip(*[iter(rows)] * 4, strict=True)) == expected_reports, where
    assert len(rows) == 4 * len(inside)
    return "reports"


@pytest.mark.parametrize(
    "filters",
    [
        Filters(department="roads", statuses=("wont_fix",), since=date(2025, 2, 9)),
        Filters(group="green", statuses=("open",), since=date(2024, 1, 1)),
        Filters(area="west", statuses=("wont_fix",)),
    ],
)
def test_few_reports_among_too_many_to_look_through_are_told_as_cells(
    app: Flask,
    session: Session,
    made: list[Made],
    monkeypatch: pytest.MonkeyPatch,
    filters: Filters,
) -> None:
    monkeypatch.setattr(answer, "MOST_LOOKED_THROUGH", -1)
    tiles: Tiles = app.extensions[TILES]
    ground = Ground(*tile_of(Point(52.4, 16.9), 9))
    low, high = ground.codes
    inside = [
        one
        for one in made
        if one.city == "poznan" and low <= one.morton <= high and holds(filters, one)
    ]
    assert 0 < len(inside) <= FEW
    told = tiles.read(Question("poznan", ground, filters))
    assert _compare(ground, told.body, inside, filters) == "cells"
    again = tiles.read(Question("poznan", ground, filters), known=told.revision)
    assert again.is_same


def address_of(point: Point, zoom: int, city: str = "poznan", query: str = "") -> str:
    tile = tile_of(point, zoom)
    return f"/tiles/{city}/{zoom}/{tile.x}/{tile.y}{query}"


@pytest.fixture
def pothole(session: Session, poznan: City) -> str:
    make_category(session, "pothole")
    return make_report(session, poznan).number


def test_the_page_of_a_city_carries_tiles_that_hold_all_of_it(
    client: FlaskClient, made: list[Made]
) -> None:
    page = client.get("/poznan/").text
    carried = json.loads(unescape(page.split("data-first-tiles='")[1].split("'")[0]))
    told = Counter[str]()
    for tile in carried:
        cells = tile["body"]["cells"]["rows"]
        for at, status in enumerate(STATUSES, start=1):
            told[status] += sum(cells[at::5])
        told.update(STATUSES[index] for index in tile["body"]["reports"]["rows"][3::4])
    assert told == Counter(one.status for one in made if one.city == "poznan")
    for narrowed in ("?view=52.4,16.9,12", "?category=pothole", "?q=hole"):
        assert "data-first-tiles" not in client.get(f"/poznan/{narrowed}").text


def test_a_tile_may_be_shared_and_is_the_same_for_everybody(
    client: FlaskClient, pothole: str
) -> None:
    address = address_of(HERE, 12)
    answer = client.get(address, headers={"Accept-Language": "pl", "Cookie": "civicmap_kiosk=1"})
    again = client.get(address, headers={"Accept-Language": "en"})
    assert (answer.data, answer.headers["ETag"]) == (again.data, again.headers["ETag"])
    assert answer.headers["Cache-Control"] == "public, max-age=0, s-maxage=5"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert "Set-Cookie" not in answer.headers
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.get_json() == {
        "cells": {"level": 16, "rows": []},
        "reports": {
            "level": 24,
            "rows": [morton(HERE, 24) & 0xFFFFFF, pothole, "pothole", 0],
        },
        "more": False,
    }


def test_a_large_tile_is_compressed_for_who_takes_it(
    client: FlaskClient, session: Session, made: list[Made]
) -> None:
    address = address_of(Point(52.4, 16.9), 13)
    plain = client.get(address)
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    refused = client.get(address, headers={"Accept-Encoding": "gzip;q=0"})
    assert refused.data == plain.data


@pytest.mark.parametrize(
    "query",
    ["", "?status=open", "?category=pothole", "?since=2020-01-05&category=pothole", "?q=hole"],
)
def test_an_unchanged_tile_is_not_sent_again_and_a_changed_one_is(
    client: FlaskClient, session: Session, poznan: City, pothole: str, query: str
) -> None:
    for zoom in (5, 12, 17):
        address = address_of(HERE, zoom, query=query)
        first = client.get(address)
        assert first.status_code == 200
        held = {"If-None-Match": first.headers["ETag"]}
        again = client.get(address, headers=held)
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
        fold(session)
        assert client.get(address, headers=held).status_code == 304
        make_report(session, poznan)
        changed = client.get(address, headers=held)
        assert changed.status_code == 200
        assert changed.headers["ETag"] != first.headers["ETag"]
        assert changed.data != first.data


def test_a_validator_that_only_reads_like_the_right_one_gets_the_tile(
    app: Flask, client: FlaskClient, pothole: str
) -> None:
    address = address_of(HERE, 12)
    form, *numbers = client.get(address).headers["ETag"][3:-1].split("-")
    for place in range(len(numbers)):
        padded = [f"00{n}" if at == place else n for at, n in enumerate(numbers)]
        app.extensions[READY_TILES] = ReadyTiles()
        held = {"If-None-Match": f'W/"{"-".join([form, *padded])}"'}
        assert client.get(address, headers=held).status_code == 200


def test_a_tile_is_kept_once_however_its_address_is_written(
    app: Flask, client: FlaskClient, pothole: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    monkeypatch.setattr(app.extensions[READY_TILES], "put", lambda asked, *_: made.append(asked))
    for query in (
        "status=open&category=pothole",
        "category=pothole&status=open&status=open",
        "category=pothole&x=1&status=open",
        "category=pothole&status=open&bbox=1,2,3,4",
    ):
        client.get(address_of(HERE, 12, query=f"?{query}"))
    assert len(made) == 4
    assert len(set(made)) == 1


def test_a_page_whose_first_tiles_fail_goes_without(
    app: Flask, client: FlaskClient, pothole: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise psycopg2.errors.QueryCanceled

    assert "data-first-tiles" in client.get("/poznan/").text
    monkeypatch.setattr(app.extensions[TILES], "read", fail)
    page = client.get("/poznan/")
    assert page.status_code == 200
    assert "data-first-tiles" not in page.text


@pytest.mark.parametrize("query", ["", "&category=pothole", "&q=hole"])
@pytest.mark.parametrize(
    ("time_zone", "at"),
    [
        # At 01:00 UTC clocks went from 01:00 back to 00:00: midnight came twice.
        ("Atlantic/Azores", datetime(2024, 10, 27, 0, 30, tzinfo=UTC)),
        # At 17:00 UTC they went from 23:00 to 24:00: the last hour of the 19th never came.
        ("Asia/Dhaka", datetime(2009, 6, 19, 17, 30, tzinfo=UTC)),
    ],
)
def test_a_day_begins_with_its_first_moment_where_clocks_change_at_midnight(
    client: FlaskClient, session: Session, time_zone: str, at: datetime, query: str
) -> None:
    city = make_city(session, time_zone=time_zone)
    make_category(session, "pothole")
    number = make_report(session, city).number
    session.execute(update(Report).values(created_at=at))
    day = at.astimezone(city.zone).date()
    for days in (-1, 0, 1):
        asked = "since={0}&until={0}{1}".format(day + timedelta(days), query)
        for zoom in (3, 5, 12, 15, 18):
            answer = client.get(address_of(HERE, zoom, query=f"?{asked}"))
            assert answer.status_code == (204 if days else 200), (zoom, days)
        assert (number in client.get(f"/poznan/view?{asked}").text) is not bool(days)
        districts = client.get(f"/poznan/districts.json?{asked}").get_json()
        assert sum(map(sum, districts.values())) == (not days)


def test_a_change_elsewhere_leaves_a_tile_as_it_is(
    client: FlaskClient, session: Session, poznan: City, pothole: str
) -> None:
    near, around = address_of(HERE, 14), address_of(HERE, 6)
    held_near = {"If-None-Match": client.get(near).headers["ETag"]}
    held_around = {"If-None-Match": client.get(around).headers["ETag"]}
    make_report(session, poznan, point=Point(52.48, 16.81))
    assert client.get(near, headers=held_near).status_code == 304
    assert client.get(around, headers=held_around).status_code == 200


@pytest.mark.parametrize("query", ["", "?category=no_such_category", "?area=nowhere", "?q=zebra"])
def test_an_empty_tile_has_no_body_but_a_validator(
    client: FlaskClient, pothole: str, query: str
) -> None:
    address = address_of(HERE if query else Point(10, 10), 12, query=query)
    answer = client.get(address)
    assert (answer.status_code, answer.data) == (204, b"")
    again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("/tiles/poznan/23/0/0", 400),
        ("/tiles/poznan/12/4096/0", 400),
        ("/tiles/poznan/-1/0/0", 400),
        ("/tiles/poznan/1e1/0/0", 400),
        ("/tiles/poznan/٣/0/0", 400),
        ("/tiles/poznan/03/0/0", 400),
        ("/tiles/poznan/3/99999999999999999999/0", 400),
        ("/tiles/poznan/3/1/1?since=31.12.2025", 400),
        ("/tiles/poznan/3/1/1?since=2025-02-30", 400),
        ("/tiles/poznan/3/1/1?since=2025-06-02&until=2025-06-01", 400),
        ("/tiles/nowhere/3/1/1", 404),
        ("/tiles/nowhere/3/1/1?q=hole", 404),
        ("/tiles/poznan%00/3/1/1", 404),
        ("/tiles/poznan/3/1/1?q=%00", 400),
        ("/tiles/poznan/3/1/1?category=%00", 400),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(
    client: FlaskClient, poznan: City, address: str, code: int
) -> None:
    answer = client.get(address, headers={"Accept-Language": "pl"})
    assert answer.status_code == code
    assert answer.get_json()["error"]
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "query",
    [
        "q=%26%7C%21%3A%2A%28", "q='", "q=%25s%28x%29s",
        "status=x&status=y", "since=0001-01-01", "until=9999-12-31", "since=2300-01-01",
        "until=1900-01-01", "since=9999-12-31", "until=0001-01-01", "until=1969-12-31&q=hole",
        "since=2300-01-01&category=pothole&area=west", "q=" + "a" * 3000,
        "area=a&area=b", "bbox=1,2,3,4", "q=" + "+".join("abcdefghijklmnop"),
    ],
)  # fmt: skip
def test_odd_queries_are_no_error(client: FlaskClient, pothole: str, query: str) -> None:
    answer = client.get(address_of(HERE, 12, query=f"?{query}"))
    assert answer.status_code in (200, 204)


@pytest.mark.parametrize(
    "query", ["since=9999-12-31", "since=2300-01-01&area=west", "until=0001-01-01&q=hole"]
)
def test_days_that_never_were_have_no_reports(
    client: FlaskClient, pothole: str, query: str
) -> None:
    for zoom in (3, 12, 18):
        assert client.get(address_of(HERE, zoom, "all", f"?{query}")).status_code == 204
        assert client.get(address_of(HERE, zoom, query=f"?{query}")).status_code == 204
        assert client.get(address_of(HERE, zoom, "nowhere", f"?{query}")).status_code == 404
    assert client.get(f"/poznan/months.json?{query}").status_code == 200
    panel = client.get(f"/poznan/view?{query}")
    assert panel.status_code == 200
    assert pothole not in panel.text


@pytest.mark.parametrize("visibility", ["held", "hidden"])
def test_what_is_not_public_is_in_no_tile(
    client: FlaskClient, session: Session, pothole: str, visibility: str
) -> None:
    session.execute(update(Report).values(visibility=visibility))
    queries = ["", "?q=hole", "?category=pothole", "?since=2020-01-05", "?area=west"]
    for zoom in (3, 12, 18):
        for city in ("poznan", "all"):
            for query in queries:
                assert client.get(address_of(HERE, zoom, city, query)).status_code == 204


class TestWords:
    @pytest.mark.parametrize(
        "typed", ["hole", "HOLE tram", "dabrow", "Dąbrowskiego 42", "stop, deep!", "42 holes"]
    )
    def test_find_reports_by_their_beginnings_whatever_their_marks(
        self, client: FlaskClient, pothole: str, typed: str
    ) -> None:
        for city in ("poznan", "all"):
            answer = client.get(address_of(HERE, 12, city), query_string={"q": typed})
            found = answer.status_code == 200
            assert found is (typed != "42 holes")
            if found:
                assert answer.get_json()["reports"]["rows"][1] == pothole

    def test_are_not_found_while_nobody_has_looked_at_them(
        self, client: FlaskClient, session: Session, pothole: str
    ) -> None:
        session.execute(update(Report).values(content="held"))
        for typed in ("hole", "Dąbrowskiego"):
            assert client.get(address_of(HERE, 12, query=f"?q={typed}")).status_code == 204
        assert client.get(address_of(HERE, 12)).status_code == 200

    def test_are_folded_by_the_database_as_by_us(self, session: Session) -> None:
        letters = "ĄąŁłĖėŻżÉéЁёØøĐđÏïÜßẞİıÅåŞșҚқӘәҢңӨөҮүЙйЇї"
        signs = "-/.,:;_@'’&#+*=~^%$!?()[]{}<>|«»„”“…–"
        written = [f"ab{sign}cd" for sign in letters + signs]
        written += [
            "ul.Św.Marcin 12/14a",
            "somebody@example.org http://example.org/z",
            "3.5",
            "Ёлка/сквер-2б",
        ]
        for words in written:
            sought = func.to_tsquery("simple", words_to_seek(words))
            found = session.scalar(select(func.searchable_words(words, "").op("@@")(sought)))
            assert found, words
            shelved = session.scalar(
                text(
                    "SELECT shelved_words(:words, '', 0, '1970-01-01+00') @@ regexp_replace("
                    "to_tsquery('simple', :sought)::text, '''(?!:)', '''s0c0x', 'g')::tsquery"
                ),
                {"words": words, "sought": words_to_seek(words)},
            )
            assert shelved, words


def test_a_day_is_the_citys_own(client: FlaskClient, session: Session, poznan: City) -> None:
    make_category(session, "pothole")
    late = make_report(session, poznan)
    # Half past midnight on the first of June in Poznań; still May in UTC.
    at = datetime(2026, 5, 31, 22, 30, tzinfo=UTC)
    session.execute(update(Report).where(Report.id == late.report_id).values(created_at=at))
    for zoom in (4, 7, 9, 12, 18):
        for query, found in (
            ("since=2026-06-01", True),
            ("since=2026-06-01&until=2026-06-01", True),
            ("until=2026-05-31", False),
            ("since=2026-05-31&until=2026-05-31", False),
            ("since=2026-06-01&until=2026-06-01&category=pothole", True),
            ("since=2026-05-31&until=2026-05-31&category=pothole", False),
        ):
            answer = client.get(address_of(HERE, zoom, query=f"?{query}"))
            assert answer.status_code == (200 if found else 204), (zoom, query)
