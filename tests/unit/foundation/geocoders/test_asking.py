"""Foreign geocoders over real HTTP: what they are told, and what is taken from them."""

from __future__ import annotations

import gzip
import json
import socket
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from civicmap.foundation.geo import Box, Point
from civicmap.foundation.geocoders import (
    ForeignGeocoder,
    GeocoderAway,
    Transport,
    read_geocoder,
)
from tests.geocoder_server import (
    GeocoderServer,
    answer_bytes,
    answer_json,
    nominatim_place,
    photon_feature,
)

POZNAN = Box(16.8, 52.3, 17.0, 52.5)
PROTOCOLS = ["nominatim", "photon"]


def geocoder(server: GeocoderServer, protocol: str, path: str = "") -> ForeignGeocoder:
    address = read_geocoder(f"{protocol}+{server.address}{path}")
    assert address is not None
    return ForeignGeocoder(
        Transport(
            address, "civicmap (+https://map.example.org)", connect_seconds=0.4, answer_seconds=0.3
        )
    )


def search(asked: ForeignGeocoder, words: str = "dąbrowskiego") -> list[tuple[str, str, str]]:
    found = asked.search(words, box=POZNAN, languages="pl,en")
    return [(place.name, place.detail, place.kind) for place in found]


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_street_and_its_houses_are_found(server: GeocoderServer, protocol: str) -> None:
    assert search(geocoder(server, protocol)) == [
        ("Dąbrowskiego 42", "Jeżyce", "house"),
        ("Dąbrowskiego", "Jeżyce", "street"),
    ]


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_point_has_its_address(server: GeocoderServer, protocol: str) -> None:
    found = geocoder(server, protocol).reverse(Point(52.4086, 16.9372), languages="pl")
    assert [(place.name, place.point) for place in found] == [
        ("Garbary 60", Point(52.4085, 16.9373))
    ]


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_where_there_is_nothing_nothing_is_found(server: GeocoderServer, protocol: str) -> None:
    server.known = []
    assert search(geocoder(server, protocol)) == []
    assert geocoder(server, protocol).reverse(Point(52.4, 16.9), languages="pl") == []


def test_what_is_told_is_the_question_and_who_runs_this(server: GeocoderServer) -> None:
    search(geocoder(server, "nominatim"))
    search(geocoder(server, "photon"))
    (_, nominatim, headers), (_, photon, _) = server.asked
    assert nominatim == {
        "q": "dąbrowskiego",
        "format": "jsonv2",
        "addressdetails": "1",
        "limit": "10",
        "viewbox": "16.8,52.5,17.0,52.3",
        "bounded": "1",
        "accept-language": "pl,en",
    }
    assert photon == {
        "q": "dąbrowskiego",
        "limit": "10",
        "bbox": "16.8,52.3,17.0,52.5",
        "lat": "52.4000",
        "lon": "16.9000",
    }
    assert headers["User-Agent"] == "civicmap (+https://map.example.org)"
    assert set(headers) == {"Host", "User-Agent", "Accept", "Accept-Language", "Accept-Encoding"}


def test_a_path_and_a_key_go_along_and_the_name_keeps_the_key_secret(
    server: GeocoderServer,
) -> None:
    server.misbehave = lambda handler: answer_json(handler, [])
    address = read_geocoder(
        f"nominatim+{server.address.replace('://', '://ann:pass%20word@')}/v1?key=SECRET"
    )
    assert address is not None
    ForeignGeocoder(Transport(address, "x")).search("a", box=POZNAN, languages="pl")
    path, asked, headers = server.asked[0]
    assert path == "/v1/search"
    assert asked["key"] == "SECRET"
    assert headers["authorization"] == "Basic YW5uOnBhc3Mgd29yZA=="
    for told in (address.name, repr(address)):
        assert "SECRET" not in told
        assert "pass" not in told


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_what_lies_outside_the_city_is_left_out(server: GeocoderServer, protocol: str) -> None:
    server.known = [("Dąbrowskiego", "1", "Berlin", 52.52, 13.4)]
    assert search(geocoder(server, protocol)) == []


Misbehaviour = Callable[[BaseHTTPRequestHandler], None]


def _redirect(handler: BaseHTTPRequestHandler) -> None:
    answer_bytes(handler, b"", 302, Location="http://127.0.0.1:1/elsewhere")


def _endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(200):
        handler.wfile.write(b"[" + b" " * 9_999)


def _dripping(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(20):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.1)


