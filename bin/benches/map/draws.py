"""What places, categories and words are drawn from: rows of the tables in the schema `bench`. Pure.

A draw is a slot of a small table, chosen by some bits of a number made of the report's own: weights
are shares of the slots, and every database of the same cities is drawn alike.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from math import cos, pi, sin, sqrt
from typing import Any

from benches.map.cities import MapCity

CITY_SLOTS, SPOT_SLOTS, SUBJECT_SLOTS = 4096, 512, 2048
HOT_SPOTS, PILES = 60, 48  # of a city

# What is reported most, first; the other categories follow as the seed file has them.
FREQUENT = (
    "pothole", "parking", "flytipping", "streetlight", "dirty_area", "pavement", "vegetation",
    "street_bin", "graffiti", "sign_marking", "abandoned_vehicle", "snow_ice", "clogged_drain",
)  # fmt: skip
# 16 beginnings and 32 names make the 512 streets of a language.
STREETS = {
    "pl": (
        "ul. {}", "al. {}", "pl. {}", "os. {}", "ul. Jana {}", "ul. Adama {}", "ul. Stefana {}",
        "ul. Józefa {}", "ul. Stanisława {}", "ul. Henryka {}", "ul. Andrzeja {}", "rondo {}",
        "ul. Karola {}", "ul. Piotra {}", "skwer {}", "ul. generała {}",
    ),
    "kk": (
        "{} көшесі", "{} даңғылы", "{} тұйығы", "{} шағын ауданы", "Жаңа {} көшесі",
        "Ескі {} көшесі", "Батыс {} көшесі", "Шығыс {} көшесі", "{} алаңы", "{} бульвары",
        "1-ші {} көшесі", "2-ші {} көшесі", "3-ші {} көшесі", "4-ші {} көшесі", "{} жағалауы",
        "Кіші {} көшесі",
    ),
    "ky": (
        "{} көчөсү", "{} проспектиси", "{} туюгу", "{} кичи району", "Жаңы {} көчөсү",
        "Эски {} көчөсү", "Батыш {} көчөсү", "Чыгыш {} көчөсү", "{} аянты", "{} бульвары",
        "1-{} көчөсү", "2-{} көчөсү", "3-{} көчөсү", "4-{} көчөсү", "{} жээги", "Кичи {} көчөсү",
    ),
    "en": (
        "{} Street", "{} Avenue", "{} Square", "{} Lane", "Old {} Street", "New {} Street",
        "Upper {} Street", "Lower {} Street", "{} Road", "{} Boulevard", "East {} Street",
        "West {} Street", "North {} Street", "South {} Street", "{} Embankment", "Little {} Street",
    ),
}  # fmt: skip
_STEPPE = (
    "Абай", "Жамбыл", "Манас", "Токтогул", "Сейфуллин", "Әуезов", "Қабанбай", "Бөгенбай", "Наурыз",
    "Достық", "Тәуелсіздік", "Республика", "Бейбітшілік", "Алатау", "Чүй", "Ала-Тоо", "Каныш",
    "Толе би", "Райымбек", "Желтоқсан", "Сарыарқа", "Көктем", "Гагарин", "Пушкин", "Ысык-Көл",
    "Нарын", "Талас", "Бакай", "Семетей", "Алма", "Кемел", "Самал",
)  # fmt: skip
STREET_NAMES = {
    "pl": (
        "Matejki", "Słowackiego", "Mickiewicza", "Dąbrowskiego", "Głogowskiego", "Kościuszki",
        "Sienkiewicza", "Żeromskiego", "Pułaskiego", "Chłapowskiego", "Wyspiańskiego", "Reja",
        "Krasińskiego", "Lelewela", "Traugutta", "Zamoyskiego", "Potockiego", "Kopernika",
        "Grunwaldzka", "Polna", "Leśna", "Ogrodowa", "Szkolna", "Krótka", "Długa", "Lipowa",
        "Kwiatowa", "Rynkowa", "Wiosenna", "Zielona", "Parkowa", "Słoneczna",
    ),
    "kk": _STEPPE,
    "ky": _STEPPE,
    "en": (
        "Garden", "Market", "Castle", "Church", "Mill", "River", "Bridge", "School", "Station",
        "Park", "Lime", "Oak", "Birch", "Rose", "Baker", "Smith", "Tailor", "Harbour", "Meadow",
        "Forest", "Hill", "Spring", "Sun", "Moon", "Linden", "Maple", "Potter", "Cooper", "Bell",
        "Tower", "Wall", "Well",
    ),
}  # fmt: skip
TAILS = {
    "pl": (
        "Auta ją omijają.", "Tak jest od tygodnia.", "Proszę o pilną naprawę.",
        "Niebezpieczne dla dzieci.", "Zgłaszałem już w zeszłym roku.", "Po deszczu jest gorzej.",
        "Przy przystanku, po prawej stronie.", "Nikt nie reaguje.", "Naprzeciwko szkoły.",
        "Nie da się przejść z wózkiem.", "Wieczorem nic nie widać.", "Obok sklepu spożywczego.",
        "Śmierdzi w całej okolicy.", "Prawie się tu przewróciłam.", "Dziękuję za pomoc!",
        "Przy wejściu do parku.",
    ),
    "kk": (
        "Бір аптадан бері осындай.", "Тезірек жөндеуді сұраймын.", "Балаларға қауіпті.",
        "Былтыр да хабарлағанмын.", "Жаңбырдан кейін тіпті нашар.", "Аялдаманың жанында.",
        "Ешкім көңіл бөлмейді.", "Мектептің қарсысында.", "Арбамен өту мүмкін емес.",
        "Кешке ештеңе көрінбейді.", "Дүкеннің қасында.", "Иісі бүкіл ауланы алды.",
        "Осы жерде құлап қала жаздадым.", "Көмекке рақмет!", "Саябаққа кіреберісте.",
        "Көліктер айналып өтеді.",
    ),
    "ky": (
        "Бир жумадан бери ушундай.", "Тезирээк оңдоп бериңиздер.", "Балдарга коркунучтуу.",
        "Былтыр да кабарлагам.", "Жаандан кийин андан жаман.", "Аялдаманын жанында.",
        "Эч ким көңүл бурбайт.", "Мектептин маңдайында.", "Араба менен өтүүгө болбойт.",
        "Кечинде эч нерсе көрүнбөйт.", "Дүкөндүн жанында.", "Жыты бүт короону алды.",
        "Бул жерден жыгыла жаздадым.", "Жардамыңыздар үчүн рахмат!", "Парктын кире беришинде.",
        "Унаалар айланып өтүп жатат.",
    ),
    "en": (
        "Cars swerve around it.", "It has been like this for a week.", "Please repair it soon.",
        "Dangerous for children.", "I reported this last year.", "Worse after rain.",
        "By the bus stop, on the right.", "Nobody reacts.", "Opposite the school.",
        "No way through with a pram.", "Nothing to be seen at night.", "Next to the grocery.",
        "It smells all over the yard.", "I almost fell here.", "Thank you for your help!",
        "At the entrance to the park.",
    ),
}  # fmt: skip

Row = tuple[Any, ...]

TABLES = """
DROP SCHEMA IF EXISTS bench CASCADE;
CREATE SCHEMA bench;
CREATE TABLE bench.cities (city int PRIMARY KEY, id bigint, prefix text, language text,
    latitude float8, longitude float8, longitude_m float8, radius float8,
    second float8, turned_2 float8, third float8, turned_3 float8, angle float8, hexagon float8);
