"""Changes that wait, as arrays: which of them lie in a tile, what they add to its cells. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from civicmap.domain.publicmap.pyramid.facets import BY_MONTH, Kind, and_month, day_id
from civicmap.domain.publicmap.pyramid.facets import facet as facet_number
from civicmap.domain.reports.workflow import STATUSES

Numbers = NDArray[np.int64]
# What each of them adds, as small as in the database, and sums of that: less memory to go through.
Ones = NDArray[np.int16]
Sums = NDArray[np.int32]
COLUMNS = ("code", "jurisdiction_id", "group_id", "category_id", "department_id", "area_id", "day")
_SUBJECTS = {
    Kind.GROUP: "group_id",
    Kind.CATEGORY: "category_id",
    Kind.DEPARTMENT: "department_id",
    Kind.AREA: "area_id",
}
_OF_MONTHS = {kind: subject for subject, kind in BY_MONTH.items()}


@dataclass(frozen=True)
class Asked:
    """Whose changes, of what, where and when. `city` is a slug, "" for all; `subject` a key, slug
    or code; `code_low` … `code_high` as in `map_deltas`. Of days, first and last, those that tell
    of a revision, and those of them that are counted by cell.
    """

    city: str
    kind: Kind
    subject: str
    code_low: int
    code_high: int
    cover: tuple[date, date]
    core: tuple[date, date]


@dataclass(frozen=True)
class Changes:
    """Changes in the order of their codes. `sums[:, n]`: what the first n add to each status, so
    that what a range of codes adds is the difference of two columns."""

    codes: Numbers
    sums: Sums

    @classmethod
    def of(cls, codes: Numbers, counts: Ones, wanted: NDArray[np.bool_]) -> Changes:
        """Those that are wanted of all. `counts`: by status and change."""
        # Taken by their numbers: asked by a row of yes and no it takes twice as long.
        places = np.flatnonzero(wanted)
        sums = np.zeros((len(STATUSES), len(places) + 1), dtype=np.int32)
        np.cumsum(counts.take(places, axis=1), axis=1, out=sums[:, 1:])
        return cls(codes.take(places), sums)

    def added(self, ends: Numbers) -> Sums:
        """What is added between each of these codes, ascending, and the next, by status."""
        return np.diff(self.sums[:, np.searchsorted(self.codes, ends)], axis=1)


@dataclass(frozen=True)
class Share:
    """The kept changes that belong to a tile: those that tell of its revision, and those of them
    that are counted by cell. `ends`: the tile's first code, and the first after it. `facet`: whose
    they are, as the statement says it; None for days."""

    epoch: int
    generation: int
    horizon: int
    last_id: int
    facet: int | None
    ends: Numbers
    cover: Changes
    core: Changes

    @property
    def changes(self) -> int:
        """How many they are."""
        first, last = np.searchsorted(self.cover.codes, self.ends).tolist()
        return int(last - first)

    @property
    def by_status(self) -> list[int]:
        """What they add in all."""
        return [int(one) for one in self.cover.added(self.ends)[:, 0]]

    def by_cell(self, shift: int) -> Sums:
        """What they add to each cell of the tile, `shift` bits coarser than codes: a row of the
        four statuses for each, in order."""
        low, past = self.ends.tolist()
        return self.core.added(np.arange(low, past + 1, 1 << shift, dtype=np.int64)).T


class _Whose(NamedTuple):
    """A city (0: all) and a subject in a column ("": every one)."""

    city_id: int
    column: str = ""
    subject: int = 0


@dataclass(frozen=True)
class Settled:
    """All that are kept, in the order of their codes. `ids`: of cities by slug, of groups and
    categories by key, of departments and areas by city and code or slug, when they were read."""

    epoch: int
    generation: int
    horizon: int
    last_id: int
    ids: dict[str, dict[str, int]]
    columns: dict[str, Numbers]
    counts: Ones
    # Those of a facet: put together when a tile asks for them first.
    own: dict[_Whose, Changes] = field(default_factory=dict)

    def share(self, asked: Asked, *, least: int) -> Share | None:
        """Those of a tile; None where less than `least` lie in it, or where a name is unknown."""
        ends = np.array([asked.code_low, asked.code_high + 1], dtype=np.int64)
        low, past = np.searchsorted(self.columns["code"], ends).tolist()
        if past - low < least:
            return None
        named = self._named(asked)
        if named is None:
            return None
        facet, whose = named
        if asked.kind is Kind.YEAR or asked.kind in _OF_MONTHS:
            cover, core = self._changes_in(slice(low, past), whose, (asked.cover, asked.core))
        else:
            cover = core = self._changes_of(whose)
        return Share(
            self.epoch, self.generation, self.horizon, self.last_id, facet, ends, cover, core
        )

    def _changes_of(self, whose: _Whose) -> Changes:
        if whose not in self.own:
            wanted = self._are_of(whose, slice(None))
            self.own[whose] = Changes.of(self.columns["code"], self.counts, wanted)
        return self.own[whose]

    def _changes_in(
        self, inside: slice, whose: _Whose, days: Sequence[tuple[date, date]]
    ) -> list[Changes]:
        """Of some of them the ones of each of these spans of days."""
        wanted = self._are_of(whose, inside)
        day, codes = self.columns["day"][inside], self.columns["code"][inside]
        found = []
        for first, last in days:
            some = wanted & (day >= day_id(first)) & (day <= day_id(last))
            found.append(Changes.of(codes, self.counts[:, inside], some))
        return found

    def _are_of(self, whose: _Whose, inside: slice) -> NDArray[np.bool_]:
        wanted = np.ones(len(self.columns["code"][inside]), dtype=np.bool_)
        if whose.city_id:
            wanted &= self.columns["jurisdiction_id"][inside] == whose.city_id
        if whose.column:
            wanted &= self.columns[whose.column][inside] == whose.subject
        return wanted

    def _named(self, asked: Asked) -> tuple[int | None, _Whose] | None:
        """The facet (None for days; of a subject in months that of none) and whose its changes are;
        None for a name that is unknown."""
        city_id = self.ids["cities"].get(asked.city) if asked.city else 0
        if city_id is None:
            return None
        if asked.kind is Kind.ALL:
            return facet_number(city_id, Kind.ALL), _Whose(city_id)
        kind = _OF_MONTHS.get(asked.kind, asked.kind)
        column = _SUBJECTS.get(kind)
        if column is None:
            return None, _Whose(city_id)
        is_the_citys = kind in (Kind.DEPARTMENT, Kind.AREA)
        subject = self.ids[column].get(
            f"{city_id}/{asked.subject}" if is_the_citys else asked.subject
        )
        if subject is None:
            return None
        number = subject if kind is asked.kind else and_month(subject)
        return facet_number(city_id, asked.kind, number), _Whose(city_id, column, subject)
