"""Whatever arrives: a sentence in the person's language, a 4xx, and the form filled as it was."""

from __future__ import annotations

import html
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from werkzeug.test import encode_multipart

from civicmap.domain.categories.models import Category, CategoryExclusion
from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.reports.models import Report
from civicmap.web.report import form as form_view
from tests.factories.cities import make_category, make_city
from tests.factories.reports import make_report
from tests.integration.web.report.conftest import JSON, Form, token_of


def nothing_sent(session: Session) -> bool:
    return session.scalar(select(func.count()).select_from(Report)) == 0


@pytest.mark.parametrize(
    ("position", "sentence"),
    [
        ("nan, inf", "is not a position"),
        ("1e309, 16.9", "is not a position"),
        ("5_2.3, 16.9", "is not a position"),
        ("٥٢٫٤, ١٦٫٩", "is not a position"),
        ("0x34, 0x10", "is not a position"),
        ("52.41", "is not a position"),
        ("52,41,16,93", "is not a position"),
        ("152.41, 16.93", "Latitude must be between"),
        ("52.41, 216.93", "Longitude must be between"),
        ("16.85, 52.41", "look swapped: did you mean 52.410000, 16.850000?"),
        ("0, 0", "outside Poznan"),
        ("52.41\x00, 16.93", "is not a position"),
        ("9" * 5000, "is not a position"),
    ],
)
def test_a_position_that_cannot_be(
    form: Form, session: Session, position: str, sentence: str
) -> None:
    for action in ("check", "send"):
        answer = form.press(action, position=position, words="Kept words")
        assert answer.status_code == 400
        assert sentence in html.unescape(answer.text)
        assert "Kept words" in answer.text
    assert nothing_sent(session)


def test_the_sentence_is_in_the_persons_language(form: Form) -> None:
    answer = form.press("check", headers={"Accept-Language": "ky"}, position="x")
    assert '<html lang="ky">' in answer.text


def test_outside_names_the_nearest_city_and_leads_there(form: Form, session: Session) -> None:
    make_city(session, "gniezno", square=(17.5, 52.5, 17.7, 52.6))
    page = html.unescape(form.press("check", position="52.55, 17.6").text)
    assert "This place is outside Poznan. The nearest city here is Gniezno." in page
    assert "/gniezno/report?position=52.55,+17.6&category=pothole" in page


def test_a_script_is_told_the_nearest_city_too(form: Form, session: Session) -> None:
    make_city(session, "gniezno", square=(17.5, 52.5, 17.7, 52.6))
    answer = form.ask("send", position="52.55, 17.6")
    assert answer.status_code == 400
    assert answer.json is not None
    assert "outside Poznan" in answer.json["errors"]["position"]
    assert answer.json["nearest"]["name"] == "Gniezno"


def test_a_place_that_is_nowhere(form: Form) -> None:
    assert "Say where it is" in form.press("check", position="").text
    assert "Say where it is" in form.press("check", position="", area="east").text
    page = form.press("check", position="", area="atlantis", address="Main square").text
    assert "There is no such district in this city." in page
    assert "Main square" in page


@pytest.mark.parametrize("category", ["", "no_such_thing", "pot\x00hole", "'; DROP TABLE reports"])
def test_a_category_that_is_not_there(form: Form, session: Session, category: str) -> None:
    answer = form.press("send", category=category, words="Kept words")
    assert answer.status_code == 400
    assert "Choose what is wrong from the list." in answer.text
    assert "Kept words" in answer.text
    assert nothing_sent(session)


def test_a_retired_category(form: Form, session: Session) -> None:
    make_category(session, "phone_box", retired_at=datetime(2024, 1, 1, tzinfo=UTC))
    answer = form.press("send", category="phone_box")
    assert answer.status_code == 400
    assert "can no longer be reported here" in answer.text


def test_a_category_of_other_cities(form: Form, session: Session, city: City) -> None:
    foreign = make_category(session, "cable_car")
    session.add(CategoryExclusion(jurisdiction_id=city.id, category_id=foreign.id))
    session.flush()
    answer = form.press("send", category="cable_car")
    assert answer.status_code == 400
    assert "can no longer be reported here" in answer.text


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_city_that_is_not_there(client: FlaskClient, city: City, method: str) -> None:
    answer = getattr(client, method)("/atlantis/report")
    assert answer.status_code == 404
    assert "There is no such city here." in answer.text


