"""Texts (SMS), handed to a gateway over HTTP; the JSON is described in docs/how-to/send-texts.md.

As with mail, what a gateway answers is told apart in two: `TextRefused` is for good, `GatewayAway`
is worth another try. Neither carries a number: both end in logs.
"""

from __future__ import annotations

import http.client
import json
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 10.0
# What the gateway says about this text alone; everything else may pass, or is a matter of set-up.
REFUSALS = frozenset({400, 413, 422})
_HERE = frozenset({"127.0.0.1", "localhost", "::1"})


class TextRefused(Exception):
    """The text cannot be delivered and never will be: `reason` without any number."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class GatewayAway(Exception):
    """The gateway is not there, not ready, or not set up: try again later."""


@dataclass(frozen=True)
class Gateway:
    """Where texts are handed over. `token`: for `Authorization: Bearer`; `sender`: the number or
    name that people see, where the gateway lets us choose."""

    url: str
    token: str = ""
    sender: str = ""


@dataclass(frozen=True)
class OutgoingText:
    """`to` is E.164. `key` stays the same when it is sent once more."""

    to: str
    text: str
    key: str


def check_gateway(gateway: Gateway) -> None:
    """Raises ValueError when the address cannot be used, or would show the token to everybody."""
    parts = urlsplit(gateway.url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("it must look like https://sms.example.org/messages")
    if parts.scheme == "http" and gateway.token and parts.hostname not in _HERE:
        raise ValueError("a token goes over https only, except to this machine")


def send_text(gateway: Gateway, text: OutgoingText) -> None:
    """Hand one text over. Returns when the gateway has taken it (any 2xx).

    Raises TextRefused and GatewayAway.
    """
    body = {"to": text.to, "text": text.text, "id": text.key}
    if gateway.sender:
        body["from"] = gateway.sender
    headers = {"Content-Type": "application/json", "Idempotency-Key": text.key}
    if gateway.token:
        headers["Authorization"] = f"Bearer {gateway.token}"
    try:
        status = _post(gateway.url, json.dumps(body).encode(), headers)
    except (OSError, http.client.HTTPException) as error:
        raise GatewayAway(type(error).__name__) from None
    if 200 <= status < 300:
        return
    if status in REFUSALS:
        raise TextRefused(f"the gateway refused the text ({status})")
    # Redirects too: a token is not carried elsewhere.
    raise GatewayAway(f"the gateway answered {status}")


def _post(url: str, body: bytes, headers: dict[str, str]) -> int:
    parts = urlsplit(url)
    connection: http.client.HTTPConnection
    host = parts.hostname or ""
    if parts.scheme == "https":
        connection = http.client.HTTPSConnection(
            host, parts.port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
        )
    else:
        connection = http.client.HTTPConnection(host, parts.port, timeout=TIMEOUT_SECONDS)
    path = parts.path or "/"
    try:
        connection.request("POST", f"{path}?{parts.query}" if parts.query else path, body, headers)
        return connection.getresponse().status
    finally:
        connection.close()
