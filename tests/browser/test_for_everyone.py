"""For everyone: narrow screens, large type, more contrast, forced colours, keyboard, less motion.

Every page that residents use, in one go for each need; axe-core's faults are in test_every_page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from civicmap.domain.jurisdictions.queries import City
from civicmap.extensions import db
from civicmap.foundation.locales import LANGUAGES
from civicmap.web.shared import prepared_assets
from civicmap.web.shared.assets import SOURCE
from tests.browser.conftest import DESKTOP, PHONE, OpenContext, serving, violations
from tests.factories.reports import make_report

pytestmark = pytest.mark.browser

PAGES = [
    "/poznan/",
    "/poznan/reports",
    "/poznan/reports/{number}",
    "/poznan/districts?by=share_fixed",
    "/poznan/departments",
    "/poznan/how-to-report",
    "/poznan/report",
    "/mine",
    "/mine/link",
    "/mine/{number}/{secret}",
    "/mine/{number}/{secret}?sent=1",
    "/find?number=nothing",
    "/auth/sign-in",
    "/offline",
]
# With axe, which takes its time: what test_every_page does not open, and the busiest of the others.
LOOKED_INTO = ["/poznan/", "/poznan/report", "/mine", "/mine/link", "/offline"]
HERE = {"latitude": 52.41, "longitude": 16.85, "accuracy": 18}
NARROW = {"width": 320, "height": 640}
# What is cut off: text that does not fit where it may not scroll, or that leaves the screen.
CUT_OFF = """() => {
    const seen = element => {
        const box = element.getBoundingClientRect(), style = getComputedStyle(element);
        return box.width > 1 && style.visibility !== "hidden" && style.clipPath === "none"
            && !element.closest("[aria-hidden=true], .leaflet-container, [inert]");
    };
    const scrolls = element => {
        for (let at = element; at; at = at.parentElement) {
            if (["auto", "scroll"].includes(getComputedStyle(at).overflowX)) return true;
        }
        return false;
    };
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    const found = wide > 0 ? [`${wide} px over the edge`] : [];
    for (const element of document.querySelectorAll(
        "a, button, summary, label, h1, h2, h3, p, dt, dd, input, select, legend"
    )) {
        if (!seen(element)) continue;
        const words = element.tagName + " " + element.textContent.trim().slice(0, 40);
        const hides = ["hidden", "clip"].includes(getComputedStyle(element).overflowX)
            && element.tagName !== "INPUT";
        if (hides && element.scrollWidth - element.clientWidth > 2) found.push(`cut off: ${words}`);
        const box = element.getBoundingClientRect();
        if (box.right > innerWidth + 1 && !scrolls(element)) found.push(`outside: ${words}`);
    }
    return found.slice(0, 5);
}"""

# The words of each counter, how far from its right edge they end (px), and in how many lines.
COUNTERS = """() => [...document.querySelectorAll(".counts__name")].map(name => {
    const range = document.createRange();
    range.selectNodeContents(name);
    const lines = [...range.getClientRects()];
    const edge = name.parentElement.getBoundingClientRect().right;
    return [
        name.textContent.trim(),
        edge - Math.max(...lines.map(line => line.right)),
        new Set(lines.map(line => line.top)).size,
    ];
})"""

# Whether a text can be read as a module; its imports are left out and nothing of it has to work.
READ_MODULE = """async text => {
    const body = text.replace(/^import\\b[^"']*["'][^"']*["'];?/gm, "")
        .replace(/;import\\b[^"'();]*["'][^"']*["'](?=;)/g, "")
        .replace(/^export\\s*\\{[^}]*\\}\\s*from\\s*["'][^"']*["'];?/gm, "");
    const url = URL.createObjectURL(new Blob([body], {type: "text/javascript"}));
    try {
        await import(url);
    } catch (error) {
        return error instanceof SyntaxError ? error.message : null;
    }
    return null;
}"""
# The name of what has the focus, and whether one sees that; nothing once it was there before.
FOCUSED = """() => {
    const at = document.activeElement;
    if (!at || at === document.body || at.dataset.walked) return null;
    at.dataset.walked = "yes";
    const around = [at, at.parentElement, at.closest("label, article, .mark")].filter(Boolean);
    const styles = [...around.map(one => getComputedStyle(one)), getComputedStyle(at, "::after")];
    const seen = styles.some(one => one.outlineStyle !== "none" || one.boxShadow !== "none");
    const name = at.getAttribute("aria-label") || at.labels?.[0]?.textContent || at.textContent
        || at.title || at.tagName;
    return [name.replace(/\\s+/g, " ").trim().slice(0, 80), seen];
}"""


@pytest.fixture
def known(live_app: Flask, city: City) -> dict[str, str]:
    with live_app.app_context(), db.session.begin():
        report = make_report(db.session, city, address="Głogowska 118")
        return {"number": report.number, "secret": report.secret}


def pages(
    page: Page, address: str, known: dict[str, str], language: str, paths: list[str]
) -> Iterator[str]:
    for path in paths:
        separator = "&" if "?" in path else "?"
        page.goto(f"{address}{path.format(**known)}{separator}lang={language}")
        yield path


@pytest.mark.parametrize(("text", "language"), [("100%", "ru"), ("200%", "kk")])
def test_nothing_is_cut_off_at_320_px_and_with_text_twice_as_large(
    address: str, known: dict[str, str], open_context: OpenContext, text: str, language: str
) -> None:
    viewport = NARROW if text == "100%" else PHONE
    page = open_context(viewport, reduced_motion="reduce").new_page()
    faults = []
    for path in pages(page, address, known, language, PAGES):
        page.evaluate("size => { document.documentElement.style.fontSize = size }", text)
        faults += [f"{path}: {fault}" for fault in page.evaluate(CUT_OFF)]
    assert faults == []


def test_the_yellow_button_keeps_its_words_in_a_low_window_with_large_text(
    address: str, city: City, open_context: OpenContext
) -> None:
    page = open_context({"width": 320, "height": 568}, locale="ru").new_page()
    page.goto(f"{address}/poznan/")
    button = page.locator("[data-report-problem]")
    for text, least in (("100%", 150), ("200%", 250)):
        page.evaluate("size => { document.documentElement.style.fontSize = size }", text)
        assert button.evaluate("button => button.offsetWidth") >= least


def test_counters_hold_their_words_whole_and_clear_of_their_edges(
    address: str, city: City, open_context: OpenContext
) -> None:
    for language in LANGUAGES:
        page = open_context(PHONE, locale=language).new_page()
        page.goto(f"{address}/poznan/?status=fixed")  # what is chosen is in bold
        for width in (320, 360, 375, 390, 412, 832, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            counters = page.evaluate(COUNTERS)
            assert len(counters) == 4
            for word, gap, lines in counters:
                where = f"{word} at {width} px in {language}"
                assert gap >= 5, f"{where} stands {gap} px from the edge"
                assert lines <= len(word.split()), f"{where} is broken"


def test_every_page_holds_with_more_contrast_and_without_motion(
    address: str, known: dict[str, str], open_context: OpenContext
) -> None:
    page = open_context(PHONE, contrast="more", reduced_motion="reduce").new_page()
    faults = []
    for path in pages(page, address, known, "en", LOOKED_INTO):
        faults += [f"{path}: {fault}" for fault in violations(page)]
        moving = page.evaluate(
            "document.getAnimations().filter(one => one.effect.getTiming().duration > 0).length"
        )
        if moving:
            faults.append(f"{path}: {moving} things move")
    assert faults == []


def test_without_motion_the_map_jumps_where_keys_lead_it(
    address: str, known: dict[str, str], open_context: OpenContext
) -> None:
    page = open_context(DESKTOP, reduced_motion="reduce").new_page()
    page.goto(f"{address}/poznan/")
    # Slides are drawn from frame to frame by the script: no animation that a browser could list.
    page.locator(".leaflet-map-pane").evaluate(
        """pane => new MutationObserver(() => {
            if (pane.classList.contains("leaflet-pan-anim")) window.slides = true;
        }).observe(pane, { attributeFilter: ["class"] })"""
    )
    page.locator("#city-map").press("ArrowRight")
    page.wait_for_url("**view=*")
    seen = page.url
    page.locator(".marks .mark[tabindex='0']").press("ArrowDown")  # there is no other one
    page.wait_for_url(lambda url: url != seen)
    assert not page.evaluate("window.slides")


def test_with_forced_colours_what_is_chosen_is_still_seen(
    address: str, known: dict[str, str], open_context: OpenContext
) -> None:
    """Backgrounds are gone there: borders, outlines and marks have to say it."""
    page = open_context(PHONE, forced_colors="active").new_page()
    page.goto(f"{address}/poznan/report")
    expect(page.locator("[data-flow]")).to_have_attribute("data-at", "place")
    button = page.locator('[data-step="place"] [data-next]:visible').first
    button.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    outline = button.evaluate("element => getComputedStyle(element).outlineStyle")
    border = button.evaluate("element => getComputedStyle(element).borderStyle")
    assert (outline, border) == ("solid", "solid")


def test_the_keyboard_reaches_everything_and_the_focus_is_seen(
    address: str, known: dict[str, str], open_context: OpenContext
) -> None:
    page = open_context(DESKTOP, reduced_motion="reduce").new_page()
    faults = []
    for path in ("/poznan/", "/poznan/reports/{number}", "/poznan/report"):
        page.goto(address + path.format(**known))
        if path == "/poznan/":
            page.wait_for_selector(".leaflet-reports-pane a")
        reached = walk(page)
        names = [name for name, _ in reached]
        faults += [f"{path}: {name} has no visible focus" for name, seen in reached if not seen]
        if names[0] != "Skip to content":
            faults.append(f"{path}: begins with {names[0]}")
        if path == "/poznan/" and not any("Pothole" in name and "Open" in name for name in names):
            faults.append(f"no marker says what it is: {names}")
    assert faults == []


def walk(page: Page, most: int = 60) -> list[tuple[str, bool]]:
    """Name of each thing that Tab reaches, in order, and whether its focus is seen."""
    reached: list[tuple[str, bool]] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUSED)
        if found is None:
            break
        reached.append((found[0], found[1]))
    return reached


def test_the_list_holds_the_same_reports_as_the_map(
    address: str, known: dict[str, str], open_context: OpenContext
) -> None:
    """Whoever cannot see the map loses nothing: each pin's address is in the list, and on a touch
    screen, where one mark at a time is there to be read, the map says so."""
    page = open_context(DESKTOP).new_page()
    page.goto(f"{address}/poznan/")
    pin = page.get_by_role("link", name=f"Pothole. Open. {known['number']}")
    expect(pin).to_be_visible()
    address_of_pin = pin.get_attribute("href")
    expect(page.locator(f'.city__panel a[href="{address_of_pin}"]').first).to_be_visible()
    expect(page.get_by_role("application")).to_have_accessible_description(
        re.compile("Without a keyboard, the list of reports leads to each one.")
    )


def test_the_pages_work_as_they_are_written(
    live_app: Flask, known: dict[str, str], open_context: OpenContext
) -> None:
    """All other tests run what people get, joined and without comments; developers see this."""
    page = open_context(PHONE, permissions=["geolocation"], geolocation=HERE).new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    with serving(live_app) as address:
        page.goto(f"{address}/poznan/")
        expect(page.get_by_role("link", name=f"Pothole. Open. {known['number']}")).to_be_visible()
        assert page.locator('link[href*="joined/"]').count() == 0
        page.goto(f"{address}/poznan/report")
        page.locator("[data-locate]").click()
        expect(page.locator("[data-place-name]")).to_have_text("West")
        page.locator('[data-step="place"] [data-next]:visible').first.click()
        expect(page.locator("[data-flow]")).to_have_attribute("data-at", "category")
    assert faults == []


def test_every_script_is_still_one_when_it_is_served_without_comments(
    address: str, city: City, open_context: OpenContext, tmp_path_factory: pytest.TempPathFactory
) -> None:
    # What is read here are texts, not the site: its own policy would refuse them.
    page = open_context(PHONE, bypass_csp=True).new_page()
    page.goto(f"{address}/healthz")
    folder = tmp_path_factory.mktemp("scripts")

    def fault_of(name: str, text: str) -> str | None:
        path = folder / name
        path.write_text(text)
        prepared_assets.make_smaller(path)
        found: str | None = page.evaluate(READ_MODULE, path.read_text())
        return found

    assert fault_of("broken.js", "export const broken = (;") is not None
    faults = {
        source.relative_to(SOURCE).as_posix(): fault
        for source in SOURCE.rglob("*.js")
        if (fault := fault_of(source.name, source.read_text()))
    }
    assert faults == {}
