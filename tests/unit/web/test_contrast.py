"""Words on their backgrounds: 4.5:1 always, 7:1 where more contrast is asked for."""

from __future__ import annotations

import re

import pytest

from civicmap.web.shared.assets import SOURCE

STATUSES = ("open", "in-progress", "fixed", "wont-fix")
TINTS = tuple(f"{status}-tint" for status in STATUSES)
PAIRS = [
    *(("ink", ground) for ground in ("paper", "paper-deep", "card", "sign", "sign-hover", "note")),
    *(("ink", ground) for ground in ("map-land", *TINTS)),
    *(("soft", ground) for ground in ("paper", "paper-deep", "card", "note")),
    *((f"{status}-ink", f"{status}-tint") for status in STATUSES),
    *((f"{status}-ink", ground) for status in STATUSES for ground in ("paper", "card")),
]
# Numbers on the shades of the districts: ink on the pale ones, white (a card) on the dark ones.
PAIRS += [("ink", f"shade-{number}") for number in (1, 2, 3)]
PAIRS += [("card", f"shade-{number}") for number in (4, 5)]
# On the map, in any state of the device; and what is no text but must be seen (WCAG 1.4.11).
NAMES = [("map-name", "map-land"), ("map-name", "map-outside")]
EDGES = [
    *((status, ground) for status in STATUSES for ground in ("paper", "card", "map-land")),
    *(("edge", ground) for ground in ("paper", "card")),
    *(("focus", ground) for ground in ("paper", "card", "sign", "map-land", "map-outside")),
]


def colours(more: bool) -> dict[str, str]:
    """Token → colour as the style sheet sets it, under `prefers-contrast: more` or without."""
    sheet = (SOURCE / "shared" / "tokens.css").read_text()
    usual, _, rest = sheet.partition("@media (prefers-contrast: more)")
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", usual))
    if more:
        asked = rest.partition("@media")[0]
        found |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", asked))
    return found


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's contrast ratio."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("more", "least"), [(False, 4.5), (True, 7.0)], ids=["usual", "more"])
def test_every_word_can_be_read(more: bool, least: float) -> None:
    token = colours(more)
    pairs = PAIRS + NAMES if more else PAIRS
    weak = {
        f"{words} on {ground}": round(ratio, 2)
        for words, ground in pairs
        if (ratio := contrast(token[words], token[ground])) < least
    }
    assert weak == {}


@pytest.mark.parametrize("more", [False, True], ids=["usual", "more"])
def test_every_shape_and_edge_can_be_seen(more: bool) -> None:
    token = colours(more)
    weak = {
        f"{shape} on {ground}": round(ratio, 2)
        for shape, ground in EDGES
        if (ratio := contrast(token[shape], token[ground])) < 3.0
    }
    assert weak == {}
