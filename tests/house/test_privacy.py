"""A reporter's contact is in no public query, and on no public page."""

from __future__ import annotations

import ast
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.publicmap.view import count_by_city, get_view_counts
from civicmap.domain.reports.models import Report
from civicmap.domain.reports.queries.public.filters import Filters
from civicmap.foundation.geo import Point, tile_of
from tests.factories.cities import make_category, make_city, make_department
from tests.factories.reports import make_report
from tests.factories.visitors import Page
from tests.house.public_routes import addresses
from tests.house.repository import REPOSITORY

CONTACT = {"name", "email", "phone"}
PUBLIC_QUERIES = [
    *(
        str(path.relative_to(REPOSITORY))
        for path in sorted((REPOSITORY / "civicmap/domain/reports/queries/public").glob("*.py"))
    ),
    "civicmap/domain/reports/queries/expectation.py",
    "civicmap/domain/reports/queries/most_used.py",
    *(
        str(path.relative_to(REPOSITORY))
        for path in sorted((REPOSITORY / "civicmap/domain/publicmap").rglob("*.py"))
    ),
]
PRIVATE = ["Kowalski", "jan.kowalski", "600 100 200", "600100200"]


@pytest.mark.parametrize("path", PUBLIC_QUERIES)
def test_no_public_query_reads_a_contact(path: str) -> None:
    tree = ast.parse((REPOSITORY / path).read_text())
    read = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "Reporter"
    }
    # The whole row would bring the contact along.
    whole = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and any(isinstance(given, ast.Name) and given.id == "Reporter" for given in node.args)
        and getattr(node.func, "id", getattr(node.func, "attr", "")) in {"select", "add_columns"}
    ]
    assert not read & CONTACT
    assert whole == []


@pytest.fixture
def city(session: Session) -> City:
    city = make_city(session)
    make_department(session, city)
    make_category(session)
    return city


def test_no_public_page_shows_a_contact(
    app: Flask, client: FlaskClient, session: Session, city: City
) -> None:
    sent = make_report(
        session,
        city,
        name="Jan Kowalski",
        email="jan.kowalski@example.org",
        phone="+48 600 100 200",
    )
    shown = []
    for address in addresses(app, number=sent.number, secret=sent.secret):
        page = client.get(address)
        shown += [f"{address}: {word}" for word in PRIVATE if word in page.text]
        if page.status_code == 200 and "text/html" in page.content_type:
            assert not re.search(r"mailto:(?!.*example\.org/contact)[^\"]*kowalski", page.text)
    assert shown == []


@pytest.mark.parametrize("visibility", ["held", "hidden"])
def test_what_is_not_public_is_on_no_public_page(
    app: Flask, client: FlaskClient, session: Session, city: City, visibility: str
) -> None:
    sent = make_report(session, city, words="Behind the blue gate.", address="Cicha 7")
    session.execute(update(Report).where(Report.id == sent.report_id).values(visibility=visibility))
    here = tile_of(Point(52.41, 16.85), 17)
    pages = [
        *addresses(app, number=sent.number, x=str(here.x), y=str(here.y), z="17"),
        f"/tiles/poznan/17/{here.x}/{here.y}?q=gate",
        f"/mine/{sent.number}/{sent.secret[:-1]}",
        "/poznan/reports?part=list",
        "/poznan/reports?status=open&category=pothole&area=west&department=roads",
        "/poznan/?bbox=16.8,52.4,16.9,52.42",
        "/poznan/report/nearby?category=pothole&lat=52.41&lon=16.85",
    ]
    for address in pages:
        page = client.get(address)
        for word in ("blue gate", "Cicha 7", sent.number):
            assert word not in page.text, address
    assert client.get(f"/poznan/reports/{sent.number}").status_code == 404
    assert client.get("/find", query_string={"number": sent.number}).status_code == 404
    assert get_view_counts(session, city.id, Filters()).statuses.total == 0
    assert count_by_city(session) == {}
    assert get_view_counts(session, city.id, Filters()).categories == {}
    # Its reporter still sees it.
    assert "blue gate" in client.get(f"/mine/{sent.number}/{sent.secret}").text
    form = Page(client.get("/auth/forgotten")).form("/forgotten")
    answer = client.post(
        f"/poznan/reports/{sent.number}/support", data={"csrf_token": form["csrf_token"]}
    )
    assert answer.status_code == 404
