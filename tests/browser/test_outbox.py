"""Zofia reports where there is no network: kept, told, and sent exactly once."""

from __future__ import annotations

import io
import os
import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from civicmap.domain.accounts.models import ConfirmedContact
from civicmap.domain.accounts.tokens import hash_token
from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.media.models import Photo
from civicmap.domain.moderation.actions import set_rule
from civicmap.domain.moderation.policies import Policy
from civicmap.domain.reports.models import Report
from civicmap.extensions import db
from civicmap.web.shared.kiosk import BROWSER_COOKIE
from tests.browser.conftest import CHROMIUM, PATIENCE, PHONE, OpenContext, violations
from tests.browser.test_offline import HERE, visit
from tests.gate import Gate

pytestmark = pytest.mark.browser

WORDS = "A deep hole beside the tram stop."
EMAIL = "zofia.kowalska@example.org"
OPTIONS: dict[str, Any] = {
    "service_workers": "allow",
    "geolocation": HERE,
    "permissions": ["geolocation"],
    "reduced_motion": "reduce",
}
# Everything that this device keeps for us, as text.
ALL_KEPT = """async () => {
    const opened = indexedDB.open("civicmap");
    const database = await new Promise(resolve => opened.onsuccess = () => resolve(opened.result));
    const kept = [];
    for (const name of database.objectStoreNames) {
        const asked = database.transaction(name).objectStore(name).getAll();
        kept.push(...await new Promise(resolve => asked.onsuccess = () => resolve(asked.result)));
    }
    database.close();
    return JSON.stringify([kept, {...localStorage}, {...sessionStorage}]);
}"""


KEPT_PHOTO_STARTS = """async () => {
    const opened = indexedDB.open("civicmap");
    const database = await new Promise(resolve => opened.onsuccess = () => resolve(opened.result));
    const asked = database.transaction("photos").objectStore("photos").getAll();
    const [photo] = await new Promise(resolve => asked.onsuccess = () => resolve(asked.result));
    database.close();
    return [...new Uint8Array(photo.bytes.slice(0, 4))].map(byte => byte.toString(16)).join("");
}"""


@pytest.fixture(scope="session")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photo that stays large when it is shrunk: a crowd of leaves, say."""
    path = tmp_path_factory.mktemp("photos") / "leaves.jpg"
    leaves = Image.frombytes("RGB", (640, 480), os.urandom(640 * 480 * 3))
    tags = Image.Exif()
    tags[0x0112] = 6  # lies on its side
    content = io.BytesIO()
    leaves.resize((2560, 1920)).save(content, "JPEG", quality=90, exif=tags)
    path.write_bytes(content.getvalue())
    return path


@pytest.fixture
def phone(open_context: OpenContext) -> BrowserContext:
    return open_context(PHONE, **OPTIONS)


def go_on(page: Page, step: str) -> None:
    page.locator(".step[data-current] [data-next]:visible").click()
    expect(page.locator("[data-flow]")).to_have_attribute("data-at", step)


def write_report(
    page: Page, photo: Path | None = None, words: str = WORDS, *, in_haste: bool = False
) -> None:
    """Answer everything, up to the page to check; in haste without waiting for the photo."""
    expect(page.locator("html")).to_have_class(re.compile("is-flowing"))
    page.locator("[data-locate]").click()
    expect(page.locator("[data-place-name]")).to_have_text(re.compile("West|Place chosen"))
    go_on(page, "category")
    page.locator("label.category", has_text="Pothole").first.click()
    go_on(page, "details")
    page.locator("#words").fill(words)
    if photo:
        page.locator("[data-photo-drop] input[type=file]").nth(1).set_input_files(photo)
        going = ".photo--sending" if in_haste else ":not(.photo--sending)"
        expect(page.locator(f".photo{going}")).to_have_count(1)
    go_on(page, "contact")
    page.locator("#email").fill(EMAIL)
    go_on(page, "check")
    expect(page.locator("[data-check]")).to_contain_text(words[:30])


def send_without_network(page: Page) -> None:
    page.locator("[data-send]").click()
    expect(page.locator("[data-flow]")).to_have_attribute("data-at", "queued")
    expect(page.locator("[data-waiting-count]")).to_have_text("1 report waiting")


def report_in_the_cellar(phone: BrowserContext, address: str) -> Page:
    """A phone that has seen the map goes where there is no network, and reports from there."""
    page = visit(phone, address)
    phone.set_offline(True)
    page.goto(f"{address}/poznan/report")
    write_report(page)
    send_without_network(page)
    return page


def sent(app: Flask) -> list[tuple[str, int]]:
    """Words and number of photos of every report that the city has."""
    with app.app_context():
        rows = db.session.execute(select(Report.words, Report.photo_count)).all()
        adopted = db.session.scalars(select(Photo.report_id)).all()
    assert sum(count for _, count in rows) == len([one for one in adopted if one])
    return [(words, count) for words, count in rows]


@pytest.fixture
def open_browser(browser: Browser, tmp_path: Path) -> Iterator[Callable[[], BrowserContext]]:
    """Open Zofia's browser, with all that it kept when it was closed."""
    opened: list[BrowserContext] = []

    def open_one() -> BrowserContext:
        context = browser.browser_type.launch_persistent_context(
            tmp_path / "profile",
            executable_path=CHROMIUM,
            args=["--no-sandbox"] if os.getuid() == 0 else [],
            viewport=PHONE,  # type: ignore[arg-type]
            has_touch=True,
            is_mobile=True,
            locale="en-GB",
            **OPTIONS,
        )
        context.set_default_timeout(PATIENCE)
        opened.append(context)
        return context

    yield open_one
    for context in opened:
        context.close()


