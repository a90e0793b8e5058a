"""Classes of a choropleth: which shade a district gets, and what the shades mean. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

MOST_SHADES = 5


@dataclass(frozen=True, slots=True)
class Shade:
    """A class: its darkness from 1 (palest) to 5, and the least and greatest value in it."""

    darkness: int
    least: float
    greatest: float

    def holds(self, value: float) -> bool:
        return self.least <= value <= self.greatest


def make_shades(values: Sequence[float]) -> list[Shade]:
    """Up to five classes with about as many values in each (quantiles), palest first.

    Equal values are of one class, and the limits are values that are there, so that a legend of
    them is true to the last digit. Even steps would not do: a city has a few districts with very
    many reports, and all the others would be of one shade.
    """
    ordered = sorted(values)
    distinct = sorted(set(ordered))
    if len(distinct) <= MOST_SHADES:
        groups = [[value] for value in distinct]
    else:
        # By the middle place that a value takes among all, as a share of their number.
        by_place: dict[int, list[float]] = {}
        for value in distinct:
            middle = (bisect_left(ordered, value) + bisect_right(ordered, value)) / 2
            by_place.setdefault(int(middle * MOST_SHADES / len(ordered)), []).append(value)
        groups = list(by_place.values())
    return [
        Shade(_darkness(number, len(groups)), group[0], group[-1])
        for number, group in enumerate(groups)
    ]


def darkness_of(shades: Sequence[Shade], value: float | None) -> int:
    """1 to 5; 0 where there is no value."""
    if value is None:
        return 0
    return next((shade.darkness for shade in shades if shade.holds(value)), 0)


def _darkness(number: int, of: int) -> int:
    """Fewer classes than shades are spread over the whole ramp."""
    if of == 1:
        return (MOST_SHADES + 1) // 2
    return 1 + round(number * (MOST_SHADES - 1) / (of - 1))
