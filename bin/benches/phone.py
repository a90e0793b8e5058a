"""What a phone pays: the weight of the report form and of the city page, and the time they take.

Served by gunicorn as bin/run does it, in a city with photos. Weights are of the bodies as they are
sent, asked for once with gzip and once with brotli. Times are of Chromium as Lighthouse throttles a
phone through DevTools: "slow 4G" is 150 ms of round trip and 1.6 Mbit/s down, 750 kbit/s up, which
it applies as 562.5 ms for each request, 1,474.56 and 675 kbit/s; the processor is 4 times slower.
"""

from __future__ import annotations

import json
import os
import random
import re
import statistics
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

from benches.crowded_city import make_app, make_city
from benches.photos import generated_photo
from benches.sending import send
from benches.serving import TILES, served
from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.media.actions import keep_photo
from civicmap.domain.media.pipeline import process_photo
from civicmap.extensions import db
from civicmap.foundation.storage import FileStorage
from civicmap.foundation.transaction import transaction
from civicmap.web.shared import assets

NAME = "phone"
DESCRIPTION = "weight of the report form, time on a slow phone, layout shifts [rounds, default 3]"
NEEDS = "browser"

ROUNDS = 3
REPORTS = 2_000
BUDGET = 120_000  # bytes gzipped, all that the report form loads, before map tiles
PHONE = {"width": 390, "height": 844}
SLOW_4G = {
    "offline": False,
    "latency": 562.5,  # ms
    "downloadThroughput": 1_474_560 / 8,  # bytes a second
    "uploadThroughput": 675_000 / 8,
}
SLOWER = 4  # times, the processor
HERE = {"latitude": 52.4083, "longitude": 16.9336, "accuracy": 12}
LATE = 0.4  # seconds after which photos and tiles arrive where shifts are measured
TILE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154"
    "08d763f8ffff3f0005fe02fe0def46b80000000049454e44ae426082"
)

WATCH = """
window.__shifts = [];
new PerformanceObserver(list => {
    for (const entry of list.getEntries()) {
        if (!entry.hadRecentInput) window.__shifts.push(entry.value);
    }
}).observe({type: "layout-shift", buffered: true});
new MutationObserver((_, observer) => {
    if (!document.documentElement?.classList.contains("is-flowing")) return;
    window.__usable = performance.now();
    observer.disconnect();
}).observe(document, {attributes: true, subtree: true, attributeFilter: ["class"]});
"""
FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"
SHIFTED = "window.__shifts.reduce((sum, value) => sum + value, 0)"


@dataclass
class Weight:
    """Bytes of one address as sent, and of how many addresses."""

    name: str
    gzip: int = 0
    brotli: int = 0
    files: int = 0


@dataclass
class Times:
    """Milliseconds, one of each round."""

    painted: list[float] = field(default_factory=list)
    usable: list[float] = field(default_factory=list)
    sent: list[float] = field(default_factory=list)


def run(arguments: list[str]) -> int:
    """Print weights, shifts and times; 1 if the report form is heavier than its budget."""
    rounds = int(arguments[0]) if arguments else ROUNDS
    app = make_app()
    with app.app_context():
        city = make_city(REPORTS)
        send_with_photos(app, city)
    state = Path(app.extensions["civicmap"].state)
    assets.prepare(state)
    url = os.environ["CIVICMAP_BENCH_DATABASE_URL"]
    with served(state, url) as address, browser() as chromium:
        form, city_page = f"{address}/{city.slug}/report", f"{address}/{city.slug}/"
        total = tell_weights("Report form", form, chromium)
        tell_weights("City page", city_page, chromium)
        print()
        tell_first_paint(chromium, form)
        tell_shifts(chromium, address, city)
        print()
        tell_times(chromium, form, city_page, rounds)
    print(f"\nReport form {total / 1000:.1f} of {BUDGET / 1000:.0f} kB gzipped")
    return 0 if total <= BUDGET else 1