def test_words_beyond_four_thousand_characters_come_back_whole(
    form: Form, session: Session
) -> None:
    words = "ą" * 3999 + " bc"
    answer = form.press("send", words=words)
    assert answer.status_code == 400
    assert "The text has 4002 characters; at most 4000 can be taken." in answer.text
    assert words in answer.text
    assert form.press("send", words="ą" * 4000).status_code == 303


@pytest.mark.parametrize(
    "words",
    ["Hole\x00 here", "Hole\x07 here", "Hole\x1b[31m here", "Hole\u202e here", "Hole\u2066 here"],
)
def test_invisible_characters_are_taken_out_and_the_form_can_be_sent_again(
    form: Form, session: Session, words: str
) -> None:
    answer = form.press("send", words=words)
    assert answer.status_code == 400
    assert "invisible characters" in answer.text
    assert "Hole" in answer.text
    assert "\x00" not in answer.text
    assert "\u202e" not in answer.text
    assert nothing_sent(session)


@pytest.mark.parametrize("field", ["address", "name", "phone"])
def test_other_fields_are_no_way_around(form: Form, session: Session, field: str) -> None:
    answer = form.ask("send", **{field: "600\u202e100\x00200"})
    assert answer.status_code == 400
    assert answer.json is not None
    assert "invisible characters" in answer.json["errors"][field]
    assert answer.json["values"][field] == "600100200"
    assert nothing_sent(session)


def test_bytes_that_are_no_utf8(form: Form, session: Session) -> None:
    fields = {
        "csrf_token": form.token,
        "action": "send",
        "position": "52.41, 16.85",
        "category": "pothole",
        "words": "dziura BROKEN gotowe",
    }
    boundary, body = encode_multipart(fields)
    answer = form.client.post(
        "/poznan/report",
        data=body.replace(b"BROKEN", b"\xff\xfe \xc5\x28"),
        content_type=f"multipart/form-data; boundary={boundary}",
    )
    assert answer.status_code == 400
    assert "Part of the text could not be read" in answer.text
    assert "dziura" in answer.text
    assert "gotowe" in answer.text
    assert nothing_sent(session)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", b"action=send&words=\xff\xfe"),
        ("multipart/form-data; boundary=x", b"--x\r\nnot a part at all"),
        ("multipart/form-data", b"no boundary"),
        ("application/json", b"{"),
        ("text/plain", b"\xff" * 100),
    ],
)
def test_a_body_that_is_no_form(form: Form, session: Session, kind: str, body: bytes) -> None:
    answer = form.client.post("/poznan/report", data=body, content_type=kind)
    assert answer.status_code == 400
    assert token_of(answer.text)
    assert nothing_sent(session)


def test_everything_wrong_is_told_at_once(form: Form) -> None:
    answer = form.ask("check", position="x", category="", words="", email="nobody", phone="abc")
    assert answer.json is not None
    assert set(answer.json["errors"]) == {"position", "category", "words", "email", "phone"}
    page = html.unescape(form.press("check", position="x", category="", words="").text)
    page = page[page.index("error-summary") :]
    said = ["is not a position", "Choose what is wrong", "Say in a few words"]
    assert sorted(said, key=page.index) == said  # in the order of the form


def test_neither_words_nor_photo(form: Form) -> None:
    assert (
        "Say in a few words what is wrong, or add a photo."
        in form.press("check", words="  \n ").text
    )


def test_an_idempotency_key_that_is_none(form: Form, session: Session) -> None:
    answer = form.press("send", idempotency_key="short", words="Kept words")
    assert answer.status_code == 400
    assert "Kept words" in answer.text


@pytest.mark.parametrize("token", ["", "rubbish", "a" * 3000, "\x00"])
def test_an_expired_form_comes_back_filled_with_a_fresh_token(
    form: Form, session: Session, token: str
) -> None:
    answer = form.press("send", csrf_token=token, words="Kept words", email="zofia@example.org")
    assert answer.status_code == 400
    assert "Nothing is lost" in answer.text
    assert "Kept words" in answer.text
    assert "zofia@example.org" in answer.text
    assert nothing_sent(session)
    form.token = token_of(answer.text)
    assert form.press("send").status_code == 303


