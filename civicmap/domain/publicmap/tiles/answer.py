"""The answer to one tile's question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from civicmap.domain.publicmap.pyramid.facets import FINEST, LEVEL_BITS, Kind, finest_level
from civicmap.domain.publicmap.tiles.counted import CELLS, EMPTY, REPORTS, SAME, counted
from civicmap.domain.publicmap.tiles.days import NO_DAYS, span_of, subjects
from civicmap.domain.publicmap.tiles.form import write_tile
from civicmap.domain.publicmap.tiles.ground import Ground
from civicmap.domain.publicmap.tiles.pieces import FEW, Scope
from civicmap.domain.publicmap.tiles.sought import (
    MOST_FOUND,
    SPOT_LEVEL,
    Sought,
    Source,
    sought,
    weighed,
)
from civicmap.domain.publicmap.tiles.waiting import Asked, Share, WaitingChanges
from civicmap.domain.reports.queries.public.filters import Filters
from civicmap.domain.reports.queries.public.words import words_to_seek
from civicmap.domain.reports.workflow import STATUSES
from civicmap.foundation.errors import NotFound
from civicmap.foundation.geo import FINEST_LEVEL, tile_box
from civicmap.foundation.locales import N_
from civicmap.foundation.reading import Reading

# The slug of every city together.
ALL_CITIES = "all"
# From here on a tile has fewer reports of all times than its city has in two months.
_SMALL_ZOOM = 14
# Down to here counts of all cities together are kept.
_DEEPEST_EVERYWHERE = 12
# Degrees by which a tile is taken wider, against rounding.
_A_LITTLE = 1e-6


@dataclass(frozen=True)
class Revision:
    """What a tile's content stands for: it grows with every change on the tile's ground. `epoch`
    grows with every rebuild of the pyramid; `facet` tells whose counts they are."""

    epoch: int
    facet: int
    changes: int


@dataclass(frozen=True)
class TileAnswer:
    """`body` is JSON; empty when nothing is there. `is_same`: nothing has changed since the
    revision that was known, and no body was made. `revision` is None where none tells of all that
    may change the content: words and addresses are not counted."""

    revision: Revision | None
    body: bytes
    is_same: bool = False


@dataclass(frozen=True)
class Question:
    """What lies in a tile of a city (by slug, or `ALL_CITIES`) under filters; their box is not
    looked at."""

    city: str
    ground: Ground
    filters: Filters


class Tiles:
    """What a process answers tiles from: a reading of the database, and the changes that it keeps
    while many wait."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._waiting = WaitingChanges(reading)

    def read(self, question: Question, *, known: Revision | None = None) -> TileAnswer:
        """The tile, or word that it is the same as at the revision `known`. Raises NotFound when
        there is no such city."""
        plan = _Plan(question)
        if not plan.is_counted:
            return _seek(self._reading, plan, known)
        changes = plan.whose_changes
        share = self._waiting.share(changes) if changes else None
        answer = self._count(plan, known, share) if share else None
        return answer or self._count(plan, known) or _seek(self._reading, plan, known)

    def _count(
        self, plan: _Plan, known: Revision | None, share: Share | None = None
    ) -> TileAnswer | None:
        """The tile from the pyramid; None where it has to be sought, or where the share of kept
        changes is not what the statement left to it."""
        statement = counted(
            plan.scope,
            plan.kind,
            has_cells=plan.kept_level is not None,
            with_edges=bool(plan.edges),
            is_small=bool(plan.edges) and plan.question.ground.z >= _SMALL_ZOOM,
            is_helped=share is not None,
        )
        values = plan.values | _known(known) | (_helped(plan, share) if share else {})
        *given, generation, city_count, fresh, told, rows = self._reading.row(statement, values)
        revision = Revision(*given)
        _check_city(plan.question, city_count)
        if share and (revision.epoch, generation) != (share.epoch, share.generation):
            self._waiting.forget()
            return None
        if share and share.facet is not None and share.facet != revision.facet:
            return None
        self._waiting.notice(fresh)
        if told == SAME:
            return TileAnswer(revision, b"", is_same=True)
        if told == EMPTY:
            return TileAnswer(revision, b"")
        if told == CELLS and share:
            rows = _add_share(plan, rows or "", share)
        if told in (CELLS, REPORTS):
            return TileAnswer(revision, _body(plan, rows, is_cells=told == CELLS))
        return None


