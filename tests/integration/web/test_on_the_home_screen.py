"""Zofia puts her city on the home screen; what may be kept there is kept, and only that."""

from __future__ import annotations

import json
import re
import struct
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from whitenoise.compress import Compressor

from civicmap.config import Settings
from civicmap.domain.departments.queries import list_departments
from civicmap.domain.jurisdictions.queries import get_city
from civicmap.foundation.locales import LANGUAGES
from civicmap.web.shared import prepared_assets
from civicmap.web.shared.assets import ROOT, SOURCE
from tests.factories.cities import make_category, make_city, make_department
from tests.factories.people import make_staff
from tests.factories.reports import make_report
from tests.factories.visitors import Visitor

KEEP = "X-Civicmap-Keep"


def test_the_manifest_opens_the_city_and_speaks_five_languages(
    client: FlaskClient, session: Session
) -> None:
    make_city(session, names={"en": "Poznań", "ru": "Познань", "kk": "Познань"})
    page = client.get("/poznan/?lang=kk").text
    address = re.search(r'<link rel="manifest" href="([^"]+)"', page)
    assert address and "city=poznan" in address[1] and "lang=kk" in address[1]
    for language in LANGUAGES:
        answer = client.get(f"/manifest.webmanifest?city=poznan&lang={language}")
        assert answer.mimetype == "application/manifest+json"
        assert "Set-Cookie" not in answer.headers
        told = json.loads(answer.text)
        assert (told["lang"], told["start_url"], told["scope"]) == (language, "/poznan/", "/")
        assert told["short_name"] == ("Познань" if language in {"ru", "kk"} else "Poznań")
    assert json.loads(client.get("/manifest.webmanifest?city=nowhere").text)["start_url"] == "/"


def test_the_icons_are_as_large_as_the_manifest_says(client: FlaskClient, session: Session) -> None:
    make_city(session)
    icons = json.loads(client.get("/manifest.webmanifest?city=poznan").text)["icons"]
    assert {icon["purpose"] for icon in icons} == {"any", "maskable"}
    for icon in icons:
        path = SOURCE / icon["src"].split("/", 3)[3]
        assert struct.unpack(">II", path.read_bytes()[16:24]) == tuple(
            int(side) for side in icon["sizes"].split("x")
        )


def test_the_service_worker_may_fetch_tiles_and_is_never_old(
    app: Flask, client: FlaskClient
) -> None:
    settings: Settings = app.extensions["civicmap"]
    answer = client.get("/sw.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    may_fetch = f"connect-src 'self' {settings.tile_host}".strip()
    policy = answer.headers["Content-Security-Policy"]
    assert policy == f"default-src 'none'; script-src 'self'; {may_fetch}"
    assets = list_files_kept(answer.text)
    assert any(path.endswith("report/report.js") for path in assets)
    assert not [path for path in assets if re.search("/(staff|auth|mailbox)/", path)]


def list_files_kept(worker: str) -> list[str]:
    """Addresses of the static files that `/sw.js`, this text, keeps."""
    configuration = json.loads(worker[worker.index("{\n") : worker.rindex(")")])
    assets: list[str] = configuration["assets"]
    return assets


@pytest.fixture
def pages(session: Session) -> dict[str, str | None]:
    """What may be kept of a page by its address."""
    city = make_city(session)
    make_department(session, city)
    make_category(session)
    sent = make_report(session, city)
    return {
        "/offline": "public",
        "/poznan/": "public",
        "/poznan/report": "public",
        f"/poznan/reports/{sent.number}": "public",
        f"/mine/{sent.number}/{sent.secret}": "private",
        "/poznan/reports/PO-0000-00": None,
        "/form-token": None,
        "/auth/sign-in": None,
        "/auth/forgotten": None,
        "/staff/": None,
        "/mailbox/": None,
    }


def test_only_what_residents_see_is_kept(client: FlaskClient, pages: dict[str, str | None]) -> None:
    assert {address: client.get(address).headers.get(KEEP) for address in pages} == pages


def test_what_a_kept_page_is_made_of_is_kept_with_it(
    app: Flask,
    client: FlaskClient,
    pages: dict[str, str | None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Compressor, "should_compress", lambda *_: False)
    prepared_assets.make(SOURCE, tmp_path / "prepared")
    monkeypatch.setitem(app.extensions, ROOT, tmp_path / "prepared")
    kept = set(list_files_kept(client.get("/sw.js").text))
    for address in [
        *(address for address, keep in pages.items() if keep),
        *("/poznan/reports", "/poznan/districts", "/poznan/departments"),
        *("/poznan/how-to-report", "/mine"),
    ]:
        answer = client.get(address)
        assert KEEP in answer.headers, address
        linked = re.findall(r"/static/[0-9a-f]{12}/[^\s\"#]+\.(?:css|js|svg)", answer.text)
        assert linked, address
        assert set(linked) <= kept, address


def test_nothing_is_kept_of_what_anna_sees(
    app: Flask, client: FlaskClient, session: Session, pages: dict[str, str | None]
) -> None:
    city = get_city(session, "poznan")
    make_staff(session, city, list_departments(session, city.id)[0])
    Visitor(app, client).sign_in("anna@example.org")
    answers = [client.get(address) for address in pages]
    assert [answer.headers.get(KEEP) for answer in answers] == [None] * len(pages)