def test_a_lost_cookie_is_the_same(form: Form, session: Session) -> None:
    form.client.delete_cookie("civicmap")
    answer = form.press("send", words="Kept words")
    assert answer.status_code == 400
    assert "Kept words" in answer.text
    form.token = token_of(answer.text)
    assert form.press("send").status_code == 303


def test_whoever_made_the_link_or_the_form_does_not_know_the_key(form: Form) -> None:
    planted = "planted-by-somebody-else"
    page = form.client.get(f"/poznan/report?idempotency_key={planted}&email=a@example.org").text
    assert f'value="{planted}"' not in page
    assert 'value="a@example.org"' not in page
    form.client.delete_cookie("civicmap")
    page = form.press("check", csrf_token=None, idempotency_key=planted, words="Kept words").text
    assert "Kept words" in page
    assert planted not in page


def test_no_form_gives_the_link_of_a_report_that_was_not_sent_by_a_form(
    form: Form, session: Session, city: City
) -> None:
    ours = make_report(session, city, idempotency_key="poznan-demo-report-1")
    answer = form.ask("send", idempotency_key="poznan-demo-report-1")
    assert answer.json is not None
    assert ours.number != answer.json["number"]
    assert ours.secret not in answer.text


def test_what_changes_between_check_and_send_loses_nothing(
    form: Form, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def retire(*_: object) -> None:
        session.execute(update(Category).values(retired_at=datetime.now(UTC)))

    # What stands between the last check and the sending.
    monkeypatch.setattr(form_view, "use_allowance", retire)
    answer = form.press("send", words="Kept words")
    assert answer.status_code == 400
    assert "can no longer be reported here" in html.unescape(answer.text)
    assert "Kept words" in answer.text
    assert nothing_sent(session)


def test_a_script_gets_a_fresh_token_with_the_sentence(form: Form) -> None:
    answer = form.ask("send", csrf_token="old")
    assert answer.status_code == 400
    assert answer.json is not None
    form.token = answer.json["csrf_token"]
    assert form.ask("send").status_code == 201


def test_a_fresh_token_can_be_asked_for(form: Form) -> None:
    answer = form.client.get("/form-token")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json is not None
    form.token = answer.json["csrf_token"]
    assert form.press("send").status_code == 303


def test_a_body_too_large_says_what_to_do(form: Form) -> None:
    answer = form.press("send", words="x" * 600_000)
    assert answer.status_code == 413
    assert "your words are still in the form" in answer.text
    assert form.ask("send", words="x" * 600_000).json is not None


def test_markup_in_words_stays_words(form: Form) -> None:
    page = form.press("check", words="<script>alert(1)</script>", name='"><img src=x>').text
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_an_unknown_action_only_checks(form: Form, session: Session) -> None:
    assert form.press("destroy").status_code == 200
    assert nothing_sent(session)


@pytest.mark.parametrize(
    "query",
    ["", "?lat=nan&lon=1", "?lat=16.85&lon=52.41", "?lat=52.41&lon=16.85&category=x", "?area=x"],
)
def test_the_small_questions_answer_json_sentences(
    client: FlaskClient, city: City, query: str
) -> None:
    for name in ("route", "nearby"):
        answer = client.get(f"/poznan/report/{name}{query}")
        if answer.status_code == 200:  # nothing is known of a district in words
            continue
        assert answer.status_code in {400, 404}
        assert answer.json is not None
        assert answer.json["error"]


def test_the_route_tells_district_department_and_date(client: FlaskClient, city: City) -> None:
    bare = client.get("/poznan/report/route?lat=52.41&lon=16.85").json
    assert bare == {"area": "West"}
    told = client.get("/poznan/report/route?lat=52.41&lon=16.95&category=pothole").json
    assert told is not None
    assert told["area"] == "East"
    assert told["department"] == "Roads"
    assert told["fix_by"]


def test_the_route_outside_names_the_nearest_city(
    client: FlaskClient, session: Session, city: City
) -> None:
    make_city(session, "gniezno", square=(17.5, 52.5, 17.7, 52.6))
    answer = client.get("/poznan/report/route?lat=52.55&lon=17.6", headers=JSON)
    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["nearest"] == {
        "name": "Gniezno",
        "address": "/gniezno/report?position=52.550000,+17.600000",
    }
