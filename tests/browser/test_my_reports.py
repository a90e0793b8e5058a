"""Zofia's phone: her own reports, what she may still do to them, and a link to have them."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from civicmap.domain.accounts.models import OneTimeLink
from civicmap.domain.accounts.queries import Actor
from civicmap.domain.jurisdictions.models import Jurisdiction
from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.notifications.links import send_link
from civicmap.domain.notifications.models import Letter
from civicmap.domain.reports.actions import staff
from civicmap.domain.reports.actions.send_report import SentReport
from civicmap.domain.reports.actions.step import Step
from civicmap.domain.reports.models import Report
from civicmap.extensions import db
from civicmap.foundation.clock import now
from tests.browser.conftest import PATIENCE, PHONE, OpenContext, violations
from tests.factories.people import make_operator
from tests.factories.reports import make_report
from tests.integration.mine.conftest import link_in

pytestmark = pytest.mark.browser

NARROW = {"width": 320, "height": 640}
Do = Callable[[Callable[[Session], object]], None]


@pytest.fixture
def do(live_app: Flask) -> Do:
    """Something that happens meanwhile, committed."""

    def do(act: Callable[[Session], object]) -> None:
        with live_app.app_context(), db.session.begin():
            act(db.session)

    return do


@pytest.fixture
def olga(live_app: Flask, city: City) -> Actor:
    with live_app.app_context(), db.session.begin():
        db.session.execute(update(Jurisdiction).values(is_demo=True))
        return make_operator(db.session, city)


@pytest.fixture
def sent(live_app: Flask, city: City) -> SentReport:
    with live_app.app_context(), db.session.begin():
        return make_report(db.session, city, email="zofia@example.org")


def own(address: str, sent: SentReport) -> str:
    return f"{address}/mine/{sent.number}/{sent.secret}"


def photo() -> bytes:
    content = io.BytesIO()
    Image.effect_noise((320, 240), 50).convert("RGB").save(content, "JPEG")
    return content.getvalue()


def step(session: Session, city: City, olga: Actor, sent: SentReport) -> Step:
    version = session.scalars(select(Report.version).where(Report.number == sent.number)).one()
    return Step(city, sent.number, olga, version)


def faults_of(page: Page) -> list[str]:
    over = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    found = violations(page)
    if over > 0:
        found.append(f"{over} px over the edge")
    return [f"{page.url.partition('/mine')[2] or page.url}: {fault}" for fault in found]


def test_a_photo_chosen_before_the_scripts_are_there_goes_up(
    *, address: str, open_context: OpenContext, sent: SentReport
) -> None:
    held: list[Route] = []
    page = open_context(PHONE).new_page()
    page.goto(own(address, sent))
    page.route("**/mine/form.js", lambda route: held.append(route))  # noqa: PLW0108 - playwright knows no builtins
    with page.expect_request("**/mine/form.js"):
        page.get_by_role("link", name="Change words or photos").click(no_wait_after=True)
        page.locator("[data-photo-drop] input[type=file]").nth(1).set_input_files(
            {"name": "hole.jpg", "mimeType": "image/jpeg", "buffer": photo()}
        )
    for _ in range(PATIENCE // 20):  # it was asked for, and is handed to the route at any moment
        if held:
            break
        page.wait_for_timeout(20)
    held[0].continue_()
    expect(page.locator("[data-photos] input[name=photos]")).to_have_count(1)


def test_zofia_corrects_answers_reopens_and_withdraws_with_her_thumb(
    *, address: str, open_context: OpenContext, city: City, olga: Actor, sent: SentReport, do: Do
) -> None:
    page = open_context(PHONE).new_page()
    faults = []
    page.goto(own(address, sent))
    page.get_by_role("button", name="Keep it in My reports").click()
    faults += faults_of(page)

    page.get_by_role("link", name="Change words or photos").click()
    page.get_by_label("What is wrong?").fill("A deep hole.")
    page.locator("[data-photo-drop] input[type=file]").nth(1).set_input_files(
        {"name": "hole.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    expect(page.locator("[data-photos] input[name=photos]")).to_have_count(1)
    faults += faults_of(page)
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".report__words")).to_have_text("A deep hole.")
    expect(page.locator(".gallery__photo")).to_have_count(1)

    do(lambda s: staff.ask_reporter(s, step(s, city, olga, sent), words="Which side?"))
    page.goto(f"{address}/mine")
    faults += faults_of(page)
    page.get_by_role("link", name="Pothole").click()
    expect(page.get_by_role("heading", name="Roads asks you")).to_be_visible()
    faults += faults_of(page)
    page.get_by_label("Your answer").fill("The left side.")
    page.get_by_role("button", name="Send the answer").dblclick()
    expect(page.get_by_text("The department has your answer")).to_be_visible()

    do(lambda s: staff.change_status(s, step(s, city, olga, sent), to="fixed", words="Filled."))
    page.reload()
    page.get_by_role("link", name="It is not fixed").click()
    faults += faults_of(page)
    page.get_by_label("What is still wrong?").fill("The hole is still there.")
    page.get_by_role("button", name="Open it again").click()
    expect(page.get_by_text("Opened again by the resident")).to_be_visible()

    page.get_by_role("link", name="Withdraw the report").click()
    faults += faults_of(page)
    page.get_by_role("button", name="Withdraw the report").click()
    expect(page.get_by_text("Your contact is erased.").first).to_be_visible()
    faults += faults_of(page)
    assert faults == []


def test_a_link_brings_the_reports_to_another_phone_without_scripts(
    *,
    address: str,
    open_context: OpenContext,
    live_app: Flask,
    olga: Actor,
    sent: SentReport,
    do: Do,
) -> None:
    page = open_context(NARROW, java_script_enabled=False).new_page()
    page.goto(f"{address}/mine")
    page.get_by_role("link", name="Send me a link").click()
    page.get_by_label("E-mail or phone").fill("zofia@example.org")
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_text("A letter with a link is on its way")).to_be_visible()
    do(lambda s: send_link.function(s, link_id=s.scalars(select(OneTimeLink.id)).one()))
    with live_app.app_context():
        letter = db.session.scalars(select(Letter).where(Letter.kind == "reports_link")).one()
        link = link_in(letter)
    page.goto(f"{address}{link}")
    page.get_by_role("button", name="Show my reports here").click()
    expect(page.locator(".report-card .number", has_text=sent.number)).to_be_visible()


def test_me_too_is_listed_and_the_pages_on_the_way_are_clean_in_russian_too(
    address: str, open_context: OpenContext, olga: Actor, sent: SentReport, do: Do
) -> None:
    page = open_context(NARROW, locale="ru-RU").new_page()
    faults = []
    page.goto(f"{address}/mine")
    faults += faults_of(page)
    page.goto(f"{address}/poznan/reports/{sent.number}")
    page.locator("form[data-support] button").click()
    expect(page.locator(".report__mine a")).to_be_visible()
    page.goto(f"{address}/mine")
    expect(page.locator(".report-card .number", has_text=sent.number)).to_be_visible()
    faults += faults_of(page)
    for path in ("/mine/link", "/mine/link?account=1", "/mine/forget", "/mine/open/nothing"):
        page.goto(f"{address}{path}")
        faults += faults_of(page)
    assert faults == []


def test_words_that_come_too_late_are_still_there(
    address: str, open_context: OpenContext, olga: Actor, sent: SentReport, do: Do
) -> None:
    page = open_context(PHONE).new_page()
    page.goto(f"{own(address, sent)}/edit")
    page.get_by_label("What is wrong?").fill("Words that took me half an hour.")
    late = now() - timedelta(minutes=30, seconds=1)
    do(lambda s: s.execute(update(Report).values(created_at=late)))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("the 30 minutes are over")).to_be_visible()
    expect(page.get_by_label("What you wrote")).to_have_value("Words that took me half an hour.")
    assert faults_of(page) == []
