"""Zofia stands in a cellar: what she saw is still there, and what she reports is not lost."""

from __future__ import annotations

import io
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from civicmap.domain.departments.queries import list_departments
from civicmap.domain.jurisdictions.queries import City
from civicmap.extensions import db
from civicmap.web.pwa import worker
from tests.browser.conftest import PHONE, OpenContext, violations
from tests.factories.people import PASSWORD, make_staff
from tests.factories.reports import make_report

pytestmark = pytest.mark.browser

HERE = {"latitude": 52.41, "longitude": 16.85, "accuracy": 18}
# The worker that is asked for next has taken over.
UNTIL_UPDATED = """async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    const before = registration.active;
    await registration.update();
    const isNew = () =>
        registration.active !== before && registration.active.state === "activated";
    for (let tries = 0; tries < 1200 && !isNew(); tries += 1)
        await new Promise(resolve => setTimeout(resolve, 50));
}"""
KEPT_ADDRESSES = """async () => {
    const caches_ = await Promise.all((await caches.keys()).map(name => caches.open(name)));
    const keys = await Promise.all(caches_.map(cache => cache.keys()));
    return keys.flat().map(({url}) => new URL(url).pathname);
}"""
# A worker that was let go keeps what comes late: the page looks again, the last time after 4 s.
UNTIL_NOTHING_IS_KEPT = """async () => {
    const some = async () =>
        (await navigator.serviceWorker.getRegistrations()).length + (await caches.keys()).length;
    let left = await some();
    for (let tries = 0; tries < 1200 && (left || performance.now() < 5000); tries += 1) {
        await new Promise(resolve => setTimeout(resolve, 50));
        left = await some();
    }
    return left;
}"""
UNTIL_KEPT = """async path => {
    const isKept = () => caches.match(new URL(path, location), {ignoreVary: true});
    for (let tries = 0; tries < 1200 && !(await isKept()); tries += 1)
        await new Promise(resolve => setTimeout(resolve, 50));
    if (!(await isKept())) throw new Error(`${path} was never kept`);
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


class TileServer(BaseHTTPRequestHandler):
    """Grey tiles for everybody, as OpenStreetMap sends them."""

    def do_GET(self) -> None:
        content = io.BytesIO()
        Image.new("L", (256, 256), 200).save(content, "PNG")
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()
        self.wfile.write(content.getvalue())

    def log_message(self, *_: object) -> None:
        """Nothing to tell."""


@pytest.fixture
def tiles(live_app: Flask) -> Iterator[str]:
    """Map tiles from another origin, and a civicmap that shows them; where they are."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), TileServer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    usual = live_app.extensions["civicmap"]
    origin = f"http://127.0.0.1:{server.server_port}"
    tile_url = f"{origin}/{{z}}/{{x}}/{{y}}.png"
    live_app.extensions["civicmap"] = replace(usual, tile_url=tile_url)
    yield origin
    live_app.extensions["civicmap"] = usual
    server.shutdown()
    server.server_close()


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
    expect(line).to_have_text(re.compile(r"You are offline\.\s*(Load again)?\s*$"))
    page.goto(f"{address}/poznan")  # as people type it
    expect(page.locator(".mark")).to_have_count(1)
    page.goto(f"{address}/poznan/departments")
    expect(page.locator("h1")).to_have_text("You are offline")
    expect(page.locator("[data-kept-list] a").first).to_be_visible()
    assert violations(page) == []
    phone.set_offline(False)
    expect(page.locator("h1")).not_to_have_text("You are offline")


def test_a_first_look_at_the_map_is_enough_to_see_it_again(
    phone: BrowserContext, address: str, city: City, live_app: Flask, tiles: str
) -> None:
    with live_app.app_context(), db.session.begin():
        make_report(db.session, city)
    page = visit(phone, address)
    shown = page.locator(".leaflet-tile-loaded").first.get_attribute("src")
    assert shown and shown.startswith(tiles)
    page.evaluate(UNTIL_KEPT, "/tiles/poznan/11/1119/672")
    page.evaluate(UNTIL_KEPT, shown)
    phone.set_offline(True)
    page.reload()
    expect(page.locator(".mark")).to_have_count(1)
    expect(page.locator(f".leaflet-tile-loaded[src='{shown}']")).to_be_attached()


def test_a_new_version_takes_over_and_old_pages_keep_their_files(
    phone: BrowserContext,
    address: str,
    city: City,
    live_app: Flask,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = visit(phone, address)
    with live_app.test_request_context():
        now = json.loads(worker._configuration())
    for version in ("aaaaaaaaaaaa", "bbbbbbbbbbbb"):
        text = json.dumps({**now, "version": version, "assets": []})
        monkeypatch.setattr(worker, "_configuration", lambda text=text: text)
        page.evaluate(UNTIL_UPDATED)
    names = page.evaluate("caches.keys()")
    assert "civicmap-static-bbbbbbbbbbbb" in names
    assert "civicmap-static-aaaaaaaaaaaa" not in names  # dropped: nothing needs it
    phone.set_offline(True)
    page.goto(f"{address}/poznan/report")  # of the version before them all, and whole
    expect(page.locator("html")).to_have_class(re.compile("is-flowing"))


def test_the_city_can_be_installed(phone: BrowserContext, address: str, city: City) -> None:
    page = phone.new_page()
    page.goto(f"{address}/poznan/")
    asked = phone.new_cdp_session(page).send("Page.getInstallabilityErrors")
    obstacles = {error["errorId"] for error in asked["installabilityErrors"]}
    assert obstacles <= {"in-incognito"}  # as every context of a test is


def test_signing_out_takes_own_pages_from_the_device(
    phone: BrowserContext, address: str, city: City, live_app: Flask
) -> None:
    with live_app.app_context(), db.session.begin():
        sent = make_report(db.session, city)
        make_staff(db.session, city, list_departments(db.session, city.id)[0])
    page = visit(phone, address)
    page.goto(f"{address}/mine/{sent.number}/{sent.secret}")
    for own in (f"/mine/{sent.number}/{sent.secret}", "/mine"):
        page.evaluate(UNTIL_KEPT, own)
    phone.set_offline(True)
    page.reload()
    expect(page.locator("[data-network-line]")).to_contain_text("This is how it was at")
    expect(page.locator("main")).to_contain_text(sent.number)
    phone.set_offline(False)
    page.goto(f"{address}/auth/sign-in")
    page.locator("[name=email]").fill("anna@example.org")
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/staff"))
    page.goto(f"{address}/poznan/")
    kept = page.evaluate(KEPT_ADDRESSES)
    assert not [path for path in kept if re.match("/(staff|auth|poznan/$)", path)]
    page.locator("summary", has_text="Your account").click()
    page.locator("form[action$=sign-out] button").click()
    expect(page.locator(".flashes")).to_contain_text("You are signed out.")
    page.evaluate(UNTIL_KEPT, "/poznan/report")  # for the next report, whoever makes it
    assert not [path for path in page.evaluate(KEPT_ADDRESSES) if path.startswith("/mine")]


def test_a_terminal_for_everybody_keeps_nothing_and_removes_what_it_finds(
    phone: BrowserContext, address: str, city: City
) -> None:
    page = visit(phone, address)
    page.goto(f"{address}/poznan/?kiosk=1")
    page.goto(f"{address}/poznan/report")
    assert page.evaluate(UNTIL_NOTHING_IS_KEPT) == 0
