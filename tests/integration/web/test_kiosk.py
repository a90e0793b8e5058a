"""A terminal in a town hall: it is told to be one, it forgets, and it stays one."""

from __future__ import annotations

import re
import time

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicmap.domain.accounts.actions.links import request_link
from civicmap.domain.accounts.models import OneTimeLink
from civicmap.domain.departments.queries import get_department
from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.notifications.links import send_link
from civicmap.domain.notifications.models import Letter
from civicmap.domain.reports.models import Report
from civicmap.web.shared.kiosk import BROWSER_COOKIE
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


def begin(client: FlaskClient, page: str) -> str:
    """Press the button of the question; where it leads."""
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    answer = client.post("/kiosk/begin?city=poznan", data={"csrf_token": token})
    assert answer.status_code == 303, answer.text
    assert answer.headers["Clear-Site-Data"] == '"cookies", "storage"'
    return str(answer.location)


@pytest.mark.parametrize(
    "headers", [{}, {"Sec-Fetch-Site": "none"}, {"Sec-Fetch-Site": "same-origin"}]
)
def test_a_messengers_link_asks_on_zofias_phone(
    client: FlaskClient, city: City, headers: dict[str, str]
) -> None:
    client.set_cookie(BROWSER_COOKIE, "zofias-phone")
    answer = client.get("/poznan/?kiosk=1", headers=headers)
    assert (answer.status_code, answer.location) == (303, "/kiosk/begin?city=poznan")
    page = client.get(answer.location).text
    assert "Make this browser a terminal for everybody?" in page
    assert 'href="/poznan/"' in page
    assert client.get_cookie(KIOSK) is None
    assert client.get_cookie(BROWSER_COOKIE) is not None
    assert "data-kiosk " not in client.get("/poznan/").text


def test_zofias_phone_becomes_one_at_her_word_alone(client: FlaskClient, city: City) -> None:
    client.set_cookie(BROWSER_COOKIE, "zofias-phone")
    forged = client.post("/kiosk/begin?city=poznan")
    assert forged.status_code == 400
    assert "The form had expired." in forged.text
    assert client.get_cookie(BROWSER_COOKIE) is not None
    start = begin(client, client.get("/kiosk/begin?city=poznan").text)
    assert client.get_cookie(BROWSER_COOKIE) is None
    assert "data-kiosk " in client.get(start).text


def test_anna_who_is_signed_in_is_asked(session: Session, client: FlaskClient, city: City) -> None:
    make_staff(session, city, get_department(session, city.id, "roads"))
    Visitor(client.application, client).sign_in("anna@example.org")
    answer = client.get("/?kiosk=1")
    assert answer.location == "/kiosk/begin"
    start = begin(client, client.get("/kiosk/begin?kiosk=1").text)
    assert "data-kiosk " in client.get(start).text
    assert client.get("/staff/poznan/").status_code == 302


def test_a_terminal_remembers_no_sign_in_overnight(
    session: Session, terminal: FlaskClient, city: City
) -> None:
    make_staff(session, city, get_department(session, city.id, "roads"))
    Visitor(terminal.application, terminal).sign_in("anna@example.org", remember=True)
    assert terminal.get("/staff/poznan/").status_code == 200
    assert terminal.get_cookie("civicmap_remember") is None


def test_a_link_for_my_reports_is_not_used_up_at_a_terminal(
    session: Session, terminal: FlaskClient, city: City
) -> None:
    report = make_report(session, city, email="zofia@example.org")
    request_link(
        session, kind="email", contact="zofia@example.org", language="en", wants_account=False
    )
    link_id = session.scalars(select(OneTimeLink.id)).one()
    send_link.function(session, link_id=link_id)
    letters = "".join(session.scalars(select(Letter.body)))
    found = re.search(r"/mine/open/[A-Za-z0-9_-]+", letters)
    assert found, letters
    token = terminal.get("/form-token").get_json()["csrf_token"]
    shown = terminal.get(found[0])
    assert "open it on your own phone or computer" in shown.text
    assert "<form" not in shown.text.partition("<main")[2].partition("</main")[0]
    assert terminal.post(found[0], data={"csrf_token": token}).status_code == 403
    phone = Visitor(terminal.application)
    page = phone.submit(phone.open(found[0]).forms[-1])
    assert "Your reports are on this device now." in page.text
    assert report.number in page.text


def test_me_too_counts_once_a_visit(session: Session, terminal: FlaskClient, city: City) -> None:
    report = make_report(session, city)
    address = f"/poznan/reports/{report.number}"

    def press() -> int:
        token = terminal.get("/form-token").get_json()["csrf_token"]
        fields = {"csrf_token": token, "follow": "1"}
        assert terminal.post(f"{address}/support", data=fields).status_code == 302
        session.expire_all()
        return session.scalars(select(Report.supporter_count)).one()

    assert "Me too" in terminal.get(f"{address}?lang=en").text
    assert [press(), press()] == [1, 1]
    page = terminal.get(f"{address}?lang=en").text
    assert "You see it too" in page
    assert "in My reports" not in page
    assert terminal.get_cookie(BROWSER_COOKIE) is None
    terminal.get("/kiosk/forget?city=poznan")
    terminal.get("/poznan/?kiosk=1")
    assert "You see it too" not in terminal.get(f"{address}?lang=en").text
    assert press() == 2  # the next visitor
