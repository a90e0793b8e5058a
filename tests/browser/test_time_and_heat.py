"""The years and heat of a city's map: what is shown is true, and can be had without a pointer."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import text

from civicmap.domain.jurisdictions.queries import City
from civicmap.extensions import db
from civicmap.foundation.geo import Point
from tests.browser.conftest import DESKTOP, PHONE, OpenContext, violations
from tests.factories.reports import make_reports

pytestmark = pytest.mark.browser

# Straight from the modules: what they reckon needs no page.
RECKON = """async () => {
    const beside = path => new URL(path, document.querySelector('script[src*="city.js"]').src);
    const { firstDay, lastDay, monthOf } = await import(beside("months.js"));
    const heat = await import(beside("../shared/map/heat_density.js"));
    const ground = await import(beside("../shared/map/ground.js"));
    const { Districts, kilometresAt, worldX, worldY } = ground;
    const places = [{x: 200, y: 150, weight: 3}, {x: 203, y: 160, weight: 4}];
    const grid = heat.blur(heat.gather(places, 400, 300));
    const ring = [[16.8, 52.3], [16.9, 52.3], [16.9, 52.4], [16.8, 52.4], [16.8, 52.3]];
    const hole = [[16.84, 52.34], [16.86, 52.34], [16.86, 52.36], [16.84, 52.36], [16.84, 52.34]];
    const districts = new Districts([
        {slug: "ring", name: "Ring", geometry: {type: "Polygon", coordinates: [ring, hole]}},
    ]);
    const at = (lon, lat) => districts.at(worldX(lon), worldY(lat))?.slug ?? null;
    return {
        february: lastDay(monthOf("2024-02-11")), december: firstDay(monthOf("2023-12")),
        nonsense: monthOf("2024-2"),
        sum: grid.values.reduce((a, b) => a + b, 0),
        highest: grid.values.indexOf(Math.max(...grid.values)) % grid.width * heat.STEP,
        round: [0, 0.7, 41, 60, 101, 9999].map(heat.roundUp),
        inside: [at(16.81, 52.31), at(16.85, 52.35), at(16.95, 52.35)],
        width: kilometresAt(worldY(52.35)) * (worldX(16.9) - worldX(16.8)),
    };
}"""


@pytest.fixture
def years(live_app: Flask, city: City) -> None:
    """40 reports of each of January 2024 to June 2024; two districts, one with residents."""
    with live_app.app_context(), db.session.begin():
        points = [Point(52.31 + 0.0045 * n, 16.81 + 0.004 * n) for n in range(40)]
        for month in range(1, 7):
            numbers = make_reports(db.session, city, points, statuses=["open", "fixed"])
            db.session.execute(
                text("UPDATE reports SET created_at = :sent WHERE number = ANY (:numbers)"),
                {"sent": datetime(2024, month, 15, tzinfo=UTC), "numbers": numbers},
            )
        db.session.execute(text("UPDATE areas SET population = 20000 WHERE slug = 'west'"))
        db.session.execute(
            text(
                "UPDATE reports SET area_id = areas.id FROM areas"
                " WHERE slug = CASE WHEN ST_X(point) < 16.9 THEN 'west' ELSE 'east' END"
            )
        )


def open_map(context: OpenContext, address: str, viewport: dict[str, int], query: str = "") -> Page:
    page = context(viewport).new_page()
    with page.expect_response("**/tiles/**"):
        page.goto(f"{address}/poznan/{query}")
    return page


def test_the_years_play_and_stop_where_one_says(
    address: str, years: None, open_context: OpenContext
) -> None:
    page = open_map(open_context, address, PHONE)
    bar = page.locator("#time")

    page.get_by_role("button", name="Time").click()
    expect(bar.locator("[data-counted]")).to_have_text("Reports: 240")
    bar.get_by_label("Shown at a time").select_option("1 month")
    bar.get_by_role("button", name="Play").click()
    page.wait_for_function(
        "() => document.querySelector('[data-span]').textContent === 'February 2024'"
    )
    assert "since" not in page.url
    page.keyboard.press("Escape")
    expect(bar.get_by_role("button", name="Play")).to_be_visible()
    page.wait_for_url("**since=*")
    shown = parse_qs(urlsplit(page.url).query)
    month = shown["since"][0][:7]
    assert month >= "2024-02"
    assert shown["until"][0][:7] == month
    sent = 40 if month <= "2024-06" else 0
    expect(bar.locator("[data-counted]")).to_have_text(f"Reports: {sent}")

    # By keys: from February to the month before the present one.
    bar.get_by_role("button", name="All years").click()
    first, last = bar.get_by_label("First month"), bar.get_by_label("Last month")
    first.press("ArrowRight")
    expect(first).to_have_attribute("aria-valuetext", "February 2024")
    last.press("ArrowLeft")
    page.wait_for_url("**since=2024-02-01&until=*")
    expect(bar.locator("[data-counted]")).to_have_text("Reports: 200")
    assert violations(page) == []


def test_heat_says_in_figures_what_it_shows(
    address: str, years: None, open_context: OpenContext
) -> None:
    page = open_map(open_context, address, DESKTOP)
    reckoned = page.evaluate(RECKON)
    assert (reckoned["february"], reckoned["december"]) == ("2024-02-29", "2023-12-01")
    assert reckoned["nonsense"] is None
    assert reckoned["sum"] == pytest.approx(7, rel=1e-3)
    assert abs(reckoned["highest"] - 200) <= 6
    assert reckoned["round"] == [0, 0.8, 50, 60, 120, 10000]
    assert reckoned["inside"] == ["ring", None, None]
    assert reckoned["width"] == pytest.approx(6.8, rel=0.01)

    legend = page.locator(".heat-legend")
    # Pressed twice while it loads, there is one; and no pin is left to be touched.
    page.get_by_role("button", name="Heat").evaluate("button => (button.click(), button.click())")
    expect(page.locator(".heat canvas:first-child")).to_have_count(1)
    expect(page.locator(".marks .mark")).to_have_count(0)
    expect(legend.locator("[data-heat-title]")).to_have_text("Reports per km²")
    expect(legend.locator("[data-top]")).to_contain_text("and more")
    assert page.evaluate(
        """() => {
            const canvas = document.querySelector(".heat canvas");
            const { width, height } = canvas;
            const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
            return data.some((value, index) => index % 4 === 3 && value > 100);
        }"""
    )
    # West has 20,000 residents, and 23 reports a month; nobody has counted those of East.
    legend.get_by_label("per 1,000 residents").check()
    page.mouse.move(700, 400)
    expect(legend.locator("[data-here]")).to_have_text("West: 6.9 reports per 1,000 residents")
    expect(legend.locator("[data-unknown]")).to_be_visible()
    page.mouse.move(1100, 400)
    expect(legend.locator("[data-here]")).to_have_text("East: number of residents not known")
    assert violations(page) == []


def test_back_on_the_network_years_and_heat_tell_what_was_reported_meanwhile(
    live_app: Flask, city: City, address: str, years: None, open_context: OpenContext
) -> None:
    page = open_map(open_context, address, DESKTOP)
    counted = page.locator("[data-counted]")
    here = page.locator("[data-here]")

    def come_back_after(reports: int) -> None:
        with live_app.app_context(), db.session.begin():
            points = [Point(52.4, 16.95)] * reports
            numbers = make_reports(db.session, city, points, statuses=["open"])
            db.session.execute(
                text(
                    "UPDATE reports SET area_id = areas.id FROM areas"
                    " WHERE slug = 'east' AND number = ANY (:numbers)"
                ),
                {"numbers": numbers},
            )
        page.evaluate("window.dispatchEvent(new Event('online'))")

    page.get_by_role("button", name="Time").click()
    page.get_by_role("button", name="Heat").click()
    expect(counted).to_have_text("Reports: 240")
    # Of its 100 km², as everywhere: what is drawn of it is only like it.
    expect(here).to_have_text("East: 1.0 reports per km²")

    come_back_after(50)
    expect(counted).to_have_text("Reports: 290")
    expect(here).to_have_text("East: 1.5 reports per km²")

    # A film is not disturbed; what it left is asked for when it ends.
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    page.get_by_role("button", name="Play").click()
    come_back_after(50)
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    assert "/poznan/months.json" not in asked
    page.keyboard.press("Escape")
    page.get_by_role("button", name="All years").click()
    expect(counted).to_have_text("Reports: 340")
