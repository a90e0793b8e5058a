"""A terminal in a town hall: it is told to be one, it forgets, and it stays one."""

from __future__ import annotations

import time

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from civicmap.domain.departments.queries import get_department
from civicmap.domain.jurisdictions.queries import City
from tests.factories.cities import make_category, make_city, make_department
from tests.factories.people import make_staff
from tests.factories.reports import make_report
from tests.factories.visitors import Visitor

KIOSK = "civicmap_kiosk"


@pytest.fixture
def city(session: Session) -> City:
    city = make_city(session)
    make_department(session, city, "roads")
    make_category(session)
    return city


@pytest.fixture
def terminal(client: FlaskClient, city: City) -> FlaskClient:
    client.get("/poznan/?kiosk=1")
    return client


def test_the_terminal_stays_one_from_page_to_page(terminal: FlaskClient) -> None:
    page = terminal.get("/poznan/report")
    assert "data-kiosk " in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert '<meta http-equiv="refresh" content="600;url=/kiosk/forget?city=poznan">' in page.text


def test_every_answer_about_reports_stays_out_of_the_browsers_cache(terminal: FlaskClient) -> None:
    for address in ("/poznan/reports", "/poznan/outline.json", "/form-token", "/nowhere/"):
        assert terminal.get(address).headers["Cache-Control"] == "no-store", address


def test_a_phone_is_no_terminal(client: FlaskClient, city: City) -> None:
    page = client.get("/poznan/")
    assert "data-kiosk" not in page.text
    assert client.get_cookie(KIOSK) is None


def test_the_caretaker_ends_it(terminal: FlaskClient) -> None:
    assert "data-kiosk " not in terminal.get("/poznan/?kiosk=0").text
    assert terminal.get_cookie(KIOSK) is None


def test_another_site_cannot_make_a_kiosk_of_a_phone(client: FlaskClient, city: City) -> None:
    page = client.get("/poznan/?kiosk=1", headers={"Sec-Fetch-Site": "cross-site"})
    assert "data-kiosk " not in page.text
    assert client.get_cookie(KIOSK) is None


def test_forgetting_drops_every_cookie_and_begins_again(terminal: FlaskClient) -> None:
    terminal.get("/poznan/report?lang=pl")
    assert terminal.get_cookie("civicmap_language") is not None
    answer = terminal.get("/kiosk/forget?city=poznan")
    assert (answer.status_code, answer.location) == (303, "/poznan/?kiosk=1")
    assert answer.headers["Clear-Site-Data"] == '"cookies", "storage"'
    for name in ("civicmap", "civicmap_language", KIOSK):
        assert terminal.get_cookie(name) is None, name
    assert "data-kiosk " in terminal.get(answer.location).text


def test_forgetting_signs_out(session: Session, terminal: FlaskClient, city: City) -> None:
    make_staff(session, city, get_department(session, city.id, "roads"))
    Visitor(terminal.application, terminal).sign_in("anna@example.org")
    assert terminal.get("/staff/poznan/").status_code == 200
    terminal.post("/kiosk/forget?city=poznan")
    assert terminal.get("/staff/poznan/").status_code == 302


def test_nobodys_own_phone_forgets_by_a_link(client: FlaskClient, city: City) -> None:
    client.get("/poznan/?lang=pl")
    answer = client.get("/kiosk/forget?city=poznan")
    assert "Clear-Site-Data" not in answer.headers
    assert answer.location == "/poznan/"
    assert client.get_cookie("civicmap_language") is not None


def test_a_form_of_the_person_before_is_not_shown_again(terminal: FlaskClient) -> None:
    """Back, then "send the form again": the browser still has its fields, we do not take them."""
    page = terminal.get("/poznan/report").text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    fields = {"csrf_token": token, "action": "check", "email": "jan@example.org"}
    assert "jan@example.org" in terminal.post("/poznan/report", data=fields).text
    terminal.get("/kiosk/forget?city=poznan")
    terminal.get("/poznan/?kiosk=1")
    again = terminal.post("/poznan/report", data=fields)
    assert (again.status_code, again.location) == (303, "/poznan/?kiosk=1")


def test_the_link_of_the_person_before_leads_nowhere(
    session: Session, terminal: FlaskClient, city: City
) -> None:
    """The browser's history has it; whoever presses Back is somebody else."""
    report = make_report(session, city)
    own = f"/mine/{report.number}/{report.secret}?sent=1"
    page = terminal.get(own).text
    assert "take-along__code" in page
    assert report.number in page
    terminal.set_cookie(KIOSK, str(int(time.time()) + 30))  # the next visit
    refused = terminal.get(own)
    assert refused.status_code == 404
    assert report.number not in refused.text
    terminal.get("/poznan/?kiosk=0")
    assert terminal.get(own).status_code == 200
