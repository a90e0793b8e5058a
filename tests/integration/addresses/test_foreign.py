"""A foreign geocoder behind the city's server: kept answers, turns, rests; nothing of people."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from civicmap.domain.addresses.actions.foreign import (
    BUSY,
    RESTING,
    forget_answers,
    keep_answer,
    note_answered,
    note_failure,
    take_turn,
)
from civicmap.domain.addresses.models import GeocoderAnswer
from civicmap.domain.addresses.queries.kept import find_answer
from civicmap.domain.jurisdictions.queries import City
from civicmap.extensions import db
from civicmap.foundation.clock import now
from civicmap.foundation.geo import Point
from civicmap.foundation.geocoders import (
    ForeignGeocoder,
    FoundPlace,
    Transport,
    read_geocoder,
)
from tests.geocoder_server import GeocoderServer, answer_bytes
from tests.integration.addresses.conftest import Import, house

GARBARY = FoundPlace("Garbary 60", "Stare Miasto", "house", Point(52.4085, 16.9373))


@pytest.fixture
def server() -> Iterator[GeocoderServer]:
    server = GeocoderServer()
    yield server
    server.stop()


def use(app: Flask, setting: str, rate: str = "1000") -> None:
    address = read_geocoder(setting, rate)
    assert address is not None
    app.extensions["geocoder"] = ForeignGeocoder(
        Transport(address, "civicmap (+https://map.example.org)", answer_seconds=1)
    )


@pytest.fixture
def nominatim(app: Flask, server: GeocoderServer, city: City) -> Iterator[GeocoderServer]:
    use(app, server.setting)
    yield server
    app.extensions["geocoder"] = None


@pytest.fixture
def photon(app: Flask, server: GeocoderServer, city: City) -> Iterator[GeocoderServer]:
    use(app, f"photon+{server.address}")
    yield server
    app.extensions["geocoder"] = None


def search(client: FlaskClient, words: str, **more: str) -> tuple[str, list[str]]:
    answer = client.get("/poznan/report/places", query_string={"q": words, "lang": "en", **more})
    assert answer.status_code == 200, answer.text
    return answer.json["state"], [place["name"] for place in answer.json["places"]]  # type: ignore[index]


def address(client: FlaskClient, lat: float = 52.4086, lon: float = 16.9372) -> tuple[str, str]:
    answer = client.get("/poznan/report/address", query_string={"lat": lat, "lon": lon})
    assert answer.status_code == 200, answer.text
    return answer.json["state"], answer.json["address"]  # type: ignore[index]


def test_what_it_finds_is_kept_and_it_is_named(
    client: FlaskClient, nominatim: GeocoderServer
) -> None:
    assert search(client, "Garbary 60") == ("ok", ["Garbary 60"])
    assert search(client, "  garbary   60 ") == ("ok", ["Garbary 60"])
    assert len(nominatim.asked) == 1
    answer = client.get("/poznan/report/places?q=garbary 60")
    assert answer.json["credit"] == "© OpenStreetMap contributors"  # type: ignore[index]
    assert answer.headers["Cache-Control"] == "private, max-age=300"


def test_a_terminal_for_many_keeps_nothing_that_was_searched(
    client: FlaskClient, nominatim: GeocoderServer
) -> None:
    client.get("/poznan/?kiosk=1")
    answer = client.get("/poznan/report/places?q=garbary 60")
    assert answer.headers["Cache-Control"] == "no-store"


def test_nothing_about_the_visitor_leaves(client: FlaskClient, nominatim: GeocoderServer) -> None:
    search_headers = {
        "User-Agent": "Zofia's browser", "Referer": "https://map.example.org/mine/secret",
        "Cookie": "civicmap_browser=token", "X-Forwarded-For": "203.0.113.9",
    }  # fmt: skip
    client.get("/poznan/report/places?q=Garbary&lang=ru", headers=search_headers)
    ((_, asked, headers),) = nominatim.asked
    told = f"{asked} {headers}"
    for secret in ("Zofia", "mine/secret", "token", "203.0.113.9"):
        assert secret not in told
    assert headers["Accept-Language"] == "ru,pl;q=0.8,*;q=0.5"


def test_neighbours_share_the_answer_for_their_cell(
    client: FlaskClient, nominatim: GeocoderServer
) -> None:
    assert address(client, 52.40861, 16.93721) == ("ok", "Garbary 60")
    assert address(client, 52.40864, 16.93724) == ("ok", "Garbary 60")
    ((_, asked, _),) = nominatim.asked
    assert (asked["lat"], asked["lon"]) == ("52.408600", "16.937200")


def test_nominatim_is_not_asked_while_somebody_types(
    client: FlaskClient, nominatim: GeocoderServer
) -> None:
    assert search(client, "Garbary", typing="1") == ("enter", [])
    assert nominatim.asked == []


def test_photon_is(client: FlaskClient, photon: GeocoderServer) -> None:
    assert search(client, "Garbary", typing="1") == ("ok", ["Garbary 60"])
    assert address(client) == ("ok", "Garbary 60")


def test_a_house_of_our_own_is_not_asked_for(
    client: FlaskClient, nominatim: GeocoderServer, take: Import
) -> None:
    take(house("Nasza", "7", 52.4086, 16.9372))
    assert address(client) == ("ok", "Nasza 7")
    assert nominatim.asked == []


def test_what_is_in_the_box_but_outside_the_city_is_dropped(
    client: FlaskClient, session: Session, nominatim: GeocoderServer, city: City
) -> None:
    session.execute(
        text("""
            UPDATE jurisdictions SET boundary = ST_Multi(ST_Difference(boundary,
                ST_MakeEnvelope(16.93, 52.40, 16.95, 52.42, 4326))) WHERE id = :id
        """),
        {"id": city.id},
    )
    assert search(client, "Garbary 60") == ("ok", [])


def test_a_house_far_away_is_not_the_address(
    client: FlaskClient, nominatim: GeocoderServer
) -> None:
    assert address(client, 52.35, 16.85) == ("ok", "")


def test_when_it_is_down_people_are_told_and_it_is_left_alone(
    client: FlaskClient, nominatim: GeocoderServer
) -> None:
    nominatim.misbehave = lambda handler: answer_bytes(handler, b"", 500)
    for number in range(5):
        assert search(client, f"Garbary {number}") == ("down", [])
    assert address(client) == ("down", "")
    assert len(nominatim.asked) == 3
    answer = client.get("/poznan/report/places?q=Garbary 9")
    assert answer.headers["Cache-Control"] == "no-store"


def test_after_a_rest_one_asks_and_when_it_is_back_all_do(
    client: FlaskClient, session: Session, nominatim: GeocoderServer
) -> None:
    nominatim.misbehave = lambda handler: answer_bytes(handler, b"", 429, Retry_After="90")
    assert search(client, "Garbary 60") == ("down", [])
    nominatim.misbehave = None
    assert search(client, "Garbary 60") == ("down", [])
    session.execute(text("UPDATE geocoder_states SET rests_until = now() - interval '1 s'"))
    assert search(client, "Garbary 60") == ("ok", ["Garbary 60"])
    assert search(client, "Dąbrowskiego 42") == ("ok", ["Dąbrowskiego 42"])
    assert len(nominatim.asked) == 3


def test_with_streets_of_our_own_being_down_is_hardly_noticed(
    client: FlaskClient, nominatim: GeocoderServer, take: Import
) -> None:
    take(house("Garbary", "60", 52.4085, 16.9373))
    nominatim.misbehave = lambda handler: answer_bytes(handler, b"", 500)
    assert search(client, "Garbary 60") == ("down", ["Garbary 60", "Garbary"])
    assert search(client, "Garbary", typing="1") == ("ok", ["Garbary"])


def test_what_people_search_is_in_no_log_and_no_table(
    client: FlaskClient,
    session: Session,
    nominatim: GeocoderServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    search(client, "Sekretna 7")
    nominatim.misbehave = lambda handler: answer_bytes(handler, b"{", 200)
    search(client, "Sekretna 8")
    assert "geocoder away" in caplog.text
    assert "Sekretna" not in caplog.text
    kept = session.execute(text("SELECT key || places::text FROM geocoder_answers")).scalars()
    assert all("ekretn" not in row for row in kept)


@pytest.mark.parametrize("words", ["", " ", "x", "a" * 121, "\u202eabc", "a\x07b"])
def test_nonsense_is_answered_with_a_sentence_or_nothing(
    client: FlaskClient, nominatim: GeocoderServer, words: str
) -> None:
    answer = client.get("/poznan/report/places", query_string={"q": words})
    assert answer.status_code in {200, 400}
    assert answer.json["error" if answer.status_code == 400 else "state"]  # type: ignore[index]
    assert nominatim.asked == []


@pytest.mark.parametrize(
    "query",
    ["", "lat=52.4", "lat=nan&lon=16.9", "lat=52.4&lon=1e1", "lat=16.9&lon=52.4", "lat=48&lon=2"],
)  # fmt: skip
def test_a_place_that_is_none_or_elsewhere_is_refused(
    client: FlaskClient, nominatim: GeocoderServer, query: str
) -> None:
    answer = client.get(f"/poznan/report/address?{query}")
    assert answer.status_code == 400
    assert answer.json["error"]  # type: ignore[index]
    assert nominatim.asked == []


def test_without_streets_and_geocoder_the_page_is_told_to_stop_asking(
    client: FlaskClient, city: City
) -> None:
    assert search(client, "Garbary") == ("none", [])
    assert address(client) == ("none", "")


def test_old_answers_are_forgotten_and_the_store_stays_small(session: Session) -> None:
    for number in range(5):
        keep_answer(
            session, key=f"key {number}", places=[GARBARY], lasts=timedelta(days=number + 1)
        )
    assert find_answer(session, "key 0") == [GARBARY]
    with time_machine.travel(now() + timedelta(days=1, hours=1)):
        assert find_answer(session, "key 0") is None
        assert forget_answers(session, most=2) == 3
    assert sorted(session.scalars(select(GeocoderAnswer.key))) == ["key 3", "key 4"]


def test_turns_come_one_after_the_other(session: Session) -> None:
    # Turns far apart: however long the questions themselves take, it is little beside that.
    waits = [take_turn(session, name="n", rate=0.02, patience_seconds=120) for _ in range(5)]
    assert waits[:3] == [pytest.approx(wait, abs=10) for wait in (0, 50, 100)]
    assert waits[3:] == [BUSY, BUSY]


def test_rests_grow_and_end_with_an_answer(session: Session) -> None:
    begun = time.monotonic()

    def rests(seconds: float) -> bool:
        """Whether it is left alone for so long from when that was last decided."""
        left = session.scalar(
            text("SELECT extract(epoch FROM rests_until - clock_timestamp()) FROM geocoder_states")
        )
        return seconds - (time.monotonic() - begun) - 0.1 < float(left) <= seconds

    assert take_turn(session, name="n", rate=1000, patience_seconds=1) == 0
    told = [note_failure(session, name="n") for _ in range(3)]
    assert told == [False, False, True]
    assert rests(30)
    assert take_turn(session, name="n", rate=1000, patience_seconds=1) == RESTING
    note_failure(session, name="n")
    assert rests(60)
    for _ in range(20):
        note_failure(session, name="n")
    assert rests(600)
    note_answered(session, name="n")
    assert take_turn(session, name="n", rate=1000, patience_seconds=1) == 0


def test_two_processes_together_keep_the_rate(live_app: Flask) -> None:
    """Each thread has a connection of its own, as a process has."""
    done: list[float] = []

    def ask() -> None:
        with live_app.app_context():
            for _ in range(3):
                with db.session.begin():
                    wait = take_turn(db.session, name="n", rate=20, patience_seconds=5)
                assert isinstance(wait, float)
                time.sleep(wait)
                done.append(time.monotonic())

    threads = [threading.Thread(target=ask) for _ in range(3)]
    begun = time.monotonic()  # not when the first was done: it may have been told so late
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 9
    assert max(done) - begun > 0.39  # eight steps of a twentieth of a second
