"""Every page in every language: nothing over the edge, its language told, no accessibility fault.

axe-core, which takes its time, looks at each page in a Latin and in a Cyrillic language: what it
finds hangs on the page, and on words only where one is missing, which no catalogue allows.

With motion reduced: a step that still fades in has no contrast to measure.
"""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page

from civicmap.domain.departments.queries import get_department
from civicmap.domain.jurisdictions.queries import City
from civicmap.extensions import db
from civicmap.foundation.locales import LANGUAGES
from tests.browser.conftest import DESKTOP, PHONE, OpenContext, violations
from tests.factories.people import PASSWORD, make_staff
from tests.factories.reports import make_report

pytestmark = pytest.mark.browser

PUBLIC = [
    "/poznan/",
    "/poznan/?status=open",
    "/poznan/reports",
    "/poznan/reports?area=east",
    "/poznan/reports/{number}",
    "/mine/{number}/{secret}?sent=1",
    "/poznan/districts?by=open",
    "/poznan/departments",
    "/poznan/how-to-report",
    "/poznan/report",
    "/find?number=nothing",
    "/auth/sign-in",
    "/auth/forgotten",
]
LOOKED_INTO = {"en", "ru"}
STAFF = ["/staff/poznan/", "/staff/poznan/map", "/staff/poznan/reports/{number}"]


@pytest.fixture
def sent(live_app: Flask, city: City) -> dict[str, str]:
    """A report among others, and Anna who answers for it."""
    with live_app.app_context(), db.session.begin():
        make_staff(db.session, city, get_department(db.session, city.id, "roads"))
        for address in ("Głogowska 118", "Dąbrowskiego 42"):
            report = make_report(db.session, city, address=address)
        return {"number": report.number, "secret": report.secret}


def faults_of(page: Page, address: str, language: str) -> list[str]:
    separator = "&" if "?" in address else "?"
    page.goto(f"{address}{separator}lang={language}")
    found = violations(page) if language in LOOKED_INTO else []
    if page.get_attribute("html", "lang") != language:
        found.append("the page does not say its language")
    over = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    if over > 0:
        found.append(f"{over} px over the edge")
    return [f"{language} {address.partition('/')[2][-40:]}: {fault}" for fault in found]


@pytest.mark.parametrize("language", LANGUAGES)
def test_public_pages(
    address: str, sent: dict[str, str], open_context: OpenContext, language: str
) -> None:
    viewport = DESKTOP if language == "en" else PHONE
    page = open_context(viewport, reduced_motion="reduce").new_page()
    faults: list[str] = []
    for path in PUBLIC:
        faults += faults_of(page, address + path.format(**sent), language)
    assert faults == []


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_staff_pages(
    address: str, sent: dict[str, str], open_context: OpenContext, viewport: dict[str, int]
) -> None:
    page = open_context(viewport, reduced_motion="reduce").new_page()
    page.goto(f"{address}/auth/sign-in")
    page.fill("#email", "anna@example.org")
    page.fill("#password", PASSWORD)
    page.click('main button[type="submit"]')
    page.wait_for_url("**/staff/**")
    faults: list[str] = []
    for language in LANGUAGES:
        for path in STAFF:
            faults += faults_of(page, address + path.format(**sent), language)
    assert faults == []
