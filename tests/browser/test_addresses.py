"""Zofia types where it is, in either alphabet, and a search that is down stops nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, Route, expect
from sqlalchemy import func, select

from civicmap.domain.addresses.actions.import_addresses import import_addresses
from civicmap.domain.addresses.rows import HouseRow, Row, StreetRow
from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.reports.models import Report
from civicmap.extensions import db
from civicmap.foundation.geo import Point
from civicmap.foundation.geocoders import ForeignGeocoder, Transport, read_geocoder
from tests.browser.conftest import DESKTOP, OpenContext, violations
from tests.browser.test_reporting import (
    SENT,
    answer_place_and_category,
    at,
    go_on,
    go_to_check,
    open_form,
)
from tests.geocoder_server import GeocoderServer, answer_bytes

pytestmark = pytest.mark.browser


@pytest.fixture
def streets(live_app: Flask, city: City) -> None:
    """Dąbrowskiego with two houses, and Чүй."""
    line = ((16.85, 52.41), (16.87, 52.41))
    rows: list[Row] = [
        StreetRow("way 1", "Dąbrowskiego", "street", (line,)),
        HouseRow("line 2", "Dąbrowskiego", "42", Point(52.4102, 16.856)),
        HouseRow("line 3", "Dąbrowskiego", "44", Point(52.4102, 16.857)),
        HouseRow("line 4", "Чүй проспектиси", "5", Point(52.42, 16.95)),
    ]
    with live_app.app_context(), db.session.begin():
        import_addresses(db.session, city=city, rows=rows, source="test", credit="© the city")


def type_in(page: Page, words: str) -> None:
    field = page.locator("#place-search")
    field.fill("")
    field.press_sequentially(words, delay=15)


def test_the_keyboard_alone_finds_a_house_and_the_address_follows(
    open_context: OpenContext, address: str, streets: None
) -> None:
    page = open_form(open_context, address)
    field = page.get_by_role("combobox", name="Street, number, district or coordinates")
    type_in(page, "Домбровского 42")
    options = page.get_by_role("option")
    expect(options).to_have_text([re.compile("Dąbrowskiego 42"), re.compile("^Dąbrowskiego")])
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(page.locator("[data-place-credit]")).to_have_text("© the city")
    assert violations(page) == []
    field.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    chosen = options.first.get_attribute("id") or ""
    expect(field).to_have_attribute("aria-activedescendant", chosen)
    field.press("Escape")
    expect(options).to_have_count(0)
    expect(field).to_have_value("Домбровского 42")
    field.press("ArrowDown")
    field.press("Enter")
    expect(field).to_have_value("Dąbrowskiego 42")
    expect(page.locator("[data-place-address]")).to_have_text("Dąbrowskiego 42")
    expect(page.locator("[name=address]")).to_have_value("Dąbrowskiego 42")
    # What a person writes there is theirs.
    page.evaluate("document.querySelector('[name=address]').value = 'by the old oak'")
    type_in(page, "chuy 5")
    expect(options.first).to_contain_text("Чүй проспектиси, 5")
    options.first.click()
    expect(page.locator("[data-place-address]")).to_have_text("Чүй проспектиси, 5")
    expect(page.locator("[name=address]")).to_have_value("by the old oak")
    # Districts and coordinates are found on the device, as ever.
    type_in(page, "west")
    expect(options.first).to_contain_text("District")
    type_in(page, "52.41, 16.85")
    field.press("Enter")
    expect(page.locator("[data-place-address]")).to_have_text("Dąbrowskiego")
    # Who stops typing hears that there is nothing; nobody has to know of Enter.
    type_in(page, "nowhere at all")
    expect(page.locator("[data-place-search-message]")).to_contain_text("Nothing found.")


def test_who_rather_says_it_in_words_begins_with_an_empty_line(
    open_context: OpenContext, address: str, streets: None
) -> None:
    page = open_form(open_context, address)
    field = page.locator("[name=address]")
    type_in(page, "Dąbrowskiego 42")
    page.locator("#place-search").press("Enter")
    expect(field).to_have_value("Dąbrowskiego 42")
    page.locator("[data-nudge] [data-by='1,0']").dispatch_event("click")
    expect(page.locator("[name=place_by]")).to_have_value("pin")
    page.locator("[data-say-in-words]").click()
    expect(field).to_have_value("")
    page.locator("[data-show-on-map]").click()
    expect(field).to_have_value(re.compile("Dąbrowskiego"))


def test_a_late_answer_is_not_taken_for_the_new_place(
    open_context: OpenContext, address: str, streets: None
) -> None:
    page = open_form(open_context, address, viewport=DESKTOP)
    held: list[Route] = []
    page.route("**/report/places?q=dab*", lambda route: held.append(route))  # noqa: PLW0108
    with page.expect_request("**/report/places?q=dab*"):
        type_in(page, "dab")
    type_in(page, "chuy")
    expect(page.get_by_role("option")).to_have_text([re.compile("Чүй")])
    for route in held:
        route.continue_()
    page.wait_for_timeout(300)
    expect(page.get_by_role("option")).to_have_text([re.compile("Чүй")])


@pytest.fixture
def broken_geocoder(live_app: Flask) -> Iterator[GeocoderServer]:
    server = GeocoderServer()
    server.misbehave = lambda handler: answer_bytes(handler, b"", 500)
    geocoder = read_geocoder(f"photon+{server.address}")
    assert geocoder is not None
    live_app.extensions["geocoder"] = ForeignGeocoder(Transport(geocoder, "civicmap"))
    yield server
    live_app.extensions["geocoder"] = None
    server.stop()


def test_a_geocoder_that_is_down_is_told_and_the_report_goes_out(
    open_context: OpenContext,
    address: str,
    city: City,
    live_app: Flask,
    broken_geocoder: GeocoderServer,
) -> None:
    page = open_form(open_context, address)
    type_in(page, "Garbary 60")
    page.locator("#place-search").press("Enter")
    expect(page.locator("[data-place-search-message]")).to_contain_text("down right now")
    assert broken_geocoder.asked
    answer_place_and_category(page)
    at(page, "details")
    go_to_check(page)
    go_on(page)
    page.wait_for_url(SENT)
    with live_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Report)) == 1


def test_the_citys_map_goes_to_a_street(
    open_context: OpenContext, address: str, streets: None
) -> None:
    page = open_context().new_page()
    page.goto(f"{address}/poznan/?lang=en")
    type_in(page, "dabrowskiego 44")
    page.locator("#place-search").press("Enter")
    expect(page.locator(".found-ring")).to_be_visible()
    expect(page).to_have_url(re.compile(r"view=52\.410\d*,16\.857"))
    assert violations(page) == []
