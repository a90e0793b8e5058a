"""The answer to one tile's question."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from civicmap.domain.publicmap.pyramid.facets import FINEST, Kind
from civicmap.domain.publicmap.tiles.counted import CELLS, COUNTED, EMPTY, REPORTS, counted, revised
from civicmap.domain.publicmap.tiles.form import write_tile
from civicmap.domain.publicmap.tiles.kept_changes import Share
from civicmap.domain.publicmap.tiles.pieces import FEW
from civicmap.domain.publicmap.tiles.plan import ALL_CITIES, Plan, Question
from civicmap.domain.publicmap.tiles.searched import searched
from civicmap.domain.publicmap.tiles.sought import Source, sought, weighed
from civicmap.domain.publicmap.tiles.waiting import WaitingChanges
from civicmap.domain.reports.workflow import STATUSES
from civicmap.foundation.errors import NotFound
from civicmap.foundation.locales import N_
from civicmap.foundation.reading import SNAPSHOT, Moment, Reading, Statement

# From here on a tile has fewer reports of all times than its city has in two months.
_SMALL_ZOOM = 14
# Plans are the same for ever, and half of what Python does for a tile that has not changed. One has
# 3 kB, over many days 15.
_plan = lru_cache(400)(Plan)
_NOW = Statement("moment", f"SELECT {SNAPSHOT}", tells_moment=True)
# So many reports are looked through at most to tell a few of them apart where cells are kept.
MOST_LOOKED_THROUGH = 20_000


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
    may change the content: words and addresses are not counted. `moment`: what was seen."""

    revision: Revision | None
    body: bytes
    is_same: bool = False
    moment: Moment | None = field(default=None, compare=False)


