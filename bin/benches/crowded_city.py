"""A city with many reports, made in SQL in seconds, for the measurements."""

from __future__ import annotations

import os
import tempfile

from flask import Flask
from sqlalchemy import text

from civicmap import create_app
from civicmap.config import CHECKOUT, Settings
from civicmap.domain.categories.actions import sync_categories
from civicmap.domain.categories.seed_file import parse_seed_file
from civicmap.domain.departments.actions import DepartmentCard, add_department
from civicmap.domain.jurisdictions.actions.add_city import NewCity, add_city
from civicmap.domain.jurisdictions.boundary_file import read_city_shape
from civicmap.domain.jurisdictions.queries import City
from civicmap.extensions import db, limiter
from civicmap.foundation.geo import Box, Point, morton
from civicmap.foundation.migrations import migrate
from civicmap.foundation.transaction import transaction

# Half of the reports crowd around these places of the demo city: latitude, longitude.
HOT_SPOTS = [Point(52.408, 16.934), Point(52.396, 16.900), Point(52.383, 16.962)]


def make_app() -> Flask:
    """The application on the empty database that bin/bench made, migrated."""
    settings = Settings(
        database_url=os.environ["CIVICMAP_BENCH_DATABASE_URL"],
        state=tempfile.mkdtemp(prefix="civicmap-bench-"),
        log_level="ERROR",
    )
    app = create_app(settings)
    limiter.enabled = False
    with app.app_context():
        migrate(db.engine)
    return app


def make_city(reports: int) -> City:
    """Poznań as the demo draws it, with this many reports over two years, in all statuses."""
    with transaction(db.session) as session:
        seed = parse_seed_file((CHECKOUT / "seed_categories.yaml").read_bytes())
        sync_categories(session, seed=seed)
        drawn = CHECKOUT / "civicmap" / "cli" / "demo" / "poznan.geojson"
        city = add_city(
            session,
            city=NewCity(
                names={"en": "Poznań", "pl": "Poznań"},
                country="PL",
                time_zone="Europe/Warsaw",
                languages=["pl", "en"],
                shape=read_city_shape(drawn.read_bytes()),
            ),
        )
        for department in seed.departments:
            if department.code != "triage":
                add_department(
                    session,
                    jurisdiction_id=city.id,
                    code=department.code,
                    card=DepartmentCard(names=department.names),
                )
    if reports:
        fill(city, reports)
    return city


def fill(city: City, reports: int) -> None:
    """Insert reports with an event each. Morton codes come from Python, a grid of 4,000 places."""
    places = _places(city.box)
    with transaction(db.session) as session:
        session.execute(
            text("CREATE TEMP TABLE places (place int, lat float8, lon float8, code int8)")
        )
        session.execute(
            text("INSERT INTO places VALUES (:n, :lat, :lon, :code)"),
            [
                {"n": n, "lat": point.latitude, "lon": point.longitude, "code": morton(point)}
                for n, point in enumerate(places)
            ],
        )
        session.execute(
            text("""
            INSERT INTO reports (jurisdiction_id, number, category_id, department_id, area_id,
                status, visibility, kind, channel, words, language, point, morton, address,
                placed_by, routing_reason, supporter_count, created_at, updated_at, status_since,
                department_since, fix_by, closed_at, version)
            SELECT :city, 'PO-' || left(w.six, 4) || '-' || right(w.six, 2), c.id, d.id,
                (SELECT min(id) FROM areas), s.status, 'public', 'problem', 'web',
                'Dziura w jezdni przy torach, auta ją omijają.', 'pl',
                ST_SetSRID(ST_MakePoint(p.lon, p.lat), 4326), p.code, 'ul. Dąbrowskiego ' || n % 90,
                'pin', '{}', 0, t.at, t.at, t.at, t.at, t.at + interval '14 days',
                CASE WHEN s.status IN ('fixed', 'wont_fix') THEN t.at + interval '5 days' END, 1
            FROM generate_series(1::bigint, :reports) AS n
            JOIN LATERAL (SELECT translate(lpad(to_hex(n), 6, '0'), '01589abcdef', 'ZYXWTARQPNM')
                AS six) AS w ON true
            JOIN places p ON p.place = n % (SELECT count(*) FROM places)
            JOIN LATERAL (SELECT now() - interval '730 days' * ((n * 7919) % 100003) / 100003 AS at)
                AS t ON true
            JOIN LATERAL (SELECT (ARRAY['open', 'in_progress', 'fixed', 'fixed', 'fixed', 'fixed',
                'fixed', 'wont_fix'])[1 + n % 8] AS status) AS s ON true
            JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS many
                  FROM categories) AS c ON c.place = n % c.many
            JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS many
                  FROM departments) AS d ON d.place = n % d.many
            """),
            {"city": city.id, "reports": reports},
        )
        session.execute(
            text("""
            INSERT INTO report_events (report_id, at, kind, is_public, actor, words, old, new,
                version)
            SELECT id, created_at, 'reported', true, 'reporter', '', '{}', '{}', 1 FROM reports
            """)
        )
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _places(box: Box) -> list[Point]:
    even = [
        Point(
            box.south + (box.north - box.south) * (0.1 + 0.8 * ((n * 0.618034) % 1)),
            box.west + (box.east - box.west) * (0.1 + 0.8 * ((n * 0.381966 * 1.7) % 1)),
        )
        for n in range(2_000)
    ]
    crowded = [
        Point(
            spot.latitude + 0.008 * ((n * 0.618034) % 1 - 0.5),
            spot.longitude + 0.012 * ((n * 0.754878) % 1 - 0.5),
        )
        for n in range(2_000)
        for spot in [HOT_SPOTS[n % len(HOT_SPOTS)]]
    ]
    return even + crowded


def a_number() -> str:
    return str(db.session.execute(text("SELECT number FROM reports LIMIT 1 OFFSET 5")).scalar())
