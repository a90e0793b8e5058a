"""Every address that anybody may open answers, and says to the browser what it may do."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from civicmap.domain.jurisdictions.actions.add_city import RESERVED_SLUGS
from civicmap.foundation.locales import LANGUAGES
from tests.factories.cities import make_category, make_city, make_department
from tests.factories.reports import make_report
from tests.house.public_routes import addresses

# Pages whose sample value (a secret, a token, a photo) is not there.
MISSING_OR_MOVED = {200, 204, 301, 302, 303, 308, 400, 404}


@pytest.fixture
def pages(app: Flask, session: Session) -> list[str]:
    city = make_city(session)
    make_department(session, city)
    make_category(session)
    sent = make_report(session, city)
    return addresses(app, number=sent.number, secret=sent.secret)


def test_every_page_answers_with_its_headers(client: FlaskClient, pages: list[str]) -> None:
    opened = 0
    for address in pages:
        answer = client.get(address)
        assert answer.status_code in MISSING_OR_MOVED, address
        opened += answer.status_code == 200
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, address
        assert "unsafe" not in policy, address
        assert answer.headers["X-Content-Type-Options"] == "nosniff", address
        assert answer.headers["X-Frame-Options"] == "DENY", address
        assert "Referrer-Policy" in answer.headers, address
        assert "Server" not in answer.headers or "Python" not in answer.headers["Server"]
    assert opened >= len(pages) / 2


def test_every_page_says_its_language_and_title(client: FlaskClient, pages: list[str]) -> None:
    checked = 0
    for address in pages:
        for language in LANGUAGES:
            answer = client.get(address, query_string={"lang": language})
            if answer.status_code != 200 or "text/html" not in answer.content_type:
                break
            if "<html" not in answer.text:
                break  # a part of a page, put into one by a script
            checked += 1
            assert f'<html lang="{language}">' in answer.text, address
            assert re.search(r"<title>[^<]+</title>", answer.text), address
            assert answer.text.count("<h1") == 1, address
    assert checked >= 5 * len(LANGUAGES)


def test_no_city_can_take_the_address_of_another_page(app: Flask) -> None:
    first = {rule.rule.split("/")[1] for rule in app.url_map.iter_rules()}
    fixed = {name for name in first if re.fullmatch(r"[a-z0-9-]+", name)}
    assert len(fixed) > 5
    assert fixed | {"static"} <= RESERVED_SLUGS


def test_an_address_that_is_nowhere_is_a_page_too(client: FlaskClient, session: Session) -> None:
    answer = client.get("/nowhere/at/all")
    assert answer.status_code == 404
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
