"""Zofia's words wait on her phone; Anna looks at them at her desk."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from flask import Flask

from civicmap.domain.departments.queries import get_department
from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.media.actions import keep_photo
from civicmap.domain.media.pipeline import process_photo
from civicmap.domain.moderation.actions import set_rule
from civicmap.domain.moderation.policies import Policy
from civicmap.domain.reports.actions.send_report import SentReport
from civicmap.extensions import db
from tests.browser.conftest import DESKTOP, PHONE, OpenContext, violations
from tests.factories.people import PASSWORD, make_staff
from tests.factories.reports import make_report
from tests.unit.media.samples import plain

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Held:
    """A report whose words and photo wait."""

    sent: SentReport
    key: str


@pytest.fixture
def held(live_app: Flask, city: City) -> Held:
    with live_app.app_context(), db.session.begin():
        make_staff(db.session, city, get_department(db.session, city.id, "roads"))
        set_rule(db.session, jurisdiction_id=city.id, policy=Policy.HOLD_CONTENT)
        photo = process_photo(plain("JPEG"))
        key = keep_photo(db.session, live_app.extensions["photo_storage"], photo=photo)
        sent = make_report(
            db.session, city, words="Zenon from number 7 dug this hole.", photos=(key,)
        )
        return Held(sent, key)


def test_zofia_is_told_what_shows_and_why_something_was_changed(
    address: str, held: Held, open_context: OpenContext
) -> None:
    number, secret = held.sent.number, held.sent.secret
    zofia = open_context(PHONE).new_page()
    faults: list[str] = []
    zofia.goto(f"{address}/mine/{number}/{secret}")
    assert "Words and photos follow when a person has looked" in zofia.inner_text("main")
    assert "Zenon" in zofia.inner_text("main")
    # The photo that nobody else sees is there for her.
    zofia.wait_for_function("() => document.querySelector('.gallery img').naturalWidth > 0")
    faults += violations(zofia)
    stranger = open_context(PHONE).new_page()
    stranger.goto(f"{address}/poznan/reports/{number}")
    assert "Zenon" not in stranger.content()
    assert stranger.locator(".gallery").count() == 0
    assert "once somebody from the city has looked" in stranger.inner_text("main")
    faults += violations(stranger)

    anna = open_context(DESKTOP).new_page()
    anna.goto(f"{address}/staff/poznan/?tab=check")
    anna.fill("#email", "anna@example.org")
    anna.fill("#password", PASSWORD)
    anna.click("main button[type=submit]")
    anna.wait_for_selector(".check")
    faults += violations(anna)
    anna.get_by_role("link", name=re.compile("Change the words")).click()
    anna.wait_for_selector("#act-redact[open]")
    anna.fill("#redact_text", "A neighbour dug this hole.")
    anna.select_option("#redact_reason", "personal_data")
    anna.fill("#redact_words", "You named a neighbour.")
    anna.click("#act-redact button[type=submit]")
    anna.wait_for_selector(":text('The reporter is told')")
    anna.click("#act-photo > summary")
    anna.select_option("#photo_reason", "personal_data")
    faults += violations(anna)
    anna.click("#act-photo button[type=submit]")
    anna.wait_for_selector(".photo__hidden")
    anna.goto(f"{address}/staff/poznan/?tab=check")
    anna.get_by_role("button", name=re.compile("Approve")).click()
    anna.wait_for_selector(":text('Everything has been looked at.')")

    stranger.reload()
    assert "A neighbour dug this hole." in stranger.inner_text("main")
    assert "Zenon" not in stranger.content()
    assert held.key not in stranger.content()
    zofia.reload()
    told = zofia.inner_text("main")
    assert "It names or shows a private person" in told
    assert "You named a neighbour." in told
    assert "One of your photos is not shown to the public." in told
    zofia.get_by_text("What you wrote", exact=True).click()
    assert "Zenon from number 7" in zofia.inner_text(".shown__original")
    faults += violations(zofia)
    assert faults == []


def test_anna_approves_on_a_narrow_phone_with_the_keyboard(
    address: str, held: Held, open_context: OpenContext
) -> None:
    anna = open_context({"width": 320, "height": 700}).new_page()
    anna.goto(f"{address}/staff/poznan/?tab=check")
    anna.fill("#email", "anna@example.org")
    anna.fill("#password", PASSWORD)
    anna.click("main button[type=submit]")
    button = anna.get_by_role("button", name=re.compile("Approve"))
    box = button.bounding_box()
    assert box
    assert box["height"] >= 44
    assert anna.evaluate("document.documentElement.scrollWidth") == 320
    assert violations(anna) == []
    button.focus()
    anna.keyboard.press("Enter")
    anna.wait_for_selector(":text('Everything has been looked at.')")
