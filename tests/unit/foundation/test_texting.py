"""Texts over HTTP, against a real server on this machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from civicmap.foundation.texting import (
    Gateway,
    GatewayAway,
    OutgoingText,
    TextRefused,
    check_gateway,
    send_text,
)
from tests.text_gateway import TextGateway

TEXT = OutgoingText("+48600100200", "Zgłoszenie: https://…", "letter.7.1763779200")


@pytest.fixture
def gateway() -> Iterator[TextGateway]:
    server = TextGateway()
    yield server
    server.stop()


def test_a_text_goes_as_json_with_the_token_and_a_key(gateway: TextGateway) -> None:
    send_text(Gateway(gateway.url, "s3cret", "Poznań"), TEXT)
    headers, body = gateway.requests[0]
    assert headers["path"] == "/messages?account=7"
    assert headers["Authorization"] == "Bearer s3cret"
    assert headers["Idempotency-Key"] == TEXT.key
    assert body == {
        "to": "+48600100200",
        "text": "Zgłoszenie: https://…",
        "id": TEXT.key,
        "from": "Poznań",
    }


@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_refusal_is_for_good_and_names_no_number(gateway: TextGateway, status: int) -> None:
    gateway.status = status
    with pytest.raises(TextRefused) as refused:
        send_text(Gateway(gateway.url), TEXT)
    assert "600" not in str(refused.value)


@pytest.mark.parametrize("status", [302, 401, 404, 429, 500, 503])
def test_everything_else_is_worth_another_try(gateway: TextGateway, status: int) -> None:
    gateway.status = status
    with pytest.raises(GatewayAway):
        send_text(Gateway(gateway.url, "s3cret"), TEXT)
    # A redirect is not followed: the token stays here.
    assert len(gateway.requests) == 1


def test_a_gateway_that_is_away_is_waited_for() -> None:
    with pytest.raises(GatewayAway):
        send_text(Gateway("http://127.0.0.1:1/"), TEXT)


@pytest.mark.parametrize(
    "gateway",
    [
        Gateway("sms.example.org"),
        Gateway("ftp://sms.example.org/"),
        Gateway("http://sms.example.org/", "s3cret"),
        Gateway(""),
    ],
)
def test_an_address_that_cannot_be_used_is_said_at_the_start(gateway: Gateway) -> None:
    with pytest.raises(ValueError, match=r"must look like|https only"):
        check_gateway(gateway)


def test_a_token_may_go_to_this_machine() -> None:
    check_gateway(Gateway("http://127.0.0.1:9000/", "s3cret"))
    check_gateway(Gateway("http://sms.internal/"))