class Tiles:
    """What a process answers tiles from: a reading of the database, and the changes that it keeps
    while many wait."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._waiting = WaitingChanges(reading)

    def moment(self) -> Moment | None:
        """What a tile that is made now would see: an answer of the same moment is that tile."""
        moment: Moment | None = self._reading.row(_NOW, {})[0]
        return moment

    def read(self, question: Question, *, known: Revision | None = None) -> TileAnswer:
        """The tile, or word that it is the same as at the revision `known`. Raises NotFound when
        there is no such city."""
        plan = _plan(question)
        if plan.words:
            return _search(self._reading, plan)
        answer = None
        if plan.is_counted:
            changes = plan.whose_changes
            share = self._waiting.share(changes) if changes else None
            answer = self._compare(plan, known, share) if known else None
            answer = answer or (self._count(plan, share) if share else None)
            answer = answer or self._count(plan)
        answer = answer or _seek(self._reading, plan, known)
        answer = answer or self._count(plan, tells_few=False)
        if answer is None:
            raise RuntimeError("a tile was neither counted nor found")
        return answer

    def _compare(self, plan: Plan, known: Revision, share: Share | None) -> TileAnswer | None:
        """Word that the tile is the same; None where it is not, or may not be."""
        statement = revised(plan.scope, plan.kind, is_helped=share is not None)
        values = plan.values | (_helped(plan, share) if share else {})
        *told, moment = self._reading.row(statement, values)
        if self._revision(plan, told, share) != known:
            return None
        return TileAnswer(known, b"", is_same=True, moment=moment)

    def _count(
        self, plan: Plan, share: Share | None = None, *, tells_few: bool = True
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
        values = plan.values | {"tells_few": tells_few} | (_helped(plan, share) if share else {})
        *given, told, rows, moment = self._reading.row(statement, values)
        revision = self._revision(plan, given, share)
        if revision is None:
            return None
        if told == EMPTY:
            return TileAnswer(revision, b"", moment=moment)
        if told == CELLS and share:
            rows = _add_share(plan, rows or "", share)
        if told in (CELLS, COUNTED, REPORTS):
            body = _body(plan, rows, is_cells=told != REPORTS)
            return TileAnswer(revision, body, moment=moment)
        return None

    def _revision(self, plan: Plan, told: list[Any], share: Share | None) -> Revision | None:
        """What a statement told first; None where the share is not what it left to it."""
        *given, generation, city_count, fresh = told
        revision = Revision(*given)
        _check_city(plan.question, city_count)
        if share and (revision.epoch, generation) != (share.epoch, share.generation):
            self._waiting.forget()
            return None
        if share and share.facet is not None and share.facet != revision.facet:
            return None
        self._waiting.notice(fresh)
        return revision


def _helped(plan: Plan, share: Share) -> dict[str, int]:
    """What a statement has to know of the changes that it leaves out."""
    by_status = dict(zip(STATUSES, share.by_status, strict=True))
    return {
        "last_id": share.last_id,
        "horizon": share.horizon,
        "helped_changes": share.changes,
        "helped_wanted": sum(by_status[status] for status in plan.statuses),
        "helped_every": sum(by_status.values()),
    }


def _add_share(plan: Plan, rows: str, share: Share) -> str:
    """The rows of cells with what those changes add that the statement left out."""
    asked = [plan.values[status] for status in STATUSES]
    counts = share.by_cell(2 * (FINEST - plan.told_level)) * asked
    if rows:
        told = np.fromstring(rows, dtype=np.int64, sep=",").reshape(-1, 1 + len(STATUSES))
        counts[told[:, 0]] += told[:, 1:]
    there = np.flatnonzero(counts.any(axis=1))
    return ",".join(map(str, np.column_stack((there, counts[there])).ravel().tolist()))


def _seek(reading: Reading, plan: Plan, known: Revision | None) -> TileAnswer | None:
    """The tile from the reports, by way of the index with the fewest to look through. None where
    these are too many, and there are cells to be told instead."""
    *given, city_count, under, place, category, days, moment = reading.row(
        weighed(plan.sought), plan.values
    )
    _check_city(plan.question, city_count)
    if Revision(*given) == known:
        return TileAnswer(known, b"", is_same=True, moment=moment)
    weights = {Source.PLACE: place, Source.CATEGORY: category, Source.DAYS: days}
    if plan.has_spots:
        # A district's cells hold little else; a department shares its cells with others.
        weights[Source.SPOTS] = under * 2 if plan.named is Kind.AREA else (place or 0) * 2 // 3
    weighed_ones = {way: weight for way, weight in weights.items() if weight is not None}
    source = min(weighed_ones, key=lambda way: weighed_ones[way], default=Source.PLACE)
    fewest = weighed_ones.get(source, 0)
    if fewest > MOST_LOOKED_THROUGH and plan.is_counted and plan.kept_level is not None:
        return None
    *given, city_count, total, rows, moment = reading.row(sought(plan.sought, source), plan.values)
    _check_city(plan.question, city_count)
    body = _body(plan, rows, is_cells=total > FEW) if total else b""
    return TileAnswer(Revision(*given), body, moment=moment)


def _search(reading: Reading, plan: Plan) -> TileAnswer:
    """The tile of the reports with the words that are asked for."""
    city_count, total, is_more, rows, moment = reading.row(searched(plan.sought), plan.values)
    _check_city(plan.question, city_count)
    has_body = total or is_more  # none of those looked at, but there may be others
    body = _body(plan, rows, is_cells=total > FEW, is_more=is_more) if has_body else b""
    return TileAnswer(None, body, moment=moment)


def _check_city(question: Question, city_count: int) -> None:
    if city_count == 0 and question.city != ALL_CITIES:
        raise NotFound(N_("There is no such city here."))


def _body(plan: Plan, rows: str | None, *, is_cells: bool, is_more: bool = False) -> bytes:
    cells, reports = (rows or "", "") if is_cells else ("", rows or "")
    return write_tile(
        cell_level=plan.told_level,
        cells=cells,
        report_level=plan.question.ground.report_level,
        reports=reports,
        is_more=is_more,
    )
