"""Before a report is sent, the form says what of it everybody will see, and keeps its word."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicmap.domain.accounts.models import ConfirmedContact
from civicmap.domain.accounts.tokens import hash_token
from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.moderation.actions import set_rule
from civicmap.domain.moderation.policies import Policy
from civicmap.domain.reports.models import Report
from civicmap.web.shared.kiosk import BROWSER_COOKIE
from tests.factories.people import make_operator
from tests.factories.visitors import Visitor
from tests.integration.web.report.conftest import Form

AT_ONCE = "Place, words and photos will be on the public map at once."
AFTER_A_LOOK = "Words and photos follow when a person has looked."
NOTHING = "A person reads reports of this kind before anything of them is shown publicly."
JAN = "jan.kowalski@example.org"


@pytest.fixture
def rule(session: Session, city: City) -> Callable[[Policy], None]:
    return lambda policy: set_rule(session, jurisdiction_id=city.id, policy=policy)


@pytest.fixture
def held_form(form: Form, rule: Callable[[Policy], None]) -> Form:
    """The form of a city that looks at words and photos first."""
    rule(Policy.HOLD_CONTENT)
    return form


def became(session: Session) -> tuple[str, str]:
    report = session.scalars(select(Report)).one()
    return report.visibility, report.content


def test_without_a_rule_everything_shows_at_once(session: Session, form: Form) -> None:
    assert AT_ONCE in form.press("check").text
    form.press("send")
    assert became(session) == ("public", "shown")


def test_a_rule_is_told_to_zofia_before_and_after(
    session: Session, form: Form, rule: Callable[[Policy], None]
) -> None:
    rule(Policy.HOLD_CONTENT)
    assert AFTER_A_LOOK in form.press("check").text
    # The device knows it too, for when it has to ask nobody.
    page = form.client.get("/poznan/report").text
    assert re.search(r'value="pothole"[^>]* data-policy="hold_content"', page)
    assert AFTER_A_LOOK in form.ask("check").json["html"]  # type: ignore[index]
    sent = form.press("send", email=JAN)
    assert became(session) == ("public", "held")
    own = form.client.get(sent.location).text
    assert "Your pin is on the map. Words and photos follow when a person has looked." in own
    assert "A deep hole beside the tram stop." in own


def test_a_rule_for_everything_is_told_too(
    session: Session, form: Form, rule: Callable[[Policy], None]
) -> None:
    rule(Policy.HOLD_ALL)
    assert NOTHING in form.press("check").text
    form.press("send")
    assert became(session) == ("held", "shown")


@pytest.mark.parametrize(
    ("browser", "typed", "content"),
    [
        ("jans-browser", JAN, "shown"),
        ("another-browser", JAN, "held"),
        ("jans-browser", "", "held"),
    ],
    ids=["jan", "whoever types his address elsewhere", "jan without his address"],
)
def test_whose_address_is_confirmed_here_waits_for_nobody(
    session: Session, held_form: Form, browser: str, typed: str, content: str
) -> None:
    session.add(
        ConfirmedContact(browser_hash=hash_token("jans-browser"), kind="email", contact=JAN)
    )
    session.flush()
    held_form.client.set_cookie(BROWSER_COOKIE, browser)
    said = AT_ONCE if content == "shown" else AFTER_A_LOOK
    assert said in held_form.press("check", email=typed).text
    held_form.press("send", email=typed)
    assert became(session) == ("public", content)


def offered(form: Form) -> str:
    """The form, with what the device needs to know where the city cannot be asked."""
    return form.client.get("/poznan/report").text


def test_the_device_knows_a_confirmed_address_when_it_is_typed_and_nobody_reads_it(
    session: Session, held_form: Form
) -> None:
    for kind, contact in (("email", JAN), ("phone", "+48600100200")):
        session.add(
            ConfirmedContact(browser_hash=hash_token("jans-browser"), kind=kind, contact=contact)
        )
    session.flush()
    assert "data-confirmed" not in offered(held_form)
    held_form.client.set_cookie(BROWSER_COOKIE, "jans-browser")
    page = offered(held_form)
    marks = re.search(r'data-confirmed="([0-9a-f ]+)"', page)
    assert marks
    assert marks[1].split() == [
        hashlib.sha256(typed).hexdigest() for typed in (JAN.encode(), b"00100200")
    ]
    assert JAN not in page and "600100200" not in page
    assert re.search(
        r'value="pothole"[^>]* data-policy="hold_content" data-trusted-policy="at_once"', page
    )
    # What it knows of Jan is gone from the device when it forgets him.
    assert held_form.client.get("/poznan/report").headers["X-Civicmap-Keep"] == "private"


def test_the_device_of_whoever_is_signed_in_says_so_too(
    session: Session, client: FlaskClient, city: City, held_form: Form
) -> None:
    assert 'data-policy="hold_content"' in offered(held_form)
    make_operator(session, city)
    Visitor(client.application, client).sign_in("olga@example.org")
    page = offered(held_form)
    assert re.search(r'value="pothole"[^>]* data-policy="at_once"', page)
    assert "data-confirmed" not in page


def test_whoever_is_signed_in_waits_for_nobody(
    session: Session, client: FlaskClient, city: City, rule: Callable[[Policy], None]
) -> None:
    rule(Policy.HOLD_ALL)
    make_operator(session, city)
    Visitor(client.application, client).sign_in("olga@example.org")
    form = Form(client)
    assert AT_ONCE in form.press("check").text
    form.press("send")
    assert became(session) == ("public", "shown")
