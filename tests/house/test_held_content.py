"""What waits for a person's look, or was hidden, is in no answer that anybody may ask for.

Marked words, addresses and photos are planted; then every public address is opened, as it is, with
everything that can be asked for in its query, and as a script would. The addresses come from the
application itself: a new route is walked too, and a parameter that `public_routes.SAMPLE` does not
know fails the test until somebody names it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicmap.domain.accounts.queries import Actor
from civicmap.domain.categories.questions import Question
from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.media.actions import adopt_photos, keep_photo
from civicmap.domain.media.models import Photo
from civicmap.domain.media.pipeline import process_photo
from civicmap.domain.moderation.actions import set_rule
from civicmap.domain.moderation.policies import Policy
from civicmap.domain.reports.actions.moderate import hide_photo, leave_out_words, redact
from civicmap.domain.reports.actions.send_report import SentReport
from civicmap.domain.reports.actions.step import Step
from civicmap.domain.reports.history import record
from civicmap.domain.reports.models import Report
from civicmap.foundation.clock import now
from civicmap.foundation.geo import Point, tile_of
from tests.factories.cities import make_category, make_city, make_department, make_questions
from tests.factories.people import make_operator
from tests.factories.reports import make_report
from tests.factories.visitors import Page
from tests.house.public_routes import addresses
from tests.house.repository import REPOSITORY
from tests.house.test_privacy import PUBLIC_QUERIES
from tests.unit.media.samples import plain

HERE = Point(52.41, 16.85)
WORDS, ADDRESS, LATER = "Xylophone Zenon", "Quagmire 7", "Wobbegong added"
ANSWER = "Vuvuzela 12"
SECRETS = ("Xylophone", "Zenon", "Quagmire", "Wobbegong", "Vuvuzela")
UNMASKED = {"list_photos", "list_answers"}
# Everything that an address can be asked for, at once: whoever does not know a name ignores it. A
# page may repeat what it was asked for, so it is asked for the beginnings of the secrets only.
ASKED = {
    "part": "list",
    "category": "street_bin",
    "status": "open",
    "lat": str(HERE.latitude),
    "lon": str(HERE.longitude),
    "position": f"{HERE.latitude}, {HERE.longitude}",
    "bbox": "16.8,52.4,16.9,52.42",
    "q": "Xylo Quag Wobb",
    "search": "Xylo",
    "words": "Xylo",
    "address": "Quag",
    "format": "json",
    "city": "poznan",
}


@pytest.fixture
def city(session: Session) -> City:
    city = make_city(session)
    make_department(session, city)
    bin_ = make_category(session, "street_bin")
    make_questions(session, bin_, Question("bin_number", "text", {"en": "Number?"}, public=True))
    set_rule(session, jurisdiction_id=city.id, policy=Policy.HOLD_CONTENT, category="street_bin")
    return city


@pytest.fixture
def olga(session: Session, city: City) -> Actor:
    return make_operator(session, city)


def new_photo(app: Flask, session: Session) -> str:
    return keep_photo(session, app.extensions["photo_storage"], photo=process_photo(plain("JPEG")))


@pytest.fixture
def held(app: Flask, session: Session, city: City) -> SentReport:
    """A bin whose words, address and photo wait, and what its reporter added later."""
    sent = make_report(
        session,
        city,
        category="street_bin",
        words=WORDS,
        address=ADDRESS,
        point=HERE,
        photos=(new_photo(app, session),),
        answers={"bin_number": (ANSWER,)},
    )
    report = session.get_one(Report, sent.report_id)
    event = record(
        session,
        report,
        kind="photos_added",
        at=now(),
        actor="reporter",
        is_public=True,
        words=LATER,
        old={"words": WORDS, "address": ADDRESS},
        new={"words": LATER, "address": ADDRESS},
    )
    adopt_photos(session, keys=[new_photo(app, session)], report_id=report.id, event_id=event.id)
    return sent


@pytest.fixture
def changed(app: Flask, session: Session, city: City, olga: Actor) -> SentReport:
    """A bin whose words were changed, whose photo is hidden, and whose reporter wrote more for
    everybody, which is left out."""
    key = new_photo(app, session)
    sent = make_report(
        session,
        city,
        category="street_bin",
        words=WORDS,
        address=ADDRESS,
        point=HERE,
        photos=(key,),
        answers={"bin_number": (ANSWER,)},
        confirmed=True,
    )
    redact(
        session,
        Step(city, sent.number, olga, 1),
        text="A full bin.",
        address="",
        reason="personal_data",
        words=f"You wrote {LATER}.",
        left_out=["bin_number"],
    )
    hide_photo(
        session,
        Step(city, sent.number, olga, 2),
        key=key,
        reason="personal_data",
        words=f"It shows {LATER}.",
    )
    added = record(
        session,
        session.get_one(Report, sent.report_id),
        kind="question_answered",
        at=now(),
        actor="reporter",
        is_public=True,
        words=LATER,
    )
    leave_out_words(
        session,
        Step(city, sent.number, olga, 4),
        event_id=added.id,
        reason="insult",
        words=f"You wrote {LATER}.",
    )
    return sent


def answers(
    app: Flask, client: FlaskClient, number: str, keys: list[str]
) -> Iterator[tuple[str, str]]:
    """Every address with what it says to somebody who has no part in the report."""
    here = tile_of(HERE, 17)
    for key in keys:
        for address in addresses(
            app, number=number, key=key, category="street_bin", x=str(here.x), y=str(here.y), z="17"
        ):
            for query, headers in (
                ({}, {}),
                ({**ASKED, "number": number}, {}),
                ({**ASKED, "number": number}, {"Accept": "application/json"}),
            ):
                with client.get(address, query_string=query, headers=headers) as answer:
                    is_file = answer.mimetype == "image/webp"
                    yield address, "a photo" if is_file else answer.get_data(as_text=True)


@pytest.mark.parametrize("which", ["held", "changed"])
def test_no_public_address_tells_what_nobody_looked_at_or_was_hidden(
    app: Flask, client: FlaskClient, session: Session, which: str, request: pytest.FixtureRequest
) -> None:
    sent: SentReport = request.getfixturevalue(which)
    keys = list(session.scalars(select(Photo.key).where(Photo.report_id == sent.report_id)))
    assert keys
    leaks = []
    met = set()
    for address, said in answers(app, client, sent.number, keys):
        if sent.number in said:
            met.add(address)
        leaks += [f"{address}: {secret}" for secret in (*SECRETS, *keys) if secret in said]
        if said == "a photo":
            leaks.append(f"{address}: the photo itself")
    assert leaks == []
    # The walk went past the report, and not only past empty pages.
    assert {f"/poznan/reports/{sent.number}", "/poznan/reports", "/poznan/"} <= met
    assert any("/tiles/poznan/17/" in address for address in met)
    # And its reporter reads all of it.
    own = client.get(f"/mine/{sent.number}/{sent.secret}").text
    assert WORDS in own
    assert LATER in own
    assert ANSWER in own
    assert all(key in own for key in keys)


def test_the_cards_of_what_is_near_keep_it_back_too(
    client: FlaskClient, session: Session, held: SentReport
) -> None:
    found = client.get(
        "/poznan/report/nearby",
        query_string={"category": "street_bin", "lat": HERE.latitude, "lon": HERE.longitude},
    )
    assert held.number in found.text
    form = Page(client.get("/poznan/report")).form("/report")
    asked = client.post(
        "/poznan/report",
        data={
            "csrf_token": form["csrf_token"],
            "action": "check",
            "place_by": "pin",
            "position": f"{HERE.latitude}, {HERE.longitude}",
            "category": "street_bin",
            "words": "The same bin.",
            "idempotency_key": "k" * 32,
        },
        headers={"Accept": "application/json"},
    )
    assert held.number in asked.text
    for said in (found.text, asked.text):
        assert not any(secret in said for secret in SECRETS)
        assert "/photos/" not in said


def test_public_queries_read_words_addresses_and_photos_through_the_mask_alone() -> None:
    allowed = {"civicmap/domain/reports/queries/public/masking.py"}
    read = [
        f"{path}: {name}"
        for path in PUBLIC_QUERIES
        if path not in allowed
        for name in _names(path)
        if name in {"Report.words", "Report.address", "ReportEvent.words", *UNMASKED}
    ]
    assert read == []


def _names(path: str) -> Iterator[str]:
    """Every name, and every attribute of a name, that a file reads."""
    for node in ast.walk(ast.parse((REPOSITORY / path).read_text())):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield f"{node.value.id}.{node.attr}"
        elif isinstance(node, ast.Name):
            yield node.id
