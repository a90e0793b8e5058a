"""The parts of the measurement, in their order: those that only read come first."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import ExitStack
from functools import cached_property
from urllib.parse import unquote

from sqlalchemy import make_url

from benches.map import first_view, folding, numbers, throughput, tiles, writing
from benches.map.caught import Catcher
from benches.map.making import connected, have_database, say
from benches.map.outcome import Outcome, machine
from benches.map.places import filtered_tiles, pick_spots, pick_tiles
from benches.map.sites import Site
from benches.map.tiles import Statements, Taken
from civicmap.domain.publicmap.pyramid.verify import compare
from civicmap.foundation.database import make_engine

PARTS = (
    "tiles", "otherwise", "throughput", "numbers", "phone", "writing", "fold", "waiting", "verify",
)  # fmt: skip
SPOTS = 600
WAITING_ROUNDS = 2
WHILE_WAITING = 2.0  # times the bound of a tile


class Course:
    """`url` names a database like the two that it makes: theirs end in their number of reports."""

    def __init__(self, url: str, reports: int, rounds: int) -> None:
        self.rounds = rounds
        self.url, self.tenth_url = (_numbered(url, many) for many in (reports, reports // 10))
        have_database(self.tenth_url, reports // 10)
        have_database(self.url, reports)
        with connected(self.url) as cursor:
            cursor.execute("SELECT version() || ', PostGIS ' || postgis_lib_version()")
            version = cursor.fetchone()[0]
        self.outcome = Outcome(reports, machine(os.cpu_count() or 1, version))

    def run(self, parts: Sequence[str]) -> Outcome:
        """Measure these parts. One that fails is told, and the others go on."""
        with ExitStack() as opened:
            catcher = Catcher()
            opened.enter_context(catcher.at_the_driver())
            self.site, self.tenth = Site(self.url, catcher), Site(self.tenth_url, catcher)
            opened.callback(self.site.close)
            opened.callback(self.tenth.close)
            self.spots = pick_spots(self.url, SPOTS)
            self.kinds = filtered_tiles(pick_tiles(self.spots), self.spots)
            for part in PARTS:
                if part in parts:
                    say(f"measuring: {part}")
                    with self.outcome.part(part):
                        getattr(self, f"_{part}")()
        return self.outcome

    @cached_property
    def statements(self) -> Statements:
        """What the application asks for every tile. Those that it fails at are told and left."""
        statements, failed = tiles.statements_of(self.site, self.kinds)
        self.kinds = {
            kind: [tile for tile in some if tile.path not in failed]
            for kind, some in self.kinds.items()
        }
        self.outcome.heading("Tiles that the application fails at")
        for path, why in failed.items():
            print(f"  {unquote(path)}: {why}")
        self.outcome.target("tiles that failed", len(failed), 0, "tiles")
        return statements

    @cached_property
    def taken(self) -> tuple[Taken, Taken]:
        """The tiles at N and at N/10."""
        site = (self.site, self.statements)
        tenth, failed = tiles.statements_of(self.tenth, self.kinds)
        if failed:
            raise RuntimeError(f"a tenth of the reports is too much for {', '.join(failed)}")
        big, small = tiles.measure((site, (self.tenth, tenth)), self.kinds, self.rounds)
        return big, small

    def _tiles(self) -> None:
        tiles.tell(self.outcome, *self.taken, self.kinds)

    def _otherwise(self) -> None:
        tiles.measure_others(self.outcome, self.site, self.kinds["unfiltered"], self.taken[0])

    def _throughput(self) -> None:
        throughput.measure(self.outcome, self.site, self.kinds["unfiltered"], self.statements)

    def _numbers(self) -> None:
        numbers.measure(self.outcome, self.site, self.spots)

    def _phone(self) -> None:
        first_view.measure(self.outcome, self.site)

    def _writing(self) -> None:
        writing.measure(self.outcome, self.site, self.spots)

    def _fold(self) -> None:
        folding.measure(self.outcome, self.url)

    def _waiting(self) -> None:
        usual, _ = self.taken
        kept = {kind: self.kinds[kind] for kind in tiles.KEPT}
        with folding.many_waiting(self.outcome, self.url):
            (taken,) = tiles.measure([(self.site, self.statements)], kept, WAITING_ROUNDS)
        tiles.tell_waiting(self.outcome, usual, taken, WHILE_WAITING)

    def _verify(self) -> None:
        engine = make_engine(self.url)
        folding.fold_everything(self.url)
        found = compare(engine)
        engine.dispose()
        self.outcome.heading("The counts of the map against a COUNT of all reports")
        self.outcome.row("verify", "cells", cells=found.cells)
        self.outcome.target("cells that differ from a COUNT", found.differences, 0, "cells")


def _numbered(url: str, reports: int) -> str:
    parts = make_url(url)
    return parts.set(database=f"{parts.database}_{reports}").render_as_string(hide_password=False)