@pytest.mark.usefixtures("city")
def test_a_report_made_offline_outlives_the_browser_and_is_sent_once_by_two_tabs(
    open_browser: Callable[[], BrowserContext], address: str, live_app: Flask, photo: Path
) -> None:
    context = open_browser()
    page = visit(context, address)
    context.set_offline(True)
    page.goto(f"{address}/poznan/report")
    write_report(page, photo)
    expect(page.locator("[data-check]")).to_contain_text("Pothole")
    expect(page.locator("[data-check] img")).to_have_count(1)
    expect(page.locator("[data-check] .check-public:visible")).to_have_text(
        "Place, words and photos will be on the public map at once."
    )
    assert violations(page) == []
    send_without_network(page)
    assert violations(page) == []
    assert sent(live_app) == []
    assert page.evaluate(KEPT_PHOTO_STARTS) == "ffd8ffe0"  # JFIF: no EXIF, and so no place
    context.close()

    context = open_browser()
    tabs = [context.new_page(), context.new_page()]
    for tab in tabs:
        tab.goto(f"{address}/poznan/", wait_until="commit")
    for tab in tabs:
        expect(tab.locator("[data-waiting-count]")).to_have_text("1 report sent")
    assert sent(live_app) == [(WORDS, 1)]
    with live_app.app_context():
        # Turned upright and shrunk before it left.
        full = db.session.scalars(select(Photo.sizes)).one()["full"]
        assert (full["width"], full["height"]) == (1200, 1600)
    kept = tabs[0].evaluate(ALL_KEPT)
    assert EMAIL not in kept and WORDS not in kept
    tabs[0].locator(".waiting summary").click()
    tabs[0].locator("[data-open]").click()
    expect(tabs[0].locator("main")).to_contain_text(WORDS)
    expect(tabs[1].locator("[data-waiting]")).to_be_hidden()


def test_the_device_knows_by_itself_that_zofia_is_known_to_the_city(
    open_context: OpenContext, address: str, live_app: Flask, city: City
) -> None:
    with live_app.app_context(), db.session.begin():
        set_rule(db.session, jurisdiction_id=city.id, policy=Policy.HOLD_CONTENT)
        db.session.add(
            ConfirmedContact(browser_hash=hash_token("zofias"), kind="email", contact=EMAIL)
        )
    zofia, stranger = open_context(PHONE, **OPTIONS), open_context(PHONE, **OPTIONS)
    zofia.add_cookies([{"name": BROWSER_COOKIE, "value": "zofias", "url": address}])
    for phone, told in ((zofia, "will be on the public map at once."), (stranger, "has looked.")):
        page = phone.new_page()
        page.goto(f"{address}/poznan/report")
        phone.set_offline(True)
        write_report(page)
        expect(page.locator("[data-check] .check-public:visible")).to_have_text(
            re.compile(re.escape(told) + "$")
        )
        assert page.locator("[data-check] .check-public:visible").count() == 1


