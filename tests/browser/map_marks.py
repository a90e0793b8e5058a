"""The marks of a map as a person without a mouse meets them: one after the other."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.browser.conftest import PATIENCE

# The one mark that Tab reaches; it is there as soon as marks are drawn.
STOP = ".marks .mark[tabindex='0']"
_HERE = """mark => {
    const {m41: left, m42: top} = new DOMMatrix(getComputedStyle(mark).transform);
    const radius = mark.offsetWidth / 2;
    return [mark.getAttribute("aria-label"), mark.getAttribute("href"),
        left + radius, top + radius, radius];
}"""


@dataclass(frozen=True)
class Mark:
    """x, y of its middle and its radius in px of the map's pane; `address` of a pin's report."""

    name: str
    address: str | None
    x: float
    y: float
    radius: float

    @property
    def total(self) -> int:
        number = re.match(r"Reports here: ([\d,]+)", self.name)
        return int(number[1].replace(",", "")) if number else 1


def walk(page: Page) -> list[Mark]:
    """All marks in reading order, by the keys Home and Page Down. Takes the focus with it."""
    page.wait_for_selector(STOP)
    page.locator(STOP).focus()
    page.keyboard.press("Home")
    met: list[Mark] = []
    while True:
        here = Mark(*page.locator(STOP).evaluate(_HERE))
        if met and here == met[-1]:
            return met
        met.append(here)
        page.keyboard.press("PageDown")


def wait_for_marks(page: Page, are_wanted: Callable[[list[Mark]], bool]) -> list[Mark]:
    """The marks, as soon as they are those of a new picture."""
    until = time.monotonic() + PATIENCE / 1000
    while True:
        marks = walk(page)
        if are_wanted(marks):
            return marks
        if time.monotonic() > until:
            raise AssertionError(f"not the marks that were waited for: {marks}")
        page.wait_for_timeout(100)


def wait_for_count(page: Page, expected: int) -> list[Mark]:
    """The marks, as soon as they stand for so many reports."""
    return wait_for_marks(page, lambda marks: sum(mark.total for mark in marks) == expected)
