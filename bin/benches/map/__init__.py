"""The map at ten million reports: tiles, counters, writing, folding, and what a phone sees of it.

A database of as many reports as are asked for is made once and kept, and one of a tenth of that to
compare with. The times are of this machine; what counts are the multiples, taken in turns in the
same run.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

NAME = "map"
DESCRIPTION = "the map at millions of reports [--reports N --json FILE --only PART ...]"
NEEDS = "browser nginx wrk"
KEEPS = "civicmap_bench_map"

ROUNDS = 5
LEAST = 1_000  # reports, of which the tenth has to be something, too


def run(arguments: list[str]) -> int:
    """Print tables and targets; the last line says what was reached. 1 if a target was missed."""
    from benches.map.course import PARTS, Course  # noqa: PLC0415 - not to be loaded by generators

    parser = argparse.ArgumentParser(prog="bin/bench map", description=DESCRIPTION)
    parser.add_argument(
        "--reports", type=number_of_reports, default=1_000_000, help="default: %(default)s"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="of tiles; default: %(default)s")
    parser.add_argument("--only", nargs="+", choices=PARTS, metavar="PART", help=", ".join(PARTS))
    chosen = parser.parse_args(arguments)
    course = Course(os.environ["CIVICMAP_BENCH_DATABASE_URL"], chosen.reports, chosen.rounds)
    outcome = course.run(chosen.only or PARTS)
    if chosen.json:
        outcome.write(chosen.json)
    print(f"\n{outcome.summary()}", flush=True)
    return 0 if outcome.is_good else 1


def number_of_reports(text: str) -> int:
    """A number of reports; 10_000_000 may be written so."""
    number = int(text)
    if number < LEAST:
        raise argparse.ArgumentTypeError(f"at least {LEAST}")
    return number
