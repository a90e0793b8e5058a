"""The panel beside the map in one answer, and what is refused."""

from __future__ import annotations

from base64 import urlsafe_b64encode

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from civicmap.domain.jurisdictions.queries import City
from civicmap.foundation.geo import Point
from tests.factories.cities import make_category, make_city, make_department
from tests.factories.reports import make_report

WEST = "16.845,52.405,16.855,52.415"


@pytest.fixture
def city(session: Session) -> City:
    city = make_city(session)
    make_department(session, city, "roads")
    make_category(session, "pothole")
    make_category(session, "flooded_street")
    make_report(session, city)
    make_report(session, city, point=Point(52.41, 16.95), category="flooded_street")
    return city


def test_all_parts_of_a_view_speak_of_the_same_ground(client: FlaskClient, city: City) -> None:
    part = client.get(f"/poznan/view?bbox={WEST}&zoom=16&lang=en").text
    assert "In this view" in part
    assert '<span data-count="open">1</span>' in part
    assert "1 report in view" in part
    assert "Pothole" in part
    assert "Flooded_Street" not in part
    assert part.count('class="report-card"') == 1
    for name in ("counts", "categories", "areas", "chosen", "list"):
        assert part.count(f'data-part="{name}"') == 1


def test_without_a_box_the_panel_speaks_of_the_whole_city(client: FlaskClient, city: City) -> None:
    part = client.get("/poznan/view?lang=en").text
    assert "In the whole city" in part
    assert '<span data-count="open">2</span>' in part
    assert "data-whole-city" not in part


def test_a_list_of_a_place_leads_on_in_that_place(client: FlaskClient, city: City) -> None:
    part = client.get(f"/poznan/view?bbox={WEST}&zoom=16&lang=en").text
    box = WEST.replace(",", "%2C")
    assert f'/poznan/reports?bbox={WEST}&amp;zoom=16"' in part.replace(box, WEST)
    there = client.get(f"/poznan/reports?bbox={WEST}&lang=en").text.replace(box, WEST)
    assert there.count('class="report-card"') == 1
    assert f"status=open&amp;bbox={WEST}" in there
    assert f'name="bbox" value="{WEST}"' in there
    assert "In this view" in there
    nowhere = client.get("/poznan/reports?bbox=16.81,52.31,16.82,52.32&lang=en").text
    assert "No reports in this part of the map." in nowhere
    everywhere = client.get("/poznan/reports?lang=en").text
    assert everywhere.count('class="report-card"') == 2
    assert "bbox" not in everywhere


def test_a_district_is_named_over_its_numbers(client: FlaskClient, city: City) -> None:
    part = client.get("/poznan/view?area=west&lang=en").text
    assert ">West</h2>" in part
    assert '<span data-count="open">1</span>' in part


def test_what_is_filtered_stands_over_the_numbers(client: FlaskClient, city: City) -> None:
    page = client.get("/poznan/?q=street&area=west&lang=en").text
    assert page.index('data-part="chosen"') < page.index('data-part="counts"')
    assert "2 filters" in page
    assert 'href="/poznan/" data-key="clear:every"' in page
    assert 'href="/poznan/?area=west" data-key="clear:q"' in page
    alone = client.get("/poznan/?q=street&lang=en").text
    assert 'href="/poznan/" data-key="clear:q"' in alone
    assert "clear:every" not in alone


def test_an_unchanged_panel_is_not_sent_again(client: FlaskClient, city: City) -> None:
    address = f"/poznan/view?bbox={WEST}&zoom=16"
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    "asked",
    [
        "bbox=16.8,52.4,nan,52.5",
        "bbox=16.8,52.4,16.9",
        "bbox=16.9,52.4,16.8,52.5",
        "bbox=52.4,16.8,152.5,116.9",
        "bbox=1e309,52,17,53",
        f"bbox={WEST}&zoom=31",
        f"bbox={WEST}&zoom=-1",
        f"bbox={WEST}&zoom=nan",
        f"bbox={WEST}&zoom=٣",
        "after=nonsense",
        "after=" + urlsafe_b64encode(b"0001-01-01T00:00:00+15:59|5").decode(),
        "q=a%00b",
    ],
)
def test_nonsense_is_refused_with_a_sentence(client: FlaskClient, city: City, asked: str) -> None:
    for page in ("view", "", "reports"):
        answer = client.get(f"/poznan/{page}?{asked}", headers={"Accept": "application/json"})
        assert answer.status_code == 400, page
        assert answer.get_json()["error"].endswith("."), page


def test_a_place_in_the_list_in_a_time_zone_that_is_nowhere_is_one_all_the_same(
    client: FlaskClient, city: City
) -> None:
    after = urlsafe_b64encode(b"2026-01-01T00:00:00+23:59|5").decode()
    for page in ("view", "", "reports"):
        assert client.get(f"/poznan/{page}?after={after}").status_code == 200, page
