"""A sent report belongs to the browser that sent it."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicmap.domain.accounts.tokens import hash_token
from civicmap.domain.reports.models import ReportDevice
from civicmap.web.shared.kiosk import BROWSER_COOKIE
from civicmap.web.shared.kiosk import COOKIE as KIOSK_COOKIE
from tests.integration.web.report.conftest import Form


def token_of(client: FlaskClient) -> str:
    cookie = client.get_cookie(BROWSER_COOKIE)
    assert cookie
    return cookie.value


def holders(session: Session) -> list[str]:
    return list(session.scalars(select(ReportDevice.browser_hash)))


def test_zofias_browser_holds_what_it_sent(
    session: Session, client: FlaskClient, form: Form
) -> None:
    assert form.press("send").status_code == 303
    assert holders(session) == [hash_token(token_of(client))]
    before = token_of(client)
    assert form.press("send", idempotency_key="n" * 20).status_code == 303
    assert token_of(client) == before
    assert holders(session) == [hash_token(before)] * 2


def test_a_report_whose_answer_was_lost_is_held_after_the_second_try(
    session: Session, client: FlaskClient, form: Form
) -> None:
    form.press("send")
    client.delete_cookie(BROWSER_COOKIE)  # it never arrived
    assert form.ask("send").status_code == 200
    assert hash_token(token_of(client)) in holders(session)


def test_a_terminal_in_the_town_hall_keeps_no_cookie(client: FlaskClient, form: Form) -> None:
    client.set_cookie(KIOSK_COOKIE, "1")
    assert form.press("send").status_code == 303
    assert client.get_cookie(BROWSER_COOKIE) is None