def send_with_photos(app: Flask, city: City) -> None:
    """A few reports with a photo, so that the city page shows some."""
    storage: FileStorage = app.extensions["photo_storage"]
    photo = process_photo(generated_photo())
    dice = random.Random(3)  # noqa: S311 - the same places every time
    for _ in range(6):
        with transaction(db.session):
            key = keep_photo(db.session, storage, photo=photo)
        send(city, dice, photos=(key,))


@contextmanager
def browser() -> Iterator[Browser]:
    usual = "/usr/bin/chromium" if Path("/usr/bin/chromium").exists() else None
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=os.environ.get("CIVICMAP_TEST_CHROMIUM", usual),
            args=[
                "--disable-background-networking",
                *(["--no-sandbox"] if not os.getuid() else []),
            ],
        )
        yield launched
        launched.close()


def visitor(chromium: Browser, **options: Any) -> BrowserContext:
    """A phone that was never here: no cache, no cookies, no service worker."""
    context = chromium.new_context(
        viewport=PHONE,  # type: ignore[arg-type]
        is_mobile=True,
        has_touch=True,
        locale="en-GB",
        geolocation=HERE,  # type: ignore[arg-type]
        permissions=["geolocation"],
        bypass_csp=True,  # what measures asks from within
        **{"service_workers": "block", **options},
    )
    context.set_default_timeout(120_000)
    context.add_init_script(WATCH)
    context.route(f"**{TILES}**", late_tile)
    return context


def late_tile(route: Route) -> None:
    time.sleep(LATE / 4)
    route.fulfill(body=TILE, content_type="image/png")


# Weights


def tell_weights(title: str, address: str, chromium: Browser) -> int:
    """Print a table of what the page loads; the gzipped bytes of all of it."""
    asked = addresses_of(chromium, address)
    weights = {name: Weight(name) for name in map(kind_of, asked)}
    for one in asked:
        weight = weights[kind_of(one)]
        weight.gzip += size_of(one, "gzip")
        weight.brotli += size_of(one, "br")
        weight.files += 1
    print(f"\n{title}, bytes as sent{'':24} {'gzip':>8} {'brotli':>8} files")
    for weight in sorted(weights.values(), key=lambda weight: -weight.gzip):
        print(f"  {weight.name:50} {weight.gzip:8,} {weight.brotli:8,} {weight.files:5}")
    total = Weight("all, before map tiles")
    for weight in weights.values():
        total.gzip += weight.gzip
        total.brotli += weight.brotli
        total.files += weight.files
    print(f"  {total.name:50} {total.gzip:8,} {total.brotli:8,} {total.files:5}")
    later = [one for one in kept_for_later(address) if one not in asked]
    fetched = sum(size_of(one, "gzip") for one in later)
    print(
        f"  {'(in the background, for use without network)':50} {fetched:8,} {'':8} {len(later):5}"
    )
    return total.gzip


def kept_for_later(address: str) -> list[str]:
    """What the service worker fetches once the page has settled."""
    parts = urlsplit(address)
    origin = f"{parts.scheme}://{parts.netloc}"
    with urllib.request.urlopen(f"{origin}/sw.js", timeout=30) as answer:  # noqa: S310
        script = answer.read().decode()
    configuration = json.loads(script[script.index("serve(") + 6 : script.rindex(");")])
    return [origin + path for path in configuration["assets"]]


def addresses_of(chromium: Browser, address: str) -> list[str]:
    """Everything the page asks for by itself until nothing more comes, map tiles left out."""
    context = visitor(chromium)
    page = context.new_page()
    asked: dict[str, None] = {}
    page.on("request", lambda request: asked.setdefault(request.url))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1500)
    context.close()
    return [one for one in asked if one.startswith("http") and TILES not in one]


def kind_of(address: str) -> str:
    """How an address is called in the table: photos and tiles of reports are told together."""
    path = re.sub(r"^https?://[^/]+", "", address)
    path = re.sub(r"^/static/[0-9a-f]+/", "", path).partition("?")[0]
    if "/tiles/" in path:
        return "(reports on the map)"
    return "(photos)" if path.startswith("/photos/") else path


def size_of(address: str, encoding: str) -> int:
    """Bytes of the body as sent to a browser that takes this encoding."""
    request = urllib.request.Request(address, headers={"Accept-Encoding": encoding})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - our own server
            return len(answer.read())
    except urllib.error.HTTPError as error:
        return len(error.read())


