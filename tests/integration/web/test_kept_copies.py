"""What browsers and proxies may keep, and what static files say of themselves."""

from __future__ import annotations

import io

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from civicmap.domain.jurisdictions.queries import City
from civicmap.extensions import limiter
from civicmap.web.shared.assets import asset
from tests.factories.cities import make_category, make_city, make_department
from tests.factories.reports import make_report
from tests.factories.visitors import Page, Visitor
from tests.unit.media.samples import plain


def test_a_static_file_is_kept_for_good_and_taken_for_nothing_else(
    client: FlaskClient, session: Session
) -> None:
    with client.get(asset("shared/base.css")) as answer:
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_nobody_in_between_keeps_a_photo(client: FlaskClient, session: Session) -> None:
    # A photo may have to be hidden; a proxy would go on showing it.
    make_city(session)
    form = Visitor(client.application, client).open("/poznan/report").form("/report")
    taken = client.post(
        "/photos",
        data={"photo": (io.BytesIO(plain("JPEG")), "hole.jpg")},
        headers={"X-CSRFToken": form["csrf_token"]},
    )
    assert taken.json is not None
    with client.get(f"/photos/{taken.json['key']}-list.webp") as picture:
        assert picture.status_code == 200
        assert "private" in picture.headers["Cache-Control"]
        assert "public" not in picture.headers["Cache-Control"]


def test_the_outline_is_kept_only_under_an_address_that_names_its_language(
    client: FlaskClient, session: Session
) -> None:
    city: City = make_city(session)
    without = client.get("/poznan/outline.json", headers={"Accept-Language": "pl"})
    assert "public" not in without.headers["Cache-Control"]
    kept = client.get("/poznan/outline.json?lang=pl")
    assert kept.headers["Cache-Control"] == "public, max-age=3600"
    page = client.get("/poznan/?lang=ru").text
    assert f"/poznan/outline.json?lang=ru&amp;revision={city.revision}" in page


def test_a_household_cannot_go_on_with_another_of_its_addresses(
    app: Flask, session: Session
) -> None:
    limiter.enabled = True
    try:
        codes = [
            app.test_client()
            .post("/auth/sign-in", environ_base={"REMOTE_ADDR": f"2001:db8:1:2::{number:x}"})
            .status_code
            for number in range(31)
        ]
    finally:
        limiter.enabled = False
        limiter.reset()
    assert codes == [400] * 30 + [429]


def test_a_reporters_own_page_tells_nobody_its_address(
    client: FlaskClient, session: Session
) -> None:
    city = make_city(session)
    make_department(session, city)
    make_category(session)
    sent = make_report(session, city)
    answer = client.get(f"/mine/{sent.number}/{sent.secret}")
    # Not even our own log: only the origin goes along, which tile servers ask for.
    assert answer.headers["Referrer-Policy"] == "strict-origin"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "noindex" in answer.headers["X-Robots-Tag"]


def test_over_https_the_origin_is_enough_for_a_form(client: FlaskClient, session: Session) -> None:
    # Pages whose address is a secret say no more than that of where a form comes from.
    form = Page(client.get("/auth/forgotten")).form("/forgotten")
    for origin, expected in {"https://localhost/": 200, "https://evil.example/": 400}.items():
        answer = client.post(
            form.action,
            data={**form.values, "email": "nobody@example.org"},
            base_url="https://localhost",
            headers={"Referer": origin},
        )
        assert answer.status_code == expected
