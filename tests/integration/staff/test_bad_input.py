"""What can be wrong with a form: a sentence each, the form filled, never an error of ours."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicmap.domain.accounts.actions.people import sign_out
from civicmap.domain.media.models import Photo
from civicmap.domain.reports.models import Report, ReportEvent
from civicmap.foundation.clock import now
from civicmap.foundation.transaction import transaction
from tests.factories.cities import make_city, make_department
from tests.factories.visitors import Page, Visitor
from tests.integration.staff.conftest import Town, count_events, jpeg, page_of

SignIn = Callable[[str], Visitor]


def nothing_changed(session: Session) -> bool:
    return session.scalars(select(Report.version)).one() == 1


@pytest.mark.parametrize(
    ("typed", "kept", "sentence"),
    [
        ("before\x00after", "beforeafter", "invisible characters"),
        ("before\x1b[31mafter", "before[31mafter", "invisible characters"),
        ("pay \u202eoot", "pay oot", "invisible characters"),
        ("ż" * 4001, "ż" * 4001, "4001 characters"),
        ("   \n\t ", "", "Write the note."),
    ],
)
def test_unclean_words_come_back_clean_and_can_be_sent_again(  # noqa: PLR0917
    number: str, session: Session, anna: Visitor, typed: str, kept: str, sentence: str
) -> None:
    page = anna.submit(page_of(anna, number).form("/note"), note_words=typed)
    assert page.status_code == 400
    assert sentence in page.text
    assert page.form("/note")["note_words"] == kept
    assert nothing_changed(session)


def test_broken_utf8_is_told(number: str, session: Session, anna: Visitor) -> None:
    form = page_of(anna, number).form("/note")
    parts = {
        "csrf_token": form["csrf_token"].encode(),
        "version": b"1",
        "note_words": b"caf\xe9 and more",
    }
    body = b"".join(
        b'--cut\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (name.encode(), value)
        for name, value in parts.items()
    )
    page = Page(
        anna.client.post(
            form.action,
            data=body + b"--cut--\r\n",
            content_type="multipart/form-data; boundary=cut",
        )
    )
    assert page.status_code == 400
    assert "could not be read" in page.text
    assert page.form("/note")["note_words"] == "caf and more"
    assert nothing_changed(session)


def test_bytes_that_are_no_form_at_all_are_answered(number: str, anna: Visitor) -> None:
    answer = anna.client.post(
        f"/staff/poznan/reports/{number}/note",
        data=b"note_words=caf\xe9\xff\x00",
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 400


def test_a_text_beyond_every_measure_is_refused(number: str, anna: Visitor) -> None:
    page = anna.submit(page_of(anna, number).form("/note"), note_words="x" * 2_000_000)
    assert page.status_code == 413
    assert "too large" in page.text


def test_markup_is_text(number: str, anna: Visitor) -> None:
    page = anna.submit(
        page_of(anna, number).form("/update"), update_words="<script>alert(1)</script>"
    )
    assert "<script>alert(1)" not in page.html
    assert "&lt;script&gt;" in page.html


@pytest.mark.parametrize(
    ("form", "fields", "code", "sentence"),
    [
        ("status", {"status_to": "banana"}, 400, "Choose the new status"),
        ("status", {"status_to": "fi\x00xed"}, 400, "Choose the new status"),
        (
            "status",
            {"status_to": "wont_fix", "status_reason": "because", "status_words": "So."},
            400,
            "Choose a reason from the list",
        ),
        (
            "transfer",
            {"transfer_department": "nowhere", "transfer_words": "Why?"},
            404,
            "no such department",
        ),
        (
            "transfer",
            {"transfer_department": "parks", "transfer_words": "Why?"},
            404,
            "no such department",
        ),
        (
            "transfer",
            {"transfer_department": "roads", "transfer_words": "Why?"},
            400,
            "has it already",
        ),
        (
            "transfer",
            {"transfer_department": "li\x00ghting", "transfer_words": "Why?"},
            400,
            "Choose the department",
        ),
        ("transfer", {"transfer_department": "lighting"}, 400, "Say why it is theirs"),
        ("place", {"place_position": "somewhere"}, 400, "is not a position"),
        ("place", {"place_position": "1e309, nan"}, 400, "is not a position"),
        ("place", {"place_position": "16.85, 52.41"}, 400, "look swapped"),
        ("place", {"place_position": "95, 16.85"}, 400, "between -90 and 90"),
        ("place", {"place_position": "52.41, 16.85\x00"}, 400, "is not a position"),
        ("place", {"place_position": ""}, 400, "is not a position"),
        (
            "visibility",
            {"visibility_to": "held", "visibility_words": "Why?"},
            409,
            "already",
        ),
        ("visibility", {}, 400, "Choose a reason"),
        ("visibility", {"visibility_reason": "other"}, 400, "Explain it in words"),
        ("update", {}, 400, "Write the update"),
    ],
)
def test_what_makes_no_sense_is_told_and_kept(  # noqa: PLR0917
    number: str,
    session: Session,
    anna: Visitor,
    form: str,
    fields: dict[str, str],
    code: int,
    sentence: str,
) -> None:
    with transaction(session):
        other = make_city(session, "gniezno", square=(17.5, 52.5, 17.7, 52.6))
        make_department(session, other, "parks")
    page = anna.submit(page_of(anna, number).form(f"/{form}"), fields)
    assert page.status_code == code
    assert sentence in page.text
    filled = page.form(f"/{form}")
    words = fields.get(f"{form}_words", "")
    assert filled.values.get(f"{form}_words", [""]) == [words]
    assert nothing_changed(session)


@pytest.mark.parametrize("version", ["", "0", "-1", "99", "1e3", "1; DROP TABLE", "9" * 40])
def test_a_version_that_was_tampered_with_changes_nothing(
    number: str, session: Session, anna: Visitor, version: str
) -> None:
    form = page_of(anna, number).form("/note")
    page = anna.submit(form, note_words="Mine.", version=version)
    assert page.status_code in {400, 409}
    assert page.form("/note")["note_words"] == "Mine."
    assert page.form("/note")["version"] == "1"
    assert nothing_changed(session)


def test_a_form_without_anything_is_answered(number: str, anna: Visitor) -> None:
    for form in ("status", "update", "note", "transfer", "place", "visibility"):
        address = f"/staff/poznan/reports/{number}/{form}"
        answer = anna.client.post(address, data={})
        assert answer.status_code == 400
        assert "The form had expired" in Page(answer).text
        reloaded = anna.open(address)
        assert reloaded.address == f"/staff/poznan/reports/{number}"


class TestPhotos:
    def test_one_that_is_none_is_told_and_the_others_wait(
        self, number: str, session: Session, anna: Visitor
    ) -> None:
        page = anna.submit(
            page_of(anna, number).form("/update"),
            update_words="See the photos.",
            photos={"photo": [jpeg(), b"%PDF-1.7 not a photo", jpeg(300, 300)]},
        )
        assert page.status_code == 400
        form = page.form("/update")
        assert len(form.values["photos"]) == 2
        assert form["update_words"] == "See the photos."
        assert nothing_changed(session)
        page = anna.submit(form)
        assert page.status_code == 200
        assert len(session.scalars(select(Photo).where(Photo.event_id.is_not(None))).all()) == 2

    def test_photos_survive_a_change_meanwhile(
        self, number: str, session: Session, anna: Visitor, sign_in: SignIn
    ) -> None:
        form = page_of(anna, number).form("/status")
        olga = sign_in("olga")
        olga.submit(page_of(olga, number).form("/note"), note_words="Seen.")
        page = anna.submit(form, status_to="fixed", photos={"photo": [jpeg()]})
        assert page.status_code == 409
        assert 'alt="Photo 1"' in page.html
        page = anna.submit(page.form("/status"))
        assert page.status_code == 200
        assert session.scalars(select(Photo.event_id)).one() is not None

    def test_one_may_be_left_out_before_it_is_sent(
        self, number: str, session: Session, anna: Visitor
    ) -> None:
        page = anna.submit(
            page_of(anna, number).form("/update"), photos={"photo": [jpeg(), jpeg()]}
        )
        form = page.form("/update")
        anna.submit(form, update_words="One is enough.", without_photo=form.values["photos"][0])
        adopted = session.scalars(select(Photo.key).where(Photo.event_id.is_not(None))).all()
        assert adopted == [form.values["photos"][1]]

    def test_one_too_many_is_told(self, number: str, session: Session, anna: Visitor) -> None:
        page = anna.submit(
            page_of(anna, number).form("/update"),
            update_words="Many.",
            photos={"photo": [jpeg(100, 100)] * 6},
        )
        assert page.status_code == 400
        assert "At most 5 photos" in page.text
        assert nothing_changed(session)

    @pytest.mark.parametrize("key", ["x", "../../etc/passwd", "a" * 26, "\x00"])
    def test_an_invented_key_is_nothing(
        self, number: str, session: Session, anna: Visitor, key: str
    ) -> None:
        page = anna.submit(
            page_of(anna, number).form("/update"), {"update_words": "No photo.", "photos": key}
        )
        assert page.status_code == 200
        assert session.scalars(select(Photo)).all() == []

    def test_the_photo_of_another_report_stays_where_it_is(
        self, number: str, session: Session, anna: Visitor
    ) -> None:
        anna.submit(
            page_of(anna, number).form("/update"),
            update_words="With a photo.",
            photos={"photo": [jpeg()]},
        )
        photo = session.scalars(select(Photo)).one()
        before = photo.event_id
        anna.submit(
            page_of(anna, number).form("/update"),
            {"update_words": "Mine now.", "photos": photo.key},
        )
        session.refresh(photo)
        assert photo.event_id == before


class TestATimeTooLate:
    def test_a_form_that_lay_open_for_a_day_comes_back_filled(
        self, number: str, session: Session, app: Flask, town: Town
    ) -> None:
        with time_machine.travel(now(), tick=False) as clock:
            anna = Visitor(app)
            anna.sign_in("anna@example.org", remember=True)
            form = page_of(anna, number).form("/note")
            clock.shift(timedelta(hours=13))
            page = anna.submit(form, note_words="Written over night.")
            assert page.status_code == 400
            assert "The form had expired. Send it once more." in page.text
            page = anna.submit(page.form("/note"))
            assert page.status_code == 200
        assert count_events(session, number) == 2

    def test_what_was_written_when_the_sign_in_ended_waits_for_its_author(
        self, number: str, session: Session, anna: Visitor
    ) -> None:
        form = page_of(anna, number).form("/update")
        with anna.client.session_transaction() as cookie, transaction(session):
            sign_out(session, token=cookie["_user_id"])
        page = anna.submit(form, update_words="A long text\nin two lines & more.")
        assert page.status_code == 401
        assert "what you wrote is kept" in page.text
        assert "A long text" not in page.text
        page = anna.submit(page.form("/auth/sign-in"), email="anna@example.org", password="wrong")
        assert page.status_code == 401
        page = anna.submit(
            page.form("/auth/sign-in"),
            email="anna@example.org",
            password="three blind mice run",
        )
        assert page.has_form("/update")
        page = anna.submit(page.form("/update"))
        assert page.status_code == 200
        assert nothing_changed(session)
        assert page.form("/update")["update_words"] == "A long text\nin two lines & more."
        anna.submit(page.form("/update"))
        words = session.scalars(
            select(ReportEvent.words).where(ReportEvent.kind == "update_posted")
        ).one()
        assert words == "A long text\nin two lines & more."

    def test_a_form_of_another_sites_making_is_not_kept(
        self, number: str, app: Flask, town: Town
    ) -> None:
        stranger = Visitor(app)
        answer = stranger.client.post(
            f"/staff/poznan/reports/{number}/note",
            data={"note_words": "Not hers.", "csrf_token": "forged"},
        )
        assert answer.status_code == 401
        assert "Not hers." not in answer.get_data(as_text=True)


def test_the_pages_of_staff_are_in_no_cache(number: str, anna: Visitor) -> None:
    for address in ("/staff/poznan/", f"/staff/poznan/reports/{number}", "/staff/poznan/map"):
        assert anna.open(address).answer.headers["Cache-Control"] == "private, no-store"
