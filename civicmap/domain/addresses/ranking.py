"""Which of the streets that were found stands first. Pure.

First how well the name fits what was typed: the whole name, its beginning, beginnings of its words,
something spelt alike. Then how it was read, what kind of street was said, and how many houses it
has: with equal names the larger street is the likelier one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from math import log10

from civicmap.domain.addresses.spelling import Reading, leading_number
from civicmap.foundation.geo import Point

WHOLE, BEGINNING, WORDS, ALIKE = range(4)


@dataclass(frozen=True)
class Candidate:
    """A street found by one of its spellings (`key`, made from `said`). Once it is ranked, `number`
    is the house that was asked for, `fit` one of WHOLE to ALIKE, and `likeness` (0 to 1) how much
    of what was typed the name has."""

    street_id: int
    key: str
    said: str
    kind: str
    kind_of_way: str
    name: str
    known_as: frozenset[str]
    house_count: int
    middle: Point
    area: str
    number: str = field(default="")
    fit: int = field(default=ALIKE)
    likeness: float = field(default=1.0)


@dataclass(frozen=True)
class House:
    number: str
    key: str
    point: Point
    area: str


def rank(candidates: Iterable[Candidate], readings: Sequence[Reading]) -> list[Candidate]:
    """Each street once, the best first, with the number of the reading that it fits best."""
    best: dict[int, tuple[tuple[float, ...], Candidate]] = {}
    for candidate in candidates:
        for order, reading in enumerate(readings):
            weight = _weight(candidate, reading, order)
            known = best.get(candidate.street_id)
            if known is None or weight < known[0]:
                ranked = replace(
                    candidate, number=reading.number, fit=int(weight[0]), likeness=1 - weight[1]
                )
                best[candidate.street_id] = weight, ranked
    ordered = sorted(best.values(), key=lambda pair: (pair[0], pair[1].name, pair[1].street_id))
    return [candidate for _, candidate in ordered]


def is_written_out(candidate: Candidate, readings: Sequence[Reading]) -> bool:
    """Whether the name has every word of a reading whole: "przy" is not Przybyszewskiego."""
    words = set(candidate.key.split())
    return any(
        set(spelling.split()) <= words
        for reading in readings
        if reading.number == candidate.number
        for spelling in reading.spellings
    )


def _weight(candidate: Candidate, reading: Reading, order: int) -> tuple[float, ...]:
    fit, unlikeness = min(_fit(candidate.key, spelling) for spelling in reading.spellings)
    said, is_called = reading.kind, candidate.kind_of_way or "street"
    is_other_kind = bool(said) and said != is_called
    is_old_name = candidate.said not in candidate.known_as
    return (
        fit,
        unlikeness,
        order,
        is_other_kind,
        is_old_name,
        candidate.kind == "place",
        -log10(1 + candidate.house_count),
    )


def _fit(key: str, spelling: str) -> tuple[int, float]:
    if key == spelling:
        return WHOLE, 0
    if key.startswith(spelling):
        return BEGINNING, 0
    words = key.split()
    if all(any(word.startswith(part) for word in words) for part in spelling.split()):
        return WORDS, 0
    return ALIKE, round(1 - _likeness(key, spelling), 3)


def _likeness(key: str, spelling: str) -> float:
    """Share of the trigrams of `spelling` that its likest words of `key` have: 0 to 1."""
    wanted = _trigrams(spelling)
    return len(wanted & _trigrams(key)) / len(wanted) if wanted else 0.0


def _trigrams(text: str) -> set[str]:
    return {
        padded[place : place + 3]
        for word in text.split()
        for padded in [f"  {word} "]
        for place in range(len(padded) - 2)
    }


def arrange_houses(houses: Sequence[House], number: str) -> tuple[list[House], bool]:
    """The houses to offer for a number, and whether they are what was asked for: the number itself,
    then with letters (42a), then those it is the beginning of (420); else the closest."""
    if not number or not houses:
        return [], True
    once = list({house.key: house for house in reversed(houses)}.values())[::-1]
    whole = leading_number(number)

    def distance(house: House) -> tuple[object, ...]:
        return (
            house.key != number,
            leading_number(house.key) != whole,
            leading_number(house.key),
            len(house.key),
            house.key,
        )

    ordered = sorted(once, key=distance)
    return ordered, ordered[0].key.startswith(number)
