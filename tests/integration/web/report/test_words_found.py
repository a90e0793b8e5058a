"""An address told in words is looked up, shown to be agreed to, and never in anybody's way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicmap.domain.addresses.actions.import_addresses import import_addresses
from civicmap.domain.addresses.rows import HouseRow
from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.reports.models import Report
from civicmap.foundation.geo import Point
from civicmap.foundation.geocoders import ForeignGeocoder, Transport, read_geocoder
from tests.geocoder_server import GeocoderServer, answer_bytes
from tests.integration.web.report.conftest import Form, hidden_fields

WORDS: dict[str, Any] = {"position": "", "place_by": "words", "area": "west"}


@pytest.fixture(autouse=True)
def _houses(session: Session, city: City) -> None:
    rows = [
        HouseRow("line 2", "Dąbrowskiego", "42", Point(52.4102, 16.856)),
        HouseRow("line 3", "Wschodnia", "7", Point(52.41, 16.95)),
    ]
    import_addresses(session, city=city, rows=rows, source="test", credit="")


def sent(session: Session) -> tuple[float, float, str]:
    row = session.execute(
        select(func.ST_Y(Report.point), func.ST_X(Report.point), Report.placed_by)
    ).one()
    return (round(row[0], 4), round(row[1], 4), row[2])


def checked(form: Form, address: str) -> tuple[str, dict[str, str]]:
    """The page to check and what it carries on, the box that is ticked included."""
    page = form.press("check", **WORDS, address=address).text
    carried = hidden_fields(page)
    if 'name="found" value="' in page:
        carried["found"] = page.partition('name="found" value="')[2].partition('"')[0]
    return page, carried


def press_send(form: Form, carried: dict[str, str]) -> None:
    said: dict[str, Any] = {"position": None, "idempotency_key": None, **carried}
    said.pop("csrf_token", None)
    answer = form.press("send", **said)
    assert answer.status_code == 303, answer.text


@pytest.mark.parametrize(
    "address", ["Dąbrowskiego 42", "ul. dabrowskiego 42, przy przystanku", "Dąbrowskiego 42,"]
)
def test_zofia_sees_where_her_words_lead_and_agrees(
    session: Session, form: Form, address: str
) -> None:
    page, carried = checked(form, address)
    assert "Show it on the map at: Dąbrowskiego 42" in page
    press_send(form, carried)
    assert sent(session) == (52.4102, 16.856, "typed")


def test_without_the_tick_her_words_stand_alone(session: Session, form: Form) -> None:
    _, carried = checked(form, "Dąbrowskiego 42")
    del carried["found"]
    press_send(form, carried)
    assert sent(session)[2] == "described"


@pytest.mark.parametrize(
    "address",
    ["przy dużym drzewie", "Wschodnia 7", "Dąbrowskiego 43", "%", "drop", "42", "," * 50],
)
def test_what_is_not_sure_or_in_another_district_is_not_offered(form: Form, address: str) -> None:
    page, carried = checked(form, address)
    assert "found" not in carried
    assert "Check and send" in page


def test_other_words_take_the_place_back(session: Session, form: Form) -> None:
    _, carried = checked(form, "Dąbrowskiego 42")
    press_send(form, {**carried, "address": "przy dużym drzewie"})
    assert sent(session)[2] == "described"


@pytest.mark.parametrize("found", ["52.41", "x", "nan, nan", "91.000000, 16.000000", "1,2,3"])
def test_a_place_that_was_tampered_with_loses_nothing(
    session: Session, form: Form, found: str
) -> None:
    _, carried = checked(form, "Dąbrowskiego 42")
    said: dict[str, Any] = {"position": None, **carried, "found": found}
    said.pop("csrf_token", None)
    answer = form.press("send", **said)
    assert answer.status_code in {303, 400}
    if answer.status_code == 400:
        assert "A deep hole beside the tram stop." in answer.text


@pytest.fixture
def nominatim(app: Flask) -> Iterator[GeocoderServer]:
    server = GeocoderServer()
    address = read_geocoder(server.setting, "1000")
    assert address is not None
    transport = Transport(address, "civicmap", connect_seconds=0.3, answer_seconds=0.3)
    app.extensions["geocoder"] = ForeignGeocoder(transport)
    yield server
    app.extensions["geocoder"] = None
    server.stop()


def test_a_foreign_geocoder_is_asked_for_what_is_not_ours(
    form: Form, nominatim: GeocoderServer
) -> None:
    nominatim.known = [("Szpitalna", "10", "Ogrody", 52.4131, 16.8855)]
    page, _ = checked(form, "Szpitalna 10")
    assert "Show it on the map at: Szpitalna 10" in page
    nominatim.known = [("Daleka", "9", "Główna", 52.4131, 16.8855)]
    nominatim.misbehave = None
    assert "found" not in checked(form, "przy wiadukcie")[1]


def test_when_it_is_down_the_report_goes_on(
    session: Session, form: Form, nominatim: GeocoderServer
) -> None:
    nominatim.misbehave = lambda handler: answer_bytes(handler, b"", 503)
    page, carried = checked(form, "Szpitalna 10")
    assert "Check and send" in page
    press_send(form, carried)
    assert sent(session)[2] == "described"