CREATE TABLE bench.city_draw (slot bigint PRIMARY KEY, city int);
CREATE TABLE bench.spots (city int, slot bigint, x float8, y float8, sigma float8,
    pile_x float8, pile_y float8, PRIMARY KEY (city, slot));
CREATE TABLE bench.hexagons (city int, q bigint, r bigint, area_id bigint, population bigint,
    PRIMARY KEY (city, q, r));
CREATE TABLE bench.subjects (city int, slot bigint, category_id bigint, department_id bigint,
    name text, PRIMARY KEY (city, slot));
CREATE TABLE bench.tails (language text, slot bigint, words text, PRIMARY KEY (language, slot));
CREATE TABLE bench.streets (language text, slot bigint, name text, PRIMARY KEY (language, slot));
CREATE TABLE bench.days (day date PRIMARY KEY, first bigint, last bigint, chunk int);
"""


def street_rows() -> list[Row]:
    """(language, slot, name of a street)."""
    return [
        (language, 32 * n + m, form.format(name))
        for language, forms in STREETS.items()
        for n, form in enumerate(forms)
        for m, name in enumerate(STREET_NAMES[language])
    ]


def drawn_slots(weights: Sequence[float], slots: int) -> list[Row]:
    """(slot, place of the weight): as many slots for each as its weight has of all."""
    until = [round(slots * part / sum(weights)) for part in accumulate(weights)]
    return [
        (slot, place)
        for place, (low, high) in enumerate(zip([0, *until], until, strict=False))
        for slot in range(low, high)
    ]


def spot_rows(place: int, city: MapCity) -> list[Row]:
    """Hot spots by slot: a centre, sub-centres, squares; and exact places that get piles."""
    dice = random.Random(f"{city.slug} spots")  # noqa: S311 - the same spots every time

    def somewhere(spread: float) -> tuple[float, float]:
        reach, at = city.radius * spread * sqrt(dice.random()), 2 * pi * dice.random()
        return reach * cos(at), reach * sin(at)

    spots = [(0.0, 0.0, city.radius * 0.12)]
    spots += [(*somewhere(0.75), city.radius * (0.02 + 0.07 * dice.random())) for _ in range(9)]
    spots += [(*somewhere(0.8), 60 + 240 * dice.random()) for _ in range(HOT_SPOTS - len(spots))]
    piles = [somewhere(0.7) for _ in range(PILES)]
    weights = [1 / (n + 2) ** 0.8 for n in range(HOT_SPOTS)]
    return [
        (place, slot, *spots[spot], *piles[slot % PILES])
        for slot, spot in drawn_slots(weights, SPOT_SLOTS)
    ]


def subject_rows(
    place: int,
    language: str,
    categories: Iterable[tuple[str, int, Mapping[str, str], str]],
    departments: Mapping[str, int],
) -> list[Row]:
    """Category, who answers for it and what it is called, by slot; a few are most of them.

    `categories` are (key, id, names, code of the department that answers).
    """
    ordered = sorted(
        categories, key=lambda one: FREQUENT.index(one[0]) if one[0] in FREQUENT else len(FREQUENT)
    )
    weights = [1 / (n + 2) ** 0.9 for n in range(len(ordered))]
    return [
        (place, slot, ordered[n][1], departments.get(ordered[n][3]), ordered[n][2][language])
        for slot, n in drawn_slots(weights, SUBJECT_SLOTS)
    ]
