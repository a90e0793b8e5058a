"""A terminal in a town hall: the next person finds nothing of the one before."""

from __future__ import annotations

from contextlib import suppress

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from playwright.sync_api import Error as PlaywrightError

from civicmap.domain.jurisdictions.queries import City
from tests.browser.conftest import PHONE, OpenContext, violations

pytestmark = pytest.mark.browser

TERMINAL = {"width": 1080, "height": 1400}
WORDS = "A deep hole in front of my door, Jan Kowalski"


@pytest.fixture
def terminal(address: str, city: City, open_context: OpenContext) -> Page:
    page = open_context(TERMINAL, reduced_motion="reduce").new_page()
    page.clock.install()
    page.goto(f"{address}/poznan/?kiosk=1")
    return page


def tell_something(page: Page, address: str) -> None:
    page.goto(f"{address}/poznan/report")
    expect(page.locator("[data-flow]")).to_have_attribute("data-at", "place")
    page.evaluate("words => { document.querySelector('#words').value = words }", WORDS)
    page.locator("#words").dispatch_event("input")


def kept_by(page: Page) -> str:
    """All that the browser holds of this site, as text."""
    return str(
        page.evaluate(
            """async () => JSON.stringify([
                {...localStorage}, {...sessionStorage},
                (await indexedDB.databases()).map(({name}) => name),
                await caches.keys(),
                (await navigator.serviceWorker.getRegistrations()).length,
            ])"""
        )
    )


def names_of_cookies(context: BrowserContext) -> set[str]:
    return {str(cookie.get("name")) for cookie in context.cookies()}


def test_jan_walks_away_and_the_minute_takes_everything(terminal: Page, address: str) -> None:
    tell_something(terminal, address)
    terminal.goto(f"{address}/poznan/report?lang=pl")
    tell_something(terminal, address)
    terminal.evaluate("localStorage.setItem('anything', 'Jan'); indexedDB.open('anything')")
    terminal.clock.fast_forward(41_000)
    warning = terminal.locator("[data-kiosk-warning]")
    expect(warning).to_be_visible()
    expect(warning.locator("[data-kiosk-stay]")).to_be_focused()
    assert violations(terminal) == []
    terminal.clock.fast_forward(20_000)
    terminal.wait_for_url(f"{address}/poznan/?kiosk=1")
    expect(terminal.locator("html")).to_have_attribute("lang", "en")
    assert "Jan" not in kept_by(terminal)
    assert "anything" not in kept_by(terminal)
    assert "civicmap_language" not in names_of_cookies(terminal.context)
    assert "civicmap_kiosk" in names_of_cookies(terminal.context)
    # Back, as often as the browser has pages: the form is not there, still less what was in it.
    for _ in range(2):
        terminal.evaluate("history.back()")
        expect(terminal).to_have_url(f"{address}/poznan/?kiosk=1")
        expect(terminal.locator("[data-report-problem]")).to_be_visible()
    assert WORDS not in terminal.content() + kept_by(terminal)


def test_a_touch_is_enough_to_stay(terminal: Page, address: str) -> None:
    tell_something(terminal, address)
    terminal.clock.fast_forward(45_000)
    warning = terminal.locator("[data-kiosk-warning]")
    expect(warning).to_be_visible()
    terminal.keyboard.press("a")
    terminal.clock.run_for(1_000)
    expect(warning).to_be_hidden()
    terminal.clock.fast_forward(30_000)
    terminal.mouse.click(200, 700)
    terminal.clock.fast_forward(35_000)
    expect(warning).to_be_hidden()
    assert terminal.locator("#words").input_value() == WORDS


def test_done_forgets_at_once_and_a_page_nobody_touched_waits(terminal: Page, address: str) -> None:
    terminal.clock.fast_forward(300_000)
    expect(terminal.locator("[data-kiosk-warning]")).to_be_hidden()
    tell_something(terminal, address)
    terminal.locator("[data-kiosk-done] button").click()
    terminal.wait_for_url(f"{address}/poznan/?kiosk=1")
    assert WORDS not in kept_by(terminal)


def test_done_works_without_scripts(address: str, city: City, open_context: OpenContext) -> None:
    page = open_context(TERMINAL, java_script_enabled=False).new_page()
    page.goto(f"{address}/poznan/?kiosk=1")
    page.goto(f"{address}/poznan/report?lang=pl")
    page.locator("[data-kiosk-done] button").click()
    page.wait_for_url(f"{address}/poznan/?kiosk=1")
    assert "civicmap_language" not in names_of_cookies(page.context)


