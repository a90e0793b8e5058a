"""What the map's script is told of a city."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from civicmap.domain.jurisdictions.queries import City
from tests.factories.cities import make_category, make_city, make_department
from tests.factories.reports import make_report


@pytest.fixture
def city(session: Session) -> City:
    city = make_city(session)
    make_department(session, city, "roads")
    make_category(session, "pothole")
    make_category(session, "flooded_street")
    return city


def test_the_outline_has_the_boundary_and_the_districts(client: FlaskClient, city: City) -> None:
    answer = client.get("/poznan/outline.json")
    drawn = answer.get_json()
    assert drawn["boundary"]["type"] == "MultiPolygon"
    assert [area["name"] for area in drawn["areas"]] == ["East", "West"]
    assert [area["square_metres"] for area in drawn["areas"]] == [100_000_000, 100_000_000]
    again = client.get("/poznan/outline.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_a_department_that_narrows_the_view_is_named(
    client: FlaskClient, session: Session, city: City
) -> None:
    make_report(session, city)
    for page in ("/poznan/?department=roads", "/poznan/reports?department=roads"):
        chosen = client.get(page + "&lang=en").text.partition('data-key="clear:department"')[2]
        assert "Roads" in chosen[:400]
