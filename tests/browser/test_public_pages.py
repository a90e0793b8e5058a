"""Pages that are read: whole at every width, without faults, in Kazakh too."""

from __future__ import annotations

import pytest
from flask import Flask

from civicmap.domain.jurisdictions.queries import City
from civicmap.extensions import db
from tests.browser.conftest import OpenContext, violations
from tests.factories.cities import make_city
from tests.factories.reports import make_report

pytestmark = pytest.mark.browser


@pytest.fixture
def number(live_app: Flask, city: City) -> str:
    with live_app.app_context(), db.session.begin():
        make_city(db.session, "gdynia", square=(18.3, 54.4, 18.6, 54.6), number_prefix="GD")
        return make_report(db.session, city).number


def test_public_pages_fit_a_narrow_phone_and_have_no_accessibility_fault(
    address: str, number: str, open_context: OpenContext
) -> None:
    page = open_context({"width": 320, "height": 640}).new_page()
    for path, status in {
        "/": 200,
        "/poznan/reports": 200,
        f"/poznan/reports/{number}": 200,
        "/poznan/departments": 200,
        "/poznan/how-to-report": 200,
        "/find": 200,
        "/nowhere": 404,
    }.items():
        answer = page.goto(f"{address}{path}?lang=kk")
        assert answer is not None
        assert answer.status == status, path
        assert page.locator('link[href$="joined/frame.css"]').count() == 1, path
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


def test_nothing_breaks_out_when_text_is_twice_as_large(
    address: str, number: str, open_context: OpenContext
) -> None:
    page = open_context({"width": 640, "height": 800}).new_page()
    for path in ("/poznan/", "/poznan/reports", f"/poznan/reports/{number}", "/poznan/departments"):
        answer = page.goto(f"{address}{path}?lang=ru")
        assert answer is not None
        assert answer.ok, path
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("document.documentElement.scrollWidth") <= 640, path


def test_seeing_it_too_is_counted_once(
    address: str, number: str, open_context: OpenContext
) -> None:
    page = open_context().new_page()
    page.goto(f"{address}/poznan/reports/{number}")

    page.get_by_role("button", name="Me too, keep me posted").click()

    page.wait_for_selector(".report__mine")
    assert page.inner_text(".report__mine .number") == "1"
    assert page.get_by_role("button", name="Me too, keep me posted").count() == 0