def _helped(plan: _Plan, share: Share) -> dict[str, int]:
    """What a statement has to know of the changes that it leaves out."""
    by_status = dict(zip(STATUSES, share.counts.sum(axis=1).tolist(), strict=True))
    return {
        "last_id": share.last_id,
        "horizon": share.horizon,
        "helped_changes": len(share.codes),
        "helped_wanted": sum(by_status[status] for status in plan.statuses),
        "helped_every": sum(by_status.values()),
    }


def _add_share(plan: _Plan, rows: str, share: Share) -> str:
    """The rows of cells with what those changes add that the statement left out."""
    numbers = [int(number) for number in rows.split(",")] if rows else []
    cells = {i: counts for i, *counts in zip(*[iter(numbers)] * (1 + len(STATUSES)), strict=True)}
    shift = 2 * (FINEST - plan.told_level)
    for i, added in share.by_cell(plan.values["code_low"], shift).items():
        counts = cells.setdefault(i, [0] * len(STATUSES))
        for place, status in enumerate(STATUSES):
            counts[place] += added[place] * plan.values[status]
    return ",".join(
        ",".join(map(str, (i, *counts))) for i, counts in sorted(cells.items()) if any(counts)
    )


def _seek(reading: Reading, plan: _Plan, known: Revision | None) -> TileAnswer:
    """The tile from the reports, by way of the index with the fewest to look through."""
    source = Source.PLACE
    if not plan.sought.text:
        *given, city_count, under, place, category, days = reading.row(
            weighed(plan.sought), plan.values
        )
        _check_city(plan.question, city_count)
        if Revision(*given) == known:
            return TileAnswer(known, b"", is_same=True)
        weights = {Source.PLACE: place, Source.CATEGORY: category, Source.DAYS: days}
        if plan.has_spots:
            # A district's cells hold little else; a department shares its cells with others.
            weights[Source.SPOTS] = under * 2 if plan.kind is Kind.AREA else (place or 0) * 2 // 3
        weighed_ones = {way: weight for way, weight in weights.items() if weight is not None}
        source = min(weighed_ones, key=lambda way: weighed_ones[way], default=Source.PLACE)
    *given, city_count, total, rows = reading.row(sought(plan.sought, source), plan.values)
    _check_city(plan.question, city_count)
    is_more = plan.sought.text and total >= MOST_FOUND
    body = _body(plan, rows, is_cells=total > FEW, is_more=is_more) if total else b""
    return TileAnswer(None if plan.sought.text else Revision(*given), body)


def _known(known: Revision | None) -> dict[str, int]:
    known = known or Revision(0, 0, -1)
    return {
        "known_epoch": known.epoch,
        "known_facet": known.facet,
        "known_changes": known.changes,
    }


def _check_city(question: Question, city_count: int) -> None:
    if city_count == 0 and question.city != ALL_CITIES:
        raise NotFound(N_("There is no such city here."))


def _body(plan: _Plan, rows: str | None, *, is_cells: bool, is_more: bool = False) -> bytes:
    cells, reports = (rows or "", "") if is_cells else ("", rows or "")
    return write_tile(
        cell_level=plan.told_level,
        cells=cells,
        report_level=plan.question.ground.report_level,
        reports=reports,
        is_more=is_more,
    )


class _Plan:
    """How a question is answered: whose counts, of which kind, at which levels and days."""

    def __init__(self, question: Question) -> None:
        self.question = question
        filters, ground = question.filters, question.ground
        self.statuses = filters.statuses or STATUSES
        self.span = span_of(filters.since, filters.until)
        self.words = words_to_seek(filters.text) if self.span else []
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
        self.kept_level = ground.kept_level(finest)
        self.told_level = ground.told_level(finest)
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
            text=bool(self.words),
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
        return values | self._days() | self._names()

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
            "words": self.words,
        }


_DAY_FINEST = finest_level(Kind.DAY, everywhere=False) or 0


def _between(name: str, ends: Sequence[int]) -> dict[str, int]:
    return {f"{name}_low": ends[0], f"{name}_high": ends[1]}
