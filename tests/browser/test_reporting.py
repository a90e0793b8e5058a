"""Zofia reports a pothole: on a phone, on a desktop, without scripts, on a bad network."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, Route, expect
from sqlalchemy import func, select

from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.media.models import Photo
from civicmap.domain.reports.models import Report
from civicmap.extensions import db
from tests.browser.conftest import DESKTOP, PHONE, OpenContext, violations
from tests.factories.reports import make_report
from tests.unit.media.samples import plain

pytestmark = pytest.mark.browser

HERE = {"latitude": 52.41, "longitude": 16.85, "accuracy": 18}
SENT = re.compile(r"/mine/[A-Z0-9-]+/[\w-]+\?sent=1")


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "hole.jpg"
    path.write_bytes(plain("JPEG"))
    return path


def go_on(page: Page) -> None:
    page.locator(".step[data-current] [data-next]:visible").click()


def at(page: Page, step: str) -> None:
    """The step is shown and its heading has the focus."""
    expect(page.locator("[data-flow]")).to_have_attribute("data-at", step)
    expect(page.locator(f"[data-step={step}] h2")).to_be_focused()


def answer_place_and_category(page: Page) -> None:
    page.locator("[data-locate]").click()
    expect(page.locator("[data-place-name]")).to_have_text("West")
    go_on(page)
    at(page, "category")
    page.locator("label.category", has_text="Pothole").first.click()
    expect(page.locator("[data-goes-to]")).to_contain_text("Goes to: Roads")
    go_on(page)


def go_to_check(page: Page) -> None:
    page.locator("#words").fill("A deep hole beside the tram stop.")
    go_on(page)
    at(page, "contact")
    go_on(page)
    at(page, "check")
    expect(page.locator("[data-check]")).to_contain_text("Roads")


def count_reports(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Report)) or 0


def open_form(open_context: OpenContext, address: str, **options: object) -> Page:
    # Without motion: axe would measure colours in the middle of a fade.
    still = {"geolocation": HERE, "permissions": ["geolocation"], "reduced_motion": "reduce"}
    options = {**still, **options}
    page = open_context(options.pop("viewport", PHONE), **options).new_page()
    page.goto(f"{address}/poznan/report?lang=en")
    expect(page.locator("html")).to_have_class(re.compile("is-flowing"))
    return page


def test_from_the_map_to_a_sent_report_with_a_photo_on_a_phone(
    open_context: OpenContext, address: str, city: City, live_app: Flask, photo: Path
) -> None:
    page = open_form(open_context, address)
    assert violations(page) == []
    answer_place_and_category(page)
    at(page, "details")
    page.locator("input[type=file]").nth(1).set_input_files(photo)
    expect(page.locator(".photo")).to_have_attribute("data-key", re.compile("^[a-z0-9]{26}$"))
    assert violations(page) == []
    page.locator("#words").fill("A deep hole beside the tram stop.")
    go_on(page)
    page.locator("#email").fill("zofia@example.org")
    assert violations(page) == []
    go_on(page)
    at(page, "check")
    check = page.locator("[data-check]")
    expect(check).to_contain_text("A deep hole")
    expect(check.locator("img")).to_have_count(1)
    assert violations(page) == []
    page.locator("[data-send]").click()
    page.wait_for_url(SENT)
    expect(page.locator("main")).to_contain_text("Roads")
    page.go_back()  # where one came from, not into the finished form
    expect(page).to_have_url("about:blank")
    with live_app.app_context():
        report = db.session.execute(select(Report.placed_by, Report.accuracy_metres)).one()
        assert tuple(report) == ("device", 18)
        assert db.session.scalar(select(Photo.report_id)) is not None


def test_a_click_sets_the_pin_on_a_desktop(
    open_context: OpenContext, address: str, city: City, live_app: Flask
) -> None:
    page = open_form(open_context, address, viewport=DESKTOP, permissions=[])
    go_on(page)
    expect(page.locator("[data-place-problem]")).to_contain_text("First show where it is")
    page.locator("#place-map").click(position={"x": 300, "y": 380})
    expect(page.locator("[data-place-name]")).to_have_text(re.compile("West|East"))
    go_on(page)
    page.locator("[data-category-search]").fill("lamp street")
    expect(page.locator("label.category:visible")).to_have_count(0)
    page.locator("[data-category-search]").fill("latarnia")
    expect(page.locator("label.category:visible")).to_have_text("Street light not working")
    page.locator("[data-category-search]").fill("light")
    page.locator("label.category:visible").click()
    assert violations(page) == []
    go_on(page)
    page.locator("#words").fill("Dark since Monday.")
    go_on(page)
    go_on(page)
    expect(page.locator("[data-check]")).to_contain_text("Lighting")
    page.locator("[data-send]").click()
    page.wait_for_url(SENT)
    assert count_reports(live_app) == 1


def test_back_goes_one_step_and_a_reload_loses_nothing(
    open_context: OpenContext, address: str, city: City, photo: Path
) -> None:
    page = open_form(open_context, address)
    answer_place_and_category(page)
    at(page, "details")
    page.locator("#words").fill("Kept words")
    page.locator("input[type=file]").nth(1).set_input_files(photo)
    expect(page.locator(".photo")).to_have_attribute("data-key", re.compile("."))
    page.go_back()
    at(page, "category")
    expect(page.locator("input[value=pothole]:checked")).to_have_count(1)
    page.locator("[data-back]").click()
    at(page, "place")
    page.go_forward()
    page.go_forward()
    at(page, "details")
    page.reload()
    expect(page.locator("[data-flow]")).to_have_attribute("data-at", "details")
    expect(page.locator("#words")).to_have_value("Kept words")
    expect(page.locator(".photo img")).to_have_count(1)


def test_somebody_reported_it_already(
    open_context: OpenContext, address: str, city: City, live_app: Flask
) -> None:
    with live_app.app_context(), db.session.begin():
        known = make_report(db.session, city, words="The hole at the stop")
    page = open_form(open_context, address)
    answer_place_and_category(page)
    at(page, "nearby")
    assert violations(page) == []
    page.get_by_role("button", name=re.compile("Me too, keep me posted")).click()
    page.wait_for_url(f"**/poznan/reports/{known.number}")
    expect(page.locator(".flashes")).to_contain_text("Counted. You find it in My reports")
    with live_app.app_context():
        assert db.session.scalar(select(Report.supporter_count)) == 1


def test_an_answer_lost_on_the_way_is_repeated_and_is_one_report(
    open_context: OpenContext, address: str, city: City, live_app: Flask
) -> None:
    page = open_form(open_context, address)
    answer_place_and_category(page)
    at(page, "details")
    go_to_check(page)
    lost: list[str] = []

    def lose_the_first_answer(route: Route) -> None:
        sends = "send" in (route.request.post_data or "") and route.request.method == "POST"
        if sends and not lost:
            route.fetch()  # the server got it, the phone hears nothing
            lost.append(route.request.url)
            route.abort()
        else:
            route.continue_()

    page.route("**/poznan/report", lose_the_first_answer)
    page.locator("[data-send]").dblclick()
    expect(page.locator("[data-send-status]")).to_contain_text("nothing you wrote is lost")
    page.wait_for_url(SENT)
    assert lost
    assert count_reports(live_app) == 1


def test_what_the_server_refuses_leads_to_the_step_it_belongs_to(
    open_context: OpenContext, address: str, city: City
) -> None:
    page = open_form(open_context, address)
    answer_place_and_category(page)
    at(page, "details")
    page.locator("#words").fill("A deep hole")
    go_on(page)
    page.locator("#email").fill("no address")
    go_on(page)
    expect(page.locator("[data-flow]")).to_have_attribute("data-at", "contact")
    expect(page.locator("#email")).to_be_focused()
    expect(page.locator("#email")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#email-told")).to_contain_text("is not an e-mail address")
    assert violations(page) == []


def test_an_expired_form_renews_itself(
    open_context: OpenContext, address: str, city: City, photo: Path
) -> None:
    page = open_form(open_context, address)
    answer_place_and_category(page)
    at(page, "details")
    page.context.clear_cookies()
    page.locator("input[type=file]").nth(1).set_input_files(photo)
    expect(page.locator(".photo")).to_have_attribute("data-key", re.compile("."))
    go_to_check(page)
    page.context.clear_cookies()
    page.locator("[data-send]").click()
    page.wait_for_url(SENT)


def test_a_place_can_be_told_in_words(
    open_context: OpenContext, address: str, city: City, live_app: Flask
) -> None:
    page = open_form(open_context, address, permissions=[])
    page.get_by_role("button", name="I would rather describe the place in words").click()
    expect(page.locator("[data-words-problem]")).to_be_hidden()
    page.locator("#area").select_option("east")
    page.locator("#address").fill("Behind the school")
    assert violations(page) == []
    go_on(page)
    at(page, "category")
    page.locator("label.category", has_text="Pothole").first.click()
    go_on(page)
    go_to_check(page)
    page.locator("[data-send]").click()
    page.wait_for_url(SENT)
    with live_app.app_context():
        assert db.session.scalar(select(Report.placed_by)) == "described"


def test_without_scripts_the_same_form_is_a_page(
    open_context: OpenContext, address: str, city: City, live_app: Flask, photo: Path
) -> None:
    page = open_context(PHONE, java_script_enabled=False).new_page()
    page.goto(f"{address}/poznan/report?lang=en")
    page.locator("#position").fill("52.41 N, 16.85 E")
    page.locator("label.category", has_text="Pothole").click()
    page.locator("#words").fill("A deep hole")
    page.locator("input[type=file]").nth(1).set_input_files(photo)
    page.get_by_role("button", name="Continue: check and send").click()
    expect(page.locator("main")).to_contain_text("Roads")
    page.get_by_role("button", name="Send the report").click()
    page.wait_for_url(SENT)
    assert count_reports(live_app) == 1


def test_the_plain_form_comes_back_when_the_scripts_never_arrive(
    open_context: OpenContext, address: str, city: City
) -> None:
    page = open_context(PHONE).new_page()
    page.route("**/report/report.js", lambda route: route.abort())
    page.goto(f"{address}/poznan/report?lang=en")
    expect(page.get_by_role("button", name="Continue: check and send")).to_be_visible()
    expect(page.locator("#position")).to_be_visible()
