"""Texts on their way: a real gateway that takes, refuses, or is away."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from civicmap.domain.notifications.jobs import deliver_letter
from civicmap.domain.notifications.models import Letter
from civicmap.domain.notifications.texting import TEXTING
from civicmap.foundation.clock import now
from civicmap.foundation.texting import Gateway, GatewayAway
from tests.text_gateway import TextGateway


@pytest.fixture
def gateway() -> Iterator[TextGateway]:
    server = TextGateway()
    with TEXTING.bound_to(Gateway(server.url, "s3cret")):
        yield server
    server.stop()


@pytest.fixture
def text(session: Session) -> Letter:
    letter = Letter(
        kind="reports_link_text",
        medium="text",
        recipient="+48600100200",
        language="pl",
        subject="Text: a link to your reports",
        body="Your reports: http://127.0.0.1:8000/mine/open/abc\n",
        created_at=now(),
    )
    session.add(letter)
    session.flush()
    return letter


def deliver(session: Session, text: Letter) -> None:
    deliver_letter.function(session, letter_id=text.id)


def test_a_text_leaves_once_and_its_link_is_forgotten(
    session: Session, gateway: TextGateway, text: Letter
) -> None:
    deliver(session, text)
    deliver(session, text)
    assert len(gateway.requests) == 1
    assert gateway.requests[0][1]["text"] == "Your reports: http://127.0.0.1:8000/mine/open/abc"
    assert (text.state, text.body) == ("sent", "")


def test_a_refused_text_ends_and_no_number_is_in_the_log(
    session: Session, gateway: TextGateway, text: Letter, caplog: pytest.LogCaptureFixture
) -> None:
    gateway.status = 422
    with caplog.at_level(logging.DEBUG):
        deliver(session, text)
    assert (text.state, text.failure) == ("failed", "the gateway refused the text (422)")
    assert "600100200" not in caplog.text


def test_a_gateway_that_is_away_is_tried_again_for_five_days(
    session: Session, gateway: TextGateway, text: Letter
) -> None:
    gateway.status = 503
    with pytest.raises(GatewayAway):
        deliver(session, text)
    assert text.state == "waiting"
    text.created_at = now() - timedelta(days=5, seconds=1)
    deliver(session, text)
    assert text.state == "failed"


def test_without_a_gateway_texts_are_kept(session: Session, text: Letter) -> None:
    with TEXTING.bound_to(None):
        deliver(session, text)
    assert text.state == "kept"
