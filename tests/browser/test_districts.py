"""The page of districts: what one points at in the table is raised on the map, and the reverse."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import expect

from civicmap.domain.jurisdictions.queries import City
from civicmap.extensions import db
from tests.browser.conftest import DESKTOP, OpenContext
from tests.factories.reports import make_report

pytestmark = pytest.mark.browser


def test_a_district_is_found_in_the_table_and_on_the_map_and_opened(
    live_app: Flask, address: str, city: City, open_context: OpenContext
) -> None:
    with live_app.app_context(), db.session.begin():
        sent = make_report(db.session, city)
    page = open_context(DESKTOP).new_page()
    page.goto(f"{address}/poznan/districts?by=open&lang=en")
    raised = re.compile(r"\bis-raised\b")
    row, drawn = page.get_by_role("row", name="West 1"), page.locator("a.district", has_text="West")
    row.hover()
    expect(drawn).to_have_class(raised)
    assert page.locator("[data-raised]").get_attribute("d") == drawn.locator("path").get_attribute(
        "d"
    )
    # With the keyboard, from the map.
    page.get_by_role("link", name="East: 0").focus()
    expect(page.get_by_role("row", name="East")).to_have_class(raised)
    expect(row).not_to_have_class(raised)
    page.get_by_role("link", name="West: 1").press("Enter")
    expect(page).to_have_url(re.compile(r"/poznan/\?area=west$"))
    expect(page.locator("#area")).to_have_value("west")
    expect(page.locator(f'.city__panel a[href$="{sent.number}"]').first).to_be_visible()
