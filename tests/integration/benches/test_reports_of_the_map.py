"""The reports that `bin/bench map` measures on: made in SQL, and nevertheless as civicmap's own."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, text

from benches.map import making
from benches.map.cities import CITIES
from civicmap.domain.publicmap.pyramid.verify import compare
from civicmap.domain.reports.numbers import read_number
from civicmap.foundation.database import make_engine
from civicmap.foundation.geo import Point, morton
from tests.conftest import clone_database, drop_database

REPORTS = 2_000


@pytest.fixture(scope="module")
def made(server_url: str, template_database: str) -> Iterator[str]:
    name = f"civicmap_test_{os.getpid()}_map"
    url = clone_database(server_url, template_database, name)
    making.make_contents(url, REPORTS, CITIES[9:11])
    yield url
    drop_database(server_url, name)


@pytest.fixture
def connection(made: str) -> Iterator[Connection]:
    engine = make_engine(made)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def rows(connection: Connection, sql: str) -> list[Any]:
    return list(connection.execute(text(sql)))


def test_there_are_as_many_as_asked_for_in_every_city_and_status(connection: Connection) -> None:
    assert rows(connection, "SELECT count(*), max(id) FROM reports") == [(REPORTS, REPORTS)]
    assert len(rows(connection, "SELECT DISTINCT jurisdiction_id, status FROM reports")) == 8


def test_each_lies_in_its_city_at_its_morton_code(connection: Connection) -> None:
    places = rows(
        connection,
        "SELECT ST_Y(point), ST_X(point), morton, ST_Covers(boundary, point) FROM reports"
        " JOIN jurisdictions ON jurisdictions.id = jurisdiction_id",
    )
    assert all(inside for *_, inside in places)
    assert all(
        code == morton(Point(latitude, longitude)) for latitude, longitude, code, _ in places
    )


def test_each_lies_in_its_area_of_its_city(connection: Connection) -> None:
    # Degrees are rounded to 10 cm after the area was found: a few lie that far beyond its border.
    ((areas, strangers, far),) = rows(
        connection,
        "SELECT count(area_id), count(*) FILTER (WHERE a.jurisdiction_id <> r.jurisdiction_id),"
        " max(ST_Distance(boundary::geography, point::geography))"
        " FROM reports r JOIN areas a ON a.id = area_id",
    )
    assert areas > 0.98 * REPORTS
    assert strangers == 0
    assert far < 0.2


def test_numbers_are_of_the_form_of_real_ones_and_all_different(connection: Connection) -> None:
    numbers = [number for (number,) in rows(connection, "SELECT number FROM reports")]
    assert all(read_number(number) == number for number in numbers)
    assert len(set(numbers)) == REPORTS


def test_departments_and_categories_are_those_of_the_city(connection: Connection) -> None:
    assert not rows(
        connection,
        "SELECT 1 FROM reports r JOIN departments d ON d.id = department_id"
        " WHERE d.jurisdiction_id <> r.jurisdiction_id",
    )
    frequencies = [
        many
        for (many,) in rows(
            connection, "SELECT count(*) FROM reports GROUP BY category_id ORDER BY 1 DESC"
        )
    ]
    assert len(frequencies) > 40
    assert frequencies[0] > 4 * frequencies[20]


def test_they_spread_over_eight_years_in_the_order_of_their_ids(connection: Connection) -> None:
    ((span, disorder),) = rows(
        connection,
        "SELECT max(created_at) - min(created_at), count(*) FILTER (WHERE earlier > created_at)"
        " FROM (SELECT created_at, lag(created_at) OVER (ORDER BY id) AS earlier FROM reports) r",
    )
    assert 2_900 < span.days <= 2_922
    assert disorder == 0


def test_the_indexes_are_back_as_the_migrations_made_them(
    connection: Connection, database_url: str
) -> None:
    names = "SELECT indexdef FROM pg_indexes WHERE tablename = 'reports' ORDER BY 1"
    migrated = make_engine(database_url)
    with migrated.connect() as other:
        assert rows(connection, names) == rows(other, names)
    migrated.dispose()


def test_the_map_counts_them(made: str) -> None:
    engine = make_engine(made)
    outcome = compare(engine)
    engine.dispose()
    assert outcome.cells > 0
    assert outcome.differences == 0


def test_a_database_that_was_made_alike_is_used_again(
    made: str, capsys: pytest.CaptureFixture[str]
) -> None:
    making.have_database(made, REPORTS, CITIES[9:11])
    assert re.search(r"is there with 2,000 reports", capsys.readouterr().out)
    assert making.made_with(made) == (making.VERSION, REPORTS, 2)
