"""The public map in a real browser: true numbers, nothing over anything else, one address."""

from __future__ import annotations

import math
import random
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Page, Route, expect

from civicmap.domain.jurisdictions.queries import City
from civicmap.extensions import db
from civicmap.foundation.geo import Point
from tests.browser.conftest import DESKTOP, PHONE, OpenContext, violations
from tests.browser.map_marks import STOP, wait_for_count, wait_for_marks
from tests.factories.cities import make_city, make_department
from tests.factories.reports import make_report, make_reports

pytestmark = pytest.mark.browser

SCATTERED = [
    Point(52.3 + 0.2 * draw(), 16.8 + 0.2 * draw())
    for draw in [random.Random(4).random]
    for _ in range(130)
]
CROWDED = [Point(52.41, 16.85)] * 3
STATUSES = ["open"] * 5 + ["in_progress", "fixed", "fixed", "fixed", "wont_fix"]


@pytest.fixture
def reports(live_app: Flask, city: City) -> list[str]:
    """133 reports all over the city, three of them on one spot, in all four statuses."""
    with live_app.app_context(), db.session.begin():
        return make_reports(db.session, city, [*SCATTERED, *CROWDED], statuses=STATUSES)


def open_map(context: OpenContext, address: str, viewport: dict[str, int], query: str = "") -> Page:
    page = context(viewport).new_page()
    page.goto(f"{address}/poznan/{query}")
    page.wait_for_selector(STOP)
    return page


def test_marks_count_every_report_once_and_never_overlap(
    address: str, reports: list[str], open_context: OpenContext
) -> None:
    page = open_map(open_context, address, DESKTOP)

    marks = wait_for_count(page, len(reports))
    for index, one in enumerate(marks):
        for other in marks[index + 1 :]:
            assert math.hypot(one.x - other.x, one.y - other.y) > one.radius + other.radius

    page.click(".leaflet-control-zoom-in")
    page.wait_for_function("() => new URLSearchParams(location.search).has('view')")
    most = max(mark.total for mark in marks)
    wait_for_marks(page, lambda closer: max(mark.total for mark in closer) < most)


def test_a_filter_changes_map_list_counts_and_address_together(
    address: str, reports: list[str], open_context: OpenContext
) -> None:
    page = open_map(open_context, address, DESKTOP)
    wanted = sum(STATUSES[index % len(STATUSES)] == "open" for index in range(len(reports)))

    page.click('.counts__link[data-status="open"]')

    page.wait_for_selector('.counts__link[data-status="open"][aria-current="true"]')
    assert parse_qs(urlsplit(page.url).query) == {"status": ["open"]}
    assert page.inner_text("#recent-title") == f"{wanted} reports"
    assert set(page.locator(".recent .tag").all_inner_texts()) == {"Open"}
    assert page.evaluate("document.activeElement.dataset.status") == "open"
    wait_for_count(page, wanted)

    page.click(".chosen a")
    wait_for_count(page, len(reports))
    assert "status" not in parse_qs(urlsplit(page.url).query)


def test_a_shared_view_opens_where_it_was_left_with_its_list(
    address: str, reports: list[str], open_context: OpenContext
) -> None:
    page = open_map(open_context, address, DESKTOP, "?view=52.41000,16.85000,16")

    page.wait_for_function(
        "() => document.querySelector('#recent-title').textContent.includes('in view')"
    )
    listed = page.locator(".report-card").count()
    assert 3 <= listed < len(reports) / 4
    assert "view=52.41000,16.85000,16" in page.url


def test_beside_the_date_line_the_panel_tells_what_the_map_shows(
    live_app: Flask, city: City, address: str, open_context: OpenContext
) -> None:
    with live_app.app_context(), db.session.begin():
        suva = make_city(db.session, "suva", square=(177.0, -19.0, 179.9, -17.0))
        make_department(db.session, suva)
        make_report(db.session, suva, point=Point(-18.1, 178.4))
    page = open_context(DESKTOP).new_page()
    page.goto(f"{address}/suva/?view=-18.10000,179.00000,9")

    expect(page.locator("#recent-title")).to_have_text("1 report in view")
    expect(page.locator("[data-map-message]")).to_be_hidden()


def test_reports_on_one_spot_open_as_a_list_by_keyboard(
    address: str, reports: list[str], open_context: OpenContext
) -> None:
    page = open_map(open_context, address, DESKTOP, "?view=52.41,16.85,19")
    stack = page.get_by_role("button", name="Reports here: 3.")

    # A map that was dragged answers the keys like any other.
    page.mouse.move(700, 400)
    page.mouse.down()
    page.mouse.move(740, 430, steps=4)
    page.mouse.up()
    page.focus("#city-map")
    page.keyboard.press("Tab")
    expect(stack).to_be_focused()
    page.keyboard.press("Enter")

    links = page.locator(".stack-list a")
    expect(links).to_have_count(3)
    assert {link.get_attribute("href") for link in links.all()} == {
        f"/poznan/reports/{number}" for number in reports[-3:]
    }
    assert links.first.evaluate("link => link === document.activeElement")
    page.keyboard.press("Escape")
    page.wait_for_selector(".stack-list", state="detached")
    expect(stack).to_be_focused()


def test_a_card_under_the_pointer_raises_its_pin(
    address: str, reports: list[str], open_context: OpenContext
) -> None:
    page = open_map(open_context, address, DESKTOP, "?view=52.41,16.85,17")
    page.wait_for_function(
        "() => document.querySelector('#recent-title').textContent.includes('in view')"
    )
    card = page.locator(".report-card").first

    card.hover()

    expect(page.locator(".mark.is-raised")).to_have_count(1)