class CuttingGate(Gate):
    """A network that can be cut at a moment: after so many bytes, or before an answer; or slow."""

    def __init__(self, host: str, port: int) -> None:
        self.upstream = 0
        self.cut_at: int | None = None
        self.cut_answer_to: bytes | None = None
        self.cuts = 0
        self.is_slow = False
        super().__init__(host, port)

    def carry(self, source: socket.socket, sink: socket.socket) -> None:  # type: ignore[override]
        with suppress(OSError):
            to_server = sink.getpeername() == self.target
            while block := source.recv(16_384):
                if to_server:
                    self.upstream += len(block)
                    if self.is_slow:
                        time.sleep(len(block) / 60_000)
                    if self.cut_at is not None and self.upstream >= self.cut_at:
                        self.cut_at = None
                        self.cut()
                        return
                    if self.cut_answer_to and self.cut_answer_to in block:
                        self.cut_answer_to = None
                        self.deaf = source
                elif getattr(self, "deaf", None) is sink:
                    self.cut()
                    return
                sink.sendall(block)
            sink.shutdown(socket.SHUT_WR)

    def cut(self) -> None:
        self.cuts += 1
        self.close()
        self.open()


@pytest.fixture
def gate(address: str) -> Iterator[CuttingGate]:
    gate = CuttingGate("127.0.0.1", int(address.rpartition(":")[2]))
    yield gate
    gate.close()
    gate.listener.close()


def test_the_network_comes_back_before_the_report_is_sent(
    phone: BrowserContext, address: str, city: City, photo: Path
) -> None:
    page = visit(phone, address)
    page.goto(f"{address}/poznan/report")
    phone.set_offline(True)
    write_report(page, photo)
    expect(page.locator("[data-check]")).to_contain_text("The city cannot be asked now.")
    phone.set_offline(False)
    expect(page.locator("[data-check]")).to_contain_text("Expected by")
    expect(page.locator("[data-check]")).not_to_contain_text("cannot be asked")
    expect(page.locator("[data-check] img")).to_have_count(1)


@pytest.mark.usefixtures("city")
def test_a_photo_goes_on_after_a_cut_and_a_lost_answer_gives_no_twin(
    phone: BrowserContext, gate: CuttingGate, live_app: Flask, photo: Path
) -> None:
    page = phone.new_page()
    page.goto(f"http://127.0.0.1:{gate.port}/poznan/report")
    gate.cut_at = gate.upstream + 400_000
    write_report(page, photo)
    assert gate.cuts == 1
    arrived = gate.upstream
    expect(page.locator("[data-check] img")).to_have_count(1)
    gate.cut_answer_to = b'name="action"\r\n\r\nsend'
    page.locator("[data-send]").click()
    page.wait_for_url(re.compile("/mine/.*sent=1"))
    assert gate.cuts == 2
    assert sent(live_app) == [(WORDS, 1)]
    assert arrived < 400_000 + photo.stat().st_size  # it went on, and did not begin again
    assert page.evaluate(ALL_KEPT).startswith("[[]")


@pytest.mark.usefixtures("city")
def test_a_photo_on_a_slow_way_holds_nobody_up(
    phone: BrowserContext, gate: CuttingGate, live_app: Flask, photo: Path
) -> None:
    page = phone.new_page()
    page.goto(f"http://127.0.0.1:{gate.port}/poznan/report")
    gate.is_slow = True
    write_report(page, photo, in_haste=True)
    expect(page.locator("[data-check]")).to_contain_text("Your photos are still on their way.")
    expect(page.locator("[data-check]")).not_to_contain_text("cannot be asked")
    page.locator("[data-send]").click()
    expect(page.locator("[data-send-status]")).to_contain_text("Sending the photos")
    gate.is_slow = False
    page.wait_for_url(re.compile("/mine/.*sent=1"))
    assert sent(live_app) == [(WORDS, 1)]


