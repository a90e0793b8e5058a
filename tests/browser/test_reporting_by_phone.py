"""Zofia outdoors: few taps, a photo first, no location, no drag, no mouse, no scripts."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.reports.models import Report
from civicmap.extensions import db
from tests.browser.conftest import PHONE, OpenContext, violations
from tests.browser.test_reporting import HERE, SENT, at, go_on, open_form
from tests.factories.cities import make_category
from tests.factories.reports import make_report
from tests.unit.media.samples import corners, encode, plain, taken_at

pytestmark = pytest.mark.browser

# What moves without a tap before it, as the browser itself measures it.
WATCH_SHIFTS = """() => {
    window.shifted = 0;
    new PerformanceObserver(list => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) shifted += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
}"""


class Thumb:
    """Taps, and counts them and the screens it has seen."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = 0
        self.screens: list[str] = []

    def tap(self, target: Locator) -> None:
        target.tap()
        self.taps += 1

    def go_on(self) -> None:
        self.tap(self.page.locator(".step[data-current] [data-next]:visible"))

    def see(self, step: str) -> None:
        at(self.page, step)
        self.screens.append(step)


@pytest.fixture
def taken_west(tmp_path: Path) -> Path:
    """A photo that was taken in the west of the city."""
    path = tmp_path / "west.jpg"
    path.write_bytes(taken_at(52.42, 16.84))
    return path


@pytest.fixture
def taken_in_berlin(tmp_path: Path) -> Path:
    path = tmp_path / "berlin.jpg"
    path.write_bytes(taken_at(52.52, 13.40))
    return path


def category_of(page: Page, name: str) -> Locator:
    return page.locator("label.category", has_text=name).first


def placed_by(app: Flask) -> str | None:
    with app.app_context():
        return db.session.scalar(select(Report.placed_by).order_by(Report.id.desc()))


def test_six_screens_and_ten_taps_from_the_citys_page_to_sent_and_nothing_jumps(
    open_context: OpenContext, address: str, city: City, live_app: Flask
) -> None:
    with live_app.app_context(), db.session.begin():
        make_report(db.session, city)
    page = open_context(PHONE, geolocation=HERE, permissions=["geolocation"]).new_page()
    page.add_init_script(f"({WATCH_SHIFTS})()")
    page.goto(f"{address}/poznan/?lang=en")
    thumb = Thumb(page)
    thumb.tap(page.get_by_role("link", name="Report a problem"))
    expect(page.locator("[data-place-accuracy]")).to_contain_text("18 m")
    thumb.screens.append("place")
    thumb.go_on()
    thumb.see("category")
    thumb.tap(category_of(page, "Pothole"))
    thumb.go_on()
    thumb.see("nearby")
    thumb.go_on()
    thumb.see("details")
    thumb.tap(page.locator("#words"))
    page.keyboard.type("A deep hole")
    thumb.go_on()
    thumb.see("contact")
    thumb.go_on()
    thumb.see("check")
    expect(page.locator("[data-check]")).to_contain_text("A deep hole")
    shifted = page.evaluate("shifted")
    thumb.tap(page.locator("[data-send]"))
    page.wait_for_url(SENT)
    assert len(thumb.screens) == 6
    assert thumb.taps <= 10
    assert shifted < 0.05


def test_another_spot_of_the_map_changes_the_place_and_loses_no_word(
    open_context: OpenContext, address: str, city: City
) -> None:
    page = open_form(open_context, address)
    expect(page.locator("[data-place-accuracy]")).to_contain_text("18 m")
    go_on(page)
    at(page, "category")
    category_of(page, "Pothole").click()
    go_on(page)
    at(page, "details")
    page.locator("#words").fill("A deep hole")
    page.goto(f"{address}/poznan/")
    page.goto(f"{address}/poznan/report?position=52.42,16.84")
    there = re.compile(r"^52\.42\d*, 16\.84")
    expect(page.locator("[data-restored]")).to_be_visible()
    expect(page.locator("[name=position]")).to_have_value(there)
    page.reload()
    expect(page.locator("html")).to_have_class(re.compile("is-flowing"))
    expect(page.locator("[name=position]")).to_have_value(there)
    go_on(page)
    at(page, "category")
    go_on(page)
    at(page, "details")
    expect(page.locator("#words")).to_have_value("A deep hole")


