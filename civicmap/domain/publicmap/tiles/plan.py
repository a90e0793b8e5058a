"""How a tile's question is answered, and the values of the statements that do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from civicmap.domain.publicmap.pyramid.facets import FINEST, LEVEL_BITS, Kind, finest_level
from civicmap.domain.publicmap.shelves import shelf_values
from civicmap.domain.publicmap.tiles.days import NO_DAYS, span_of, subjects
from civicmap.domain.publicmap.tiles.ground import COARSEST_CELLS, LAST_RESORT, Ground
from civicmap.domain.publicmap.tiles.pieces import Scope
from civicmap.domain.publicmap.tiles.sought import SPOT_LEVEL, Sought
from civicmap.domain.publicmap.tiles.waiting import Asked
from civicmap.domain.reports.queries.public.filters import Filters
from civicmap.domain.reports.queries.public.words import words_to_seek
from civicmap.domain.reports.workflow import STATUSES
from civicmap.foundation.geo import FINEST_LEVEL, tile_box

# The slug of every city together.
ALL_CITIES = "all"
# Down to here counts of all cities together are kept.
_DEEPEST_EVERYWHERE = 12
# Degrees by which a tile is taken wider, against rounding.
_A_LITTLE = 1e-6
_DAY_FINEST = finest_level(Kind.DAY, everywhere=False) or 0


@dataclass(frozen=True)
class Question:
    """What lies in a tile of a city (by slug, or `ALL_CITIES`) under filters; their box is not
    looked at."""

    city: str
    ground: Ground
    filters: Filters


class Plan:
    """How a question is answered: whose counts, of which kind, at which levels and days."""

    def __init__(self, question: Question) -> None:
        self.question = question
        filters, ground = question.filters, question.ground
        self.statuses = filters.statuses or STATUSES
        self.span = span_of(filters.since, filters.until)
        self.words = words_to_seek(filters.text) if self.span else ""
        has_days = bool(filters.since or filters.until)
        kinds = {
            Kind.AREA: filters.area,
            Kind.DEPARTMENT: filters.department,
            Kind.CATEGORY: filters.category,
            Kind.GROUP: filters.group,
            Kind.YEAR: has_days,
        }
        # On days that never were there is nothing, whatever else is asked for.
        asked = [kind for kind, is_asked in kinds.items() if is_asked] if self.span else [Kind.YEAR]
        self.kind = asked[0] if asked else Kind.ALL
        self.is_counted = len(asked) <= 1 and not self.words
        self.scope = Scope.CITY if question.city != ALL_CITIES else Scope.MEETING
        whole = self.span.whole_months
        self.edges = self.span.without(whole) if has_days else []
        finest = self._finest(everywhere=False)
        if self.is_counted and self.scope is Scope.MEETING:
            finest_of_all = self._finest(everywhere=True)
            if finest_of_all is not None and ground.kept_level(finest_of_all) is not None:
                self.scope, finest = Scope.EVERYWHERE, finest_of_all
        self.finest = finest = finest or 0
        has_day_facets = bool(has_days and self.edges and finest <= _DAY_FINEST)
        self.core = self.cover = self.span
        if has_day_facets:
            self.edges = []
        elif self.edges:
            self.core = whole if whole else NO_DAYS
            self.cover = self.span.touched_months
        self.subjects = subjects(self.cover, with_days=has_day_facets) if has_days else []
        coarsest = LAST_RESORT if self.is_counted else COARSEST_CELLS
        self.kept_level = ground.kept_level(finest, coarsest=coarsest)
        self.told_level = ground.told_level(self.kept_level)
        self.has_spots = (
            self.kind in (Kind.AREA, Kind.DEPARTMENT) and ground.z <= SPOT_LEVEL and not self.words
        )
        self.sought = Sought(
            Scope.MEETING if self.scope is Scope.EVERYWHERE else self.scope,
            self.kind,
            category=bool(filters.category),
            group=bool(filters.group),
            area=bool(filters.area),
            department=bool(filters.department),
            days=has_days,
        )

    def _finest(self, *, everywhere: bool) -> int | None:
        """The finest level of the facets that are read; days are not kept as fine as months."""
        finest = finest_level(self.kind, everywhere=everywhere)
        if self.kind is not Kind.YEAR or not self.edges:
            return finest
        with_days = finest_level(Kind.DAY, everywhere=everywhere) or 0
        if self.question.ground.kept_level(with_days) is not None:
            return with_days
        return None if everywhere else finest

    @property
    def whose_changes(self) -> Asked | None:
        """The changes that belong to the tile; None where only the database knows which cities
        have a part in it."""
        if self.scope is Scope.MEETING:
            return None
        names = {
            Kind.AREA: self.question.filters.area,
            Kind.DEPARTMENT: self.question.filters.department,
            Kind.CATEGORY: self.question.filters.category,
            Kind.GROUP: self.question.filters.group,
        }
        return Asked(
            city=self.question.city if self.scope is Scope.CITY else "",
            kind=self.kind,
            subject=names.get(self.kind, ""),
            code_low=self.question.ground.waiting[0],
            code_high=self.question.ground.waiting[1],
            cover=(self.cover.first, self.cover.last),
            core=(self.core.first, self.core.last),
        )

    @cached_property
    def values(self) -> dict[str, Any]:
        """What stands in the places of the statements."""
        ground = self.question.ground
        told = self.statuses
        low, high = ground.codes
        values: dict[str, Any] = {
            **{status: int(status in told) for status in STATUSES},
            "statuses": list(told),
            "low": low,
            "high": high,
            "is_wide": ground.z <= _DEEPEST_EVERYWHERE,
            "report_shift": 2 * (FINEST_LEVEL - ground.report_level),
            "report_cell_shift": 2 * (FINEST_LEVEL - self.told_level),
            "code_shift": 2 * max(0, FINEST - self.told_level),
            "probes_around": ground.z > ground.probed_level(self.finest),
            **_between("probe", ground.cells(ground.probed_level(self.finest))),
            **_between("place", ground.cells(ground.probed_level(FINEST))),
            **_between("code", ground.waiting),
        }
        if self.kept_level is not None:
            values |= {
                **_between("cell", ground.cells(self.kept_level)),
                "cell_shift": 2 * (self.kept_level - self.told_level),
                "shifted": self.kept_level != self.told_level,
            }
        if self.scope is Scope.CITY:
            values["slug"] = self.question.city
        else:
            box = tile_box(ground.z, ground.x, ground.y)
            values |= {
                "west": box.west - _A_LITTLE,
                "south": box.south - _A_LITTLE,
                "east": box.east + _A_LITTLE,
                "north": box.north + _A_LITTLE,
            }
        if self.has_spots:
            values |= {
                **_between("spot", ground.cells(SPOT_LEVEL)),
                "spot_base": SPOT_LEVEL << LEVEL_BITS,
                "spot_shift": 2 * (FINEST_LEVEL - SPOT_LEVEL),
            }
        return values | self._days() | self._names() | self._words()

    def _days(self) -> dict[str, Any]:
        whole = self.span.whole_months
        return {
            "subjects": self.subjects,
            "core_subjects": subjects(whole, with_days=False) if self.edges else [],
            "since": self.span.first,
            "until": self.span.last,
            "cover_since": self.cover.first,
            "cover_until": self.cover.last,
            "core_since": self.core.first,
            "core_until": self.core.last,
            "edge_firsts": [edge.first for edge in self.edges],
            "edge_lasts": [edge.last for edge in self.edges],
        }

    def _names(self) -> dict[str, Any]:
        filters = self.question.filters
        return {
            "category": filters.category,
            "group": filters.group,
            "area": filters.area,
            "department": filters.department,
        }

    def _words(self) -> dict[str, Any]:
        if not self.words:
            return {}
        filters, ground = self.question.filters, self.question.ground
        return shelf_values(self.words, [(ground.z, ground.code)], filters.since, filters.until)


def _between(name: str, ends: Sequence[int]) -> dict[str, int]:
    return {f"{name}_low": ends[0], f"{name}_high": ends[1]}
