"""Which picture fits which words: a photo that shows something else is worse than none."""

from __future__ import annotations

import re

# Category, what the words must speak of, the scene. The first that fits is taken; a category that
# is not here at all is always shown by the scene of its own name.
_SIGHTS: tuple[tuple[str, str, str], ...] = (
    ("pavement", r"schodki|krawężnik", ""),
    ("pavement", r"", "pavement"),
    ("cycle_path", r"korzeni|garb", "cycle_path"),
    ("manhole", r"brak pokrywy|pęknięta", "manhole"),
    ("barriers", r"barierk|przęsł", "barriers"),
    ("bridge_stairs", r"stopni|schod", "bridge_stairs"),
    ("works_restoration", r"kostk|piask|przekop", "works_restoration"),
    ("impassable_path", r"błoto|gałęzi|pokrzyw|kolein", "impassable_path"),
    ("snow_ice", r"przystank|peron", ""),
    ("snow_ice", r"", "snow_ice"),
    ("streetlight", r"wisi|przewrócona", "lamp_hanging"),
    ("streetlight", r"cały dzień|mruga", ""),
    ("streetlight", r"", "streetlight"),
    ("traffic_signal", r"przepalone|migają|obrócony", "traffic_signal"),
    ("sign_marking", r"pasy|przejście|strzałki", "worn_crossing"),
    ("sign_marking", r"nazw", "street_name"),
    ("sign_marking", r"znak", "sign_marking"),
    ("dangerous_spot", r"zaparkowan|parkują", "dangerous_spot"),
    ("power", r"przewód|kabel", "power"),
    ("abandoned_vehicle", r"spalony|przyczep|dostawcz", ""),
    ("abandoned_vehicle", r"", "abandoned_vehicle"),
    ("parking", r"chodnik", "parking"),
    ("scooter", r"chodnik|linii|podjazd", "scooter"),
    ("bus_stop", r"słupek|naklejk", "bus_stop"),
    ("bus_shelter_glass", r"pęknięć|cracked", "cracked_glass"),
    ("bus_shelter_glass", r"", "bus_shelter_glass"),
    ("street_bin", r"pełn|nieopróżn|full|overflow", "street_bin"),
    ("containers", r"dzwon", ""),
    ("containers", r"", "containers"),
    ("dirty_area", r"butel|niedopałk|szkło|piwa", "dirty_area"),
    ("graffiti", r"ławki|nalepki|ekran|tunelu", ""),
    ("graffiti", r"", "graffiti"),
    ("tree_danger", r"leży|powalone|spadła", "tree_danger"),
    ("vegetation", r"krzak|żywopłot|gałęzi|winobluszcz|samosiejk", "vegetation"),
    ("playground", r"huśtaw|гойдалк", "playground"),
    ("furniture", r"ławk|opar", "furniture"),
    ("clogged_drain", r"beton|gruz", ""),
    ("clogged_drain", r"", "clogged_drain"),
    ("water_leak", r"asfalt", "water_leak"),
    ("roof_facade", r"sople", "icicles"),
    ("roof_facade", r"", "roof_facade"),
    ("accessibility", r"stopień", "accessibility"),
    ("stray_animal", r"dzik", "boars"),
    ("stray_animal", r"pies", "dog"),
    ("air_noise", r"dym", "air_noise"),
    # Never drawn: private rooms, times of buses, and what nobody wants to see.
    ("heating", r"", ""),
    ("gas_smell", r"", ""),
    ("house_common", r"", ""),
    ("bus_service", r"", ""),
    ("dead_animal", r"", ""),
    ("other", r"", ""),
)


def scene_for(category: str, words: str) -> str | None:
    """The scene that shows what the words say, or None if there is none."""
    known = False
    for of, pattern, scene in _SIGHTS:
        if of != category:
            continue
        known = True
        if re.search(pattern, words.lower()):
            return scene or None
    return None if known else category
