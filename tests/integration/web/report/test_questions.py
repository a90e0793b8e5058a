"""Zofia answers what her category asks, with the buttons of a browser without scripts."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicmap.domain.categories.models import Category
from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.reports.models import Report, ReportAnswer
from tests.factories.cities import make_category, make_questions
from tests.factories.questions import DEPTH, NEAR, SEEN, SMELL
from tests.integration.web.report.conftest import Form, hidden_fields, post, token_of

PATH = "/poznan/report"


@pytest.fixture
def asking(session: Session, form: Form) -> Form:
    """The form of a city whose potholes ask four things."""
    pothole = session.scalars(select(Category).where(Category.key == "pothole")).one()
    make_questions(session, pothole, SMELL, DEPTH, NEAR, SEEN)
    return form


def press(client: FlaskClient, page: str, action: str, **answers: str | list[str]) -> str:
    """Press a button of a page between the form and sending."""
    fields = {**hidden_fields(page), "csrf_token": token_of(page), "action": action, **answers}
    return post(client, PATH, fields).text


def send(client: FlaskClient, page: str, **answers: list[str]) -> tuple[str, str]:
    """Send; the number and the secret of the report."""
    answered = post(client, PATH, {**hidden_fields(page), "action": "send", **answers})
    assert answered.status_code == 303
    found = re.search(r"/mine/([^/]+)/([^/?]+)", answered.location)
    assert found
    return found[1], found[2]


def test_the_questions_come_after_the_form_and_before_the_page_to_check(asking: Form) -> None:
    page = asking.press("check").text
    assert "Do you smell gas?" in page
    assert "error-summary" not in page
    assert 'name="q.depth"' in page
    checked = press(asking.client, page, "check", **{"q.smell": "no", "q.depth": "12"})
    assert "Send the report" in checked
    assert "How deep is it?" in checked
    assert "No gas" in checked


def test_optional_questions_can_be_left_empty_and_are_not_asked_twice(
    session: Session, form: Form
) -> None:
    pothole = session.scalars(select(Category).where(Category.key == "pothole")).one()
    make_questions(session, pothole, DEPTH)
    page = form.press("check").text
    assert "Send the report" in press(form.client, page, "check")


def test_what_is_wrong_is_told_at_once_and_nothing_typed_is_lost(asking: Form) -> None:
    page = asking.press("check").text
    wrong = press(
        asking.client, page, "check", **{"q.depth": "١٢", "q.near": "у шк\x00олы", "q.seen": "x"}
    )
    for told in (
        "“Do you smell gas?” needs an answer.",
        "“How deep is it?”: write a whole number in digits, from 0 to 50.",
        "“What do you see?”: choose from the list.",
        "invisible characters",
    ):
        assert told in wrong
    assert 'value="١٢"' in wrong
    assert 'value="у школы"' in wrong
    assert hidden_fields(wrong)["words"] == "A deep hole beside the tram stop."


def test_whoever_smells_gas_gets_the_number_of_the_gas_line_and_sends_nothing(
    asking: Form, session: Session
) -> None:
    page = asking.press("check").text
    stopped = press(asking.client, page, "check", **{"q.smell": "yes"})
    assert "Call 992 now" in stopped
    assert 'href="tel:992"' in stopped
    assert "Leave the house." in stopped
    forced = press(asking.client, stopped, "send")
    assert "Call 992 now" in forced
    assert session.scalar(select(func.count()).select_from(Report)) == 0
    again = press(asking.client, stopped, "questions")
    assert "Do you smell gas?" in again
    assert "error-summary" not in again
    assert "Send the report" in press(asking.client, again, "check", **{"q.smell": "no"})


def test_a_script_is_refused_at_the_fields_of_the_questions(asking: Form) -> None:
    answer = asking.ask("check", **{"q.depth": "deep"})
    assert answer.status_code == 400
    assert set(answer.json["errors"]) == {"q.smell", "q.depth"}  # type: ignore[index]
    stopped = asking.ask("check", **{"q.smell": "yes"})
    assert stopped.json["errors"] == {"q.smell": "Leave the house. Call 992."}  # type: ignore[index]


def test_answers_go_with_the_report_and_only_public_ones_are_on_its_public_page(
    asking: Form, session: Session
) -> None:
    page = asking.press("check").text
    answers: dict[str, str | list[str]] = {
        "q.smell": "no",
        "q.depth": "12",
        "q.near": "behind the yellow gate",
        "q.seen": ["wires", "water"],
    }
    checked = press(asking.client, page, "check", **answers)
    assert checked.count("Not public") == 2
    assert all(f'name="q.seen" value="{key}"' in checked for key in ("wires", "water"))
    number, secret = send(asking.client, checked, **{"q.seen": ["wires", "water"]})
    public = asking.client.get(f"/poznan/reports/{number}").text
    own = asking.client.get(f"/mine/{number}/{secret}").text
    for told in ("How deep is it?", "Water, Wires"):
        assert told in public
        assert told in own
    for kept in ("behind the yellow gate", "Do you smell gas?"):
        assert kept not in public
        assert kept in own


def test_another_category_takes_none_of_the_answers_along(
    asking: Form, session: Session, city: City
) -> None:
    lamp = make_category(session, "lamp", names={"en": "Lamp"})
    make_questions(session, lamp, replace(DEPTH, code="height"))
    page = asking.press("check").text
    checked = press(asking.client, page, "check", **{"q.smell": "no", "q.depth": "12"})
    form = press(asking.client, checked, "change")
    assert 'name="q.depth" value="12" data-kept-answer' in form
    kept: Any = {"q.smell": "no", "q.depth": "12", "asked": "pothole"}
    page = asking.press("check", category="lamp", **kept).text
    assert 'name="q.height"' in page
    send(asking.client, press(asking.client, page, "check", **{"q.height": "3"}))
    assert list(session.scalars(select(ReportAnswer.given))) == [["3"]]


def test_answers_of_machines_are_no_error(asking: Form, session: Session) -> None:
    many = {f"q.x{number}": "1" for number in range(100)}
    wild = {"q.": "1", "q.Ä": "1", "q.smell'--": "1", "q.near": "x" * 5000}
    typed: Any = {**many, **wild}
    page = asking.press("check", **typed)
    assert page.status_code < 500
    assert session.scalar(select(func.count()).select_from(ReportAnswer)) == 0
