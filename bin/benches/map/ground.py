"""What the reports stand on: categories, twenty cities with departments, areas and rules, and the
tables that `reports.py` draws from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Any

from psycopg2.extras import execute_values
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from benches.map.cities import MapCity
from benches.map.draws import (
    CITY_SLOTS,
    TABLES,
    TAILS,
    Row,
    drawn_slots,
    spot_rows,
    street_rows,
    subject_rows,
)
from civicmap.config import CHECKOUT
from civicmap.domain.categories.actions import sync_categories
from civicmap.domain.categories.seed_file import SeedFile, parse_seed_file
from civicmap.domain.departments.actions import DepartmentCard, add_department
from civicmap.domain.jurisdictions.actions.add_city import NewCity, add_city
from civicmap.domain.jurisdictions.boundary_file import read_city_shape
from civicmap.domain.routing.actions import add_rule
from civicmap.foundation.transaction import transaction

# Eight departments a city; rules send them what the others would answer for.
DEPARTMENTS = (
    "roads", "lighting", "traffic", "transport", "cleaning", "greenery", "water", "housing",
)  # fmt: skip
STAND_INS = {
    "drainage": "water",
    "heating": "water",
    "power": "lighting",
    "building_control": "housing",
    "enforcement": "traffic",
    "animals": "cleaning",
    "environment": "greenery",
    "social_access": "roads",
}


def make_ground(engine: Engine, cities: Sequence[MapCity], say: Callable[[str], None]) -> None:
    """Fill a migrated, empty database with everything but reports."""
    seed = parse_seed_file((CHECKOUT / "seed_categories.yaml").read_bytes())
    with Session(engine) as session:
        with transaction(session):
            sync_categories(session, seed=seed)
        for number, city in enumerate(cities, 1):
            with transaction(session):
                add_map_city(session, city, seed)
            say(f"city {number} of {len(cities)}: {city.name}, {len(city.areas)} areas")
        tables: dict[str, list[Row]] = {
            "city_draw": drawn_slots([city.population**0.9 for city in cities], CITY_SLOTS),
            "tails": [
                (language, slot, words)
                for language, all_words in TAILS.items()
                for slot, words in enumerate(all_words)
            ],
            "streets": street_rows(),
        }
        for place, city in enumerate(cities):
            for name, rows in rows_of(session, place, city).items():
                tables.setdefault(name, []).extend(rows)
    connection = engine.raw_connection()
    with closing(connection.cursor()) as cursor:
        cursor.execute(TABLES)
        for name, rows in tables.items():
            insert = f"INSERT INTO bench.{name} VALUES %s"  # noqa: S608 - names from here
            execute_values(cursor, insert, rows, page_size=5_000)
    connection.commit()
    connection.close()


def add_map_city(session: Session, city: MapCity, seed: SeedFile) -> None:
    """A jurisdiction with its areas, eight departments and the rules that leave nobody out."""
    added = add_city(
        session,
        city=NewCity(
            names={city.languages[0]: city.name},
            country=city.country,
            time_zone=city.time_zone,
            languages=city.languages,
            shape=read_city_shape(city.geojson()),
            slug=city.slug,
        ),
    )
    for department in seed.departments:
        if department.code in DEPARTMENTS:
            add_department(
                session,
                jurisdiction_id=added.id,
                code=department.code,
                card=DepartmentCard(names=department.names),
            )
    for category in seed.categories:
        if category.department in STAND_INS:
            add_rule(
                session,
                jurisdiction_id=added.id,
                department=STAND_INS[category.department],
                category=category.id,
            )


def rows_of(session: Session, place: int, city: MapCity) -> dict[str, list[Row]]:
    """What the draws need of one city, by table."""

    def asked(sql: str, **values: Any) -> list[Any]:
        return [tuple(row) for row in session.execute(text(sql), values)]

    ((id_, prefix),) = asked(
        "SELECT id, number_prefix FROM jurisdictions WHERE slug = :slug", slug=city.slug
    )
    areas: dict[str, int] = dict(
        asked("SELECT name, id FROM areas WHERE jurisdiction_id = :id", id=id_)
    )
    departments = dict(
        asked("SELECT code, id FROM departments WHERE jurisdiction_id = :id", id=id_)
    )
    people = city.people()
    return {
        "cities": [
            (
                place, id_, prefix, city.languages[0], city.latitude, city.longitude,
                city.longitude_m, city.radius, *city.bulges, city.angle, city.hexagon,
            )
        ],
        "spots": spot_rows(place, city),
        "hexagons": [
            (place, *at, areas[city.area_name(number)], people[at])
            for number, at in enumerate(city.areas, 1)
        ],
        "subjects": subject_rows(
            place,
            city.languages[0],
            [
                (key, category, names, STAND_INS.get(answering, answering))
                for key, category, names, answering in asked(
                    "SELECT key, id, names, default_department FROM categories ORDER BY id"
                )
            ],
            departments,
        ),
    }  # fmt: skip
