"""Sending a report, with and without a photo, against the same rows in bare SQL."""

from __future__ import annotations

import io
import random
from contextlib import closing

from PIL import Image

from benches.crowded_city import make_app, make_city
from benches.measuring import HEADING, caught_statements, row, take_turns
from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.media.actions import keep_photo
from civicmap.domain.media.pipeline import process_photo, warm_up
from civicmap.domain.reports.actions.send_report import send_report
from civicmap.domain.reports.examination import NewReport
from civicmap.extensions import db
from civicmap.foundation.geo import Point
from civicmap.foundation.storage import FileStorage
from civicmap.foundation.transaction import transaction

NAME = "sending"
DESCRIPTION = "creating a report, with and without a photo, against bare SQL [reports there]"

ROUNDS = 60


def run(arguments: list[str]) -> None:
    """Print p50 and p95 of each way, committed to disk; the baseline writes the same tables."""
    reports = int(arguments[0]) if arguments else 20_000
    app = make_app()
    storage: FileStorage = app.extensions["photo_storage"]
    photo = phone_photo()
    warm_up()
    dice = random.Random(7)  # noqa: S311 - the same places every time
    with app.app_context():
        city = make_city(reports)
        with caught_statements(db.engine) as statements:
            send(city, dice)
        writes = sum(sql.lstrip().upper().startswith(("INSERT", "UPDATE")) for sql, _ in statements)
        connection = db.engine.raw_connection()

        def bare() -> None:
            with closing(connection.cursor()) as cursor:
                cursor.execute(BARE, {"city": city.id, "tag": f"{dice.random():.15f}"})
            connection.commit()

        def with_photo() -> None:
            with transaction(db.session):
                key = keep_photo(db.session, storage, photo=process_photo(photo))
            send(city, dice, photos=(key,))

        taken = take_turns(
            {"plain": lambda: send(city, dice), "with a photo": with_photo, "bare": bare}, ROUNDS
        )
    print(f"{reports} reports there, {ROUNDS} rounds, 12 megapixels in {len(photo) / 1e6:.1f} MB")
    print(HEADING)
    print(row("bare SQL, same tables", taken["bare"], taken["bare"]))
    statements_told = f"{len(statements)} SQL, {writes} of them writes"
    print(row("send a report", taken["plain"], taken["bare"], statements_told))
    print(row("upload a photo and send", taken["with a photo"], taken["bare"]))


def send(city: City, dice: random.Random, photos: tuple[str, ...] = ()) -> None:
    with transaction(db.session):
        send_report(
            db.session,
            city=city,
            report=NewReport(
                category="pothole",
                words="Dziura w jezdni przy torach, auta ją omijają.",
                language="pl",
                point=Point(52.40 + dice.random() / 100, 16.92 + dice.random() / 100),
                address="ul. Dąbrowskiego 42",
                photos=photos,
                email="resident@example.org",
                idempotency_key=f"{dice.random():.17f}".replace(".", "-"),
            ),
        )


def phone_photo() -> bytes:
    """A 12-megapixel JPEG with structure and noise."""
    dice = random.Random(12)  # noqa: S311 - the same photo every time
    coarse = Image.frombytes("RGB", (200, 150), dice.randbytes(200 * 150 * 3))
    content = io.BytesIO()
    coarse.resize((4000, 3000), Image.Resampling.BICUBIC).save(content, "JPEG", quality=90)
    return content.getvalue()


BARE = """
WITH report AS (
    INSERT INTO reports (jurisdiction_id, number, category_id, department_id, status, visibility,
        kind, channel, words, language, point, morton, address, placed_by, routing_reason,
        supporter_count, created_at, updated_at, status_since, department_since, version,
        idempotency_key)
    SELECT %(city)s, 'X-' || %(tag)s, (SELECT id FROM categories WHERE key = 'pothole'),
        (SELECT min(id) FROM departments), 'open', 'public', 'problem', 'web',
        'Dziura w jezdni przy torach, auta ją omijają.', 'pl',
        ST_SetSRID(ST_MakePoint(16.92, 52.40), 4326), 1, 'ul. Dąbrowskiego 42', 'pin', '{}', 0,
        now(), now(), now(), now(), 1, 'bare-' || %(tag)s
    RETURNING id, jurisdiction_id
), reporter AS (
    INSERT INTO reporters (report_id, secret, name, email, phone, language)
    SELECT id, 'bare-' || %(tag)s, '', 'resident@example.org', '', 'pl' FROM report
), event AS (
    INSERT INTO report_events (report_id, at, kind, is_public, actor, words, old, new, version)
    SELECT id, now(), 'reported', true, 'reporter', '', '{}', '{}', 1 FROM report
)
INSERT INTO letters (jurisdiction_id, kind, recipient, language, subject, body, created_at, state,
    failure)
SELECT jurisdiction_id, 'bench', 'resident@example.org', 'pl', 'Sent', 'Thank you.', now(), 'kept',
    ''
FROM report
"""
