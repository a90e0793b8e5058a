"""The front door of several cities: their totals, their list, and what their map is drawn from."""

from __future__ import annotations

import json
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from civicmap.domain.jurisdictions.actions.revision import touch_city
from civicmap.domain.jurisdictions.queries import City
from civicmap.foundation.geo import Point
from tests.factories.cities import make_category, make_city, make_department
from tests.factories.reports import make_reports


@pytest.fixture
def cities(session: Session) -> list[City]:
    poznan = make_city(session, names={"pl": "Poznań", "ru": "Познань"})
    almaty = make_city(session, "almaty", square=(76.7, 43.1, 77.1, 43.4), time_zone="Asia/Almaty")
    for city in (poznan, almaty):
        make_department(session, city)
    make_category(session)
    make_reports(session, poznan, [Point(52.4, 16.9)] * 3, statuses=["open", "fixed"])
    make_reports(session, almaty, [Point(43.2, 76.9)] * 2, statuses=["fixed"])
    return [poznan, almaty]


def test_several_cities_are_listed_without_a_script_and_mapped_with_one(
    client: FlaskClient, cities: list[City]
) -> None:
    page = client.get("/?lang=en").text
    assert "1 of 3 reports fixed" in page and "2 of 2 reports fixed" in page
    assert 'href="/poznan/"' in page and 'href="/almaty/"' in page
    assert re.search(r'data-count="fixed">3<', page)
    assert 'data-report-tiles="/tiles/all/{z}/{x}/{y}"' in page
    assert 'data-report-url="/find?number=NUMBER"' in page
    # The map opens with all of them in view.
    south, west, north, east = map(float, re.search(r'data-bounds="([^"]+)"', page)[1].split(","))  # type: ignore[index]
    assert south < 43.1 and west < 16.8 and north > 52.5 and east > 77.1
    # A text browser is shown no empty frame.
    text = client.get("/", headers={"User-Agent": "w3m/0.5.3"}).text
    assert "cities-map" not in text and "/almaty/" in text


def test_a_page_without_a_map_loads_nothing_for_one(client: FlaskClient, session: Session) -> None:
    page = client.get("/?lang=en").text
    assert "No city has been set up here yet" in page
    assert "leaflet" not in page and "public/home.js" not in page


def test_every_city_is_drawn_coarsely_in_the_language_asked_for(
    client: FlaskClient, session: Session, cities: list[City]
) -> None:
    answer = client.get("/outlines.json?lang=ru")
    drawn = {city["name"]: city for city in json.loads(answer.data)["cities"]}
    assert set(drawn) == {"Познань", "Almaty"}
    assert drawn["Познань"]["box"] == [16.8, 52.3, 17.0, 52.5]
    assert drawn["Познань"]["boundary"]["coordinates"]
    assert client.get(drawn["Almaty"]["outline"]).get_json()["areas"]
    assert "max-age=3600" in answer.headers["Cache-Control"]
    again = {"If-None-Match": answer.headers["ETag"]}
    assert client.get("/outlines.json?lang=ru", headers=again).status_code == 304
    assert client.get("/outlines.json?lang=pl", headers=again).status_code == 200
    touch_city(session, jurisdiction_id=cities[1].id)
    assert client.get("/outlines.json?lang=ru", headers=again).status_code == 200
