"""A geocoder on loopback that speaks as Nominatim and Photon are documented to, and misbehaves on
request."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

# What it knows: street, number, district, latitude, longitude.
KNOWN: list[tuple[str, str, str, float, float]] = [
    ("Dąbrowskiego", "42", "Jeżyce", 52.4113, 16.8912),
    ("Dąbrowskiego", "", "Jeżyce", 52.4131, 16.8871),
    ("Garbary", "60", "Stare Miasto", 52.4085, 16.9373),
]


class GeocoderServer:
    """`asked` are the requests so far: path, parameters, headers."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str], dict[str, str]]] = []
        self.times: list[float] = []
        # Instead of an answer: called with the handler, which it uses as it likes.
        self.misbehave: Callable[[BaseHTTPRequestHandler], None] | None = None
        self.known = list(KNOWN)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )
        self._thread.start()

    @property
    def setting(self) -> str:
        """For CIVICMAP_GEOCODER, as Nominatim."""
        return f"nominatim+{self.address}"

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
                server.asked.append((parts.path, asked, dict(self.headers.items())))
                server.times.append(time.monotonic())
                if server.misbehave:
                    server.misbehave(self)
                    return
                answers = {
                    "/search": server.nominatim_search,
                    "/reverse": server.reverse,
                    "/api": server.photon_search,
                }
                answer_json(self, answers[parts.path](asked))

            def log_message(self, *_: object) -> None:
                pass

            def handle(self) -> None:
                # Whoever has heard enough hangs up on us.
                with suppress(ConnectionError):
                    super().handle()

        return Handler

    def nominatim_search(self, asked: dict[str, str]) -> object:
        """github.com/osm-search/Nominatim, docs/api/Search.md and Output.md, format jsonv2."""
        assert asked["format"] == "jsonv2"
        return [nominatim_place(*place) for place in self._matching(asked["q"])]

    def photon_search(self, asked: dict[str, str]) -> object:
        """github.com/komoot/photon, docs/api-v1.md."""
        return {
            "type": "FeatureCollection",
            "features": [photon_feature(*place) for place in self._matching(asked["q"])],
        }

    def reverse(self, asked: dict[str, str]) -> object:
        """Both call it so; Photon asks in kilometres, Nominatim for a zoom."""
        lat, lon = float(asked["lat"]), float(asked["lon"])
        by_distance = sorted(self.known, key=lambda k: (k[3] - lat) ** 2 + (k[4] - lon) ** 2)
        if "radius" in asked:
            return {
                "type": "FeatureCollection",
                "features": [photon_feature(*place) for place in by_distance[:1]],
            }
        if not by_distance:
            return {"error": "Unable to geocode"}
        return nominatim_place(*by_distance[0])

    def _matching(self, words: str) -> list[tuple[str, str, str, float, float]]:
        wanted = words.lower().split()
        return [
            known
            for known in self.known
            if all(word in f"{known[0]} {known[1]}".lower() for word in wanted)
        ]


def nominatim_place(
    street: str, number: str, district: str, lat: float, lon: float
) -> dict[str, Any]:
    return {
        "place_id": 134140761,
        "licence": "Data © OpenStreetMap contributors, ODbL 1.0. http://osm.org/copyright",
        "osm_type": "node" if number else "way",
        "osm_id": 280940520,
        "lat": str(lat),
        "lon": str(lon),
        "category": "place" if number else "highway",
        "type": "house" if number else "residential",
        "place_rank": 30 if number else 26,
        "importance": 0.00001,
        "addresstype": "place" if number else "road",
        "name": "" if number else street,
        "display_name": f"{number}, {street}, {district}, Poznań, wielkopolskie, Polska",
        "address": {
            **({"house_number": number} if number else {}),
            "road": street,
            "suburb": district,
            "city": "Poznań",
            "state": "województwo wielkopolskie",
            "postcode": "60-843",
            "country": "Polska",
            "country_code": "pl",
        },
        "boundingbox": [str(lat - 0.001), str(lat + 0.001), str(lon - 0.001), str(lon + 0.001)],
    }


def photon_feature(
    street: str, number: str, district: str, lat: float, lon: float
) -> dict[str, Any]:
    named = {"housenumber": number, "street": street} if number else {"name": street}
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
        "properties": {
            **named,
            "type": "house" if number else "street",
            "osm_key": "place" if number else "highway",
            "osm_value": "house" if number else "residential",
            "osm_type": "N",
            "osm_id": 240109189,
            "district": district,
            "city": "Poznań",
            "country": "Polska",
            "countrycode": "PL",
            "postcode": "60-843",
        },
    }


def answer_json(handler: BaseHTTPRequestHandler, answer: object) -> None:
    answer_bytes(handler, json.dumps(answer).encode())


def answer_bytes(
    handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str
) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)
