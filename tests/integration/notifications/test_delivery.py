"""Letters on their way: a real mail server, that may be away, refuse, or put off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from civicmap.domain.notifications.jobs import (
    deliver_letter,
    deliver_waiting_letters,
    forget_old_letters,
)
from civicmap.domain.notifications.mailing import MAILING, Mailing
from civicmap.domain.notifications.models import Letter
from civicmap.extensions import db
from civicmap.foundation.clock import now
from civicmap.foundation.mail import MailServerAway, read_server
from civicmap.foundation.transaction import transaction
from tests.certificates import CERTIFICATE
from tests.mail_server import MailServer

JAN = "jan@example.org"


@pytest.fixture
def server() -> Iterator[MailServer]:
    server = MailServer()
    yield server
    server.stop()


@pytest.fixture
def letter(session: Session) -> Letter:
    return write(session)


def write(session: Session, **values: object) -> Letter:
    letter = Letter(
        **{
            "kind": "report_received",
            "recipient": JAN,
            "language": "pl",
            "subject": "Zgłoszenie PO-7K4M-2Q: przyjęte",
            "body": "Dzień dobry,\n\nZgłoszenie dotarło.\n",
            "created_at": now(),
            **values,
        }
    )
    session.add(letter)
    session.flush()
    return letter


def deliver(session: Session, letter: Letter, url: str) -> None:
    mailing = Mailing(
        "https://example.org", "City <no-reply@example.org>", read_server(url) if url else None
    )
    with MAILING.bound_to(mailing):
        deliver_letter.function(session, letter_id=letter.id)
    session.flush()


def test_a_letter_arrives_as_it_was_written(
    session: Session, server: MailServer, letter: Letter
) -> None:
    server.start()
    deliver(session, letter, server.url)
    assert letter.state == "sent"
    arrived = server.letters[0]
    assert server.envelopes[0].rcpt_tos == [JAN]
    assert server.envelopes[0].mail_from == "no-reply@example.org"
    assert arrived["Subject"] == letter.subject
    assert arrived.get_content().replace("\r\n", "\n") == letter.body
    assert parsedate_to_datetime(arrived["Date"]) == letter.created_at.replace(microsecond=0)


def test_a_sent_letter_is_not_sent_twice(
    session: Session, server: MailServer, letter: Letter
) -> None:
    server.start()
    deliver(session, letter, server.url)
    deliver(session, letter, server.url)
    assert len(server.letters) == 1


def test_a_letter_sent_again_can_be_recognised(
    session: Session, server: MailServer, letter: Letter
) -> None:
    server.start()
    deliver(session, letter, server.url)
    # As if the worker had been killed between the server's answer and its own commit.
    letter.state, letter.sent_at = "waiting", None
    session.flush()
    deliver(session, letter, server.url)
    first, second = server.letters
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Message-ID"].endswith("@example.org>")


def test_a_letter_waits_while_the_server_is_away_and_arrives_when_it_is_back(
    session: Session, server: MailServer, letter: Letter
) -> None:
    with pytest.raises(MailServerAway):
        deliver(session, letter, server.url)
    assert letter.state == "waiting"
    server.start()
    deliver(session, letter, server.url)
    assert [each["To"] for each in server.letters] == [JAN]


@pytest.mark.parametrize("attribute", ["answer_to_recipient", "answer_to_letter"])
def test_a_letter_that_is_refused_for_good_is_not_tried_again(
    session: Session, server: MailServer, letter: Letter, attribute: str
) -> None:
    setattr(server, attribute, f"550 <{JAN}>: no such person")
    server.start()
    deliver(session, letter, server.url)
    assert letter.state == "failed"
    assert "550" in letter.failure
    assert JAN not in letter.failure


@pytest.mark.parametrize("attribute", ["answer_to_recipient", "answer_to_letter"])
def test_a_letter_that_is_put_off_is_tried_again(
    session: Session, server: MailServer, letter: Letter, attribute: str
) -> None:
    setattr(server, attribute, f"451 <{JAN}>: try later")
    server.start()
    with pytest.raises(MailServerAway) as caught:
        deliver(session, letter, server.url)
    assert JAN not in str(caught.value)
    assert letter.state == "waiting"


def test_after_five_days_a_letter_is_given_up(session: Session, server: MailServer) -> None:
    letter = write(session, created_at=now() - timedelta(days=5, minutes=1))
    deliver(session, letter, server.url)
    assert letter.state == "failed"
    assert "5 days" in letter.failure


def test_a_wrong_password_of_ours_is_no_fault_of_the_letter(
    session: Session, server: MailServer, letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    server.start(tls="starttls", password="right")
    url = server.url.replace("smtp://", "smtp://civicmap:wrong@")
    with pytest.raises(MailServerAway, match="535"):
        deliver(session, letter, url)
    deliver(session, letter, url.replace("wrong", "right"))
    assert len(server.letters) == 1


@pytest.mark.parametrize("tls", ["starttls", "smtps"])
def test_mail_is_encrypted_where_the_server_can(
    session: Session,
    server: MailServer,
    letter: Letter,
    tls: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    server.start(tls=tls)
    scheme = "smtps" if tls == "smtps" else "smtp"
    deliver(session, letter, f"{scheme}://127.0.0.1:{server.port}")
    assert server.were_encrypted == [True]


def test_a_server_that_cannot_prove_its_name_gets_nothing(
    session: Session, server: MailServer, letter: Letter
) -> None:
    server.start(tls="starttls")
    with pytest.raises(MailServerAway, match="SSLCertVerificationError"):
        deliver(session, letter, server.url)
    assert server.letters == []


def test_without_a_mail_server_letters_are_kept(session: Session, letter: Letter) -> None:
    deliver(session, letter, "")
    assert (letter.state, letter.sent_at) == ("kept", None)


def test_what_opens_an_account_is_forgotten_once_it_is_delivered(
    session: Session, server: MailServer
) -> None:
    letter = write(session, kind="password_reset", body="http://example.org/auth/password/abc")
    server.start()
    deliver(session, letter, server.url)
    assert "abc" in server.letters[0].get_content()
    assert letter.body == ""


def test_two_workers_do_not_send_the_same_letter(live_app: Flask, server: MailServer) -> None:
    """One holds the letter while the server is thinking; the other passes by."""
    server.start()
    with live_app.app_context():
        with transaction(db.session):
            letter_id = write(db.session).id
        with db.sessionmaker() as first, db.sessionmaker() as second:
            held = first.get_one(Letter, letter_id, with_for_update=True)
            deliver(second, held, server.url)
            second.rollback()
            assert server.letters == []
            deliver(first, held, server.url)
            first.rollback()
    assert len(server.letters) == 1


def test_letters_whose_job_is_gone_are_queued_again(session: Session) -> None:
    old = write(session, created_at=now() - timedelta(hours=1))
    write(session, created_at=now())
    write(session, created_at=now() - timedelta(hours=1), state="kept")
    for _ in range(2):
        deliver_waiting_letters.function(session)
    queued = session.execute(text("SELECT task_name, args FROM procrastinate_jobs")).all()
    assert queued == [("notifications.deliver_letter", {"letter_id": old.id})]


def test_letters_are_forgotten_after_a_month_but_not_that_they_were_sent(session: Session) -> None:
    old = now() - timedelta(days=31)
    sent = write(session, created_at=old, state="sent", sent_at=old)
    kept = write(session, created_at=old, state="kept")
    waiting = write(session, created_at=old)
    fresh = write(session, created_at=now() - timedelta(days=29), state="kept")
    forget_old_letters.function(session)
    for letter in (sent, kept, waiting, fresh):
        session.refresh(letter)
    assert (sent.recipient, sent.subject, sent.body) == ("", "", "")
    assert sent.sent_at == old
    assert kept.recipient == ""
    assert waiting.recipient == JAN
    assert fresh.recipient == JAN