def test_what_the_city_refuses_stays_and_can_be_mended_or_deleted(
    phone: BrowserContext, address: str, city: City, live_app: Flask
) -> None:
    page = visit(phone, address)
    phone.set_offline(True)
    for words in ("Too long. " * 500, "Much too long. " * 500):
        page.goto(f"{address}/poznan/report")
        page.reload()
        write_report(page, words=words)
        page.locator("[data-send]").click()
        expect(page.locator("[data-flow]")).to_have_attribute("data-at", "queued")
    expect(page.locator("[data-waiting-count]")).to_have_text("2 reports waiting")
    phone.set_offline(False)
    expect(page.locator("[data-waiting-count]")).to_have_text("2 reports could not be taken")
    rows = page.locator(".waiting__report")
    expect(rows.first.locator("[data-errors]")).to_contain_text(re.compile("4,?000"))
    assert violations(page) == []
    page.reload()
    rows.nth(1).locator("[data-delete]").click()
    rows.nth(1).locator("[data-delete-really]").click()
    expect(rows).to_have_count(1)
    rows.first.locator("[data-mend]").click()
    page.wait_for_url(re.compile("mend="))
    expect(page.locator("html")).to_have_class(re.compile("is-flowing"))
    expect(page.locator("#email")).to_have_value(EMAIL)
    page.locator("#words").evaluate("field => field.value = ''")
    write_mended(page)
    page.locator("[data-send]").click()
    page.wait_for_url(re.compile("/mine/.*sent=1"))
    expect(page.locator("[data-waiting]")).to_be_hidden()
    assert sent(live_app) == [("Short now.", 0)]


def write_mended(page: Page) -> None:
    for step in ("category", "details"):
        go_on(page, step)
    page.locator("#words").fill("Short now.")
    for step in ("contact", "check"):
        go_on(page, step)
    expect(page.locator("[data-check]")).to_contain_text("Roads")


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize("room", [350_000, 0])  # bytes
def test_a_full_phone_says_so_and_the_open_page_sends_everything(
    phone: BrowserContext, address: str, live_app: Flask, photo: Path, room: int
) -> None:
    sentence = "your words are kept, the photos are not" if room else "full or keeps nothing"
    page = visit(phone, address)
    page.goto(f"{address}/poznan/report")
    phone.set_offline(True)
    used = page.evaluate("navigator.storage.estimate().then(({usage}) => usage)")
    phone.new_cdp_session(page).send(
        "Storage.overrideQuotaForOrigin",
        {"origin": address, "quotaSize": used + room if room else 1},
    )
    write_report(page, photo)
    page.locator("[data-send]").click()
    expect(page.locator("[data-send-status]")).to_contain_text(sentence)
    assert sent(live_app) == []
    phone.set_offline(False)
    page.wait_for_url(re.compile("/mine/.*sent=1"))
    assert sent(live_app) == [(WORDS, 1)]


@pytest.mark.usefixtures("city")
def test_while_the_city_is_busy_it_waits_and_goes_by_the_button(
    phone: BrowserContext, address: str, live_app: Flask
) -> None:
    page = report_in_the_cellar(phone, address)
    sends = re.compile("/poznan/report$")
    page.route(sends, lambda route: route.fulfill(status=503, headers={"Retry-After": "600"}))
    phone.set_offline(False)
    page.locator(".waiting summary").click()
    expect(page.locator(".waiting [data-state]").last).to_contain_text("The next try is at")
    page.unroute(sends)
    assert sent(live_app) == []
    page.locator("[data-send-now]").click()
    expect(page.locator("[data-waiting-count]")).to_have_text("1 report sent")
    assert sent(live_app) == [(WORDS, 0)]

    # The line leads to her own page for a week, unless she leaves the phone to somebody else.
    page.goto(f"{address}/poznan/report")
    expect(page.locator("html")).to_have_class(re.compile("is-flowing"))
    page.goto(f"{address}/mine/forget")
    kept = page.evaluate(ALL_KEPT)
    assert "/mine/" in kept and "civicmap.draft" in kept
    page.locator("form[data-forget] button").click()
    expect(page.locator(".flashes")).to_contain_text("This device has forgotten")
    kept = page.evaluate(ALL_KEPT)
    assert "/mine/" not in kept and "civicmap.draft" not in kept
    expect(page.locator("[data-waiting]")).to_be_hidden()


@pytest.mark.usefixtures("city")
def test_background_sync_sends_it_when_no_page_is_open(
    phone: BrowserContext, address: str, live_app: Flask
) -> None:
    page = report_in_the_cellar(phone, address)
    worker = phone.new_cdp_session(page)
    registrations: list[str] = []
    worker.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: registrations.extend(one["registrationId"] for one in told["registrations"]),
    )
    worker.send("ServiceWorker.enable")
    page.goto("about:blank")
    phone.set_offline(False)
    worker.send(
        "ServiceWorker.dispatchSyncEvent",
        {
            "origin": address,
            "registrationId": registrations[0],
            "tag": "civicmap-outbox",
            "lastChance": False,
        },
    )
    for _ in range(PATIENCE // 50):
        if sent(live_app):
            break
        page.wait_for_timeout(50)
    assert sent(live_app) == [(WORDS, 0)]
