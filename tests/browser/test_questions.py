"""Zofia answers what her category asks: on a phone, with scripts and without."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from civicmap.domain.categories.models import Category
from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.reports.models import Report
from civicmap.domain.reports.queries.answers import list_answers
from civicmap.extensions import db
from tests.browser.conftest import OpenContext, violations
from tests.browser.test_reporting import SENT, answer_place_and_category, at, go_on, open_form
from tests.factories.cities import make_questions
from tests.factories.questions import DEPTH, NEAR, SEEN, SMELL

pytestmark = pytest.mark.browser


@pytest.fixture
def asking(live_app: Flask, city: City) -> City:
    """A city whose potholes ask four things and whose lamps ask nothing."""
    with live_app.app_context(), db.session.begin():
        pothole = db.session.scalars(select(Category).where(Category.key == "pothole")).one()
        make_questions(db.session, pothole, SMELL, DEPTH, NEAR, SEEN)
    return city


def answers_kept(app: Flask) -> dict[str, tuple[str, ...]]:
    with app.app_context():
        report = db.session.scalars(select(Report)).one()
        answers = list_answers(db.session, report.id, public_only=False)
        return {answer.question.code: answer.given for answer in answers}


def option(page: Page, words: str) -> None:
    page.locator(".question__option", has_text=words).click()


def test_on_a_phone_a_required_question_waits_a_stop_stops_and_answers_survive_a_reload(
    open_context: OpenContext, address: str, asking: City, live_app: Flask
) -> None:
    page = open_form(open_context, address)
    answer_place_and_category(page)
    at(page, "details")
    page.locator("#words").fill("Яма у остановки.")
    go_on(page)
    expect(page.locator("[data-question-told]")).to_have_text(
        "“Do you smell gas?” needs an answer."
    )
    expect(page.locator("[data-flow]")).to_have_attribute("data-at", "details")
    option(page, "Yes, gas")
    expect(page.get_by_role("alert").filter(has_text="Leave the house.")).to_be_visible()
    expect(page.locator('.question__stop a[href="tel:992"]')).to_be_visible()
    assert violations(page) == []
    onward = page.locator("[data-step=details] [data-next]")
    expect(onward).to_be_disabled()
    onward.press("Enter")
    expect(page.locator('.question__stop a[href="tel:992"]')).to_be_focused()
    option(page, "No gas")
    expect(page.locator('.question__stop a[href="tel:992"]')).to_be_hidden()
    option(page, "Wires")
    page.get_by_label("What is near?").fill("школа № 5, у ворот")
    page.get_by_label("How deep is it?").fill("сто")
    page.reload()
    expect(page.get_by_label("What is near?")).to_have_value("школа № 5, у ворот")
    go_on(page)
    at(page, "contact")
    go_on(page)
    # The server refuses the number: back at the question, which says so.
    expect(page.locator("[data-question-told]")).to_contain_text("write a whole number")
    page.get_by_label("How deep is it?").fill("12")
    go_on(page)
    go_on(page)
    expect(page.locator("[data-check]")).to_contain_text("школа № 5, у ворот")
    go_on(page)
    expect(page).to_have_url(SENT)
    assert answers_kept(live_app) == {
        "smell": ("no",),
        "depth": ("12",),
        "near": ("школа № 5, у ворот",),
        "seen": ("wires",),
    }


def test_another_category_asks_its_own_and_what_was_answered_waits(
    open_context: OpenContext, address: str, asking: City
) -> None:
    page = open_form(open_context, address)
    answer_place_and_category(page)
    at(page, "details")
    option(page, "No gas")
    page.go_back()
    at(page, "category")
    page.locator("label.category", has_text="Street light").first.click()
    go_on(page)
    at(page, "details")
    expect(page.locator("[data-questions-slot] [data-question]")).to_have_count(0)
    page.go_back()
    page.locator("label.category", has_text="Pothole").first.click()
    go_on(page)
    at(page, "details")
    expect(page.get_by_label("No gas")).to_be_checked()


def test_without_scripts_the_questions_are_a_page_and_gas_another(
    open_context: OpenContext, address: str, asking: City, live_app: Flask
) -> None:
    page = open_context(java_script_enabled=False).new_page()
    page.goto(f"{address}/poznan/report?lang=en&position=52.41,16.85&category=pothole")
    page.locator("#words").fill("Дыра в дороге")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pothole")
    option(page, "Yes, gas")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Call 992 now")
    page.get_by_role("button", name="Change this answer").click()
    option(page, "No gas")
    page.get_by_label("What is near?").fill("школа")
    page.get_by_label("What is near?").press("Enter")  # goes on, not back
    page.get_by_role("button", name=re.compile("Send the report")).click()
    expect(page).to_have_url(SENT)
    expect(page.locator(".given")).to_contain_text("школа")
    assert answers_kept(live_app) == {"smell": ("no",), "near": ("школа",)}
