"""The main job, end to end: a resident pins a problem, staff fix it, everyone sees it at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Page

from civicmap.domain.departments.queries import get_department
from civicmap.domain.jurisdictions.queries import City
from civicmap.extensions import db
from tests.browser.conftest import DESKTOP, PHONE, OpenContext, violations
from tests.browser.map_marks import walk
from tests.factories.people import PASSWORD, make_staff

pytestmark = pytest.mark.browser

PLACE = {"latitude": 52.41, "longitude": 16.85, "accuracy": 12}


@pytest.fixture
def anna(live_app: Flask, city: City) -> str:
    """Anna repairs roads; her address."""
    with live_app.app_context(), db.session.begin():
        roads = get_department(db.session, city.id, "roads")
        make_staff(db.session, city, roads, "anna@example.org")
    return "anna@example.org"


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "hole.jpg"
    Image.effect_noise((1200, 900), 60).convert("RGB").save(path, quality=85)
    return path


def counts(page: Page) -> dict[str, int]:
    return {
        status: int(page.inner_text(f'.counts__link[data-status="{status}"] .counts__number'))
        for status in ("open", "in_progress", "fixed", "wont_fix")
    }


def next_step(page: Page, step: str) -> None:
    page.click(f'[data-step="{step}"] [data-next]:visible')


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_resident_reports_with_a_photo_and_anna_fixes_it(  # noqa: PLR0917
    address: str,
    city: City,
    anna: str,
    photo: Path,
    open_context: OpenContext,
    viewport: dict[str, int],
) -> None:
    # With motion reduced: a step that still fades in has no contrast to measure.
    resident = open_context(
        viewport, geolocation=PLACE, permissions=["geolocation"], reduced_motion="reduce"
    ).new_page()
    faults: list[str] = []
    # On a desktop axe-core sees the same pages in test_every_page.
    look_into = violations if viewport == PHONE else lambda page: []
    resident.goto(f"{address}/poznan/")
    assert counts(resident) == {"open": 0, "in_progress": 0, "fixed": 0, "wont_fix": 0}

    resident.locator("[data-report-problem]:visible").first.click()
    resident.wait_for_selector(".leaflet-container")
    faults += look_into(resident)
    resident.click("[data-locate]")
    resident.wait_for_function(
        "() => document.querySelector('[data-place-name]').textContent.includes('West')"
    )
    next_step(resident, "place")

    resident.locator('[data-step="category"] label:has-text("Pothole")').first.click()
    resident.wait_for_function(
        "() => document.querySelector('[data-goes-to]').textContent.includes('Roads')"
    )
    faults += look_into(resident)
    next_step(resident, "category")

    resident.fill("#words", "Głęboka dziura przy torach.")
    resident.set_input_files('input[name="photo"] >> nth=1', photo)
    resident.wait_for_selector(
        '[data-photos] [data-key], [data-photos] input[name="photos"]', state="attached"
    )
    faults += look_into(resident)
    next_step(resident, "details")
    faults += look_into(resident)
    next_step(resident, "contact")
    resident.wait_for_selector('[data-step="check"] :text("Pothole")')
    faults += look_into(resident)
    resident.click("[data-send]")
    resident.wait_for_url("**/mine/**")
    number = resident.url.split("/mine/")[1].split("/")[0]
    assert number.startswith("PO-")
    assert "Roads" in resident.inner_text("main")
    faults += look_into(resident)

    staff = open_context(viewport).new_page()
    staff.goto(f"{address}/staff/poznan/reports/{number}")
    staff.fill("#email", anna)
    staff.fill("#password", PASSWORD)
    staff.click('main button[type="submit"]')
    staff.wait_for_url(f"**/reports/{number}*")
    faults += look_into(staff)
    opener = staff.locator("#act-status > summary")
    if staff.locator("#act-status[open]").count() == 0:
        opener.click()
    staff.check('input[name="status_to"][value="fixed"]', force=True)
    staff.set_input_files('#act-status input[name="photo"] >> nth=1', photo)
    staff.wait_for_selector('#act-status input[name="photos"]', state="attached")
    staff.click("#act-status button[type=submit]")
    staff.wait_for_selector(".status-tag--fixed, [data-status='fixed'], :text('Fixed')")
    faults += look_into(staff)

    public = open_context(viewport).new_page()
    public.goto(f"{address}/poznan/")
    assert counts(public) == {"open": 0, "in_progress": 0, "fixed": 1, "wont_fix": 0}
    assert ". Fixed. " in walk(public)[0].name
    public.goto(f"{address}/poznan/reports/{number}")
    assert "Fixed" in public.inner_text("main")
    pictures = public.locator('main img[src*="/photos/"]')
    assert pictures.count() >= 2
    for index in range(pictures.count()):
        pictures.nth(index).scroll_into_view_if_needed()
    public.wait_for_function(
        "() => [...document.querySelectorAll('main img[src*=\"/photos/\"]')]"
        ".every(image => image.complete && image.naturalWidth > 0)"
    )
    faults += look_into(public)
    assert faults == []