def test_nothing_leads_away(terminal: Page, address: str) -> None:
    for path in ("/poznan/", "/poznan/report", "/poznan/departments"):
        terminal.goto(f"{address}{path}")
        away = terminal.locator('a[href^="tel:"], a[href^="mailto:"], a[target="_blank"]')
        assert away.count() == 0, path
    terminal.evaluate(
        """document.querySelector("main h1").insertAdjacentHTML(
            "beforeend", '<a id="late" href="tel:112">112</a>')"""
    )
    expect(terminal.locator("#late")).to_have_count(0)
    assert violations(terminal) == []


def test_larger_buttons_of_the_map_stay_side_by_side(terminal: Page, address: str) -> None:
    for path in ("/poznan/", "/poznan/report"):
        terminal.goto(f"{address}{path}")
        locate = terminal.locator(".map__locate").bounding_box()
        zoom = terminal.locator(".leaflet-control-zoom").bounding_box()
        assert locate and zoom
        assert locate["y"] + locate["height"] <= zoom["y"], path


# A report that the city has refused, say: it lies in the outbox until its person mends it.
KEEP_REPORT = """async () => {
    const script = document.querySelector('script[src*="pwa/start"]').src;
    const outbox = await import(new URL("../shared/outbox/outbox.js", script));
    await outbox.keepReport({key: "k".repeat(20), city: "poznan", state: "refused", fields: [],
        photos: [], what: "Pothole", words: "A hole", at: Date.now(), tries: 1, next: 0, errors: {},
        addresses: {form: "/poznan/report", token: "/form-token", upload: "/photos"}});
}"""
WAITING = """async () => {
    const opened = indexedDB.open("civicmap");
    const database = await new Promise(resolve => opened.onsuccess = () => resolve(opened.result));
    if (!database.objectStoreNames.contains("outbox")) return 0;
    const asked = database.transaction("outbox").objectStore("outbox").count();
    const count = await new Promise(resolve => asked.onsuccess = () => resolve(asked.result));
    database.close();
    return count;
}"""


@pytest.mark.parametrize("has_cookie", [True, False])
def test_a_link_takes_no_waiting_report_from_a_phone(
    address: str, city: City, open_context: OpenContext, has_cookie: bool
) -> None:
    phone = open_context(PHONE, reduced_motion="reduce")
    page = phone.new_page()
    page.goto(f"{address}/poznan/")
    page.evaluate(KEEP_REPORT)
    if has_cookie:
        phone.add_cookies([{"name": "civicmap_browser", "value": "zofias", "url": address}])
    page.goto("about:blank")
    # Without the cookie the city cannot know: the page itself notices what waits.
    with suppress(PlaywrightError):  # one page is left for another before it has loaded
        page.goto(f"{address}/poznan/?kiosk=1")
    page.wait_for_url("**/kiosk/begin?city=poznan*")
    expect(page.locator("[data-kiosk-count]")).to_contain_text("wait here to be sent: 1.")
    assert violations(page) == []
    assert "civicmap_kiosk" not in names_of_cookies(phone)
    become = page.locator("[data-kiosk-begin] button")
    become.click()
    expect(page.locator("[name=drop_waiting]")).to_be_focused()
    assert page.evaluate(WAITING) == 1
    if not has_cookie:
        page.get_by_role("link", name="Leave it as it is").click()
        page.wait_for_url(f"{address}/poznan/")
        expect(page.locator("[data-waiting-count]")).to_be_visible()
        return
    page.locator("[name=drop_waiting]").check()
    become.click()
    page.wait_for_url(f"{address}/poznan/?kiosk=1")
    expect(page.locator(".kiosk-bar")).to_be_visible()
    assert page.evaluate(WAITING) == 0
    assert "civicmap_browser" not in names_of_cookies(phone)


def test_a_terminal_that_finds_a_waiting_report_when_it_forgets_asks(
    terminal: Page, address: str
) -> None:
    """A tab from before it became one has kept a report meanwhile."""
    tell_something(terminal, address)
    terminal.evaluate("localStorage.setItem('civicmap.outbox', '1')")
    terminal.locator("[data-kiosk-done] button").click()
    terminal.wait_for_url("**/kiosk/begin?city=poznan&kiosk=0")
    expect(terminal.locator("[data-kiosk-begin]")).to_be_visible()
