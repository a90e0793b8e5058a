"""My reports without an account: what this device sent, what it follows, what a link brings."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from unittest import mock

import pytest
from flask import Flask
from limits.storage import MemoryStorage
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from civicmap.config import Settings
from civicmap.domain.accounts.jobs import forget_old_sign_ins
from civicmap.domain.accounts.models import ConfirmedContact, OneTimeLink, Person
from civicmap.domain.accounts.queries import is_confirmed
from civicmap.domain.accounts.tokens import hash_token
from civicmap.domain.jurisdictions.models import Jurisdiction
from civicmap.domain.notifications.links import send_link
from civicmap.domain.notifications.models import Letter
from civicmap.domain.reports.actions import staff
from civicmap.domain.reports.actions.own_step import OwnStep
from civicmap.domain.reports.actions.reporter import withdraw_report
from civicmap.domain.reports.actions.send_report import SentReport
from civicmap.domain.reports.models import Report, Reporter
from civicmap.extensions import limiter
from civicmap.foundation.clock import now
from civicmap.foundation.locales import LANGUAGES
from civicmap.foundation.transaction import transaction
from civicmap.web.shared.kiosk import BROWSER_COOKIE
from tests.factories.reports import make_report
from tests.factories.visitors import Page, Visitor
from tests.integration.mine.conftest import (
    ZOFIA,
    Town,
    anna_does,
    close,
    letters,
    link_in,
    own,
    report_from,
    send_links,
    tell_all_followers,
    the_report,
)

Open = Callable[[], Visitor]


def ask(visitor: Visitor, contact: str, *, account: bool = False) -> Page:
    page = visitor.open("/mine/link?account=1" if account else "/mine/link")
    return visitor.submit(page.form("/mine/link"), contact=contact)


def open_link(session: Session, visitor: Visitor, kind: str) -> Page:
    """Have the newest letter of a kind written, open its link and press its button."""
    send_links(session)
    page = visitor.open(link_in(letters(session, kind)[-1]))
    assert page.status_code == 200
    return visitor.submit(page.forms[-1])


def follow(visitor: Visitor, sent: SentReport) -> Page:
    return visitor.submit(visitor.open(f"/poznan/reports/{sent.number}").form("/support"))


def follow_by_mail(
    session: Session, visitor: Visitor, sent: SentReport, email: str = "marek@example.org"
) -> None:
    follow(visitor, sent)
    ask(visitor, email)
    open_link(session, visitor, "reports_link")


class TestThisDevice:
    def test_what_zofia_sent_is_listed_and_nobody_elses(
        self, session: Session, town: Town, visitor: Open, sent: SentReport
    ) -> None:
        zofia, other = visitor(), visitor()
        assert "Nothing here yet" in zofia.open("/mine").text
        address = report_from(zofia)
        page = zofia.open("/mine")
        assert address in page.html
        assert sent.number not in page.text
        assert "Under way" in page.text
        assert "Nothing here yet" in other.open("/mine").text

    def test_a_report_opened_by_its_link_is_kept_when_she_says_so(
        self, zofia: Visitor, sent: SentReport
    ) -> None:
        page = zofia.open(own(sent))
        assert sent.number not in zofia.open("/mine").text
        zofia.submit(page.form("/keep"))
        assert sent.number in zofia.open("/mine").text
        assert not zofia.open(own(sent)).has_form("/keep")

    def test_what_waits_for_an_answer_stands_first(
        self, session: Session, town: Town, zofia: Visitor, sent: SentReport
    ) -> None:
        zofia.submit(zofia.open(own(sent)).form("/keep"))
        anna_does(session, town, sent, staff.ask_reporter, words="Which side?")
        page = zofia.open("/mine")
        assert "The city asks you" in page.text
        assert "Waits for your answer" in page.text
        close(session, town, sent)
        page = zofia.open("/mine")
        assert "The city asks you" not in page.text
        assert "Closed" in page.text

    def test_the_device_forgets_and_the_reports_stay(
        self, session: Session, zofia: Visitor, town: Town, sent: SentReport
    ) -> None:
        address = report_from(zofia)
        follow(zofia, sent)
        page = zofia.submit(zofia.open("/mine/forget").form("/forget"))
        assert "has forgotten your reports" in page.text
        assert zofia.client.get_cookie(BROWSER_COOKIE) is None
        assert "Nothing here yet" in zofia.open("/mine").text
        assert zofia.open(address).status_code == 200
        assert the_report(session, sent).supporter_count == 1

    def test_a_cookie_that_was_made_up_is_no_error(self, zofia: Visitor, town: Town) -> None:
        for made_up in ("'; DROP TABLE reports; --", "x" * 500, "%00"):
            zofia.client.set_cookie(BROWSER_COOKIE, made_up)
            assert zofia.open("/mine").status_code == 200


class TestLinks:
    def test_a_link_by_mail_brings_her_reports_to_another_phone(
        self, session: Session, town: Town, visitor: Open, sent: SentReport
    ) -> None:
        laptop = visitor()
        page = ask(laptop, "Zofia@Example.ORG")
        assert "A letter with a link is on its way" in page.text
        page = open_link(session, laptop, "reports_link")
        assert sent.number in page.text
        assert "z…@example.org" in page.text
        assert ZOFIA not in page.html
        token = laptop.client.get_cookie(BROWSER_COOKIE)
        assert token
        assert is_confirmed(session, hash_token(token.value), ZOFIA)
        assert not is_confirmed(session, hash_token("somebody"), ZOFIA)

    def test_opening_the_link_uses_nothing_up_and_the_button_works_once(
        self, session: Session, visitor: Open, sent: SentReport
    ) -> None:
        zofia, thief = visitor(), visitor()
        ask(zofia, ZOFIA)
        send_links(session)
        address = link_in(letters(session, "reports_link")[0])
        for _ in range(3):  # a mail server looks for harm
            assert thief.open(address).status_code == 200
        assert sent.number not in thief.open("/mine").text
        form = zofia.open(address).forms[-1]
        assert sent.number in zofia.submit(form).text
        # Pressed twice by her own finger: the same answer.
        assert sent.number in zofia.submit(form).text
        # Anybody else comes too late.
        page = thief.open(address)
        assert page.status_code == 404
        token = thief.open("/auth/forgotten").form("/forgotten")["csrf_token"]
        answer = thief.client.post(address, data={"csrf_token": token})
        assert answer.status_code == 400
        assert sent.number not in thief.open("/mine").text

    def test_a_link_that_is_an_hour_old_opens_nothing(
        self, session: Session, zofia: Visitor, sent: SentReport
    ) -> None:
        ask(zofia, ZOFIA)
        send_links(session)
        form = zofia.open(link_in(letters(session, "reports_link")[0])).forms[-1]
        with transaction(session):
            session.execute(update(OneTimeLink).values(expires_at=now() - timedelta(seconds=1)))
        page = zofia.submit(form)
        assert page.status_code == 400
        assert "used or has expired" in page.text
        assert sent.number not in zofia.open("/mine").text

    def test_the_token_is_nowhere_but_in_the_letter(
        self, session: Session, zofia: Visitor, sent: SentReport
    ) -> None:
        ask(zofia, ZOFIA)
        send_links(session)
        token = link_in(letters(session, "reports_link")[0]).rpartition("/")[2]
        link = session.scalars(select(OneTimeLink)).one()
        assert link.token_hash == hash_token(token)
        # The job run once more writes no second letter.
        send_link.function(session, link_id=link.id)
        assert len(letters(session, "reports_link")) == 1

    def test_the_answer_does_not_tell_who_is_known(
        self, session: Session, zofia: Visitor, sent: SentReport
    ) -> None:
        def shown(contact: str) -> str:
            return re.sub(r"csrf_token.*?>", "", ask(zofia, contact).html)

        assert shown(ZOFIA) == shown("nobody@example.org")
        assert shown("600 100 200") == shown("600 100 201")
        send_links(session)
        assert session.scalars(select(Letter.recipient).where(Letter.medium == "text")).all() == []

    def test_one_mailbox_gets_three_an_hour_whoever_asks(
        self, session: Session, visitor: Open, sent: SentReport
    ) -> None:
        for _ in range(5):
            assert "on its way" in ask(visitor(), ZOFIA).text
        send_links(session)
        assert len(letters(session, "reports_link")) == 3

    def test_one_network_asks_ten_times_an_hour_and_keeps_what_it_typed(
        self, zofia: Visitor, town: Town
    ) -> None:
        with (
            mock.patch.object(limiter, "enabled", True),
            mock.patch.object(limiter.limiter, "storage", MemoryStorage()),
        ):
            answers = [ask(zofia, f"zofia{number}@example.org") for number in range(11)]
        assert [page.status_code for page in answers] == [200] * 10 + [429]
        assert answers[-1].form("/mine/link")["contact"] == "zofia10@example.org"

    @pytest.mark.parametrize("typed", ["", "zofia", "12", "zofia@", "zofia@ex\x00", "+48 12"])
    def test_what_is_neither_an_address_nor_a_number_is_said(
        self, zofia: Visitor, town: Town, typed: str
    ) -> None:
        page = ask(zofia, typed)
        assert page.status_code == 400
        assert page.form("/mine/link")["contact"] == typed.replace("\x00", "")

    def test_links_are_forgotten_after_a_day(
        self, session: Session, zofia: Visitor, sent: SentReport
    ) -> None:
        ask(zofia, ZOFIA)
        session.execute(update(OneTimeLink).values(created_at=now() - timedelta(hours=25)))
        forget_old_sign_ins.function(session)
        assert session.scalar(select(func.count()).select_from(OneTimeLink)) == 0


class TestTexts:
    def test_a_link_by_text_to_a_number_as_she_writes_it(
        self, session: Session, town: Town, visitor: Open
    ) -> None:
        with transaction(session):
            sent = make_report(session, town.city, phone="600-100-200")
        laptop = visitor()
        assert "phone number" in laptop.open("/mine/link").text
        page = ask(laptop, "+48 600 100 200")
        assert "a text with a link is on its way" in page.text
        page = open_link(session, laptop, "reports_link_text")
        assert sent.number in page.text
        text = letters(session, "reports_link_text")[0]
        assert (text.medium, text.recipient) == ("text", "+48600100200")
        assert "\n" not in text.body

    def test_a_question_is_texted_to_a_number_whose_texts_are_read(
        self, session: Session, town: Town, visitor: Open
    ) -> None:
        with transaction(session):
            sent = make_report(session, town.city, phone="600-100-200")
        anna_does(session, town, sent, staff.ask_reporter, words="Which side?")
        assert letters(session, "report_question_text") == []
        zofia = visitor()
        ask(zofia, "600100200")
        open_link(session, zofia, "reports_link_text")
        anna_does(session, town, sent, staff.ask_reporter, words="Which side of the street?")
        text = letters(session, "report_question_text")[0]
        assert text.recipient == "+48600100200"
        assert own(sent) in text.body
        assert "street" not in text.body

    def test_without_a_gateway_and_a_demo_the_page_offers_mail_only(
        self, session: Session, zofia: Visitor, town: Town
    ) -> None:
        with transaction(session):
            session.execute(update(Jurisdiction).values(is_demo=False))
        page = zofia.open("/mine/link")
        assert "phone number" not in page.text
        assert ask(zofia, "600 100 200").status_code == 400
        assert session.scalar(select(func.count()).select_from(OneTimeLink)) == 0

    def test_a_gateway_makes_the_page_offer_texts(
        self, app: Flask, session: Session, zofia: Visitor, town: Town
    ) -> None:
        with transaction(session):
            session.execute(update(Jurisdiction).values(is_demo=False))
        given = Settings(database_url="x", sms_url="https://sms.example.org/send")
        with mock.patch.dict(app.extensions, civicmap=given):
            assert "phone number" in zofia.open("/mine/link").text


class TestFollowing:
    def test_a_followed_report_is_listed_until_she_stops(
        self, session: Session, zofia: Visitor, sent: SentReport
    ) -> None:
        page = follow(zofia, sent)
        assert "You find it in My reports" in page.text
        page = zofia.open("/mine")
        assert "You follow" in page.text
        assert sent.number in page.text
        assert sent.secret not in page.html
        page = zofia.submit(next(form for form in page.forms if "/unfollow/" in form.action))
        assert sent.number not in page.text
        assert the_report(session, sent).supporter_count == 1

    def test_who_confirmed_an_address_hears_of_a_new_status_and_can_end_it(
        self, session: Session, town: Town, visitor: Open, sent: SentReport
    ) -> None:
        marek, shy = visitor(), visitor()
        follow_by_mail(session, marek, sent)
        follow(shy, sent)
        close(session, town, sent)
        tell_all_followers(session, sent)
        tell_all_followers(session, sent)  # a job may run twice
        told = letters(session, "followed")
        assert [letter.recipient for letter in told] == ["marek@example.org"]
        assert "new status: Fixed" in told[0].body
        assert "> Filled." in told[0].body
        assert sent.secret not in told[0].body
        assert f"/poznan/reports/{sent.number}" in told[0].body
        unfollow = told[0].unsubscribe.partition("8000")[2]
        # A mail reader's own button: no cookie, no token (RFC 8058).
        assert visitor().client.get(unfollow).status_code == 200
        answer = visitor().client.post(unfollow, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert sent.number not in marek.open("/mine").text
        anna_does(session, town, sent, staff.change_status, to="open", words="It broke again.")
        tell_all_followers(session, sent)
        assert len(letters(session, "followed")) == 1

    def test_one_letters_link_ends_the_letters_of_every_device_of_its_reader(
        self, session: Session, town: Town, visitor: Open, sent: SentReport
    ) -> None:
        phone, desk, olga = visitor(), visitor(), visitor()
        for browser, address in (
            (phone, "marek@example.org"),
            (desk, "marek@example.org"),
            (olga, "olga@example.org"),
        ):
            follow(browser, sent)
            ask(browser, address)
            open_link(session, browser, "reports_link")
        close(session, town, sent)
        tell_all_followers(session, sent)
        told = next(one for one in letters(session, "followed") if "marek" in one.recipient)
        visitor().client.post(told.unsubscribe.partition("8000")[2])
        anna_does(session, town, sent, staff.change_status, to="open", words="It broke again.")
        tell_all_followers(session, sent)
        recipients = sorted(letter.recipient for letter in letters(session, "followed"))
        assert recipients == ["marek@example.org", "olga@example.org", "olga@example.org"]

    def test_the_reporter_hears_once(
        self, session: Session, town: Town, visitor: Open, sent: SentReport
    ) -> None:
        follow_by_mail(session, visitor(), sent, ZOFIA)
        close(session, town, sent)
        tell_all_followers(session, sent)
        assert letters(session, "followed") == []
        assert len(letters(session, "report_fixed")) == 1

    def test_nobody_hears_of_what_is_hidden_meanwhile(
        self, session: Session, town: Town, visitor: Open, sent: SentReport
    ) -> None:
        marek = visitor()
        follow_by_mail(session, marek, sent)
        close(session, town, sent)
        session.execute(update(Report).values(visibility="hidden"))
        tell_all_followers(session, sent)
        assert letters(session, "followed") == []
        assert sent.number not in marek.open("/mine").text

    def test_a_letter_tells_no_address_that_waits_for_a_look(
        self, session: Session, town: Town, visitor: Open, sent: SentReport
    ) -> None:
        follow_by_mail(session, visitor(), sent)
        close(session, town, sent)
        session.execute(update(Report).values(content="held"))
        tell_all_followers(session, sent)
        assert "Dąbrowskiego" not in letters(session, "followed")[0].body


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_and_text_can_be_written_in_every_language(
    session: Session, town: Town, visitor: Open, language: str
) -> None:
    with transaction(session):
        mailed = make_report(session, town.city, email=ZOFIA, language=language)
        texted = make_report(session, town.city, phone="600100200", language=language)
    marek = visitor()
    marek.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    for contact, kind in (("marek@example.org", "reports_link"), ("600100200", "")):
        ask(marek, contact)
        open_link(session, marek, kind or "reports_link_text")
    ask(marek, "marek@example.org", account=True)
    send_links(session)
    follow(marek, mailed)
    for sent in (mailed, texted):
        anna_does(session, town, sent, staff.ask_reporter, words="Which side?")
    close(session, town, mailed)
    tell_all_followers(session, mailed)
    for sent in (mailed, texted):
        with transaction(session):
            session.get_one(Reporter, sent.report_id).email = ZOFIA
            withdraw_report(session, OwnStep(town.city, sent.number, sent.secret, ""))
    written = {letter.kind: letter for letter in session.scalars(select(Letter))}
    assert {
        "account_link",
        "followed",
        "report_question",
        "report_question_text",
        "report_withdrawn",
        "report_withdrawn_stays",
        "reports_link",
        "reports_link_text",
    } <= set(written)
    for letter in written.values():
        assert letter.language == language, letter.kind
        assert letter.subject, letter.kind
        assert "%(" not in letter.body + letter.subject, letter.kind
        is_used_up = letter.kind in {"reports_link", "reports_link_text"}
        status = visitor().client.get(link_in(letter)).status_code
        assert status == (404 if is_used_up else 200), letter.kind


class TestAccount:
    def test_a_link_signs_a_resident_in_and_reports_gather(
        self, session: Session, town: Town, visitor: Open, sent: SentReport
    ) -> None:
        zofia = visitor()
        ask(zofia, ZOFIA, account=True)
        page = open_link(session, zofia, "account_link")
        assert "You are signed in" in page.text
        assert sent.number in page.text
        # What she sends later, from wherever it was.
        with transaction(session):
            later = make_report(session, town.city, email="ZOFIA@example.org")
        assert later.number in zofia.open("/mine").text

    def test_a_resident_sees_no_staff_room(
        self, session: Session, town: Town, zofia: Visitor
    ) -> None:
        ask(zofia, ZOFIA, account=True)
        page = open_link(session, zofia, "account_link")
        assert "Worklist" not in page.text
        assert zofia.client.get("/staff/").status_code in {302, 303, 403}
        assert zofia.client.get("/staff/poznan/").status_code == 403
        assert zofia.open("/auth/sign-in").address == "/mine"

    def test_a_link_is_no_way_into_a_staff_account(
        self, session: Session, town: Town, zofia: Visitor
    ) -> None:
        ask(zofia, "anna@example.org", account=True)
        page = open_link(session, zofia, "account_link")
        assert "sign in with your password" in page.text
        assert zofia.client.get("/staff/poznan/").status_code == 302

    def test_a_second_sign_in_makes_no_second_account(
        self, session: Session, town: Town, visitor: Open
    ) -> None:
        for _ in range(2):
            someone = visitor()
            ask(someone, ZOFIA, account=True)
            open_link(session, someone, "account_link")
        found = session.scalars(select(Person).where(func.lower(Person.email) == ZOFIA)).all()
        assert len(found) == 1
        assert found[0].password_hash is None

    def test_delete_my_account_ends_it_everywhere(
        self, session: Session, town: Town, visitor: Open, sent: SentReport
    ) -> None:
        phone, laptop = visitor(), visitor()
        for device in (phone, laptop):
            ask(device, ZOFIA, account=True)
            open_link(session, device, "account_link")
        page = phone.open("/mine/account/delete")
        assert ZOFIA in page.text
        page = phone.submit(page.form("/account/delete"))
        assert "Your account is deleted" in page.text
        assert "Your account" not in laptop.open("/mine").text
        assert session.scalar(select(Person.id).where(Person.email == ZOFIA)) is None
        assert session.scalar(select(func.count()).select_from(ConfirmedContact)) == 0
        assert phone.open(own(sent)).status_code == 200

    def test_anna_cannot_delete_what_belongs_to_the_citys_work(
        self, session: Session, town: Town, visitor: Open
    ) -> None:
        anna = visitor()
        anna.sign_in("anna@example.org")
        page = anna.submit(anna.open("/mine/account/delete").form("/account/delete"))
        assert page.status_code == 403
        assert anna.client.get("/staff/poznan/").status_code == 200

    def test_an_account_made_by_the_city_gathers_nothing_before_its_address_is_confirmed(
        self, session: Session, town: Town, visitor: Open
    ) -> None:
        with transaction(session):
            theirs = make_report(session, town.city, email="anna@example.org")
        anna = visitor()
        anna.sign_in("anna@example.org")
        assert theirs.number not in anna.open("/mine").text