def test_without_script_the_same_links_filter_the_list(
    address: str, reports: list[str], open_context: OpenContext
) -> None:
    page = open_context(PHONE, java_script_enabled=False).new_page()
    page.goto(f"{address}/poznan/")

    page.click('.counts__link[data-status="wont_fix"]')

    assert page.url == f"{address}/poznan/?status=wont_fix"
    assert set(page.locator(".recent .tag").all_inner_texts()) == {"Won't fix"}
    page.click("text=Full list")
    assert "/poznan/reports?status=wont_fix" in page.url


def test_tiles_that_do_not_come_leave_the_drawing_alone(
    address: str, reports: list[str], open_context: OpenContext
) -> None:
    page = open_context(DESKTOP).new_page()
    page.route("**/poznan/", with_tiles_that_fail)
    page.goto(f"{address}/poznan/")
    page.wait_for_selector(STOP)
    page.wait_for_selector("path.map-boundary")

    assert page.locator(".map--bare").count() == 1
    assert page.locator(".leaflet-tile").count() > 0
    shown = page.evaluate(
        "[...document.querySelectorAll('.leaflet-tile')]"
        ".filter(tile => getComputedStyle(tile).visibility !== 'hidden').length"
    )
    assert shown == 0


def with_tiles_that_fail(route: Route) -> None:
    answer = route.fetch()
    body = answer.text().replace('data-tiles=""', 'data-tiles="/no-tiles/{z}/{x}/{y}.png"')
    route.fulfill(response=answer, body=body)


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_map_page_has_no_accessibility_fault(
    address: str, reports: list[str], open_context: OpenContext, viewport: dict[str, int]
) -> None:
    page = open_map(open_context, address, viewport)

    assert violations(page) == []
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not wide


def test_the_numbers_are_of_what_the_map_shows_and_lead_back_to_the_city(
    address: str, reports: list[str], open_context: OpenContext
) -> None:
    page = open_map(open_context, address, DESKTOP)
    assert page.inner_text("#counts-title") == "In the whole city"
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))

    page.click(".leaflet-control-zoom-in")
    page.wait_for_function(
        "() => document.querySelector('#counts-title').textContent === 'In this view'"
    )
    counted = sum(int(text) for text in page.locator("[data-count]").all_inner_texts())
    assert 0 < counted < len(reports)
    assert page.inner_text("#recent-title") == f"{counted} reports in view"
    assert page.inner_text('[data-key="category:"] .number') == str(counted)
    panel = [
        path for path in asked if not path.startswith(("/static/", "/poznan/tiles/", "/tiles/"))
    ]
    assert panel == ["/poznan/view"]

    page.click("text=Show the whole city")
    page.wait_for_function(
        "() => document.querySelector('#counts-title').textContent === 'In the whole city'"
    )
    counted = sum(int(text) for text in page.locator("[data-count]").all_inner_texts())
    assert counted == len(reports)
    assert urlsplit(page.url).query == ""


def test_words_and_days_are_filters_that_can_be_taken_off(
    address: str, reports: list[str], open_context: OpenContext
) -> None:
    page = open_map(open_context, address, PHONE)
    page.click("text=More filters")
    page.fill("#q", "tram stop")
    page.fill("#since", "2020-05-31")
    page.click("[data-more-filters-form] button")

    page.wait_for_selector('[data-key="clear:days"]')
    query = parse_qs(urlsplit(page.url).query)
    assert query == {"q": ["tram stop"], "since": ["2020-05-31"]}
    assert page.inner_text("#recent-title") == f"{len(reports)} reports"

    page.click('[data-key="clear:q"]')
    page.wait_for_selector('[data-key="clear:q"]', state="detached")
    assert page.input_value("#q") == ""
    assert page.input_value("#since") == "2020-05-31"
    assert parse_qs(urlsplit(page.url).query) == {"since": ["2020-05-31"]}


@pytest.mark.parametrize("height", [844, 568])
def test_what_is_filtered_stands_over_the_numbers_on_a_phone(
    address: str, reports: list[str], open_context: OpenContext, height: int
) -> None:
    width = 390 if height == 844 else 320
    narrowed = "?q=tram+stop&category=pothole&since=2020-05-31&status=open&status=fixed"
    page = open_map(open_context, address, {"width": width, "height": height}, narrowed)

    chips = page.get_by_role("group", name="Filters").get_by_role("link")
    expect(chips).to_have_count(6)
    expect(chips.first).to_have_accessible_name("5 filters Remove all filters")
    # However many they are, one row: the numbers stay above the yellow button.
    row, counts, button = page.evaluate(
        """[".chosen", ".counts__item", "[data-report-problem]"]
            .map((one) => document.querySelector(one).getBoundingClientRect())"""
    )
    assert row["bottom"] <= counts["top"]
    assert counts["bottom"] <= button["top"]
    assert page.evaluate("[innerWidth, document.documentElement.scrollWidth]") == [width, width]
    expect(page.locator(".city__truth")).to_be_hidden()
    assert violations(page) == []

    chips.first.focus()
    for _one in range(5):
        page.keyboard.press("Tab")
    expect(chips.last).to_be_focused()
    expect(chips.last).to_be_in_viewport(ratio=0.9)

    chips.first.click()
    expect(chips).to_have_count(0)
    expect(page.locator(".city__truth")).to_be_visible()
    assert urlsplit(page.url).query == ""
    page.click('.counts__link[data-status="open"]')
    expect(chips).to_have_text("Open Remove this filter", use_inner_text=False)