# First paint and layout shifts, on a fast line: what waits is held back on purpose


def tell_first_paint(chromium: Browser, address: str) -> None:
    """The first paint while every script is held back: it must come all the same."""
    context = visitor(chromium)
    page = context.new_page()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/*.js", hold)
    page.goto(address, wait_until="commit")
    painted = None
    for _ in range(50):
        page.wait_for_timeout(100)
        painted = page.evaluate(FIRST_PAINT)
        if painted is not None:
            break
    said = f"after {painted:.0f} ms" if painted is not None else "never: it waits for a script"
    print(f"First paint of the report form with all {len(held)} scripts held back: {said}")
    for route in held:
        route.abort()
    context.close()


def tell_shifts(chromium: Browser, address: str, city: City) -> None:
    """Cumulative layout shift while photos and map tiles arrive late."""
    number = newest_number(f"{address}/{city.slug}/reports", chromium)
    for name, path in {
        "report form": f"/{city.slug}/report",
        "city page": f"/{city.slug}/",
        "list of reports": f"/{city.slug}/reports",
        "report page": f"/{city.slug}/reports/{number}",
    }.items():
        context = visitor(chromium)
        page = context.new_page()
        page.route("**/photos/**", late)
        page.goto(address + path)
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(800)
        print(f"Layout shift, {name}: {page.evaluate(SHIFTED):.4f}")
        context.close()


def late(route: Route) -> None:
    time.sleep(LATE)
    route.continue_()


def newest_number(address: str, chromium: Browser) -> str:
    context = visitor(chromium)
    page = context.new_page()
    page.goto(address)
    link = page.locator('main a[href*="/reports/"]').first.get_attribute("href") or ""
    context.close()
    return link.rpartition("/")[2]


# Times, throttled


def tell_times(chromium: Browser, form: str, city_page: str, rounds: int) -> None:
    told = Times()
    seen: list[float] = []
    for _ in range(rounds):
        report_once(chromium, form, told)
        context, page = throttled(chromium)
        page.goto(city_page, wait_until="load")
        page.wait_for_selector("[data-report-problem]")
        seen.append(page.evaluate(FIRST_PAINT))
        context.close()
    print(f"Slow 4G, processor {SLOWER} times slower, {rounds} rounds, median of seconds")
    for name, taken in {
        "city page: first paint": seen,
        "report form: first paint": told.painted,
        "report form: usable": told.usable,
        'last tap to "sent"': told.sent,
    }.items():
        print(f"  {name:32} {statistics.median(taken) / 1000:5.2f}")


def throttled(chromium: Browser) -> tuple[BrowserContext, Page]:
    context = visitor(chromium)
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", SLOW_4G)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return context, page


def report_once(chromium: Browser, form: str, told: Times) -> None:
    """Report a pothole from beginning to end, as quickly as the page allows."""
    context, page = throttled(chromium)
    page.goto(form, wait_until="commit")
    page.wait_for_function("() => window.__usable")
    told.painted.append(page.evaluate(FIRST_PAINT))
    told.usable.append(page.evaluate("window.__usable"))
    page.locator("[data-locate]").click()
    page.wait_for_function("() => document.querySelector('[data-place-name]').textContent")
    while (step := current(page)) != "check":
        if step == "category":
            page.locator(
                "[data-most-used] label.category, [data-group][open] label.category"
            ).first.click()
        if step == "details":
            page.locator("#words").fill("Dziura w jezdni przy torach, auta ją omijają.")
        page.locator(f'[data-step="{step}"] [data-next]:visible').first.click()
        page.wait_for_function(
            "step => document.querySelector('[data-flow]').dataset.at !== step", arg=step
        )
    page.wait_for_selector("[data-check] dl")
    page.wait_for_timeout(300)
    begun = time.perf_counter()
    page.locator("[data-send]").click()
    page.wait_for_selector("[data-sent]")
    told.sent.append((time.perf_counter() - begun) * 1000)
    context.close()


def current(page: Page) -> str:
    return str(page.locator("[data-flow]").get_attribute("data-at"))
