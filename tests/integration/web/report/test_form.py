"""From the empty form to a sent report, with the buttons of a browser without scripts."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.reports.models import Report, Reporter
from civicmap.extensions import limiter
from civicmap.web.report.emergency import emergency_numbers
from tests.factories.cities import make_category, make_city, make_department
from tests.factories.reports import make_report
from tests.integration.web.report.conftest import Form, hidden_fields, token_of


def count_reports(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Report)) or 0


def test_the_form_offers_places_categories_words_photos_and_contact(
    client: FlaskClient, city: City
) -> None:
    page = client.get("/poznan/report", headers={"Accept-Language": "pl"}).text
    for field in ("position", "area", "address", "category", "words", "photo", "email"):
        assert f'name="{field}"' in page
    assert "Dziura w jezdni" in page
    assert re.search(r'name="idempotency_key" value="[\w-]{16,}"', page)


def test_an_address_fills_in_what_is_known(client: FlaskClient, city: City) -> None:
    page = client.get("/poznan/report?position=52.41,16.85&category=pothole").text
    assert 'value="52.41,16.85"' in page
    assert re.search(r'value="pothole"[^>]*checked', page)


def test_the_page_to_check_says_who_gets_it_and_until_when(form: Form) -> None:
    page = form.press("check", email="zofia@example.org").text
    assert "Goes to" in page
    assert "Roads" in page
    assert "Expected by" in page
    assert "zofia@example.org" in page
    assert "West" in page  # the district of the point


def test_checked_and_sent_leads_to_the_reporters_own_page(form: Form, session: Session) -> None:
    checked = form.press("check")
    answer = form.client.post(
        "/poznan/report", data={**hidden_fields(checked.text), "action": "send"}
    )
    assert answer.status_code == 303
    number, secret = re.search(r"/mine/([^/]+)/([^/?]+)\?sent=1", answer.location).groups()  # type: ignore[union-attr]
    row = session.execute(
        select(Report.words, Reporter.secret).join(Reporter).where(Report.number == number)
    ).one()
    assert row.words == "A deep hole beside the tram stop."
    assert row.secret == secret


def test_pressed_twice_it_is_one_report(form: Form, session: Session) -> None:
    fields = {**hidden_fields(form.press("check").text), "action": "send"}
    first = form.client.post("/poznan/report", data=fields)
    second = form.client.post("/poznan/report", data=fields)
    assert first.location == second.location
    assert count_reports(session) == 1


def test_going_back_and_reporting_something_else_is_a_second_report(
    form: Form, session: Session
) -> None:
    make_category(session, "graffiti")
    for category in ("pothole", "graffiti"):
        checked = form.press("check", category=category)
        form.client.post("/poznan/report", data={**hidden_fields(checked.text), "action": "send"})
    assert count_reports(session) == 2


def test_a_script_gets_json_and_the_same_report_for_the_same_key(
    form: Form, session: Session
) -> None:
    first = form.ask("send")
    again = form.ask("send", words="The answer got lost, so this is sent once more.")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json is not None
    assert first.json["step"] == "sent"
    assert first.json == again.json
    assert count_reports(session) == 1


def test_another_problem_under_the_same_key_is_another_report(form: Form, session: Session) -> None:
    # A draft that stayed behind when the answer was lost, made into something else.
    make_category(session, "streetlight")
    first = form.ask("send")
    second = [form.ask("send", category="streetlight", words="It is dark.") for _ in range(2)]
    assert [answer.status_code for answer in second] == [201, 200]
    assert second[0].json == second[1].json != first.json
    assert count_reports(session) == 2


def test_the_same_problem_close_by_is_shown_before_anything_is_sent(
    form: Form, session: Session, city: City
) -> None:
    known = make_report(session, city, words="The hole at the stop")
    page = form.press("check").text
    assert "Already reported?" in page
    assert "The hole at the stop" in page
    assert f"/poznan/reports/{known.number}/support" in page


def test_whoever_has_another_problem_goes_on_to_check(
    form: Form, session: Session, city: City
) -> None:
    make_report(session, city)
    nearby = form.press("check").text
    page = form.client.post(
        "/poznan/report", data={**hidden_fields(nearby), "action": "check"}
    ).text
    assert "Check and send" in page


def test_me_too_from_the_form_counts_and_leads_to_the_report(
    form: Form, session: Session, city: City
) -> None:
    known = make_report(session, city)
    nearby = form.press("check").text
    answer = form.client.post(f"/poznan/reports/{known.number}/support", data=hidden_fields(nearby))
    assert answer.status_code == 302
    assert answer.location.endswith(known.number)
    assert session.scalar(select(Report.supporter_count)) == 1


def test_a_place_in_words_needs_no_map(form: Form, session: Session) -> None:
    answer = form.ask("send", position="", area="east", address="Behind the school")
    assert answer.status_code == 201
    assert session.scalar(select(Report.placed_by)) == "described"


def test_words_count_over_a_position_left_from_the_map(form: Form, session: Session) -> None:
    form.ask("send", place_by="words", area="east", address="Behind the school")
    assert session.scalar(select(Report.placed_by)) == "described"


def test_the_location_of_a_phone_is_kept_with_its_accuracy(form: Form, session: Session) -> None:
    form.ask("send", place_by="device", accuracy="24")
    row = session.execute(select(Report.placed_by, Report.accuracy_metres)).one()
    assert tuple(row) == ("device", 24)


def test_changing_an_answer_brings_the_form_back_filled(form: Form) -> None:
    page = form.press("change", words="Line one\nLine two", email="zofia@example.org").text
    assert "Line one\nLine two" in page
    assert "zofia@example.org" in page
    assert "needs your attention" not in page


def test_danger_to_life_is_told_whom_to_call_first(
    form: Form, session: Session, city: City
) -> None:
    make_category(session, "live_wire", urgency="emergency")
    stop = form.press("check", category="live_wire")
    assert "Is anybody in danger? Call first." in stop.text
    for number in ("112", "999", "998", "997", "992"):
        assert f'href="tel:{number}"' in stop.text
    # Who has read it goes on, and the report is accepted like any other.
    check = form.press("check", category="live_wire", warned="live_wire")
    assert "In danger, call 112 first." in check.text
    assert "Send the report" in check.text


@pytest.mark.parametrize(
    ("country", "numbers"),
    [
        ("PL", ["112", "999", "998", "997", "992"]),
        ("kz", ["112", "101", "102", "103", "104"]),
        ("KG", ["112", "101", "102", "103", "104"]),
        ("US", ["911"]),
        ("DE", ["112"]),
    ],
)
def test_each_country_has_its_own_numbers(country: str, numbers: list[str]) -> None:
    assert [one.number for one in emergency_numbers(country)] == numbers


def test_another_danger_is_another_warning(form: Form, session: Session, city: City) -> None:
    make_category(session, "live_wire", urgency="emergency")
    make_category(session, "gas", urgency="emergency")
    assert "Call first" in form.press("check", category="gas", warned="live_wire").text


def test_nobody_in_danger_is_asked_whether_it_is_known(
    form: Form, session: Session, city: City
) -> None:
    make_category(session, "live_wire", urgency="emergency")
    make_report(session, city, category="live_wire")
    stop = form.press("check", category="live_wire", is_another="")
    assert "Call first" in stop.text
    check = form.press("check", category="live_wire", is_another="", warned="live_wire")
    assert "Send the report" in check.text


def test_in_new_york_the_number_is_another(client: FlaskClient, session: Session) -> None:
    york = make_city(session, "new-york", country="US", square=(-74.1, 40.6, -73.9, 40.8))
    make_department(session, york)
    make_category(session)
    page = client.get("/new-york/report").text
    assert "911" in page
    assert "112" not in page


def test_what_is_held_back_says_so_before_sending(form: Form, session: Session) -> None:
    make_category(session, "noise", is_public=False)
    assert "A person reads reports of this kind" in form.press("check", category="noise").text


def test_contact_reaches_no_public_page(form: Form, session: Session) -> None:
    answer = form.ask("send", name="Zofia Zielińska", email="zofia@example.org", phone="600100200")
    assert answer.json is not None
    public = form.client.get("/poznan/reports?part=list").text
    near = form.client.get("/poznan/report/nearby?lat=52.41&lon=16.85&category=pothole").text
    for page in (public, near):
        assert "Zofia" not in page
        assert "zofia@" not in page
        assert "600100200" not in page


@pytest.fixture
def limits(app: Flask) -> object:
    """Limits as in real life, for a test or two."""
    limiter.enabled = True
    limiter.reset()
    yield limiter
    limiter.reset()
    limiter.enabled = False


@pytest.mark.usefixtures("limits")
def test_too_many_reports_from_one_address_lose_nothing(form: Form, session: Session) -> None:
    answers = [
        form.press("send", idempotency_key=f"{number:020}", words=f"Hole number {number}")
        for number in range(31)
    ]
    assert {answer.status_code for answer in answers[:30]} == {303}
    assert answers[30].status_code == 429
    assert "Too many requests from your network." in answers[30].text
    assert "Hole number 30" in answers[30].text
    assert token_of(answers[30].text)
    # Whoever repeats what arrived long ago still gets its answer.
    assert form.press("send", idempotency_key=f"{0:020}").status_code == 303
