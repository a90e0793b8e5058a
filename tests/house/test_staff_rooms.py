"""No room of the staff opens without a key."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories.cities import make_city

SAMPLE = {
    "city_slug": "poznan",
    "number": "PO-7K4M-2Q",
    "key": "a" * 26,
    "size": "list",
    "form": "note",
    "z": "1",
    "x": "0",
    "y": "0",
}


def staff_routes(app: Flask) -> list[tuple[str, str]]:
    return [
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("staff.")
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def address(rule: str) -> str:
    return re.sub(r"<(?:[^:<>]*:)?(\w+)>", lambda match: SAMPLE[match[1]], rule)


def test_every_room_of_the_staff_asks_who_one_is(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    make_city(session)
    routes = staff_routes(app)
    assert len(routes) > 10
    for method, rule in routes:
        answer = client.open(address(rule), method=method)
        asked_to_sign_in = answer.status_code == 302 and "/auth/sign-in" in answer.location
        assert asked_to_sign_in or answer.status_code == 401, f"{method} {rule}"


@pytest.mark.parametrize("path", ["/staff", "/staff/nowhere-at-all/", "/staff/poznan/reports/x"])
def test_other_addresses_give_nothing_away(
    client: FlaskClient, session: Session, path: str
) -> None:
    make_city(session)
    assert client.get(path).status_code in {302, 308, 404}
