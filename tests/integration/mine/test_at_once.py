"""Two things at one moment: each is done once, and nothing is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicmap.domain.accounts.actions.links import make_token, request_link, use_link
from civicmap.domain.accounts.actions.residents import sign_in_by_link
from civicmap.domain.accounts.models import OneTimeLink, Person
from civicmap.domain.notifications.models import Letter
from civicmap.domain.reports.actions import staff
from civicmap.domain.reports.actions.own_step import OwnStep
from civicmap.domain.reports.actions.reporter import (
    answer_question,
    edit_report,
    reopen_report,
    withdraw_report,
)
from civicmap.domain.reports.actions.send_report import SentReport
from civicmap.domain.reports.actions.step import ChangedMeanwhile, Step
from civicmap.domain.reports.models import Report, Reporter, ReportEvent
from civicmap.extensions import db
from civicmap.foundation.errors import CivicmapError, Conflict, InvalidInput
from civicmap.foundation.transaction import transaction
from tests.factories.reports import make_report
from tests.integration.mine.conftest import ZOFIA, Town, build_town

Act = Callable[[Session], object]


@pytest.fixture
def live_town(live_app: Flask) -> Iterator[Town]:
    with live_app.app_context():
        with transaction(db.session):
            town = build_town(db.session)
        yield town


@pytest.fixture
def sent(live_town: Town) -> SentReport:
    with transaction(db.session):
        return make_report(db.session, live_town.city, email=ZOFIA)


def both(app: Flask, *acts: Act) -> list[object]:
    """What each of them, begun at the same moment, gave or raised."""
    start = threading.Barrier(len(acts))

    def run(act: Act) -> object:
        with app.app_context():
            start.wait()
            try:
                with transaction(db.session):
                    return act(db.session)
            except CivicmapError as error:
                return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def step(town: Town, sent: SentReport, once: str = "one-form") -> OwnStep:
    return OwnStep(town.city, sent.number, sent.secret, once)


def kinds(sent: SentReport) -> list[str]:
    db.session.expire_all()
    return list(
        db.session.scalars(
            select(ReportEvent.kind)
            .where(ReportEvent.report_id == sent.report_id)
            .order_by(ReportEvent.id)
        )
    )


def anna(town: Town, sent: SentReport) -> Step:
    version = db.session.scalars(select(Report.version).where(Report.id == sent.report_id)).one()
    return Step(town.city, sent.number, town.anna, version)


def test_withdrawn_twice_at_once_is_withdrawn_once(
    live_app: Flask, live_town: Town, sent: SentReport
) -> None:
    for number in range(2):
        results = both(
            live_app,
            *(
                lambda session, number=number, form=form: withdraw_report(
                    session, step(live_town, sent, f"form-{number}-{form}")
                )
                for form in range(4)
            ),
        )
        assert results == [False] * 4
    assert kinds(sent) == ["reported", "withdrawn"]
    assert db.session.get_one(Reporter, sent.report_id).email == ""
    last = select(func.count()).where(Letter.kind == "report_withdrawn")
    assert db.session.scalar(last) == 1


def test_one_form_sent_at_once_by_two_taps_is_carried_out_once(
    live_app: Flask, live_town: Town, sent: SentReport
) -> None:
    def edit(session: Session) -> None:
        edit_report(
            session,
            step(live_town, sent),
            words="A deep hole.",
            photos=(),
            photo_limit=5,
            expected_version=1,
        )

    assert both(live_app, edit, edit, edit) == [None] * 3
    assert kinds(sent) == ["reported", "edited"]


def test_zofia_corrects_while_anna_begins_and_one_of_them_is_told(
    live_app: Flask, live_town: Town, sent: SentReport
) -> None:
    seen = anna(live_town, sent)

    def edit(session: Session) -> None:
        edit_report(
            session,
            step(live_town, sent),
            words="A deep hole.",
            photos=(),
            photo_limit=5,
            expected_version=1,
        )

    def begin(session: Session) -> None:
        staff.change_status(session, seen, to="in_progress")

    results = both(live_app, edit, begin)
    assert [type(result) for result in results] in (
        [type(None), ChangedMeanwhile],
        [Conflict, type(None)],
    )
    assert len(kinds(sent)) == 2


def test_an_answer_and_a_closing_leave_nothing_waiting(
    live_app: Flask, live_town: Town, sent: SentReport
) -> None:
    with transaction(db.session):
        staff.ask_reporter(db.session, anna(live_town, sent), words="Which side?")
    seen = anna(live_town, sent)
    both(
        live_app,
        lambda session: answer_question(
            session, step(live_town, sent), words="Left.", photo_limit=5, is_public=False
        ),
        lambda session: staff.change_status(session, seen, to="fixed", words="Filled."),
    )
    db.session.expire_all()
    assert db.session.get_one(Report, sent.report_id).waiting_for is None


def test_opened_again_by_two_taps_it_counts_as_one_time(
    live_app: Flask, live_town: Town, sent: SentReport
) -> None:
    with transaction(db.session):
        staff.change_status(db.session, anna(live_town, sent), to="fixed", words="Filled.")

    def reopen(session: Session) -> None:
        reopen_report(
            session, step(live_town, sent), words="Still there.", photo_limit=5, is_public=False
        )

    assert both(live_app, reopen, reopen) == [None, None]
    assert kinds(sent).count("reopened") == 1


def test_a_link_opened_at_once_by_two_browsers_opens_for_one(
    live_app: Flask, live_town: Town, sent: SentReport
) -> None:
    with transaction(db.session):
        request_link(db.session, kind="email", contact=ZOFIA, language="en")
        link_id = db.session.scalars(select(OneTimeLink.id)).one()
        token = make_token(db.session, link_id)
    results = both(
        live_app,
        *(
            lambda session, browser=browser: use_link(session, token=token, browser=browser)
            for browser in ("first-browser", "second-browser")
        ),
    )
    assert sorted(isinstance(result, InvalidInput) for result in results) == [False, True]


def test_ten_requests_at_once_send_three_links(live_app: Flask, live_town: Town) -> None:
    both(
        live_app,
        *(
            lambda session: request_link(session, kind="email", contact=ZOFIA, language="en")
            for _ in range(8)
        ),
    )
    assert db.session.scalar(select(func.count()).select_from(OneTimeLink)) == 3


def test_signed_in_at_once_on_two_devices_it_is_one_account(
    live_app: Flask, live_town: Town
) -> None:
    results = both(
        live_app,
        *(lambda session: sign_in_by_link(session, email=ZOFIA, language="en") for _ in range(3)),
    )
    assert all(results)
    found = select(func.count()).where(Person.email == ZOFIA)
    assert db.session.scalar(found) == 1
