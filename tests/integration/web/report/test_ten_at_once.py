"""The same submission ten times at once, over HTTP, with real commits."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy import func, select

from civicmap.domain.media.models import Photo
from civicmap.domain.reports.models import Report
from civicmap.extensions import db
from tests.factories.cities import make_category, make_city, make_department
from tests.integration.web.report.conftest import JSON, Form
from tests.unit.media.samples import plain


def test_the_same_submission_ten_times_at_once_is_one_report(live_app: Flask) -> None:
    with live_app.app_context(), db.session.begin():
        city = make_city(db.session)
        make_department(db.session, city)
        make_category(db.session)
    client = live_app.test_client()
    form = Form(client)
    uploaded = client.post(
        "/photos",
        data={"photo": (io.BytesIO(plain("JPEG")), "hole.jpg")},
        headers={"X-CSRFToken": form.token},
    )
    key = uploaded.json["key"]  # type: ignore[index]
    cookie = client.get_cookie("civicmap")
    assert cookie is not None

    def send(_: int) -> tuple[int, str]:
        tap = live_app.test_client()
        tap.set_cookie("civicmap", cookie.value)
        fields = {
            "csrf_token": form.token,
            "action": "send",
            "position": "52.41, 16.85",
            "category": "pothole",
            "words": "A deep hole beside the tram stop.",
            "photos": key,
            "idempotency_key": "tap" * 8,
        }
        answer = tap.post("/poznan/report", data=fields, headers=JSON)
        assert answer.json is not None
        return answer.status_code, answer.json.get("address", answer.text)

    with ThreadPoolExecutor(10) as taps:
        answers = list(taps.map(send, range(10)))

    assert sorted(status for status, _ in answers) == [*[200] * 9, 201], answers
    assert len({address for _, address in answers}) == 1
    with live_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Report)) == 1
        assert db.session.scalar(select(Photo.report_id)) is not None
