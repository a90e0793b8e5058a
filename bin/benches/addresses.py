"""The search for streets and houses, and the address of a point, against their bare SQL."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from itertools import cycle

from benches.crowded_city import make_app, make_city
from benches.measuring import (
    HEADING,
    Way,
    caught_statements,
    percentile,
    played_back,
    row,
    take_turns,
)
from civicmap.domain.addresses.actions.import_addresses import import_addresses
from civicmap.domain.addresses.queries.nearest import find_nearest_address
from civicmap.domain.addresses.queries.search import search_places
from civicmap.domain.addresses.rows import HouseRow, Row, StreetRow
from civicmap.domain.jurisdictions.queries import City
from civicmap.extensions import db
from civicmap.foundation.geo import Box, Point
from civicmap.foundation.transaction import transaction

NAME = "addresses"
DESCRIPTION = "address search and nearest address against bare SQL [houses, default 200000]"

ROUNDS = 200
HOUSES_A_STREET = 50

# What streets are called after, in Poland, Kazakhstan and Kyrgyzstan alike: a person or a thing.
PERSONS = [
    "Dąbrow",
    "Głogow",
    "Szamarzew",
    "Kościusz",
    "Sienkiewi",
    "Mickiewi",
    "Słowac",
    "Żerom",
    "Pułas",
    "Chłapow",
    "Grunwal",
    "Matej",
    "Wyspiań",
    "Konopni",
    "Orzeszk",
    "Krasiń",
    "Lelewe",
    "Traugut",
    "Zamojs",
    "Potoc",
    "Абай",
    "Жамбыл",
    "Манас",
    "Токтогул",
    "Ленин",
    "Гагарин",
    "Пушкин",
    "Горьк",
    "Ауэзов",
    "Сейфуллин",
    "Қабанбай",
    "Бөгенбай",
    "Өмүрали",
    "Үсөн",
    "Шевченк",
    "Толсто",
]
ENDINGS = [
    "skiego",
    "ego",
    "owa",
    "icza",
    "na",
    "wicka",
    "ская",
    "а",
    "ова",
    "көшесі",
    "ич",
    "ного",
    "ин",
]
FIRST = [
    "Jana",
    "Adama",
    "Marii",
    "Stefana",
    "Henryka",
    "generała",
    "świętego",
    "Алии",
    "Семёна",
    "Ивана",
    "академика",
]
KINDS = ["ul.", "ul.", "ul.", "al.", "pl.", "os.", "улица", "проспект", ""]


def run(arguments: list[str]) -> None:
    """Print p50, p95 and the multiple of bare SQL of each question, in milliseconds."""
    houses = int(arguments[0]) if arguments else 200_000
    app = make_app()
    with app.app_context():
        city = make_city(0)
        streets = list(name_streets(houses // HOUSES_A_STREET))
        begun = time.perf_counter()
        with transaction(db.session):
            done = import_addresses(
                db.session,
                city=city,
                rows=rows(streets, city.box),
                source="bench",
                credit="",
                on_step=lambda step: print(f"{time.perf_counter() - begun:6.1f} s  {step}"),
            )
        taken = time.perf_counter() - begun
        print(f"{done.houses} houses on {done.streets} streets imported in {taken:.1f} s")
        print(f"{ROUNDS} rounds of different questions each")
        print(HEADING + "  SQL")
        for name, questions in questions_about(streets).items():
            measure(city, name, [lambda q=q: search_places(db.session, city, q) for q in questions])  # type: ignore[misc]
        dice = random.Random(5)  # noqa: S311 - the same places every time
        points = [inside(city.box, dice) for _ in range(40)]
        nearest: list[Way] = [
            lambda point=point: find_nearest_address(db.session, city, point)  # type: ignore[misc]
            for point in points
        ]
        measure(city, "nearest address", nearest)


def measure(city: City, name: str, ways: list[Way]) -> None:
    """Run the ways one after the other, each in turn with its own statements played back."""
    times: dict[str, list[float]] = {"ours": [], "bare": []}
    statements_told = 0
    turns = cycle(ways)
    for _ in range(min(len(ways), 40)):
        way = next(turns)
        with caught_statements(db.engine) as statements:
            way()
        statements_told = max(statements_told, len(statements))
        taken = take_turns(
            {"ours": way, "bare": played_back(db.engine, list(statements))}, ROUNDS // 40
        )
        for kind, some in taken.items():
            times[kind] += some
    print(row(name, times["ours"], times["bare"], f"{statements_told:3d}"))
    assert percentile(times["ours"], 0.5) > 0  # noqa: S101 - something was measured


def name_streets(count: int) -> Iterator[str]:
    """Different names, in a fixed order, as uneven in length as real ones."""
    dice = random.Random(3)  # noqa: S311
    seen: set[str] = set()
    while len(seen) < count:
        words = [dice.choice(KINDS), dice.choice(PERSONS) + dice.choice(ENDINGS)]
        if dice.random() < 0.5:
            words.insert(1, dice.choice(FIRST))
        if dice.random() < 0.4:
            words.append(dice.choice(PERSONS) + dice.choice(ENDINGS))
        name = " ".join(filter(None, words))
        if name not in seen:
            seen.add(name)
            yield name


def rows(streets: list[str], box: Box) -> Iterator[Row]:
    """Every street as a line of 600 m with a house every 12 m."""
    dice = random.Random(4)  # noqa: S311
    for name in streets:
        start = inside(box, dice)
        east, north = dice.choice([(0.00018, 0.0), (0.0, 0.00011), (0.00013, 0.00008)])
        line = tuple(
            (start.longitude + east * n, start.latitude + north * n)
            for n in range(0, HOUSES_A_STREET, 10)
        )
        yield StreetRow("way", name, "street", (line,))
        for number in range(1, HOUSES_A_STREET + 1):
            letter = "a" if number % 17 == 0 else ""
            side = 0.0001 if number % 2 else -0.0001
            yield HouseRow(
                "line",
                name,
                f"{number}{letter}",
                Point(
                    start.latitude + north * number + side, start.longitude + east * number + side
                ),
                "60-843",
            )


def inside(box: Box, dice: random.Random) -> Point:
    """A point in the middle half of a box: inside the city, with room for a street."""
    return Point(
        box.south + (box.north - box.south) * (0.3 + 0.4 * dice.random()),
        box.west + (box.east - box.west) * (0.3 + 0.4 * dice.random()),
    )


def questions_about(streets: list[str]) -> dict[str, list[str]]:
    """What people type about forty of the streets."""
    dice = random.Random(6)  # noqa: S311
    chosen = dice.sample(streets, 40)
    words = [max(name.split(), key=len) for name in chosen]
    return {
        "three letters": [word[:3] for word in words],
        "six letters": [word[:6] for word in words],
        "a whole name": chosen,
        "a name and a number": [f"{name} 3{n % 10}" for n, name in enumerate(chosen)],
        "two letters swapped": [
            f"{word[:3]}{word[4]}{word[3]}{word[5:]}" if len(word) > 5 else f"{word}zz"
            for word in words
        ],
        "nothing like it": [f"zzyx{n}qvw" for n in range(40)],
    }