def test_a_photo_first_brings_its_place_along(
    open_context: OpenContext, address: str, city: City, live_app: Flask, taken_west: Path
) -> None:
    page = open_context(PHONE, geolocation=HERE, permissions=["geolocation"]).new_page()
    page.goto(f"{address}/poznan/?lang=en")
    taps = Thumb(page)
    with page.expect_file_chooser() as chooser:
        taps.tap(page.get_by_label("Choose photo"))
    chooser.value.set_files(taken_west)
    page.wait_for_url("**/poznan/report**")
    expect(page.locator("[data-place-help]")).to_contain_text("Your photo says")
    expect(page.locator("[data-first-taken]")).to_contain_text("Photo added")
    expect(page.locator("[name=position]")).to_have_value("52.420000, 16.840000")
    assert violations(page) == []
    taps.tap(page.get_by_role("button", name="Yes, it is here"))
    at(page, "category")
    taps.tap(category_of(page, "Pothole"))
    taps.go_on()
    at(page, "details")
    expect(page.locator(".photo")).to_have_attribute("data-key", re.compile("."))
    taps.go_on()
    at(page, "contact")
    taps.go_on()
    expect(page.locator("[data-check]")).to_contain_text("Your photo says it was taken here")
    taps.tap(page.locator("[data-send]"))
    page.wait_for_url(SENT)
    assert taps.taps == 7
    assert placed_by(live_app) == "photo"


def test_a_photo_from_elsewhere_gives_way_to_where_zofia_is(
    open_context: OpenContext, address: str, city: City, taken_in_berlin: Path
) -> None:
    page = open_form(open_context, address)
    page.locator("[data-first-photo]").nth(1).set_input_files(taken_in_berlin)
    expect(page.locator("[data-place-help]")).to_contain_text("outside the city")
    expect(page.locator("[name=position]")).to_have_value(re.compile(r"52\.41\d*, 16\.85"))
    expect(page.locator("[name=place_by]")).to_have_value("device")


def test_a_rough_location_is_asked_about_and_a_tap_on_the_map_answers(
    open_context: OpenContext, address: str, city: City
) -> None:
    page = open_form(open_context, address, geolocation={**HERE, "accuracy": 120})
    expect(page.locator("[data-place-help]")).to_contain_text("only to about 120 m")
    expect(page.get_by_role("button", name="Yes, it is here")).to_be_visible()
    rough = page.locator("[name=position]").input_value()
    page.locator("#place-map").tap(position={"x": 120, "y": 150})
    expect(page.locator("[data-place-help]")).to_be_hidden()
    expect(page.get_by_role("button", name="It is here", exact=True)).to_be_visible()
    expect(page.locator("[name=place_by]")).to_have_value("pin")
    assert page.locator("[name=position]").input_value() != rough


def test_a_denied_location_is_told_kindly_with_what_to_do(
    open_context: OpenContext, address: str, city: City
) -> None:
    page = open_form(open_context, address, permissions=[])
    page.locator("[data-locate]").click()
    help_ = page.locator("[data-place-help]")
    expect(help_).to_contain_text("That is fine: move the map, search")
    expect(page.locator("[data-say-in-words]")).to_be_visible()
    assert violations(page) == []
    page.locator("#place-search").fill("West")
    page.locator("#place-results [role=option]", has_text="West").first.click()
    expect(help_).to_be_hidden()
    go_on(page)
    at(page, "category")


def tab_to(page: Page, target: Locator) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"Tab never comes to {target}")


