"""Two people at one report: the second sees what the first did, and decides. Nothing is lost."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.reports.actions import staff as actions
from civicmap.domain.reports.actions.send_report import send_report
from civicmap.domain.reports.actions.support import support_report
from civicmap.domain.reports.models import Report, ReportEvent, Supporter
from civicmap.extensions import db
from civicmap.foundation.transaction import transaction
from tests.factories.reports import make_report, new_report
from tests.factories.visitors import Page, Visitor
from tests.integration.staff.conftest import (
    Town,
    build_town,
    count_events,
    page_of,
    status_of,
    step,
)

SignIn = Callable[[str], Visitor]


class TestOneAfterTheOther:
    def test_the_second_is_told_what_happened_and_by_whom(
        self, number: str, session: Session, anna: Visitor, sign_in: SignIn
    ) -> None:
        olga = sign_in("olga")
        seen = page_of(olga, number).form("/status")
        anna.submit(
            page_of(anna, number).form("/status"),
            status_to="in_progress",
            status_words="A crew comes on Tuesday.",
        )
        page = olga.submit(
            seen,
            status_to="wont_fix",
            status_reason="planned",
            status_words="The whole street is rebuilt in May.",
        )
        assert page.status_code == 409
        assert "Somebody else changed this report meanwhile" in page.text
        assert "A crew comes on Tuesday." in page.text
        assert "Anna, Roads" in page.text
        assert status_of(session, number) == "in_progress"
        form = page.form("/status")
        assert (form["status_to"], form["status_reason"]) == ("wont_fix", "planned")
        assert form["status_words"] == "The whole street is rebuilt in May."

    def test_the_second_may_then_decide(
        self, number: str, session: Session, anna: Visitor, sign_in: SignIn
    ) -> None:
        olga = sign_in("olga")
        seen = page_of(olga, number).form("/update")
        anna.submit(page_of(anna, number).form("/note"), note_words="On my way.")
        page = olga.submit(seen, update_words="A crew is near.")
        assert page.status_code == 409
        page = olga.submit(page.form("/update"))
        assert page.status_code == 200
        assert count_events(session, number) == 3

    def test_a_step_that_is_no_longer_possible_is_refused_with_the_words_kept(
        self, number: str, session: Session, anna: Visitor, sign_in: SignIn
    ) -> None:
        olga = sign_in("olga")
        seen = page_of(olga, number).form("/status")
        anna.submit(
            page_of(anna, number).form("/status"), status_to="fixed", status_words="Filled."
        )
        page = olga.submit(seen, status_to="in_progress", status_words="We look at it.")
        assert page.status_code == 409
        page = olga.submit(page.form("/status"), status_to="in_progress")
        assert page.status_code == 409
        assert "cannot be set to" in page.text
        assert page.form("/status")["status_words"] == "We look at it."
        assert status_of(session, number) == "fixed"

    def test_what_was_handed_over_meanwhile_offers_the_words_as_a_note(
        self, number: str, session: Session, town: Town, anna: Visitor
    ) -> None:
        seen = page_of(anna, number).form("/update")
        with transaction(session):
            actions.transfer(
                session,
                step(session, town, number, town.olga),
                to_department="lighting",
                words="A lamp post.",
            )
        page = anna.submit(seen, update_words="A crew comes on Tuesday.")
        assert page.status_code == 403
        assert "another department answers for it" in page.text
        assert "Roads → Lighting" in page.text
        assert page.form("/note")["note_words"] == "A crew comes on Tuesday."
        assert anna.submit(page.form("/note")).status_code == 200

    def test_a_button_pressed_twice_does_it_once_and_says_so(
        self, number: str, session: Session, anna: Visitor
    ) -> None:
        form = page_of(anna, number).form("/update")
        pages = [anna.submit(form, update_words="A crew is near.") for _ in range(2)]
        assert [page.status_code for page in pages] == [200, 200]
        assert "The update is out" in pages[1].text
        assert count_events(session, number) == 2
        form = page_of(anna, number).form("/transfer")
        for _ in range(2):
            page = anna.submit(form, transfer_department="lighting", transfer_words="A lamp.")
            assert "Handed over" in page.text
        assert count_events(session, number) == 4

    def test_a_new_update_from_an_old_page_is_not_taken_for_the_same(
        self, number: str, session: Session, anna: Visitor
    ) -> None:
        form = page_of(anna, number).form("/update")
        anna.submit(form, update_words="A crew is near.")
        assert anna.submit(form, update_words="A crew is here.").status_code == 409
        assert count_events(session, number) == 2


class TestAtTheSameMoment:
    @pytest.fixture
    def busy_town(self, live_app: Flask) -> Iterator[Town]:
        with live_app.app_context(), db.session.begin():
            town = build_town(db.session)
        yield town

    @pytest.fixture
    def busy_number(self, live_app: Flask, busy_town: Town) -> str:
        with live_app.app_context(), db.session.begin():
            return make_report(db.session, busy_town.city).number

    def test_one_of_two_wins_and_the_other_is_asked(
        self, live_app: Flask, busy_number: str
    ) -> None:
        visitors = [Visitor(live_app), Visitor(live_app)]
        for visitor, who in zip(visitors, ("anna", "olga"), strict=True):
            visitor.sign_in(f"{who}@example.org")
        forms = [page_of(visitor, busy_number).form("/status") for visitor in visitors]
        start = threading.Barrier(2)

        def send(at: int) -> Page:
            start.wait()
            return visitors[at].submit(
                forms[at], status_to="fixed", status_words=f"Filled, says number {at}."
            )

        with ThreadPoolExecutor(2) as threads:
            pages = list(threads.map(send, range(2)))
        assert sorted(page.status_code for page in pages) == [200, 409]
        loser = next(page for page in pages if page.status_code == 409)
        assert "Filled, says number 0." in loser.html
        assert "Filled, says number 1." in loser.html
        with live_app.app_context():
            kinds = Counter(db.session.scalars(select(ReportEvent.kind)))
        assert kinds == {"reported": 1, "status_changed": 1}

    def test_one_report_sent_ten_times_at_once_is_one_report(
        self, live_app: Flask, busy_town: Town
    ) -> None:
        start = threading.Barrier(10)

        def send(_: int) -> tuple[str, str, bool]:
            with live_app.app_context():
                start.wait()
                with transaction(db.session):
                    sent = send_report(
                        db.session,
                        city=busy_town.city,
                        report=new_report(idempotency_key="one-key-for-all-ten"),
                    )
                return sent.number, sent.secret, sent.was_there

        with ThreadPoolExecutor(10) as threads:
            sent = list(threads.map(send, range(10)))
        assert len({number for number, _, _ in sent}) == 1
        assert len({secret for _, secret, _ in sent}) == 1
        assert sum(was_there for _, _, was_there in sent) == 9
        with live_app.app_context():
            assert db.session.scalar(select(func.count()).select_from(Report)) == 1
            assert db.session.scalars(select(ReportEvent.kind)).all() == ["reported"]

    def test_every_browser_counts_once_however_many_come_together(
        self, live_app: Flask, busy_town: Town, busy_number: str
    ) -> None:
        browsers = [f"browser-{at % 6}" for at in range(12)]
        start = threading.Barrier(12)
        city: City = busy_town.city

        def support(browser: str) -> bool:
            with live_app.app_context():
                start.wait()
                with transaction(db.session):
                    return support_report(
                        db.session,
                        jurisdiction_id=city.id,
                        number=busy_number,
                        browser=browser,
                    )[1]

        with ThreadPoolExecutor(12) as threads:
            new = list(threads.map(support, browsers))
        assert sum(new) == 6
        with live_app.app_context():
            assert db.session.scalars(select(Report.supporter_count)).one() == 6
            assert db.session.scalar(select(func.count()).select_from(Supporter)) == 6

    def test_support_and_a_change_of_status_do_not_undo_each_other(
        self, live_app: Flask, busy_town: Town, busy_number: str
    ) -> None:
        start = threading.Barrier(5)

        def support(at: int) -> None:
            with live_app.app_context():
                start.wait()
                with transaction(db.session):
                    support_report(
                        db.session,
                        jurisdiction_id=busy_town.city.id,
                        number=busy_number,
                        browser=f"browser-{at}",
                    )

        def take_up() -> None:
            with live_app.app_context():
                start.wait()
                with transaction(db.session):
                    actions.change_status(
                        db.session,
                        step(db.session, busy_town, busy_number, busy_town.anna),
                        to="in_progress",
                    )

        with ThreadPoolExecutor(5) as threads:
            running = [threads.submit(support, at) for at in range(4)]
            running.append(threads.submit(take_up))
            for one in running:
                one.result()
        with live_app.app_context():
            report = db.session.scalars(select(Report)).one()
            assert (report.status, report.supporter_count) == ("in_progress", 4)
