"""The demo mailbox: what would have been sent, for the staff of a demo city and nobody else."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicmap.config import Settings
from civicmap.domain.accounts.actions.people import (
    create_person,
    grant_role,
    request_password_reset,
)
from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.notifications.models import Letter
from tests.factories.cities import make_category, make_city, make_department
from tests.factories.people import PASSWORD, make_operator
from tests.factories.reports import make_report

MAILBOX = "/staff/mailbox"


@pytest.fixture
def city(session: Session) -> City:
    city = make_city(session, is_demo=True)
    make_department(session, city)
    make_category(session)
    return city


def sign_in(client: FlaskClient, email: str) -> None:
    page = client.get("/auth/sign-in").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    answer = client.post(
        "/auth/sign-in", data={"csrf_token": token[1], "email": email, "password": PASSWORD}
    )
    assert answer.status_code == 302


def test_staff_read_the_letters_of_their_demo_city(
    client: FlaskClient, session: Session, city: City
) -> None:
    sent = make_report(session, city, email="jan@example.org", address="<b>Dąbrowskiego</b> 42")
    make_operator(session, city)
    sign_in(client, "olga@example.org")
    page = client.get(MAILBOX)
    assert f"Report {sent.number}: received" in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    link = re.search(rf'href="({MAILBOX}/\d+)"', page.text)
    assert link is not None
    letter = client.get(link[1]).text
    assert f'href="http://127.0.0.1:8000/mine/{sent.number}/{sent.secret}"' in letter
    assert "jan@example.org" in letter
    assert "&lt;b&gt;Dąbrowskiego" in letter


def test_letters_of_another_city_are_not_theirs(
    client: FlaskClient, session: Session, city: City
) -> None:
    other = make_city(session, "gniezno", square=(17.5, 52.5, 17.7, 52.6), is_demo=True)
    make_report(session, city, email="jan@example.org")
    make_operator(session, other)
    sign_in(client, "olga@example.org")
    letter_id = session.scalars(select(Letter.id)).one()
    assert "No letters yet" in client.get(MAILBOX).text
    assert client.get(f"{MAILBOX}/{letter_id}").status_code == 404


@pytest.mark.parametrize(
    ("email", "may_read"),
    [("olga@example.org", False), ("piotr@example.org", True), ("ada@example.org", True)],
)
def test_password_links_are_for_their_owner_and_for_admins_only(
    client: FlaskClient, session: Session, city: City, email: str, may_read: bool
) -> None:
    make_operator(session, city, "olga@example.org")
    make_operator(session, city, "piotr@example.org")
    admin = create_person(
        session, email="ada@example.org", name="Ada", language="en", password=PASSWORD
    )
    grant_role(session, person_id=admin.id, role="admin")
    request_password_reset(session, email="piotr@example.org")
    sign_in(client, email)
    assert ("a new password" in client.get(MAILBOX).text) is may_read


def test_strangers_are_asked_to_sign_in(client: FlaskClient, city: City) -> None:
    answer = client.get(MAILBOX)
    assert answer.status_code == 302
    assert "/auth/sign-in?next=/staff/mailbox" in answer.headers["Location"]


def test_a_real_city_has_no_mailbox(client: FlaskClient, session: Session) -> None:
    make_operator(session, make_city(session))
    sign_in(client, "olga@example.org")
    assert client.get(MAILBOX).status_code == 404


def test_there_is_no_mailbox_where_letters_are_sent(
    app: Flask,
    client: FlaskClient,
    session: Session,
    city: City,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings: Settings = app.extensions["civicmap"]
    monkeypatch.setitem(
        app.extensions, "civicmap", replace(settings, smtp_url="smtp://mail.example.org")
    )
    make_operator(session, city)
    sign_in(client, "olga@example.org")
    assert client.get(MAILBOX).status_code == 404
    assert "Demo mailbox" not in client.get("/staff/", follow_redirects=True).text


def test_the_way_to_the_mailbox_is_in_the_menu(
    client: FlaskClient, session: Session, city: City
) -> None:
    make_operator(session, city)
    sign_in(client, "olga@example.org")
    assert f'href="{MAILBOX}"' in client.get("/staff/", follow_redirects=True).text
