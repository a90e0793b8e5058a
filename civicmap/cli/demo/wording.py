"""Turns a story into one person's words about one place."""

from __future__ import annotations

from random import Random

from civicmap.cli.demo.story import Answers, Street


def house_number(chance: Random, street: Street) -> int | None:
    """A number on the street, on the side its first number lies on or the other."""
    if street.numbers is None:
        return None
    return chance.randint(*street.numbers)


def place(chance: Random, street: Street, number: int | None) -> tuple[float, float]:
    """Latitude, longitude (EPSG:4326, degrees) of a house number, or of any spot on the street."""
    if street.numbers is None or number is None:
        share = chance.random()
    else:
        first, last = street.numbers
        share = (number - first) / max(1, last - first)
    wobble = 0.00012 if street.kind != "estate" else 0.0004
    latitude = street.start[0] + share * (street.end[0] - street.start[0])
    longitude = street.start[1] + share * (street.end[1] - street.start[1])
    return (
        round(latitude + chance.uniform(-wobble, wobble), 6),
        round(longitude + chance.uniform(-wobble, wobble), 6),
    )


def address(street: Street, number: int | None) -> str:
    return street.name if number is None else f"{street.name} {number}"


def fill(chance: Random, text: str, answers: Answers, number: int | None) -> str:
    """Puts the place and the time into a sentence written with slots."""
    for slot, choices in answers.slots.items():
        mark = "{" + slot + "}"
        while mark in text:
            before, after = text.split(mark, 1)
            choice = chance.choice(choices)
            if not before or before.endswith((". ", "! ", "? ")):
                choice = choice[0].upper() + choice[1:]
            text = before + choice + after
    return text.replace("{number}", str(number))


def in_a_voice(chance: Random, text: str, answers: Answers, *, sure: bool = False) -> str:
    """Adds the greeting or the sigh that a person may put around the facts.

    `sure` adds something in any case, for telling apart two reports of one wording.
    """
    hurried = text[0].islower() or not text.endswith((".", "!", "?"))
    greets = not hurried and chance.random() < 0.22
    closes = chance.random() < (0.12 if hurried else 0.3)
    if sure:
        closes = True
    if greets:
        text = f"{chance.choice(answers.openings)} {text}"
    if closes:
        text = f"{text}{'' if text.endswith(('.', '!', '?')) else '.'} "
        text += chance.choice(answers.closings)
    return text
