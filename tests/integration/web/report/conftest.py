"""Zofia, a resident of a square Poznań, and the form she fills in without scripts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import g
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse, encode_multipart

from civicmap.domain.jurisdictions.queries import City
from tests.factories.cities import make_category, make_city, make_department

JSON = {"Accept": "application/json"}
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def token_of(page: str) -> str:
    found = TOKEN.search(page)
    assert found, "no form on this page"
    return found[1]


def hidden_fields(page: str) -> dict[str, str]:
    """What a page carries on in hidden fields, so that a test can press its button."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))


@pytest.fixture
def city(session: Session) -> City:
    city = make_city(session)
    make_department(session, city, "roads")
    make_category(session, names={"en": "Pothole", "pl": "Dziura w jezdni"})
    return city


def post(client: FlaskClient, address: str, fields: dict[str, Any], **headers: str) -> TestResponse:
    """Post fields and files as a browser does.

    The test client shares one application context, and with it what lives for one request only.
    """
    for remembered in ("csrf_token", "cities"):
        g.pop(remembered, None)
    boundary, body = encode_multipart(fields)
    return client.post(
        address,
        data=body,
        content_type=f"multipart/form-data; boundary={boundary}",
        headers={"Accept-Language": "en", **headers},
    )


class Form:
    """The form of one browser: knows its token, fills in what a test does not say."""

    def __init__(self, client: FlaskClient, address: str = "/poznan/report") -> None:
        self.client = client
        self.address = address
        self.token = token_of(client.get(address).text)

    def press(
        self, action: str, headers: dict[str, str] | None = None, **said: Any
    ) -> TestResponse:
        """Press a button; `said` replaces fields of a complete report (None leaves one out)."""
        fields: dict[str, Any] = {
            "csrf_token": self.token,
            "action": action,
            "position": "52.41, 16.85",
            "category": "pothole",
            "words": "A deep hole beside the tram stop.",
            "idempotency_key": "k" * 20,
            **said,
        }
        kept = {name: value for name, value in fields.items() if value is not None}
        return post(self.client, self.address, kept, **(headers or {}))

    def ask(self, action: str, **said: Any) -> TestResponse:
        """The same as a script does it: the answer is JSON."""
        return self.press(action, headers=JSON, **said)


@pytest.fixture
def client(client: FlaskClient) -> FlaskClient:
    """A browser that wishes for English."""
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def form(client: FlaskClient, city: City) -> Form:
    return Form(client)
