"""A report's whole way at the most talkative log level: nothing of its reporter is in a line."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from civicmap.domain.accounts.actions.people import create_person, request_password_reset
from civicmap.domain.notifications.mailing import MAILING, Mailing
from civicmap.domain.notifications.models import Letter
from civicmap.domain.reports.actions import staff
from civicmap.domain.reports.actions.step import Step
from civicmap.extensions import db
from civicmap.foundation.jobs import work
from civicmap.foundation.logs import set_up_logging
from civicmap.foundation.mail import read_server
from civicmap.foundation.transaction import transaction
from tests.factories.cities import make_category, make_city, make_department
from tests.factories.people import make_operator
from tests.factories.reports import make_report
from tests.mail_server import MailServer

PRIVATE = ["jan.kowalski", "Kowalski", "600 100 200", "hole beside the tram", "Bardzo dziurawa"]


@pytest.fixture
def _pytests_logging(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever a test does to logging is undone."""
    root = logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    # The mail server of the tests runs in the same process and is not ours.
    monkeypatch.setattr(logging.getLogger("mail.log"), "disabled", True)
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def server() -> Iterator[MailServer]:
    server = MailServer()
    server.start()
    yield server
    server.stop()


@pytest.mark.usefixtures("_pytests_logging")
def test_nothing_of_a_reporter_is_in_the_logs(
    live_app: Flask, server: MailServer, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_logging("DEBUG")
    mailing = Mailing("https://example.org", "no-reply@example.org", read_server(server.url))
    with live_app.app_context(), MAILING.bound_to(mailing):
        with transaction(db.session):
            city = make_city(db.session)
            make_department(db.session, city, "roads")
            make_category(db.session)
            olga = make_operator(db.session, city, email="olga.kowalski@example.org")
            sent = make_report(
                db.session,
                city,
                name="Jan Kowalski",
                email="jan.kowalski@example.org",
                phone="+48 600 100 200",
                address="Bardzo dziurawa 7",
            )
        work(database_url, wait=False)
        server.answer_to_recipient = "550 <jan.kowalski@example.org>: user unknown"
        with transaction(db.session):
            step = Step(city, sent.number, olga, 1)
            staff.change_status(db.session, step, to="fixed", words="Filled.")
            request_password_reset(db.session, email=olga.email)
        work(database_url, wait=False)
        server.stop()
        with transaction(db.session):
            staff.post_update(
                db.session,
                Step(city, sent.number, olga, 2),
                words="It is said to hold, Mr Kowalski.",
            )
        work(database_url, wait=False)
        with pytest.raises(IntegrityError) as caught, transaction(db.session):
            db.session.execute(
                text("INSERT INTO people (email) VALUES (:email)"),
                {"email": "jan.kowalski@example.org"},
            )
        logging.getLogger("civicmap").error("unexpected", exc_info=caught.value)
        states = db.session.execute(select(Letter.state, func.count()).group_by(Letter.state)).all()
    written = capsys.readouterr().err
    assert {tuple(row) for row in states} == {("sent", 1), ("failed", 2), ("waiting", 1)}
    assert re.search(r"letter \d+ failed", written)
    assert "waits" in written
    assert [word for word in PRIVATE if word in written] == []


def test_creating_the_same_account_twice_is_told_and_not_logged(live_app: Flask) -> None:
    with live_app.app_context(), transaction(db.session):
        create_person(db.session, email="anna@example.org", name="Anna", language="en")
        with pytest.raises(IntegrityError) as caught, db.session.begin_nested():
            db.session.execute(
                text(
                    "INSERT INTO people (email, name, language, created_at, failed_sign_ins) "
                    "VALUES (:email, 'x', 'en', now(), 0)"
                ),
                {"email": "anna@example.org"},
            )
        assert "[SQL parameters hidden due to hide_parameters=True]" in str(caught.value)
