"""What people hear by mail: written with the change, in their language, and only to them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from civicmap.domain.accounts.actions.people import create_person, request_password_reset
from civicmap.domain.accounts.queries import Actor
from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.notifications.models import Letter
from civicmap.domain.reports.actions import moderate, staff
from civicmap.domain.reports.actions.send_report import SentReport, send_report
from civicmap.domain.reports.actions.step import Step
from civicmap.domain.reports.models import Report
from civicmap.foundation.clock import now
from civicmap.foundation.events import publish
from civicmap.foundation.locales import LANGUAGES
from tests.factories.cities import make_category, make_city, make_department
from tests.factories.people import make_operator, make_staff
from tests.factories.reports import make_report, new_report

JAN = "jan@example.org"


@pytest.fixture
def city(session: Session) -> City:
    city = make_city(session)
    make_department(session, city, "roads")
    make_department(session, city, "water")
    make_category(session)
    return city


@pytest.fixture
def olga(session: Session, city: City) -> Actor:
    return make_operator(session, city)


def letters(session: Session) -> list[Letter]:
    return list(session.scalars(select(Letter).order_by(Letter.id)))


def the_letter(session: Session) -> Letter:
    """The newest one."""
    return letters(session)[-1]


def step(session: Session, city: City, actor: Actor, sent: SentReport) -> Step:
    version = session.scalars(select(Report.version).where(Report.id == sent.report_id)).one()
    return Step(city, sent.number, actor, version)


def test_who_left_an_address_hears_that_the_report_is_there(session: Session, city: City) -> None:
    sent = make_report(session, city, email=JAN)
    letter = the_letter(session)
    assert letter.recipient == JAN
    assert letter.subject == f"Report {sent.number}: received"
    assert "What: Pothole" in letter.body
    assert "Where: Dąbrowskiego 42, West, Poznan" in letter.body
    assert "Who has it: Roads" in letter.body
    assert re.search(r"Until when: [A-Z][a-z]+ \d+, \d{4}", letter.body)
    assert f"http://127.0.0.1:8000/mine/{sent.number}/{sent.secret}\n" in letter.body
    assert "\n\n\n" not in letter.body


def test_who_left_no_address_gets_no_letter(session: Session, city: City, olga: Actor) -> None:
    sent = make_report(session, city, name="Jan", phone="+48 600 100 200")
    staff.change_status(session, step(session, city, olga, sent), to="in_progress")
    assert letters(session) == []


def test_the_letter_is_in_the_language_of_the_report(session: Session, city: City) -> None:
    make_report(session, city, email=JAN, language="pl")
    letter = the_letter(session)
    assert letter.language == "pl"
    assert "Kategoria pothole" in letter.body
    assert "Wydział roads" in letter.body


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_can_be_written_in_every_language(
    session: Session, city: City, olga: Actor, language: str
) -> None:
    sent = make_report(session, city, email=JAN, language=language)
    for to, words, reason in [
        ("in_progress", "", ""),
        ("fixed", "Filled.", ""),
        ("open", "It sank again.", ""),
        ("wont_fix", "The road is rebuilt in May.", "planned"),
    ]:
        staff.change_status(
            session, step(session, city, olga, sent), to=to, words=words, reason=reason
        )
        if words:
            assert f"> {words}" in the_letter(session).body
    assert len(letters(session)) == 5
    assert all(letter.language == language for letter in letters(session))
    assert all(letter.subject and letter.body for letter in letters(session))


def test_a_refusal_gives_its_reason(session: Session, city: City, olga: Actor) -> None:
    sent = make_report(session, city, email=JAN)
    staff.change_status(
        session,
        step(session, city, olga, sent),
        to="wont_fix",
        reason="private_land",
        words="The lane belongs to the shop.\nWe told them.",
    )
    letter = the_letter(session)
    assert letter.subject == f"Report {sent.number}: won't fix"
    assert "Reason: On private land" in letter.body
    assert "Roads writes:\n\n> The lane belongs to the shop.\n> We told them.\n" in letter.body


def test_the_department_that_acts_is_named_and_the_person_is_not(
    session: Session, city: City
) -> None:
    roads = make_department(session, city, "lights")
    anna = make_staff(session, city, roads, email="anna.nowak@example.org")
    make_category(session, "lamp", default_department="lights")
    sent = make_report(session, city, category="lamp", email=JAN)
    staff.post_update(session, step(session, city, anna, sent), words="Parts are ordered.")
    letter = the_letter(session)
    assert letter.kind == "report_updated"
    assert "Lights writes:\n\n> Parts are ordered.\n" in letter.body
    assert "Anna" not in letter.body


def test_a_hand_over_tells_who_has_it_and_keeps_the_reason_inside(
    session: Session, city: City, olga: Actor
) -> None:
    sent = make_report(session, city, email=JAN)
    staff.transfer(
        session, step(session, city, olga, sent), to_department="water", words="It is the drain."
    )
    letter = the_letter(session)
    assert "Who has it: Water" in letter.body
    assert "drain" not in letter.body


def test_notes_are_not_mailed(session: Session, city: City, olga: Actor) -> None:
    sent = make_report(session, city, email=JAN)
    staff.add_note(session, step(session, city, olga, sent), words="He calls every day.")
    assert len(letters(session)) == 1


def test_a_held_report_says_so_and_its_publication_is_told(
    session: Session, city: City, olga: Actor
) -> None:
    make_category(session, "noise", is_public=False)
    sent = make_report(session, city, category="noise", email=JAN)
    assert "somebody from the city reads it" in the_letter(session).body
    moderate.change_visibility(session, step(session, city, olga, sent), to="public")
    assert the_letter(session).subject == f"Report {sent.number}: on the public map"
    moderate.change_visibility(
        session,
        step(session, city, olga, sent),
        to="hidden",
        reason="personal_data",
        words="It shows a number plate.",
    )
    assert the_letter(session).subject == f"Report {sent.number}: no longer public"
    assert "Reason: It names or shows a private person." in the_letter(session).body
    assert "> It shows a number plate." in the_letter(session).body


def test_what_is_written_down_later_is_told_to_nobody(session: Session, city: City) -> None:
    send_report(session, city=city, report=new_report(email=JAN), at=now() - timedelta(days=400))
    assert letters(session) == []


@pytest.mark.parametrize(
    "address",
    [
        "Buy at https://pills.example",
        "WWW.pills.example",
        "write me@pills.example",
        "Buy at pills.example/now",
    ],
)
def test_strangers_cannot_advertise_through_our_letters(
    session: Session, city: City, address: str
) -> None:
    make_report(session, city, email=JAN, address=address, words="Pills! https://pills.example")
    assert "pills" not in the_letter(session).body.lower()


def test_abbreviations_in_an_address_are_no_links(session: Session, city: City) -> None:
    make_report(session, city, email=JAN, address="ul. Św. Marcin 42, m.3")
    assert "ul. Św. Marcin 42, m.3" in the_letter(session).body


def test_the_reporters_link_in_the_letter_leads_to_the_report(
    app: Flask, session: Session, city: City
) -> None:
    sent = make_report(session, city, email=JAN)
    found = app.url_map.bind("127.0.0.1:8000").match(path_in(the_letter(session)))
    assert found == ("mine.report", {"number": sent.number, "secret": sent.secret})


def test_a_forgotten_password_is_set_by_the_link_in_the_letter(
    session: Session, client: FlaskClient, city: City
) -> None:
    person = create_person(session, email="anna@example.org", name="Anna", language="ru")
    request_password_reset(session, email="ANNA@example.org")
    letter = the_letter(session)
    assert (letter.recipient, letter.language) == ("anna@example.org", "ru")
    assert client.get(path_in(letter)).status_code == 200
    request_password_reset(session, email="nobody@example.org")
    assert len(letters(session)) == 1
    request_password_reset(session, email=person.email, is_invitation=True)
    assert the_letter(session).kind == "invitation"


def test_the_letter_and_its_job_live_and_die_with_the_change(session: Session, city: City) -> None:
    queued = text("SELECT count(*) FROM procrastinate_jobs")
    before = session.scalar(queued)
    savepoint = session.begin_nested()
    make_report(session, city, email=JAN)
    assert session.scalar(queued) == before + 1
    savepoint.rollback()
    assert session.scalar(queued) == before
    assert letters(session) == []


def test_an_event_without_reaction_does_nothing(session: Session) -> None:
    publish(session, object())
    assert letters(session) == []


def path_in(letter: Letter) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/\S+)", letter.body)
    assert found is not None
    return found[1]
