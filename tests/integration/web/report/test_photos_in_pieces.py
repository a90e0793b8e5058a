"""Photos that arrive in pieces: they go on after a break, and nobody can misuse the way."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.media.models import Photo
from civicmap.domain.media.uploads import LARGEST_PIECE, Uploads
from civicmap.foundation.clock import now
from tests.unit.media.samples import plain

NAME = "a2b3c4d5e6f7a2b3c4d5e6f7ab"
PHOTO = plain("JPEG")


class Device:
    """A phone that sends a photo in pieces."""

    def __init__(self, client: FlaskClient, name: str = NAME) -> None:
        self.client = client
        self.address = f"/photos/uploads/{name}"
        self.name = name
        told = client.get("/form-token").json
        assert told is not None
        self.token = {"X-CSRFToken": told["csrf_token"]}

    def begin(self, length: object = len(PHOTO), **headers: str) -> TestResponse:
        said = {"Upload-Name": self.name, "Upload-Length": str(length), **headers}
        return self.client.post("/photos/uploads", headers={**self.token, **said})

    def add(self, offset: object, piece: bytes, kind: str = "offset+octet-stream") -> TestResponse:
        return self.client.patch(
            self.address,
            data=piece,
            content_type=f"application/{kind}",
            headers={**self.token, "Upload-Offset": str(offset)},
        )

    def so_far(self) -> TestResponse:
        return self.client.head(self.address)

    def finish(self) -> TestResponse:
        return self.client.post(f"{self.address}/finish", headers=self.token)


@pytest.fixture
def uploads(app: Flask) -> Iterator[Uploads]:
    found: Uploads = app.extensions["photo_uploads"]
    yield found
    found.sweep(now() + timedelta(days=1))


@pytest.fixture
def device(client: FlaskClient, city: City, uploads: Uploads) -> Device:
    return Device(client)


def test_zofias_photo_goes_on_where_it_broke_off_and_counts_once(
    device: Device, app: Flask, session: Session
) -> None:
    assert device.begin().status_code == 201
    assert device.add(0, PHOTO[:500]).headers["Upload-Offset"] == "500"
    # The answer to the second piece got lost: it comes again, and is told where to go on.
    assert device.add(500, PHOTO[500:600]).status_code == 204
    again = device.add(500, PHOTO[500:600])
    assert (again.status_code, again.headers["Upload-Offset"]) == (409, "600")
    # Another process of the same host, after a restart, knows as much.
    app.extensions["photo_uploads"] = Uploads(app.extensions["photo_uploads"].root)
    so_far = device.so_far()
    assert so_far.headers["Upload-Offset"] == "600"
    assert so_far.headers["Upload-Length"] == str(len(PHOTO))
    assert device.begin().json == {"offset": 600}
    assert device.finish().status_code == 409
    assert device.add(600, PHOTO[600:]).status_code == 204
    first, second = device.finish(), device.finish()
    assert first.status_code == second.status_code == 201
    assert first.json == second.json and first.json is not None
    assert session.scalar(select(func.count()).select_from(Photo)) == 1
    # Begun once more by the same name it is complete, not new.
    assert device.begin().json == {"offset": len(PHOTO)}
    with device.client.get(f"/photos/{first.json['key']}-list.webp") as picture:
        assert picture.status_code == 200


def test_what_is_no_photo_is_refused_in_words_and_forgotten(device: Device) -> None:
    device.begin(20)
    device.add(0, b"%PDF-1.7 a long bill")
    refused = device.finish()
    assert refused.status_code == 400
    assert refused.json is not None and "PDF files cannot be taken" in refused.json["error"]
    assert device.so_far().status_code == 404


def test_given_up_it_is_gone(device: Device) -> None:
    device.begin()
    assert device.client.delete(device.address, headers=device.token).status_code == 204
    assert device.so_far().status_code == 404
    assert device.client.delete(device.address, headers=device.token).status_code == 404


@pytest.mark.parametrize("length", ["", "-1", "0", "1e3", "15000001", "9" * 30, "٣"])
def test_an_impossible_length_is_refused(device: Device, length: str) -> None:
    answer = device.begin(length.encode().decode("latin-1"))
    assert answer.status_code == 400
    assert answer.json is not None and answer.json["error"]
    assert device.so_far().status_code == 404


@pytest.mark.parametrize("name", ["", "a", "../../secret", "A" * 26, "a" * 25 + "\xe9", "a" * 27])
def test_a_strange_name_leads_nowhere(device: Device, uploads: Uploads, name: str) -> None:
    device.name = name
    assert device.begin().status_code == 404
    assert not uploads.root.exists() or list(uploads.root.iterdir()) == []


def test_hostile_pieces_are_refused_and_change_nothing(device: Device) -> None:
    device.begin()
    refused = {
        "wrong kind": (device.add(0, b"x", "json"), 415),
        "no offset": (device.add("", b"x"), 400),
        "a hole": (device.add(7, b"x"), 409),
        "more than announced": (device.add(0, b"x" * (len(PHOTO) + 1)), 400),
        "too large a piece": (device.add(0, b"x" * (LARGEST_PIECE + 1)), 400),
        "far too large a piece": (device.add(0, b"x" * 3_000_000), 413),
        "another length": (device.begin(5), 409),
        "nobody's": (Device(device.client, "b" * 26).add(0, b"x"), 404),
    }
    assert {name: answer.status_code for name, (answer, _) in refused.items()} == {
        name: status_code for name, (_, status_code) in refused.items()
    }
    assert all((answer.json or {}).get("error") for answer, _ in refused.values())
    assert device.so_far().headers["Upload-Offset"] == "0"
    device.token = {}
    assert device.add(0, b"x").status_code == 400  # no other site can send for this browser


def test_the_disk_does_not_fill_with_photos_that_never_come(
    device: Device, app: Flask, uploads: Uploads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(app.extensions["civicmap"]), "uploads_room", 40_000)
    other = Device(device.client, "b" * 26)
    assert other.begin(30_000).status_code == 201
    assert device.begin(30_000).status_code == 201
    assert device.add(0, b"x" * 25_000).status_code == 204
    for busy in (other.add(0, b"x" * 25_000), Device(device.client, "c" * 26).begin(30_000)):
        assert busy.status_code == 429
        assert busy.json is not None and "Very many photos" in busy.json["error"]
    assert device.begin(30_000).status_code == 200  # one that was begun may go on
    long_ago = (now() - timedelta(hours=13)).timestamp()
    os.utime(uploads.root / NAME, (long_ago, long_ago))
    assert uploads.sweep() == 1
    assert other.add(0, b"x" * 25_000).status_code == 204


def test_empty_announcements_shut_nobody_out(
    device: Device, app: Flask, uploads: Uploads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(app.extensions["civicmap"]), "uploads_room", 40_000)
    for letter in "bcdef":
        assert Device(device.client, letter * 26).begin(30_000).status_code == 201
    assert device.begin().status_code == 201
    assert device.add(0, PHOTO).status_code == 204
    assert device.finish().status_code == 201


def test_an_upload_whose_begin_was_killed_can_be_begun_again(
    device: Device, uploads: Uploads
) -> None:
    uploads.root.mkdir(parents=True, exist_ok=True)
    (uploads.root / NAME).touch()
    assert device.begin().status_code == 201
    assert device.add(0, PHOTO).status_code == 204
    assert device.finish().status_code == 201
