"""Anna signs in, out, forgets her password; others try to get in without being her."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicmap.domain.accounts.actions import people as actions
from civicmap.domain.accounts.models import PasswordReset, Person, SignIn
from civicmap.domain.accounts.queries import Actor
from civicmap.domain.accounts.tokens import hash_token, new_token
from civicmap.domain.jurisdictions.queries import City
from civicmap.extensions import db, limiter
from civicmap.foundation.clock import now
from civicmap.foundation.transaction import transaction
from tests.factories.cities import make_city, make_department
from tests.factories.people import PASSWORD, make_staff
from tests.factories.visitors import Visitor

NEW_PASSWORD = "four black cats sleep"


@pytest.fixture
def city(session: Session) -> City:
    return make_city(session)


@pytest.fixture
def anna(session: Session, city: City) -> Actor:
    with transaction(session):
        return make_staff(session, city, make_department(session, city))


@pytest.fixture
def visitor(app: Flask, client: FlaskClient) -> Visitor:
    return Visitor(app, client)


def cookies(visitor: Visitor) -> dict[str, str]:
    return {
        cookie.key: cookie.value
        for name in ("civicmap", "civicmap_remember")
        if (cookie := visitor.client.get_cookie(name))
    }


def test_anna_signs_in_and_sees_her_worklist(anna: Actor, visitor: Visitor) -> None:
    page = visitor.sign_in("anna@example.org")
    assert page.status_code == 200
    assert page.address == "/staff/poznan/"


def test_letters_and_spaces_of_the_address_do_not_matter(anna: Actor, visitor: Visitor) -> None:
    assert visitor.sign_in(" Anna@Example.ORG ").address == "/staff/poznan/"


def test_she_comes_to_the_page_that_she_wanted(anna: Actor, visitor: Visitor) -> None:
    page = visitor.open("/staff/poznan/map?status=fixed")
    assert page.address == "/auth/sign-in"
    page = visitor.submit(page.form("/auth/sign-in"), email="anna@example.org", password=PASSWORD)
    assert page.answer.request.full_path == "/staff/poznan/map?status=fixed"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    anna: Actor, visitor: Visitor
) -> None:
    wrong = visitor.sign_in("anna@example.org", "not her password")
    unknown = visitor.sign_in("nobody@example.org", "not her password")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.form("/auth/sign-in")["email"] == "anna@example.org"
    assert wrong.html.replace("anna@", "nobody@") == unknown.html.replace(
        unknown.form("/auth/sign-in")["csrf_token"], wrong.form("/auth/sign-in")["csrf_token"]
    )


@pytest.mark.parametrize(
    "onward",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "/\t/evil.example/",
        "\\\\evil.example/",
        "javascript:alert(1)",
        "http:evil.example",
        "staff/",
        "https://[",
    ],
)
def test_the_way_onward_stays_on_this_site(anna: Actor, visitor: Visitor, onward: str) -> None:
    form = visitor.open("/auth/sign-in").form("/auth/sign-in")
    answer = visitor.client.post(
        "/auth/sign-in",
        data={
            "csrf_token": form["csrf_token"],
            "email": "anna@example.org",
            "password": PASSWORD,
            "next": onward,
        },
    )
    assert answer.status_code == 302
    assert urlsplit(answer.location).netloc == ""
    assert answer.location == "/staff/"


def test_signing_in_begins_a_new_session(anna: Actor, visitor: Visitor) -> None:
    visitor.open("/auth/sign-in")
    with visitor.client.session_transaction() as planted:
        planted["planted"] = "by somebody else"
    before = cookies(visitor)["civicmap"]
    visitor.sign_in("anna@example.org")
    assert cookies(visitor)["civicmap"] != before
    with visitor.client.session_transaction() as after:
        assert "planted" not in after


def test_the_cookie_of_somebody_who_signed_out_opens_nothing(
    anna: Actor, app: Flask, visitor: Visitor
) -> None:
    page = visitor.sign_in("anna@example.org", remember=True)
    stolen = cookies(visitor)
    page = visitor.submit(page.form("/auth/sign-out"))
    assert "signed out" in page.text
    assert "civicmap_remember" not in cookies(visitor)
    for name, value in stolen.items():
        thief = app.test_client()
        thief.set_cookie(name, value)
        assert thief.get("/staff/poznan/").status_code == 302


def test_signing_out_works_from_a_page_that_lay_open_too_long(
    anna: Actor, visitor: Visitor
) -> None:
    visitor.sign_in("anna@example.org")
    visitor.client.post("/auth/sign-out", data={"csrf_token": "expired"})
    assert visitor.open("/staff/poznan/").address == "/auth/sign-in"


def test_another_site_cannot_sign_her_out(anna: Actor, app: Flask, visitor: Visitor) -> None:
    # The browser sends such a form without our cookies, and would take new ones from the answer.
    answer = app.test_client(use_cookies=False).post("/auth/sign-out")
    assert answer.status_code == 302
    assert "Set-Cookie" not in answer.headers


def test_another_site_cannot_leave_words_in_the_sign_in_form(anna: Actor, visitor: Visitor) -> None:
    visitor.open("/auth/sign-in")
    planted = {"kept:status_words": "Planted", "next": "/staff/poznan/reports/PO-7K4M-2Q/status"}
    answer = visitor.client.post("/auth/sign-in", data=planted)
    assert answer.status_code == 400
    assert "Planted" not in answer.text


def test_she_may_be_remembered_for_thirty_days(anna: Actor, visitor: Visitor) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        visitor.sign_in("anna@example.org", remember=True)
        # The browser is closed: what it keeps is the remember-me cookie.
        visitor.client.delete_cookie("civicmap")
        clock.shift(timedelta(days=29))
        assert visitor.open("/staff/poznan/").address == "/staff/poznan/"
        clock.shift(timedelta(days=2))
        visitor.client.delete_cookie("civicmap")
        assert visitor.open("/staff/poznan/").address == "/auth/sign-in"


def test_without_that_a_sign_in_ends_after_half_a_day(anna: Actor, visitor: Visitor) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        visitor.sign_in("anna@example.org")
        assert "civicmap_remember" not in cookies(visitor)
        clock.shift(timedelta(hours=13))
        assert visitor.open("/staff/poznan/").address == "/auth/sign-in"


def test_five_wrong_passwords_lock_the_account_for_a_minute(
    anna: Actor, session: Session, visitor: Visitor
) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(5):
            visitor.sign_in("anna@example.org", "guess")
        # The lock is in the database: what the process remembers plays no part.
        locked_until = session.scalars(select(Person.locked_until)).one()
        assert locked_until == now() + timedelta(minutes=1)
        assert visitor.sign_in("anna@example.org").status_code == 401
        clock.shift(timedelta(seconds=61))
        assert visitor.sign_in("anna@example.org").address == "/staff/poznan/"
        assert session.scalars(select(Person.failed_sign_ins)).one() == 0


def test_the_lock_doubles_with_every_further_guess(
    anna: Actor, session: Session, visitor: Visitor
) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(7):
            visitor.sign_in("anna@example.org", "guess")
            clock.shift(timedelta(hours=2))
        locked_until = session.scalars(select(Person.locked_until)).one()
        assert locked_until == now() - timedelta(hours=2) + timedelta(minutes=4)


def test_somebody_shut_out_gets_in_no_more(anna: Actor, session: Session, visitor: Visitor) -> None:
    visitor.sign_in("anna@example.org")
    actions.set_disabled(session, person_id=anna.person_id, is_disabled=True)
    assert visitor.open("/staff/poznan/").address == "/auth/sign-in"
    assert visitor.sign_in("anna@example.org").status_code == 401


def test_an_expired_sign_in_form_comes_back_filled(anna: Actor, visitor: Visitor) -> None:
    form = visitor.open("/auth/sign-in").form("/auth/sign-in")
    page = visitor.submit(form, email="anna@example.org", password=PASSWORD, csrf_token="old")
    assert page.status_code == 400
    assert page.form("/auth/sign-in")["email"] == "anna@example.org"


@pytest.mark.parametrize("typed", ["\x00", "a" * 100_000, "\ud800x", "'; DROP TABLE people; --"])
def test_nonsense_is_a_wrong_password_and_no_error(
    anna: Actor, visitor: Visitor, typed: str
) -> None:
    form = visitor.open("/auth/sign-in").form("/auth/sign-in")
    raw = typed.encode("utf-8", "surrogatepass")
    answer = visitor.client.post(
        "/auth/sign-in",
        data={"csrf_token": form["csrf_token"], "email": raw, "password": raw},
    )
    assert answer.status_code == 401


def test_too_many_attempts_from_one_address_are_refused(anna: Actor, visitor: Visitor) -> None:
    limiter.enabled = True
    try:
        # Without a good token: an attempt counts before anything else is looked at.
        codes = {visitor.client.post("/auth/sign-in").status_code for _ in range(31)}
    finally:
        limiter.enabled = False
        limiter.reset()
    assert codes == {400, 429}


class TestForgottenPassword:
    @pytest.fixture
    def link(self, session: Session, anna: Actor) -> str:
        token = new_token()
        with transaction(session):
            session.add(
                PasswordReset(
                    token_hash=hash_token(token),
                    person_id=anna.person_id,
                    expires_at=now() + timedelta(hours=2),
                )
            )
        return f"/auth/password/{token}"

    def ask(self, visitor: Visitor, email: str) -> str:
        form = visitor.open("/auth/forgotten").form("/auth/forgotten")
        page = visitor.submit(form, email=email)
        assert page.status_code == 200
        return page.text

    def test_the_answer_does_not_tell_who_has_an_account(
        self, anna: Actor, session: Session, visitor: Visitor
    ) -> None:
        assert self.ask(visitor, "anna@example.org") == self.ask(visitor, "nobody@example.org")
        assert session.scalar(select(func.count()).select_from(PasswordReset)) == 1

    def test_a_mailbox_is_not_flooded(
        self, anna: Actor, session: Session, visitor: Visitor
    ) -> None:
        for _ in range(9):
            self.ask(visitor, "anna@example.org")
        assert session.scalar(select(func.count()).select_from(PasswordReset)) == 5

    def test_the_new_password_works_and_ends_every_sign_in(
        self, link: str, anna: Actor, app: Flask, session: Session, visitor: Visitor
    ) -> None:
        elsewhere = Visitor(app)
        elsewhere.sign_in("anna@example.org", remember=True)
        form = visitor.open(link).form(link)
        page = visitor.submit(form, password=NEW_PASSWORD, repeated=NEW_PASSWORD)
        assert "Your password is set" in page.text
        assert elsewhere.open("/staff/poznan/").address == "/auth/sign-in"
        assert visitor.sign_in("anna@example.org").status_code == 401
        assert visitor.sign_in("anna@example.org", NEW_PASSWORD).address == "/staff/poznan/"

    def test_it_lifts_the_lock(self, link: str, anna: Actor, visitor: Visitor) -> None:
        for _ in range(6):
            visitor.sign_in("anna@example.org", "guess")
        form = visitor.open(link).form(link)
        visitor.submit(form, password=NEW_PASSWORD, repeated=NEW_PASSWORD)
        assert visitor.sign_in("anna@example.org", NEW_PASSWORD).address == "/staff/poznan/"

    def test_a_link_works_once_and_takes_the_others_with_it(
        self, link: str, anna: Actor, session: Session, visitor: Visitor
    ) -> None:
        other = new_token()
        session.add(
            PasswordReset(
                token_hash=hash_token(other),
                person_id=anna.person_id,
                expires_at=now() + timedelta(days=7),
            )
        )
        form = visitor.open(link).form(link)
        visitor.submit(form, password=NEW_PASSWORD, repeated=NEW_PASSWORD)
        again = visitor.submit(
            form, password="five green frogs jump", repeated="five green frogs jump"
        )
        assert again.status_code == 400
        assert visitor.open(link).status_code == 404
        assert visitor.open(f"/auth/password/{other}").status_code == 404

    def test_a_link_expires(self, link: str, visitor: Visitor) -> None:
        with time_machine.travel(now() + timedelta(hours=2, seconds=1), tick=False):
            assert visitor.open(link).status_code == 404

    @pytest.mark.parametrize(
        ("password", "repeated", "sentence"),
        [
            ("short", "short", "10 to 200 characters"),
            ("aaaaaaaaaaaa", "aaaaaaaaaaaa", "easily guessed"),
            ("Anna@example.org", "Anna@example.org", "easily guessed"),
            (NEW_PASSWORD, NEW_PASSWORD + "s", "not the same"),
            ("x" * 201, "x" * 201, "10 to 200 characters"),
        ],
    )
    def test_a_weak_password_is_refused_and_the_link_stays_good(
        self, link: str, visitor: Visitor, password: str, repeated: str, sentence: str
    ) -> None:
        form = visitor.open(link).form(link)
        page = visitor.submit(form, password=password, repeated=repeated)
        assert page.status_code == 400
        assert sentence in page.text
        assert visitor.open(link).status_code == 200

    @pytest.mark.parametrize("token", ["x", "..%2f..", "%ff", "a" * 300])
    def test_an_invented_link_is_no_error(self, anna: Actor, visitor: Visitor, token: str) -> None:
        assert visitor.open(f"/auth/password/{token}").status_code == 404

    def test_the_address_of_the_page_is_told_to_no_other_site(
        self, link: str, visitor: Visitor
    ) -> None:
        headers = visitor.open(link).answer.headers
        assert headers["Referrer-Policy"] == "strict-origin"
        assert headers["Cache-Control"] == "no-store"


def test_only_hashes_of_tokens_and_passwords_are_kept(
    anna: Actor, session: Session, visitor: Visitor
) -> None:
    visitor.sign_in("anna@example.org", remember=True)
    person = session.scalars(select(Person)).one()
    assert (person.password_hash or "").startswith("$argon2id$")
    sign_in = session.scalars(select(SignIn)).one()
    assert all(sign_in.token_hash not in value for value in cookies(visitor).values())
    assert len(sign_in.token_hash) == 64


class TestGuessesAtOnce:
    @pytest.fixture
    def committed(self, live_app: Flask) -> Iterator[Flask]:
        with live_app.app_context(), db.session.begin():
            city = make_city(db.session)
            make_staff(db.session, city, make_department(db.session, city))
        yield live_app

    def test_every_guess_counts(self, committed: Flask) -> None:
        def guess() -> None:
            Visitor(committed).sign_in("anna@example.org", "guess")

        threads = [threading.Thread(target=guess) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with committed.app_context():
            assert db.session.scalars(select(Person.failed_sign_ins)).one() == 4