def _silent(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(0.8)


def _hanging_up(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)


def _packed(handler: BaseHTTPRequestHandler) -> None:
    answer_bytes(handler, gzip.compress(b" " * 10_000_000), Content_Encoding="gzip")


def _says(body: bytes) -> Misbehaviour:
    return lambda handler: answer_bytes(handler, body)


def _status(status: int, **headers: str) -> Misbehaviour:
    return lambda handler: answer_bytes(handler, b"[]", status, **headers)


MISBEHAVIOURS: dict[str, Misbehaviour] = {
    "redirect": _redirect,
    "endless": _endless,
    "dripping": _dripping,
    "silent": _silent,
    "hanging up": _hanging_up,
    "packed": _packed,
    "no JSON": _says(b"<html>Bad gateway</html>"),
    "no text": _says(b"\xff\xfe\x00"),
    "nothing": _says(b""),
    "another kind": _says(b'"yes"'),
    "a number": _says(b"17"),
    "not a number": _says(b"[NaN]"),
    "deep": _says(b"[" * 200_000),
    "a long number": _says(b"[" + b"9" * 10_000 + b"]"),
    "busy": _status(503),
    "too often": _status(429, Retry_After="120"),
    "not you": _status(403),
    "not found": _status(404),
}


@pytest.mark.parametrize("kind", MISBEHAVIOURS)
def test_whatever_it_does_it_is_merely_away(server: GeocoderServer, kind: str) -> None:
    server.misbehave = MISBEHAVIOURS[kind]
    begun = time.monotonic()
    with pytest.raises(GeocoderAway) as away:
        search(geocoder(server, "nominatim"), "secret words")
    assert time.monotonic() - begun < 2
    assert "secret" not in away.value.reason
    assert len(server.asked) == 1  # and nobody was asked a second time, or elsewhere


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"features": {}}', b"null"])
def test_photon_too_has_to_answer_in_its_own_way(server: GeocoderServer, body: bytes) -> None:
    server.misbehave = _says(body)
    with pytest.raises(GeocoderAway):
        search(geocoder(server, "photon"))


def test_a_wish_to_be_left_alone_is_heard(server: GeocoderServer) -> None:
    for misbehaviour, seconds in [("too often", 120), ("not you", 600), ("busy", 0)]:
        server.misbehave = MISBEHAVIOURS[misbehaviour]
        with pytest.raises(GeocoderAway) as away:
            search(geocoder(server, "nominatim"))
        assert away.value.rest_seconds == seconds


def test_nobody_there_is_away_too() -> None:
    address = read_geocoder("nominatim+http://127.0.0.1:1")
    assert address is not None
    with pytest.raises(GeocoderAway):
        search(ForeignGeocoder(Transport(address, "x")))


HOSTILE: list[Any] = [
    None, True, 17, "text", [], {}, {"lat": "52.4"}, {"lat": "nan", "lon": "16.9"},
    {"lat": "1e2", "lon": "16.9"}, {"lat": True, "lon": 16.9}, {"lat": "٥٢", "lon": "16.9"},
    {"lat": "52.4", "lon": "16.9", "address": 5, "name": ["x"], "display_name": {}},
    {"lat": "52.4", "lon": "16.9", "address": {"road": 7, "house_number": ["1"]}},
    {"lat": "152.4", "lon": "16.9", "name": "x"}, {"lat": 10**400, "lon": 16.9, "name": "x"},
]  # fmt: skip


def test_hostile_members_are_left_out_and_the_rest_is_taken(server: GeocoderServer) -> None:
    good = ("Garbary", "60", "Stare Miasto", 52.4085, 16.9373)
    server.misbehave = lambda handler: answer_json(handler, [*HOSTILE, nominatim_place(*good)])
    assert search(geocoder(server, "nominatim")) == [("Garbary 60", "Stare Miasto", "house")]
    points = [
        {**photon_feature(*good), "geometry": {"type": "Point", "coordinates": ends}}
        for ends in ([], [1], ["x", "y"], None, [16.9, None], [[16.9], [52.4]], [1e400, 52.4])
    ]
    server.misbehave = lambda handler: answer_bytes(
        handler,
        json.dumps({"features": [*HOSTILE, *points[:-1], photon_feature(*good)]}).encode(),
    )
    assert search(geocoder(server, "photon")) == [("Garbary 60", "Stare Miasto", "house")]


def test_names_become_one_harmless_line(server: GeocoderServer) -> None:
    name = "Gar\x00bary\n\u202etxt.exe\u2066 <b>" + "x" * 5_000
    server.misbehave = lambda handler: answer_json(
        handler, [nominatim_place(name, "", "Stare\tMiasto", 52.4, 16.9)]
    )
    ((found, detail, _),) = search(geocoder(server, "nominatim"))
    assert found.startswith("Gar bary txt.exe <b>xxx")
    assert len(found) <= 120
    assert detail == "Stare Miasto"
    assert found.isprintable()