def test_the_keyboard_alone_sends_a_report(
    open_context: OpenContext, address: str, city: City, live_app: Flask
) -> None:
    page = open_form(open_context, address, permissions=[])
    step = page.locator(".step[data-current]")
    east = page.get_by_role("button", name="To the east")
    for _ in range(4):  # closer: half a city is no place
        tab_to(page, page.get_by_role("button", name="Zoom in"))
        page.keyboard.press("Enter")
    tab_to(page, east)
    expect(east).to_be_in_viewport()
    before = page.locator("[name=position]").input_value()
    page.keyboard.press("Enter")
    expect(page.locator("[name=position]")).not_to_have_value(before)
    expect(page.locator("[data-place-name]")).to_have_text(re.compile("West|East"))
    tab_to(page, step.locator("[data-next]:visible"))
    page.keyboard.press("Enter")
    at(page, "category")
    tab_to(page, page.locator(".category input").first)
    page.keyboard.press("Space")
    tab_to(page, step.locator("[data-next]"))
    page.keyboard.press("Enter")
    at(page, "details")
    tab_to(page, page.locator("#words"))
    page.keyboard.type("A deep hole")
    tab_to(page, step.locator("[data-next]"))
    page.keyboard.press("Enter")
    at(page, "contact")
    tab_to(page, step.locator("[data-next]"))
    page.keyboard.press("Enter")
    at(page, "check")
    expect(page.locator("[data-check]")).to_contain_text("A deep hole")
    tab_to(page, page.locator("[data-send]"))
    page.keyboard.press("Enter")
    page.wait_for_url(SENT)
    assert placed_by(live_app) == "pin"


def test_danger_to_life_stops_to_say_whom_to_call_and_still_takes_the_report(
    open_context: OpenContext, address: str, city: City, live_app: Flask
) -> None:
    with live_app.app_context(), db.session.begin():
        make_category(db.session, "wire", urgency="emergency", names={"en": "Live wire"})
        make_report(db.session, city, category="wire")
    page = open_form(open_context, address)
    expect(page.locator("[data-place-accuracy]")).to_contain_text("18 m")
    go_on(page)
    category_of(page, "Live wire").click()
    go_on(page)
    at(page, "stop")
    assert violations(page) == []
    calls = page.locator(".step[data-current] a[href^='tel:']")
    numbers = calls.evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert numbers == ["tel:112", "tel:999", "tel:998", "tel:997", "tel:992"]
    # Whoever reads large type sees whom to call before the way on, and nothing lies over it.
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    last = calls.last.bounding_box()
    onward = page.locator(".step[data-current] [data-next]").bounding_box()
    assert last and onward and last["y"] + last["height"] <= onward["y"]
    page.evaluate("document.documentElement.style.fontSize = ''")
    go_on(page)
    at(page, "details")  # nobody is asked now whether it is known already
    page.go_back()
    at(page, "stop")
    page.go_forward()
    page.locator("#words").fill("On the pavement")
    go_on(page)
    go_on(page)
    expect(page.locator("[data-check]")).to_contain_text("In danger, call 112 first.")
    # A change leads straight back to the page to check.
    page.locator("[data-change=details]").first.click()
    at(page, "details")
    page.locator("#words").fill("On the road")
    go_on(page)
    at(page, "check")
    expect(page.locator("[data-check]")).to_contain_text("On the road")
    page.locator("[data-change=category]").click()
    at(page, "category")
    page.locator("[data-group] summary").first.click()
    category_of(page, "Pothole").click()
    go_on(page)
    at(page, "details")  # another category may ask something else
    go_on(page)
    at(page, "check")
    expect(page.locator("[data-check]")).to_contain_text("Pothole")
    page.locator("[data-send]").click()
    page.wait_for_url(SENT)


