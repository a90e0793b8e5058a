"""The first view of a city on a slow phone: when the counters stand there, and when pins do."""

from __future__ import annotations

import statistics

from benches.map.outcome import Outcome
from benches.map.sites import Site
from benches.phone import browser, throttled

ROUNDS = 5
CITY = "warszawa"
LONGEST = 3.0  # seconds

# The city as the page carries it, and what came for this view over the network.
DRAWN = "() => performance.getEntriesByName('first-marks')[0]?.startTime"
WATCH = """
document.addEventListener("reports:drawn", () => { window.__whole ??= performance.now(); }, true);
"""
WHOLE = "() => window.__whole"
# In the page as the server sends it; what is painted first has them.
COUNTED = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
HAS_COUNTERS = "[data-part=counts]"


def measure(outcome: Outcome, site: Site) -> None:
    """Medians over visits of phones that were never here."""
    counters, pins, whole = [], [], []
    with site.served() as address, browser() as chromium:
        for number in range(ROUNDS + 1):
            context, page = throttled(chromium)
            page.add_init_script(WATCH)
            page.goto(f"{address}/{CITY}/", wait_until="commit")
            page.wait_for_selector(HAS_COUNTERS)
            page.wait_for_function(WHOLE)
            if number:  # the first visit fills what the server keeps
                counters.append(page.evaluate(COUNTED) / 1000)
                pins.append(page.evaluate(DRAWN) / 1000)
                whole.append(page.evaluate(WHOLE) / 1000)
            context.close()
    outcome.heading("First view of a city, slow 4G, processor 4 times slower, seconds", "p50")
    for name, taken in (("counters", counters), ("first pins", pins)):
        median = statistics.median(taken)
        outcome.row("first view", name, p50=median)
        outcome.target(f"first view on a slow phone: {name}", median, LONGEST, "s")
    outcome.row("first view", "all of the view", p50=statistics.median(whole))
