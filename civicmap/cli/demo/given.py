"""What the demo's residents answered to the questions of a category, as far as their words tell."""

from __future__ import annotations

import re
from random import Random

# Category, question, what the words must speak of, what was answered. The first that fits a
# question is taken; "#" stands for a digit.
_GIVEN: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("pothole", "pothole_size", r"ser szwajcarski|Zapadł|Велика|zostały same", ("lane",)),
    ("pothole", "pothole_size", r"", ("wheel",)),
    ("pothole", "pothole_depth", r"10 cm|[Dd]eep|Велика|torowisko", ("very_deep",)),
    ("pothole", "pothole_depth", r"", ("deep",)),
    ("manhole", "manhole_state", r"[Bb]rak", ("missing",)),
    ("manhole", "manhole_state", r"stuka|rusza", ("loose",)),
    ("manhole", "manhole_state", r"pęknięt|zapad", ("broken",)),
    ("streetlight", "lamp_number", r"latarni|lamp", ("####/##",)),
    ("streetlight", "lamps_dark", r"[Tt]rzy latarnie", ("3",)),
    ("streetlight", "lamps_dark", r"wisi|cały dzień|aleja", ()),
    ("streetlight", "lamps_dark", r"lampa|Ліхтар", ("1",)),
    ("abandoned_vehicle", "vehicle_colour", r"[Ss]rebrny opel", ("srebrny opel",)),
    ("abandoned_vehicle", "vehicle_colour", r"[Dd]ostawczak", ("biały dostawczak",)),
    ("abandoned_vehicle", "vehicle_since", r"od zimy|miesi", ("months",)),
    ("abandoned_vehicle", "vehicle_state", r"bez kół", ("tyres",)),
    ("tree_danger", "tree_state", r"leży|[Pp]owalone", ("fallen",)),
    ("tree_danger", "tree_state", r"gałęzi|konar", ("branch",)),
    ("tree_danger", "tree_blocks", r"chodniku", ("pavement",)),
    ("tree_danger", "tree_blocks", r"alejk|jezdni", ("road",)),
    ("water_leak", "leak_strength", r"bije|tryska", ("gushes",)),
    ("water_leak", "leak_strength", r"asfalt", ("runs",)),
    ("house_common", "house_what", r"[Ww]ind", ("lift",)),
    ("house_common", "house_what", r"[Bb]rama|drzwi|domofon", ("door",)),
    ("house_common", "house_entrance", r"", ("klatka #",)),
    ("gas_smell", "gas_now", r"", ("no",)),
    ("air_noise", "nuisance_what", r"dym|komin", ("smoke",)),
    ("air_noise", "nuisance_what", r"hałas|wyje|muzyk|huk|noise|głośn", ("noise",)),
    ("air_noise", "nuisance_what", r"", ("smell",)),
    ("air_noise", "nuisance_when", r"noc", ("night",)),
    ("air_noise", "nuisance_when", r"po 19|wiecz", ("evening",)),
)


def given_for(category: str, words: str, *, seed: str) -> dict[str, tuple[str, ...]]:
    """Answers by the question's code; always the same for one `seed`."""
    chance = Random(seed)
    given: dict[str, tuple[str, ...]] = {}
    for of, code, pattern, values in _GIVEN:
        if of == category and code not in given and re.search(pattern, words):
            given[code] = tuple(
                re.sub("#", lambda _: str(chance.randint(1, 9)), value) for value in values
            )
    return given