def test_without_scripts_danger_known_reports_and_the_photos_place_have_their_pages(
    open_context: OpenContext, address: str, city: City, live_app: Flask, taken_west: Path
) -> None:
    with live_app.app_context(), db.session.begin():
        make_category(db.session, "wire", urgency="emergency", names={"en": "Live wire"})
    page = open_context(PHONE, java_script_enabled=False).new_page()
    page.goto(f"{address}/poznan/?lang=en")
    page.get_by_role("link", name="Take photo").click()
    page.wait_for_url("**/poznan/report#photos")
    page.locator("label.category", has_text="Live wire").click()
    page.locator("#words").fill("On the pavement")
    page.locator("input[type=file][name=photo]").nth(1).set_input_files(taken_west)
    page.get_by_role("button", name="Continue: check and send").click()
    expect(page.locator("h1")).to_have_text("Is anybody in danger? Call first.")
    expect(page.locator("a[href='tel:112']")).to_be_visible()
    page.get_by_role("button", name="Back").click()  # loses nothing
    expect(page.locator("#words")).to_have_value("On the pavement")
    expect(page.locator("#position")).to_have_value("52.420000, 16.840000")
    page.get_by_role("button", name="Continue: check and send").click()
    expect(page.locator("main")).to_contain_text("Your photo says it was taken here")
    page.get_by_role("button", name="Send the report").click()
    page.wait_for_url(SENT)
    assert placed_by(live_app) == "photo"


READ_POSITION = """async ([folder, content]) => {
    const { positionIn } = await import(`${folder}/photo_place.js`);
    const bytes = Uint8Array.from(atob(content), letter => letter.charCodeAt(0));
    const found = positionIn(bytes.buffer);
    return found && [found.lat, found.lon];
}"""


def camera(kind: str = "JPEG", *, order: str = "<", void: bool = False, south: bool = False) -> str:
    """A photo at 52.5, 16.5 in base64; `order` of its bytes, `void` when there was no fix."""
    tags = Image.Exif()
    tags.endian = order
    gps = tags.get_ifd(0x8825)
    gps[1], gps[2] = "S" if south else "N", (52.0, 30.0, 0.0)
    gps[3], gps[4] = "W" if south else "E", (16.0, 30.0, 0.0)
    if void:
        gps[9] = "V"
    return base64.b64encode(encode(corners(), kind, exif=tags.tobytes())).decode()


def test_the_phone_itself_reads_where_a_photo_was_taken(
    open_context: OpenContext, address: str, city: City
) -> None:
    page = open_form(open_context, address)
    module = page.locator("script[data-report-module]").get_attribute("src") or ""
    cut_off = base64.b64encode(base64.b64decode(camera())[:90]).decode()
    found = {
        name: page.evaluate(READ_POSITION, [module.rpartition("/")[0], content])
        for name, content in {
            "little end first": camera(),
            "big end first": camera(order=">"),
            "HEIC": camera("HEIF"),
            "south and west": camera(south=True),
            "without a fix": camera(void=True),
            "cut off": cut_off,
            "no EXIF": base64.b64encode(plain("JPEG")).decode(),
        }.items()
    }
    assert found == {
        "little end first": [52.5, 16.5],
        "big end first": [52.5, 16.5],
        "HEIC": [52.5, 16.5],
        "south and west": [-52.5, -16.5],
        "without a fix": None,
        "cut off": None,
        "no EXIF": None,
    }


def test_a_browser_that_keeps_nothing_says_so_and_asks_for_the_photo_again(
    open_context: OpenContext, address: str, city: City, taken_west: Path
) -> None:
    page = open_context(PHONE).new_page()
    page.add_init_script(
        "indexedDB.open = () => { throw new DOMException('private', 'UnknownError') }"
    )
    page.goto(f"{address}/poznan/?lang=en")
    page.get_by_label("Choose photo").set_input_files(taken_west)
    page.wait_for_url("**/poznan/report**")
    expect(page.locator("[data-place-help]")).to_contain_text("choose it once more")
    page.get_by_label("Choose photo").first.set_input_files(taken_west)
    expect(page.locator("[data-place-help]")).to_contain_text("Your photo says")
