"""Photos on their way in: one by one by a script, or with the form itself."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.media.models import Photo
from civicmap.domain.reports.models import Report
from civicmap.web.report import form as form_view
from civicmap.web.report.answers import examine
from tests.integration.web.report.conftest import Form, hidden_fields, post, token_of
from tests.unit.media.samples import flat_png, large_jpeg_header, plain, taken_at, telling_jpeg


def upload(client: FlaskClient, *contents: bytes, token: str | None = None) -> TestResponse:
    if token is None:
        token = token_of(client.get("/poznan/report").text)
    photos = [attached(content, f"photo{n}.jpg") for n, content in enumerate(contents)]
    return post(client, "/photos", {"photo": photos}, **{"X-CSRFToken": token})


def key_of(answer: TestResponse) -> str:
    assert answer.status_code == 201, answer.text
    assert answer.json is not None
    return str(answer.json["key"])


def attached(content: bytes, name: str = "hole.jpg") -> FileStorage:
    return FileStorage(io.BytesIO(content), filename=name)


def test_an_upload_gives_a_key_whose_picture_can_be_seen(client: FlaskClient, city: City) -> None:
    key = key_of(upload(client, plain("JPEG")))
    with client.get(f"/photos/{key}-list.webp") as picture:
        assert picture.status_code == 200
        assert picture.mimetype == "image/webp"


def test_an_unsent_photo_is_seen_by_the_browser_that_sent_it_up_alone(
    app: Flask, client: FlaskClient, session: Session, city: City
) -> None:
    key = key_of(upload(client, plain("JPEG")))
    stranger = app.test_client()
    stranger.set_cookie("civicmap_browser", "another-browser")
    assert stranger.get(f"/photos/{key}-list.webp").status_code == 404
    assert app.test_client().get(f"/photos/{key}-list.webp").status_code == 404
    # Older uploads that nobody is known to have sent up are nobody's to see.
    session.execute(update(Photo).values(uploader=None))
    assert client.get(f"/photos/{key}-list.webp").status_code == 404


def test_a_kiosk_sees_its_uploads_for_one_session(app: Flask, city: City) -> None:
    client = app.test_client()
    client.set_cookie("civicmap_kiosk", "1")
    key = key_of(upload(client, plain("JPEG")))
    with client.get(f"/photos/{key}-list.webp") as picture:
        assert picture.status_code == 200
    assert client.get_cookie("civicmap_browser") is None
    client.delete_cookie("civicmap")
    assert client.get(f"/photos/{key}-list.webp").status_code == 404


def test_the_answer_does_not_repeat_where_the_photo_was_taken(
    client: FlaskClient, city: City
) -> None:
    assert set(upload(client, telling_jpeg()).json or {}) == {"key"}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The photo is empty."),
        (b"%PDF-1.7 quarterly figures" * 20, "cannot be taken"),
        (plain("JPEG")[:400], "incomplete"),
        (b"hello " * 100, "not a photo"),
        (flat_png(12_000, 12_000), "megapixels"),
        (large_jpeg_header(60_000, 60_000), "megapixels"),
        (b"\xff\xd8" + b"\x00" * 15_000_001, "larger than 15 MB"),
    ],
)
def test_a_bad_photo_is_refused_in_a_sentence(
    client: FlaskClient, session: Session, city: City, content: bytes, sentence: str
) -> None:
    answer = upload(client, content)
    assert answer.status_code == 400
    assert answer.json is not None
    assert sentence in answer.json["error"]
    assert session.scalar(select(func.count()).select_from(Photo)) == 0


def test_no_file_at_all(client: FlaskClient, city: City) -> None:
    answer = upload(client)
    assert answer.status_code == 400
    assert answer.json == {"error": "Choose a photo."}


def test_an_old_token_is_told_apart_for_scripts(client: FlaskClient, city: City) -> None:
    answer = upload(client, plain("JPEG"), token="old")
    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["expired"] is True


def test_several_at_once_are_taken_one_by_one(client: FlaskClient, city: City) -> None:
    answer = upload(client, plain("JPEG"), b"no photo", plain("PNG"))
    assert answer.status_code == 201
    assert answer.json is not None
    assert [sorted(row) for row in answer.json["photos"]] == [["key"], ["error"], ["key"]]
    assert upload(client, *[plain("JPEG")] * 6).status_code == 400


def test_a_report_takes_its_photos_in_order(form: Form, session: Session) -> None:
    keys = [key_of(upload(form.client, plain("JPEG"), token=form.token)) for _ in range(2)]
    assert form.ask("send", photos=keys).status_code == 201
    rows = session.scalars(select(Photo.key).order_by(Photo.position)).all()
    assert list(rows) == keys


def test_a_photo_is_enough_without_words(form: Form) -> None:
    key = key_of(upload(form.client, plain("JPEG"), token=form.token))
    assert form.ask("send", words="", photos=[key]).status_code == 201


def test_photos_sent_with_the_form_are_kept_while_something_else_is_corrected(
    form: Form, session: Session
) -> None:
    again = form.press("check", category="", photo=[attached(plain("JPEG"))])
    assert again.status_code == 400
    key = session.scalar(select(Photo.key))
    assert f'name="photos" value="{key}"' in again.text
    assert form.press("send", photos=[key]).status_code == 303
    assert session.scalar(select(Photo.report_id)) is not None


def test_a_refused_file_is_named_and_the_good_one_is_kept(form: Form, session: Session) -> None:
    answer = form.press(
        "send", photo=[attached(plain("JPEG")), attached(b"%PDF-1.7" * 50, "invoice.jpg")]
    )
    assert answer.status_code == 400
    assert "invoice.jpg: " in answer.text
    assert session.scalar(select(func.count()).select_from(Photo)) == 1
    assert session.scalar(select(func.count()).select_from(Report)) == 0


def test_one_too_many_is_left_out_by_name(form: Form, session: Session) -> None:
    files = [attached(plain("JPEG"), f"{number}.jpg") for number in range(1, 7)]
    answer = form.press("check", photo=files)
    assert answer.status_code == 400
    assert "“6.jpg” was left out: at most 5 photos can be taken." in answer.text
    assert session.scalar(select(func.count()).select_from(Photo)) == 5


def test_one_key_too_many(form: Form, session: Session) -> None:
    keys = [key_of(upload(form.client, plain("JPEG"), token=form.token)) for _ in range(6)]
    answer = form.ask("send", photos=keys)
    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["errors"] == {"photos": "At most 5 photos can be taken."}


@pytest.mark.parametrize("key", ["a" * 26, "../../etc/passwd", "\x00", "A" * 300])
def test_a_key_nobody_gave(form: Form, session: Session, key: str) -> None:
    answer = form.ask("send", photos=[key], words="Kept words")
    # What is no key at all is not a photo either; an unknown key was swept meanwhile.
    assert answer.status_code == (400 if key == "a" * 26 else 201)


def test_another_reports_photo_cannot_be_taken_over(form: Form, session: Session) -> None:
    key = key_of(upload(form.client, plain("JPEG"), token=form.token))
    form.ask("send", photos=[key])
    answer = form.ask("send", photos=[key], idempotency_key="l" * 20)
    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["errors"]["photos"] == "A photo is no longer there. Choose it again."


def test_a_twin_that_takes_the_photo_in_between_is_the_same_report(
    form: Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = key_of(upload(form.client, plain("JPEG"), token=form.token))
    answers: list[TestResponse] = []

    def examine_late(*given: Any) -> object:
        if not answers:
            monkeypatch.setattr(form_view, "examine", examine)
            answers.append(form.ask("send", photos=[key]))
        return examine(*given)

    monkeypatch.setattr(form_view, "examine", examine_late)
    answers.append(form.ask("send", photos=[key]))
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].json == answers[1].json


def test_a_photo_can_be_taken_off_without_scripts(form: Form, session: Session) -> None:
    keys: list[Any] = [key_of(upload(form.client, plain("JPEG"), token=form.token)) for _ in (1, 2)]
    form.press("send", photos=keys, without_photo=[keys[0]])
    adopted = session.scalars(select(Photo.key).where(Photo.report_id.is_not(None))).all()
    assert list(adopted) == [keys[1]]


def test_photos_survive_an_expired_form(form: Form, session: Session) -> None:
    answer = form.press("send", csrf_token="old", photo=[attached(plain("JPEG"))])
    key = session.scalar(select(Photo.key))
    assert f'name="photos" value="{key}"' in answer.text


def test_a_photo_with_its_place_is_enough_and_is_shown_to_be_confirmed(
    form: Form, session: Session
) -> None:
    check = form.press("check", position="", photo=attached(taken_at(52.41, 16.85)))
    assert check.status_code == 200
    assert "Your photo says it was taken here" in check.text
    assert "52.410000, 16.850000" in check.text
    carried: dict[str, Any] = dict(hidden_fields(check.text))
    form.press("send", **carried)
    assert session.scalar(select(Report.placed_by)) == "photo"


def test_a_place_that_zofia_gave_counts_more_than_her_photo(form: Form) -> None:
    check = form.press("check", position="52.42, 16.86", photo=attached(taken_at(52.41, 16.85)))
    assert "52.420000, 16.860000" in check.text
    assert "Your photo says" not in check.text


def test_a_photo_from_berlin_places_nothing_in_poznan(form: Form) -> None:
    again = form.press("check", position="", photo=attached(taken_at(52.52, 13.40)))
    assert again.status_code == 400
    assert "Say where it is" in again.text
    assert "13.4" not in again.text


def test_what_the_photo_says_stands_in_a_form_that_comes_back_and_can_be_corrected(
    form: Form, session: Session
) -> None:
    photo = attached(taken_at(52.41, 16.85))
    again = form.press("check", position="", category=None, photo=photo)
    assert again.status_code == 400
    assert "Your photo says it was taken at these coordinates" in again.text
    kept: dict[str, Any] = dict(hidden_fields(again.text))
    assert kept["photo_position"] == "52.410000, 16.850000"
    kept["position"] = "52.42, 16.86"  # what Zofia types instead
    check = form.press("check", **kept)
    assert "Your photo says" not in check.text
