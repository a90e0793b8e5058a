"""The map of all cities: every report of every city, down to its page."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import expect

from civicmap.domain.jurisdictions.queries import City
from civicmap.extensions import db
from civicmap.foundation.geo import Point
from tests.browser.conftest import PHONE, OpenContext
from tests.factories.cities import make_city, make_department
from tests.factories.reports import make_report

pytestmark = pytest.mark.browser


def test_from_all_cities_to_one_report(
    live_app: Flask, address: str, city: City, open_context: OpenContext
) -> None:
    with live_app.app_context(), db.session.begin():
        almaty = make_city(db.session, "almaty", square=(76.7, 43.1, 77.1, 43.4))
        make_department(db.session, almaty)
        make_report(db.session, city)
        sent = make_report(db.session, almaty, point=Point(43.25, 76.95))
    page = open_context(PHONE).new_page()
    page.goto(f"{address}/?lang=en")
    expect(page.locator(".map-name--city.is-shown")).to_have_text(["Almaty", "Poznań"])
    # From close by, districts are drawn; the pin leads to its report, whatever city that is in.
    page.goto(f"{address}/?lang=en&view=43.25,76.95,15")
    expect(page.locator(".map-area")).to_have_count(2)
    page.get_by_role("link", name=re.compile(sent.number)).press("Enter")
    expect(page).to_have_url(re.compile(rf"/almaty/reports/{sent.number}"))
