"""When something goes wrong: a sentence in the person's language, a reference, never a trace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from civicmap import create_app
from civicmap.config import Settings
from civicmap.domain.media.jobs import PHOTO_STORAGE
from civicmap.extensions import db
from civicmap.foundation.geo import Point
from civicmap.foundation.jobs import SESSIONS
from civicmap.foundation.transaction import transaction
from civicmap.web.public import blueprint
from civicmap.web.system import views
from tests.factories.cities import make_category, make_city
from tests.factories.reports import make_reports
from tests.factories.visitors import Page
from tests.gate import Gate


def test_an_unknown_page_is_told_in_the_persons_language(
    client: FlaskClient, session: Session
) -> None:
    answer = client.get("/no/such/page", headers={"Accept-Language": "pl"})
    assert answer.status_code == 404
    assert '<html lang="pl">' in answer.text


@pytest.mark.parametrize(
    ("address", "code"), [("/atlantis/", 404), ("/poznan%00/", 404), ("/find?number=%00", 400)]
)
def test_nobody_is_told_in_the_language_of_whoever_came_before(
    client: FlaskClient, session: Session, address: str, code: int
) -> None:
    client.get("/find", headers={"Accept-Language": "ru"})
    answer = client.get(address, headers={"Accept-Language": "pl"})
    assert answer.status_code == code
    assert '<html lang="pl">' in answer.text


def test_who_wishes_for_no_language_gets_the_citys(client: FlaskClient, session: Session) -> None:
    make_city(session)
    assert '<html lang="pl">' in client.get("/poznan/reports").text
    assert '<html lang="en">' in client.get("/poznan/reports?lang=en").text
    assert '<html lang="en">' in client.get("/auth/sign-in").text  # the choice was kept


def test_an_unknown_city_is_not_found(client: FlaskClient, session: Session) -> None:
    answer = client.get("/atlantis/")
    assert answer.status_code == 404
    assert "There is no such city here." in answer.text


def test_an_unknown_city_is_told_in_the_persons_language(
    client: FlaskClient, session: Session
) -> None:
    answer = client.get("/atlantis/", headers={"Accept-Language": "ru"})
    assert '<html lang="ru">' in answer.text


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("/%00", 404),
        ("/poznan%00/", 404),
        ("/?a=%00", 400),
        ("/?%00=a", 400),
        ("/find?number=%00", 400),
        ("/find?number=%ff%fe", 404),
        ("/%ff/", 404),
    ],
)
def test_unreadable_addresses_are_no_server_errors(
    client: FlaskClient, session: Session, address: str, code: int
) -> None:
    answer = client.get(address)
    assert answer.status_code == code
    assert "<main" in answer.text


def test_an_unexpected_error_gives_a_reference_and_no_trace(
    client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the secret of the trace")

    monkeypatch.setattr(views, "pending_migrations", fail)
    answer = client.get("/readyz")
    assert answer.status_code == 500
    assert "secret of the trace" not in answer.text
    assert "give this reference" in answer.text


def test_a_script_gets_its_error_as_json(client: FlaskClient, session: Session) -> None:
    answer = client.get("/atlantis/", headers={"Accept": "application/json"})
    assert answer.get_json() == {"error": "There is no such city here."}


@pytest.fixture
def gate(database_url: str) -> Iterator[Gate]:
    url = make_url(database_url)
    gate = Gate(url.host or "127.0.0.1", url.port or 5432)
    yield gate
    gate.close()
    gate.listener.close()


@pytest.fixture
def gated_app(app: Flask, database_url: str, gate: Gate, tmp_path: Path) -> Iterator[Flask]:
    url = make_url(database_url).set(host="127.0.0.1", port=gate.port)
    settings = Settings(
        database_url=url.render_as_string(hide_password=False),
        state=str(tmp_path),
        log_level="CRITICAL",
    )
    with SESSIONS.bound_to(SESSIONS.value), PHOTO_STORAGE.bound_to(PHOTO_STORAGE.value):
        gated = create_app(settings)
        yield gated
    # The isolation of other tests would try to connect every application there is.
    db._app_state.pop(gated)


def test_a_database_that_is_away_is_told_so_and_comes_back_by_itself(
    gated_app: Flask, gate: Gate
) -> None:
    client = gated_app.test_client()
    assert client.get("/find").status_code == 200
    assert client.get("/readyz").status_code == 200
    gate.close()
    for address in ("/atlantis/", "/atlantis/reports"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert "will be back in a moment" in answer.text
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200
    gate.open()
    assert client.get("/readyz").status_code == 200
    assert client.get("/atlantis/").status_code == 404


def test_a_question_that_takes_too_long_is_ended_and_the_next_is_not(
    live_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blueprint, "MOST_SECONDS", 0.05)
    with live_app.app_context(), transaction(db.session) as session:
        city = make_city(session)
        make_category(session, "pothole")
        make_reports(session, city, [Point(52.4, 16.9)], statuses=["open"])
    client = live_app.test_client()
    pages = ["", "view", "reports", "months.json", "districts", "districts.json", "districts.csv"]
    with live_app.app_context(), db.engine.connect() as other:
        other.execute(text("LOCK TABLE reports"))
        for page in pages:
            answer = client.get(f"/poznan/{page}?q=hole")
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5"), page
    monkeypatch.undo()  # a slow machine is no fault
    assert client.get("/poznan/view?q=hole").status_code == 200
    with live_app.app_context():
        assert db.session.scalar(text("SHOW statement_timeout")) == "0"


@pytest.mark.parametrize(
    ("address", "table"),
    [
        ("/", "map_cells"),
        ("/find?number=PO-7K4M-2Q", "reports"),
        ("/outlines.json", "jurisdictions"),
    ],
)
def test_a_question_about_all_cities_ends_as_well(
    live_app: Flask, monkeypatch: pytest.MonkeyPatch, address: str, table: str
) -> None:
    monkeypatch.setattr(blueprint, "MOST_SECONDS", 0.05)
    with live_app.app_context(), transaction(db.session) as session:
        make_city(session)
        make_city(session, "osh", number_prefix="OS")
    client = live_app.test_client()
    with live_app.app_context(), db.engine.connect() as other:
        other.execute(text(f"LOCK TABLE {table}"))
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    monkeypatch.undo()  # a slow machine is no fault
    assert client.get(address).status_code in (200, 404)


def test_what_was_sent_while_the_database_was_away_is_sent_again_with_one_press(
    gated_app: Flask, gate: Gate
) -> None:
    client = gated_app.test_client()
    token = client.get("/form-token").json["csrf_token"]  # type: ignore[index]
    gate.close()
    words = 'A deep "hole"\nbeside the tram stop.'
    answer = client.post(
        "/atlantis/report?lang=pl", data={"csrf_token": token, "words": words, "photos": ["a", "b"]}
    )
    assert answer.status_code == 503
    form = Page(answer).form("/atlantis/report?lang=pl")
    assert form.method == "post"
    assert form.values == {"csrf_token": [token], "words": [words], "photos": ["a", "b"]}


def test_a_password_is_not_repeated_by_the_page_of_an_error(gated_app: Flask, gate: Gate) -> None:
    client = gated_app.test_client()
    token = client.get("/form-token").json["csrf_token"]  # type: ignore[index]
    gate.close()
    answer = client.post(
        "/auth/sign-in",
        data={"csrf_token": token, "email": "anna@example.org", "password": "three blind mice"},
    )
    assert answer.status_code == 503
    assert "three blind mice" not in answer.text
    assert 'href="/auth/sign-in"' in answer.text
