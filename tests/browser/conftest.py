"""A real Chromium against a real server on a real database."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from typing import Any
from unittest import mock

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from werkzeug.serving import make_server
from whitenoise.compress import Compressor

from civicmap.domain.jurisdictions.queries import City
from civicmap.extensions import db
from civicmap.web.shared import prepared_assets
from civicmap.web.shared.assets import ROOT, SOURCE, serve
from tests.factories.cities import make_category, make_city, make_department

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
# How long a browser is waited for, in ms: what takes a second has its turn late on a busy machine,
# and waiting longer costs nothing where it does come.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)
# bin/test says which one it found or put in; without a word it is Playwright's own.
CHROMIUM = (
    os.environ.get("CIVICMAP_TEST_CHROMIUM")
    or which("chromium-headless-shell", path="/usr/bin")
    or which("chromium", path="/usr/bin")
)
AXE = Path(__file__).parent / "vendor" / "axe-core-4.14.1" / "axe.min.js"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--disable-background-networking",
                "--disable-component-update",
                *(["--no-sandbox"] if os.getuid() == 0 else []),
            ],
        )
        yield launched
        launched.close()


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The address of the application, served by threads of this process."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    # How often it looks whether it shall end: with every test.
    thread = threading.Thread(target=server.serve_forever, args=[0.02], daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture(scope="session")
def prepared_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The static files as `civicmap prepare` makes them, not compressed."""
    root = tmp_path_factory.mktemp("static") / "prepared"
    with mock.patch.object(Compressor, "should_compress", return_value=False):
        prepared_assets.make(SOURCE, root)
    return root


@pytest.fixture
def address(
    live_app: Flask, prepared_files: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """The address of the application, its static files as people get them: with fewer requests."""
    monkeypatch.setitem(live_app.extensions, ROOT, prepared_files)
    monkeypatch.setattr(live_app, "wsgi_app", serve(live_app.wsgi_app, prepared_files))
    with serving(live_app) as address:
        yield address


@pytest.fixture
def city(live_app: Flask) -> City:
    """A square Poznań with two departments and three categories, committed."""
    with live_app.app_context(), db.session.begin():
        city = make_city(db.session, names={"en": "Poznań", "pl": "Poznań"})
        make_department(db.session, city, "roads", names={"en": "Roads", "pl": "Zarząd Dróg"})
        make_department(db.session, city, "lighting", names={"en": "Lighting", "pl": "Oświetlenie"})
        make_category(db.session, names={"en": "Pothole", "pl": "Dziura w drodze"})
        make_category(
            db.session,
            "streetlight",
            default_department="lighting",
            names={"en": "Street light not working", "pl": "Nie świeci latarnia"},
        )
        make_category(
            db.session,
            "flooded_street",
            names={"en": "Flooded street", "pl": "Zalana ulica"},
        )
        return city


OpenContext = Callable[..., BrowserContext]


@pytest.fixture
def open_context(browser: Browser) -> Iterator[OpenContext]:
    """Open a visitor's browser: `open_context(PHONE, locale="pl-PL", geolocation=…)`."""
    opened: list[BrowserContext] = []

    def open_one(viewport: dict[str, int] = PHONE, **options: Any) -> BrowserContext:
        is_phone = viewport["width"] < 800
        context = browser.new_context(
            viewport=viewport,  # type: ignore[arg-type]
            **{
                "locale": "en-GB",
                "has_touch": is_phone,
                "is_mobile": is_phone,
                # What it fetches no route of a test sees: "allow" it where it matters.
                "service_workers": "block",
                **options,
            },
        )
        context.set_default_timeout(PATIENCE)
        opened.append(context)
        return context

    yield open_one
    for context in opened:
        context.close()


# A bar that stays in view covers what the page's scroll has put beneath it, and which target that
# is hangs on the machine's fonts: the bars take their place in the page while axe measures.
ASK_AXE = """() => {
    const bars = [...document.querySelectorAll("*")].filter(
        element => getComputedStyle(element).position === "sticky");
    bars.forEach(bar => { bar.style.position = "relative"; bar.style.inset = "auto"; });
    return axe.run(document, {
        resultTypes: ["violations"],
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    }).then(result => {
        bars.forEach(bar => { bar.style.position = ""; bar.style.inset = ""; });
        return result.violations.map(
            v => `${v.id}: ${v.nodes.length} x ${v.nodes[0].html.slice(0, 200)}`);
    });
}"""


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong on a page under WCAG 2.2 A and AA: rule and first element."""
    # Our own policy forbids foreign scripts; the test evaluates axe in the page's world instead.
    if page.evaluate("!window.axe"):
        page.evaluate(AXE.read_text())
    # What still fades in, or is pale while the next list comes, has no contrast to measure yet.
    expect(page.locator('.city__panel[aria-busy="true"]')).to_have_count(0)
    page.emulate_media(reduced_motion="reduce")
    found = page.evaluate(ASK_AXE)
    return list(found)
