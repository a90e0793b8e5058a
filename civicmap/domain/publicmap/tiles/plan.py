"""How a tile's question is answered, and the values of the statements that do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from civicmap.domain.publicmap.pyramid.facets import (
    BY_MONTH,
    FINEST,
    LEVEL_BITS,
    LEVELS,
    Kind,
    levels_of,
    month_id,
)
from civicmap.domain.publicmap.shelves import shelf_values
from civicmap.domain.publicmap.tiles.days import NO_DAYS, months_and_edges, span_of, subjects
from civicmap.domain.publicmap.tiles.ground import COARSEST_CELLS, LAST_RESORT, Ground
from civicmap.domain.publicmap.tiles.kept_changes import Asked
from civicmap.domain.publicmap.tiles.pieces import Scope
from civicmap.domain.publicmap.tiles.sought import SPOT_LEVEL, Sought
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
_LEVELS_OF_DAYS = [levels_of(Kind.DAY, everywhere=everywhere) for everywhere in (False, True)]


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
        self.named = asked[0] if asked else Kind.ALL
        self.whole, self.edges = months_and_edges(self.span) if has_days else (NO_DAYS, [])
        self.kind, self.is_counted = self.named, len(asked) <= 1 and not self.words
        self._settle()
        pair = BY_MONTH.get(self.named)
        if pair and len(asked) == 2 and has_days and not self.words:
            self.kind, self.is_counted = pair, True
            self._settle()
            if self.kept_level is None:
                self.kind, self.is_counted = self.named, False
                self._settle()
        self.core = self.cover = self.span
        if self._has_day_facets:
            self.edges = []
        elif self.edges:
            self.core, self.cover = self.whole, self.span.touched_months
        self.subjects = subjects(self.cover, with_days=self._has_day_facets) if has_days else []
        self.told_level = ground.told_level(self.kept_level)
        self.has_spots = (
            self.named in (Kind.AREA, Kind.DEPARTMENT) and ground.z <= SPOT_LEVEL and not self.words
        )
        self.sought = Sought(
            Scope.MEETING if self.scope is Scope.EVERYWHERE else self.scope,
            self.named,
            category=bool(filters.category),
            group=bool(filters.group),
            area=bool(filters.area),
            department=bool(filters.department),
            days=has_days,
        )

    def _settle(self) -> None:
        """Whose counts of the kind are read, and from which level."""
        ground = self.question.ground
        self.scope = Scope.CITY if self.question.city != ALL_CITIES else Scope.MEETING
        self.levels = self._levels(everywhere=False)
        self.kept_level = ground.kept_level(self.levels)
        if not self.is_counted:
            return
        for coarsest in (COARSEST_CELLS, LAST_RESORT):
            together = self._levels(everywhere=True) if self.scope is Scope.MEETING else ()
            if ground.kept_level(together, coarsest=coarsest) is not None:
                self.scope, self.levels = Scope.EVERYWHERE, together
            self.kept_level = ground.kept_level(self.levels, coarsest=coarsest)
            if self.kept_level is not None:
                break

    def _levels(self, *, everywhere: bool) -> tuple[int, ...]:
        """The levels of the facets that are read; days are not kept as fine as months."""
        if self.kind is not Kind.YEAR or not self.edges:
            return levels_of(self.kind, everywhere=everywhere)
        with_days = levels_of(Kind.DAY, everywhere=everywhere)
        if self.question.ground.kept_level(with_days) is not None:
            return with_days
        return () if everywhere else levels_of(Kind.YEAR, everywhere=False)

    @property
    def _has_day_facets(self) -> bool:
        return self.kind is Kind.YEAR and self.levels in _LEVELS_OF_DAYS

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
            subject=names.get(self.named, ""),
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
            "probes_around": ground.z > self.levels[-1],
            **_between("probe", ground.cells(ground.probed_level(self.levels))),
            **_between("place", ground.cells(ground.probed_level(LEVELS))),
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
        months = {"months": self.cover, "core_months": self.core}
        return {
            "subjects": self.subjects,
            "core_subjects": subjects(self.core, with_days=False) if self.edges else [],
            "since": self.span.first,
            "until": self.span.last,
            "cover_since": self.cover.first,
            "cover_until": self.cover.last,
            "core_since": self.core.first,
            "core_until": self.core.last,
            **{f"{name}_first": _month(span.first) for name, span in months.items()},
            # Months that end before they begin are none.
            **{f"{name}_last": _month(span.last) if span else -1 for name, span in months.items()},
            "edge_firsts": [edge.span.first for edge in self.edges],
            "edge_lasts": [edge.span.last for edge in self.edges],
            "edge_signs": [edge.sign for edge in self.edges],
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


def _month(day: date) -> int:
    return month_id(day.year, day.month)


def _between(name: str, ends: Sequence[int]) -> dict[str, int]:
    return {f"{name}_low": ends[0], f"{name}_high": ends[1]}
