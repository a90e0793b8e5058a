"""Anna at her desk and on the street: the worklist as list and map, and the page of a report."""

from __future__ import annotations

import pytest
from flask import Flask

from civicmap.domain.departments.queries import get_department
from civicmap.domain.jurisdictions.queries import City
from civicmap.extensions import db
from tests.browser.conftest import DESKTOP, PHONE, OpenContext, violations
from tests.browser.map_marks import STOP
from tests.factories.people import PASSWORD, make_operator, make_staff
from tests.factories.reports import make_report

pytestmark = pytest.mark.browser

FORMS = ("status", "update", "note", "transfer", "place", "redact", "visibility")


@pytest.fixture
def numbers(live_app: Flask, city: City) -> list[str]:
    """Two potholes of Anna's; Olga takes calls for the whole city."""
    with live_app.app_context(), db.session.begin():
        make_staff(db.session, city, get_department(db.session, city.id, "roads"))
        make_operator(db.session, city)
        return [make_report(db.session, city, email="zofia@example.org").number for _ in range(2)]


def test_anna_goes_from_the_worklist_to_a_moved_pin(
    address: str, numbers: list[str], open_context: OpenContext
) -> None:
    page = open_context(DESKTOP).new_page()
    faults: list[str] = []
    page.goto(f"{address}/auth/forgotten")
    faults += violations(page)
    page.goto(f"{address}/staff/")
    faults += violations(page)
    page.fill("#email", "anna@example.org")
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/staff/poznan/")
    faults += violations(page)

    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.className") == "worklist__link"
    page.keyboard.press("Enter")
    page.wait_for_url("**/reports/*")

    page.goto(f"{address}/staff/poznan/map")
    # Both lie on one spot: the cluster lists them.
    page.wait_for_selector(STOP)
    faults += violations(page)
    page.click(STOP)
    page.locator(".stack-list__link").first.click()
    page.wait_for_url("**/reports/*")

    for form in FORMS:
        summary = page.locator(f"#act-{form} > summary")
        summary.click()
        page.wait_for_selector(f"#act-{form}[open] form")
        assert page.locator(".act__item[open]").count() == 1
        faults += violations(page)
    page.locator("#act-place > summary").click()
    before = page.input_value("#place_position")
    page.wait_for_selector("#act-place .leaflet-container")
    # With a mouse the pin moves over the map, on a phone the map under the crosshair.
    page.locator(".place-pin, #act-place .leaflet-container").last.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "before => document.getElementById('place_position').value !== before", arg=before
    )
    page.locator("#act-place button[type=submit]").click()
    page.wait_for_selector(":text('The pin is moved.')")
    assert "Pin moved by" in page.inner_text("main")
    faults += violations(page)
    assert faults == []


def test_the_second_of_two_sees_what_the_first_did(
    address: str, numbers: list[str], open_context: OpenContext
) -> None:
    pages = []
    for who, viewport in (("anna", PHONE), ("olga", DESKTOP)):
        page = open_context(viewport).new_page()
        page.goto(f"{address}/staff/poznan/reports/{numbers[0]}")
        page.fill("#email", f"{who}@example.org")
        page.fill("#password", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url("**/reports/*")
        pages.append(page)
    anna, olga = pages
    anna.click('.act-bar [data-opens="update"]')
    anna.fill("#update_words", "A crew comes on Tuesday.")
    olga.click("#act-update > summary")
    olga.fill("#update_words", "We pass it on.")
    anna.click("#act-update button[type=submit]")
    anna.wait_for_selector(":text('The update is out')")
    olga.click("#act-update button[type=submit]")
    olga.wait_for_selector("#meanwhile-title")
    assert "A crew comes on Tuesday." in olga.inner_text(".meanwhile")
    assert olga.input_value("#update_words") == "We pass it on."
    assert violations(olga) == []
