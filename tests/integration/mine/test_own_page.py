"""What Zofia does to her own report: correct it, add photos, answer, reopen, take it back."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicmap.domain.media.models import Photo
from civicmap.domain.publicmap.view import get_view_counts
from civicmap.domain.reports.actions import staff
from civicmap.domain.reports.actions.moderate import change_visibility
from civicmap.domain.reports.actions.send_report import SentReport
from civicmap.domain.reports.actions.support import support_report
from civicmap.domain.reports.models import Reporter
from civicmap.domain.reports.queries.public.filters import Filters
from civicmap.domain.reports.queries.staff.worklist import WorklistFilters, count_worklist
from civicmap.foundation.errors import Conflict
from civicmap.foundation.transaction import transaction
from tests.factories.visitors import Page, Visitor
from tests.integration.mine.conftest import (
    Town,
    anna_does,
    close,
    events,
    kinds,
    letters,
    own,
    set_back,
    the_report,
)


def photo() -> bytes:
    content = io.BytesIO()
    Image.effect_noise((320, 240), 50).convert("RGB").save(content, "JPEG")
    return content.getvalue()


def edit_form(zofia: Visitor, sent: SentReport) -> Page:
    return zofia.open(f"{own(sent)}/edit")


class TestCorrecting:
    def test_zofia_takes_her_phone_number_out_of_the_words(
        self, session: Session, zofia: Visitor, sent: SentReport
    ) -> None:
        assert "Change words or photos" in zofia.open(own(sent)).text
        form = edit_form(zofia, sent).form("/edit")
        page = zofia.submit(form, words="A deep hole.")
        assert page.address == own(sent)
        assert the_report(session, sent).words == "A deep hole."
        event = events(session, sent)[-1]
        assert (event.kind, event.is_public) == ("edited", False)
        assert event.old["words"] == "A deep hole beside the tram stop."
        assert "beside the tram" not in zofia.open(f"/poznan/reports/{sent.number}").html

    def test_a_second_after_half_an_hour_it_is_too_late_and_her_words_are_still_there(
        self, session: Session, zofia: Visitor, sent: SentReport
    ) -> None:
        form = edit_form(zofia, sent).form("/edit")
        set_back(session, sent, created_at=timedelta(minutes=30, seconds=1))
        page = zofia.submit(form, words="Quite another thing.")
        assert page.status_code == 409
        assert "30 minutes are over" in page.text
        assert "Quite another thing." in page.html
        assert not page.has_form("/edit")
        assert the_report(session, sent).words == "A deep hole beside the tram stop."
        assert "Change words or photos" not in zofia.open(own(sent)).text

    def test_nothing_is_changed_once_the_department_has_answered(
        self, session: Session, zofia: Visitor, town: Town, sent: SentReport
    ) -> None:
        form = edit_form(zofia, sent).form("/edit")
        anna_does(session, town, sent, staff.post_update, words="A crew comes today.")
        page = zofia.submit(form, words="A puddle.")
        assert page.status_code == 409
        assert the_report(session, sent).words == "A deep hole beside the tram stop."

    def test_a_note_of_staff_meanwhile_is_told_and_the_second_try_saves(
        self, session: Session, zofia: Visitor, town: Town, sent: SentReport
    ) -> None:
        form = edit_form(zofia, sent).form("/edit")
        anna_does(session, town, sent, staff.add_note, words="Looks dangerous.")
        page = zofia.submit(form, words="A deep hole.")
        assert page.status_code == 409
        assert "dangerous" not in page.html
        assert "Something happened to this report meanwhile" in page.text
        assert zofia.submit(page.form("/edit")).status_code == 200
        assert the_report(session, sent).words == "A deep hole."

    def test_a_form_pressed_twice_changes_it_once(
        self, session: Session, zofia: Visitor, sent: SentReport
    ) -> None:
        form = edit_form(zofia, sent).form("/edit")
        for _ in range(2):
            assert zofia.submit(form, words="A deep hole.").status_code == 200
        assert kinds(session, sent) == ["reported", "edited"]

    def test_a_photo_is_added_and_taken_off_again_for_good(
        self, session: Session, zofia: Visitor, sent: SentReport
    ) -> None:
        zofia.submit(edit_form(zofia, sent).form("/edit"), photos={"photo": [photo()]})
        key = session.scalars(select(Photo.key)).one()
        assert the_report(session, sent).photo_count == 1
        assert zofia.fetch(f"/photos/{key}-list.webp")[0] == 200
        zofia.submit(edit_form(zofia, sent).form("/edit"), without_photo=key)
        assert the_report(session, sent).photo_count == 0
        assert zofia.fetch(f"/photos/{key}-list.webp")[0] == 404

    def test_a_report_cannot_be_emptied(
        self, session: Session, zofia: Visitor, sent: SentReport
    ) -> None:
        page = zofia.submit(edit_form(zofia, sent).form("/edit"), words=" ")
        assert page.status_code == 400
        assert "Say in a few words what is wrong" in page.text
        assert kinds(session, sent) == ["reported"]

    @pytest.mark.parametrize("field", ["version", "once", "photos", "csrf_token"])
    def test_a_form_that_was_tampered_with_is_no_error_of_ours(
        self, session: Session, zofia: Visitor, sent: SentReport, field: str
    ) -> None:
        form = edit_form(zofia, sent).form("/edit")
        page = zofia.submit(form, {"words": "Other.", field: "\x00'; DROP TABLE --"})
        assert page.status_code in {200, 400, 409}

    def test_an_expired_form_comes_back_filled(
        self, session: Session, zofia: Visitor, sent: SentReport
    ) -> None:
        page = zofia.submit(
            edit_form(zofia, sent).form("/edit"), words="A deep hole.", csrf_token="old"
        )
        assert page.status_code == 400
        assert page.form("/edit")["words"] == "A deep hole."
        assert zofia.submit(page.form("/edit")).status_code == 200


class TestAddingPhotos:
    def test_a_photo_comes_later(self, session: Session, zofia: Visitor, sent: SentReport) -> None:
        set_back(session, sent, created_at=timedelta(days=3))
        form = zofia.open(f"{own(sent)}/photos").form("/photos")
        page = zofia.submit(form, photos={"photo": [photo()]})
        assert "The photos are with your report" in page.text
        assert the_report(session, sent).photo_count == 1
        assert kinds(session, sent) == ["reported", "photos_added"]
        public = zofia.open(f"/poznan/reports/{sent.number}")
        assert "Photos added by the resident" in public.text

    def test_no_more_than_the_report_can_carry(
        self, session: Session, zofia: Visitor, sent: SentReport
    ) -> None:
        form = zofia.open(f"{own(sent)}/photos").form("/photos")
        zofia.submit(form, photos={"photo": [photo() for _ in range(4)]})
        form = zofia.open(f"{own(sent)}/photos").form("/photos")
        page = zofia.submit(form, photos={"photo": [photo(), photo()]})
        assert page.status_code == 400
        assert "At most 5 photos" in page.text
        assert the_report(session, sent).photo_count == 4
        # The one that fits is kept in the form.
        assert (
            zofia.submit(
                page.form("/photos"), without_photo=page.form("/photos").values["photos"][-1]
            ).status_code
            == 200
        )
        assert "as many photos as it can carry" in zofia.open(f"{own(sent)}/photos").text

    def test_none_to_a_closed_report(
        self, session: Session, zofia: Visitor, town: Town, sent: SentReport
    ) -> None:
        form = zofia.open(f"{own(sent)}/photos").form("/photos")
        close(session, town, sent)
        page = zofia.submit(form, photos={"photo": [photo()]})
        assert page.status_code == 409
        assert the_report(session, sent).photo_count == 0


class TestAnswering:
    @pytest.fixture
    def asked(self, session: Session, town: Town, sent: SentReport) -> SentReport:
        anna_does(session, town, sent, staff.ask_reporter, words="Which side of the street?")
        return sent

    def test_the_department_asks_and_zofia_answers_for_the_department_alone(
        self, session: Session, zofia: Visitor, asked: SentReport
    ) -> None:
        letter = letters(session, "report_question")[0]
        assert "> Which side of the street?" in letter.body
        page = zofia.open(own(asked))
        assert "Roads asks you" in page.text
        assert "Which side of the street?" in page.text
        assert the_report(session, asked).waiting_for == "reporter"
        page = zofia.submit(page.form("/answer"), words="The left one, at number 7.")
        assert "The department has your answer" in page.text
        assert the_report(session, asked).waiting_for is None
        public = zofia.open(f"/poznan/reports/{asked.number}")
        assert "left one" not in public.html
        assert "Which side" not in public.html
        assert "left one" in zofia.open(own(asked)).text

    def test_an_answer_for_everyone_is_on_the_public_page(
        self, session: Session, zofia: Visitor, asked: SentReport
    ) -> None:
        form = zofia.open(own(asked)).form("/answer")
        zofia.submit(form, words="The left one.", is_public="yes")
        assert "The left one." in zofia.open(f"/poznan/reports/{asked.number}").text

    def test_an_empty_answer_is_asked_for_again(self, zofia: Visitor, asked: SentReport) -> None:
        page = zofia.submit(zofia.open(own(asked)).form("/answer"), words=" ")
        assert page.status_code == 400
        assert "Write the answer." in page.text
        assert page.has_form("/answer")

    def test_an_answer_carries_no_more_photos_than_a_report(
        self, session: Session, zofia: Visitor, asked: SentReport
    ) -> None:
        form = zofia.open(own(asked)).form("/answer")
        with transaction(session):
            uploads = [Photo(key=letter * 26, sizes={}) for letter in "abcdef"]
            session.add_all(uploads)
        form.values["photos"] = [upload.key for upload in uploads]
        page = zofia.submit(form, words="The left one.")
        assert page.status_code == 400
        assert "At most 5 photos" in page.text
        assert the_report(session, asked).waiting_for == "reporter"

    def test_an_answer_that_comes_too_late_is_not_lost(
        self, session: Session, zofia: Visitor, town: Town, asked: SentReport
    ) -> None:
        form = zofia.open(own(asked)).form("/answer")
        close(session, town, asked)
        page = zofia.submit(form, words="The left one.")
        assert page.status_code == 409
        assert "no longer waits for an answer" in page.text
        assert "The left one." in page.html

    def test_who_left_no_address_finds_the_question_on_the_page(
        self, session: Session, zofia: Visitor, town: Town, sent: SentReport
    ) -> None:
        with transaction(session):
            session.get_one(Reporter, sent.report_id).email = ""
        anna_does(session, town, sent, staff.ask_reporter, words="Which side?")
        assert letters(session, "report_question") == []
        assert "Which side?" in zofia.open(own(sent)).text

    def test_anna_asks_on_her_page_and_reads_the_answer_there(
        self, visitor: Callable[[], Visitor], session: Session, sent: SentReport
    ) -> None:
        anna, zofia = visitor(), visitor()
        anna.sign_in("anna@example.org")
        page = anna.open(f"/staff/poznan/reports/{sent.number}")
        assert anna.submit(page.form("/ask"), ask_words="").status_code == 400
        page = anna.submit(page.form("/ask"), ask_words="Which side?")
        assert "Waits for the reporter's answer" in page.text
        zofia.submit(zofia.open(own(sent)).form("/answer"), words="The left one.")
        page = anna.open(f"/staff/poznan/reports/{sent.number}")
        assert "The left one." in page.text
        assert "Waits for the reporter's answer" not in page.text


class TestOpeningAgain:
    def test_what_was_not_fixed_is_in_the_worklist_again_with_new_deadlines(
        self, session: Session, zofia: Visitor, town: Town, sent: SentReport
    ) -> None:
        set_back(
            session,
            sent,
            created_at=timedelta(days=40),
            respond_by=timedelta(days=40),
            fix_by=timedelta(days=40),
        )
        close(session, town, sent)
        before = the_report(session, sent).fix_by
        assert count_worklist(session, town.city, town.anna, WorklistFilters()) == 0
        page = zofia.open(own(sent))
        assert "It is not fixed: open it again" in page.text
        form = zofia.open(f"{own(sent)}/reopen").form("/reopen")
        assert zofia.submit(form, words="").status_code == 400
        page = zofia.submit(form, words="Call me: 600 100 200. The hole is still there.")
        assert page.address == own(sent)
        report = the_report(session, sent)
        assert (report.status, report.closed_at, report.responded_at) == ("open", None, None)
        assert before and report.fix_by and report.fix_by > before + timedelta(days=30)
        assert count_worklist(session, town.city, town.anna, WorklistFilters()) == 1
        public = zofia.open(f"/poznan/reports/{sent.number}")
        assert "Opened again by the resident" in public.text
        assert "600 100 200" not in public.html

    def test_for_two_weeks_and_twice(
        self, session: Session, zofia: Visitor, town: Town, sent: SentReport
    ) -> None:
        for _ in range(2):
            close(session, town, sent)
            form = zofia.open(f"{own(sent)}/reopen").form("/reopen")
            assert zofia.submit(form, words="Still there.").status_code == 200
        close(session, town, sent)
        page = zofia.open(f"{own(sent)}/reopen")
        assert not page.has_form("/reopen")
        assert "opened it again twice already" in page.text
        page = zofia.submit(form, words="And again.", once="a-new-key")
        assert page.status_code == 409
        assert "And again." in page.html

    def test_after_two_weeks_it_is_reported_anew(
        self, session: Session, zofia: Visitor, town: Town, sent: SentReport
    ) -> None:
        close(session, town, sent)
        form = zofia.open(f"{own(sent)}/reopen").form("/reopen")
        set_back(session, sent, closed_at=timedelta(days=14, seconds=1))
        page = zofia.submit(form, words="Still there.")
        assert page.status_code == 409
        assert "Report it anew" in page.text
        assert the_report(session, sent).status == "fixed"


class TestWithdrawing:
    def test_it_leaves_the_map_the_counts_and_the_worklist(
        self, session: Session, zofia: Visitor, town: Town, sent: SentReport
    ) -> None:
        page = zofia.open(f"{own(sent)}/withdraw")
        assert "It leaves the map" in page.text
        assert the_report(session, sent).withdrawn_at is None
        page = zofia.submit(page.form("/withdraw"))
        assert "You withdrew it on" in page.text
        assert zofia.client.get(f"/poznan/reports/{sent.number}").status_code == 404
        assert get_view_counts(session, town.city.id, Filters()).statuses.total == 0
        assert count_worklist(session, town.city, town.anna, WorklistFilters()) == 0
        reporter = session.get_one(Reporter, sent.report_id)
        assert (reporter.name, reporter.email, reporter.phone) == ("", "", "")
        last = letters(session, "report_withdrawn")
        assert [letter.recipient for letter in last] == ["zofia@example.org"]

    def test_what_others_see_too_stays_without_her(
        self, session: Session, zofia: Visitor, town: Town, sent: SentReport
    ) -> None:
        with transaction(session):
            support_report(
                session, jurisdiction_id=town.city.id, number=sent.number, browser="somebody-else"
            )
        page = zofia.open(f"{own(sent)}/withdraw")
        assert "1 person sees the problem too" in page.text
        page = zofia.submit(page.form("/withdraw"))
        assert "stays for everyone" in page.text
        assert zofia.client.get(f"/poznan/reports/{sent.number}").status_code == 200
        assert the_report(session, sent).status == "open"
        assert session.get_one(Reporter, sent.report_id).email == ""
        for form in ("edit", "photos", "reopen", "withdraw"):
            assert not zofia.open(f"{own(sent)}/{form}").has_form(f"/{form}"), form

    def test_a_tap_on_me_too_from_her_own_phone_does_not_count(
        self, session: Session, town: Town, sent: SentReport, zofia: Visitor
    ) -> None:
        zofia.submit(zofia.open(own(sent)).form("/keep"))
        public = zofia.open(f"/poznan/reports/{sent.number}")
        assert not public.has_form("/support")
        assert "This is your report" in public.text
        form = zofia.open("/auth/forgotten").form("/forgotten")
        zofia.client.post(
            f"/poznan/reports/{sent.number}/support", data={"csrf_token": form["csrf_token"]}
        )
        assert the_report(session, sent).supporter_count == 0

    def test_staff_see_who_took_it_back_and_cannot_publish_it(
        self, visitor: Callable[[], Visitor], session: Session, town: Town, sent: SentReport
    ) -> None:
        zofia, anna = visitor(), visitor()
        zofia.submit(zofia.open(f"{own(sent)}/withdraw").form("/withdraw"))
        anna.sign_in("anna@example.org")
        page = anna.open(f"/staff/poznan/reports/{sent.number}")
        assert "Withdrawn by the reporter" in page.text
        assert not page.has_form("/ask")
        assert not page.has_form("/visibility")
        with pytest.raises(Conflict, match="cannot be published"):
            anna_does(session, town, sent, change_visibility, to="public")
        assert the_report(session, sent).visibility == "hidden"

    def test_a_held_report_can_be_withdrawn_too(
        self, session: Session, zofia: Visitor, sent: SentReport
    ) -> None:
        with transaction(session):
            the_report(session, sent).visibility = "held"
        zofia.submit(zofia.open(f"{own(sent)}/withdraw").form("/withdraw"))
        assert the_report(session, sent).visibility == "hidden"


@pytest.mark.parametrize("form", ["edit", "photos", "answer", "reopen", "withdraw", "keep"])
def test_a_wrong_secret_opens_nothing(
    session: Session, zofia: Visitor, sent: SentReport, form: str
) -> None:
    token = zofia.open("/auth/forgotten").form("/forgotten")["csrf_token"]
    wrong = f"/mine/{sent.number}/{sent.secret[:-1]}x/{form}"
    answer = zofia.client.post(wrong, data={"csrf_token": token, "words": "Mine now."})
    assert answer.status_code == 404
    assert kinds(session, sent) == ["reported"]


def test_own_pages_are_private(zofia: Visitor, sent: SentReport) -> None:
    for address in (own(sent), f"{own(sent)}/edit", "/mine", "/mine/link"):
        answer = zofia.client.get(address)
        assert answer.headers["Cache-Control"] == "private, no-store", address
        assert answer.headers["X-Robots-Tag"] == "noindex", address
        assert answer.headers["Referrer-Policy"] == "strict-origin", address
