"""What the map's script is told: true counts at every zoom, whatever the filters."""

from __future__ import annotations

import random

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from civicmap.domain.jurisdictions.queries import City
from civicmap.foundation.geo import Point, tile_of
from tests.factories.cities import make_category, make_city, make_department
from tests.factories.reports import make_report


@pytest.fixture
def city(session: Session) -> City:
    city = make_city(session)
    make_department(session, city, "roads")
    make_category(session, "pothole")
    make_category(session, "flooded_street")
    return city


def counts_of(answer: object) -> dict[str, int]:
    assert isinstance(answer, dict)
    counts = dict.fromkeys(("open", "in_progress", "fixed", "wont_fix"), 0)
    for _, _, *cell in answer.get("cells", []):
        for status, count in zip(counts, cell, strict=True):
            counts[status] += count
    for _, _, _, status, _ in answer.get("reports", []):
        counts[status] += 1
    return counts


def test_every_zoom_tells_the_same_true_count(
    client: FlaskClient, session: Session, city: City
) -> None:
    chance = random.Random(4)
    points = [Point(chance.uniform(52.3, 52.5), chance.uniform(16.8, 17.0)) for _ in range(90)]
    for number, point in enumerate(points):
        make_report(
            session, city, point=point, category="pothole" if number % 3 else "flooded_street"
        )
    for zoom in (3, 9, 11, 14, 18):
        tiles = {(tile_of(point, zoom).x, tile_of(point, zoom).y) for point in points}
        total = flooded = 0
        for x, y in tiles:
            answer = client.get(f"/poznan/tiles/{zoom}/{x}/{y}.json")
            total += counts_of(answer.get_json())["open"]
            filtered = client.get(f"/poznan/tiles/{zoom}/{x}/{y}.json?category=flooded_street")
            if filtered.status_code == 200:
                flooded += counts_of(filtered.get_json())["open"]
        assert (zoom, total, flooded) == (zoom, 90, 30)


def test_few_reports_come_one_by_one_with_their_numbers(
    client: FlaskClient, session: Session, city: City
) -> None:
    sent = make_report(session, city)
    at = tile_of(Point(52.41, 16.85), 12)
    answer = client.get(f"/poznan/tiles/12/{at.x}/{at.y}.json").get_json()
    assert answer == {"reports": [[sent.number, 52.41, 16.85, "open", "pothole"]]}


def test_an_unchanged_tile_is_not_sent_again(
    client: FlaskClient, session: Session, city: City
) -> None:
    make_report(session, city)
    at = tile_of(Point(52.41, 16.85), 12)
    address = f"/poznan/tiles/12/{at.x}/{at.y}.json"
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    make_report(session, city)
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_an_empty_tile_has_no_body(client: FlaskClient, city: City) -> None:
    answer = client.get("/poznan/tiles/12/0/0.json")
    assert (answer.status_code, answer.data) == (204, b"")


@pytest.mark.parametrize("tile", ["31/0/0", "12/4096/0", "99/1/1", "3/8/0"])
def test_a_tile_that_cannot_be_is_refused(client: FlaskClient, city: City, tile: str) -> None:
    answer = client.get(f"/poznan/tiles/{tile}.json", headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert answer.get_json()["error"]


def test_held_reports_are_on_no_tile(client: FlaskClient, session: Session, city: City) -> None:
    make_category(session, "noise", is_public=False)
    make_report(session, city, category="noise")
    at = tile_of(Point(52.41, 16.85), 12)
    assert client.get(f"/poznan/tiles/12/{at.x}/{at.y}.json").status_code == 204


def test_the_outline_has_the_boundary_and_the_districts(client: FlaskClient, city: City) -> None:
    answer = client.get("/poznan/outline.json")
    drawn = answer.get_json()
    assert drawn["boundary"]["type"] == "MultiPolygon"
    assert [area["name"] for area in drawn["areas"]] == ["East", "West"]
    again = client.get("/poznan/outline.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_a_department_that_narrows_the_view_is_named(
    client: FlaskClient, session: Session, city: City
) -> None:
    make_report(session, city)
    for page in ("/poznan/?department=roads", "/poznan/reports?department=roads"):
        chosen = client.get(page + "&lang=en").text.partition('data-key="clear:department"')[2]
        assert "Roads" in chosen[:400]
