"""Zofia stands in a cellar: what she saw is still there, and what she reports is not lost."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from civicmap.domain.jurisdictions.queries import City
from civicmap.extensions import db
from tests.browser.conftest import PHONE, OpenContext, violations
from tests.factories.reports import make_report

pytestmark = pytest.mark.browser

HERE = {"latitude": 52.41, "longitude": 16.85, "accuracy": 18}
UNTIL_KEPT = """async path => {
    const isKept = () => caches.match(new URL(path, location), {ignoreVary: true});
    while (!(await isKept())) await new Promise(resolve => setTimeout(resolve, 50));
}"""


@pytest.fixture
def phone(open_context: OpenContext) -> BrowserContext:
    return open_context(
        PHONE,
        service_workers="allow",
        geolocation=HERE,
        permissions=["geolocation"],
        reduced_motion="reduce",
    )


def visit(context: BrowserContext, address: str, path: str = "/poznan/") -> Page:
    """Open a page and wait until the form could be opened without network."""
    page = context.new_page()
    page.goto(f"{address}{path}")
    page.evaluate(UNTIL_KEPT, "/poznan/report")
    return page


def test_what_was_seen_opens_without_network_and_says_from_when(
    phone: BrowserContext, address: str, city: City, live_app: Flask
) -> None:
    with live_app.app_context(), db.session.begin():
        sent = make_report(db.session, city, words="A deep hole.")
    page = visit(phone, address)
    expect(page.locator("[data-network-line]")).to_be_hidden()
    page.goto(f"{address}/poznan/reports/{sent.number}")
    page.goto(f"{address}/poznan/")
    expect(page.locator(".mark")).to_have_count(1)
    phone.set_offline(True)
    expect(page.locator("[data-network-line]")).to_have_text(re.compile("You are offline."))
    page.reload()
    line = page.locator("[data-network-line]")
    expect(line).to_have_text(re.compile(r"You are offline\. This is how it was at \d\d:\d\d\."))
    expect(page.locator(".mark")).to_have_count(1)
    assert violations(page) == []
    page.goto(f"{address}/poznan/reports/{sent.number}?lang=en")
    expect(page.locator("main")).to_contain_text("A deep hole.")
    page.goto(f"{address}/poznan/report?position=52.41,16.85")
    expect(page.locator("html")).to_have_class(re.compile("is-flowing"))
    page.goto(f"{address}/poznan/departments")
    expect(page.locator("h1")).to_have_text("You are offline")
    expect(page.locator("[data-kept-list] a").first).to_be_visible()
    assert violations(page) == []
    phone.set_offline(False)
    expect(page.locator("h1")).not_to_have_text("You are offline")
