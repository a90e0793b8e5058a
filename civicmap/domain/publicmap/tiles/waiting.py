"""Changes that wait for a fold, kept in this process while they are many.

Adding up 100,000 of them costs the database some 20 ms for a tile of a whole country; here it is
one pass over arrays. The result is the same as the statement's own, to the unit:

- The horizon is the number of a transaction of our own that writes nothing. It is given out after
  the snapshot in which the last id is looked up. Whoever has a greater number got it later still,
  and gives its changes their ids after that, because it must have changed a report first: all of
  them lie behind the last id. (The snapshot's own upper end would not do: it is one more than the
  last transaction that *ended*, and some beyond it may have been writing for long.)
- What is kept are the changes of transactions before the horizon, read at a moment when all of
  those had ended. Later no change can join them; only a fold takes some away.
- Each statement that is answered with their help says in its own snapshot which generation of the
  pyramid it saw. While that is the one they were read in, no fold has come between: all of them
  still wait, and none is in the cells. Otherwise the answer is thrown away and asked for anew,
  without them.
- The changes since the horizon are read by that same statement: those behind the last id, of
  transactions from the horizon on. A change from before it that got its id later is kept already.

The transaction of a change is the `xmin` of its row: rows here are written once. Numbers of
transactions go round; they are compared by their age.
"""

from __future__ import annotations

import json
import logging
import time
from dataclasses import dataclass, field
from datetime import date
from threading import Lock, Thread

import numpy as np
from numpy.typing import NDArray

from civicmap.domain.publicmap.pyramid.facets import BY_MONTH, Kind, and_month, day_id
from civicmap.domain.publicmap.pyramid.facets import facet as facet_number
from civicmap.domain.reports.workflow import STATUSES
from civicmap.foundation.database import DATABASE_AWAY
from civicmap.foundation.reading import Reading, Statement

log = logging.getLogger(__name__)

# From so many in one tile on, keeping them pays.
MANY = 2_000
# Reading more would take seconds and too much memory; then tiles are slow until they are folded.
MOST = 500_000
# Seconds from one reading to the next; each fold makes one necessary.
PAUSE = 0.5
# Seconds that a reading waits for the transactions before its horizon to end. Most take a
# hundredth of that; an import, minutes.
PATIENCE = 10.0
_A_MOMENT = 0.02
THREAD = "changes that wait"

Numbers = NDArray[np.int64]
_COLUMNS = ("code", "jurisdiction_id", "group_id", "category_id", "department_id", "area_id", "day")
_SUBJECTS = {
    Kind.GROUP: "group_id",
    Kind.CATEGORY: "category_id",
    Kind.DEPARTMENT: "department_id",
    Kind.AREA: "area_id",
}
_OF_MONTHS = {kind: subject for subject, kind in BY_MONTH.items()}
_HORIZON = Statement(
    "waiting_horizon",
    "SELECT pg_current_xact_id()::text::bigint, (SELECT coalesce(max(id), 0) FROM map_deltas)",
)
# Our own ended, so a snapshot names all before it that go on. Those of other databases, told by the
# lock that each holds on its number, write nothing here.
_IN_FLIGHT = Statement(
    "waiting_in_flight",
    """
    SELECT count(*) FROM pg_snapshot_xip(pg_current_snapshot()) AS open
    WHERE open::text::bigint < :horizon::bigint AND NOT EXISTS (
        SELECT FROM pg_locks JOIN pg_stat_activity USING (pid)
        WHERE locktype = 'transactionid' AND granted AND mode = 'ExclusiveLock'
            AND transactionid = open::xid AND datname <> current_database()
    )
    """,
)
_SETTLED = Statement(
    "waiting_settled",
    f"""
    SELECT coalesce((SELECT epoch FROM map_state), 1),
        coalesce((SELECT generation FROM map_state), 0),
        (SELECT json_object_agg(slug, id)::text FROM jurisdictions),
        (SELECT json_object_agg(key, id)::text FROM category_groups),
        (SELECT json_object_agg(key, id)::text FROM categories),
        (SELECT json_object_agg(jurisdiction_id || '/' || code, id)::text FROM departments),
        (SELECT json_object_agg(jurisdiction_id || '/' || slug, id)::text FROM areas),
        {", ".join(
            f"string_agg(int8send({column}), '')"
            for column in (
                "code", "jurisdiction_id", "group_id", "category_id",
                "coalesce(department_id, 0)", "coalesce(area_id, 0)",
                "(day - date '1970-01-01')::bigint", *STATUSES,
            )
        )}
    FROM (
        SELECT * FROM map_deltas
        WHERE age(xmin) > age(:horizon::bigint::text::xid8::xid) LIMIT {MOST + 1}
    ) AS settled
    """,
)  # fmt: skip


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
class Share:
    """The kept changes that belong to a tile: their codes (not unique), what each adds to the four
    statuses, and which are counted by cell. `facet`: whose they are, as the statement says it; None
    for days."""

    epoch: int
    generation: int
    horizon: int
    last_id: int
    facet: int | None
    codes: Numbers
    counts: Numbers
    in_cells: NDArray[np.bool_] | slice

    def by_cell(self, code_low: int, shift: int) -> dict[int, list[int]]:
        """What they add to the cells of a tile that begins at `code_low`, `shift` bits coarser than
        codes, by index within the tile."""
        codes, counts = self.codes[self.in_cells], self.counts[:, self.in_cells]
        if not len(codes):
            return {}
        cells, place = np.unique((codes - code_low) >> shift, return_inverse=True)
        sums = np.stack(
            [np.bincount(place, weights=column, minlength=len(cells)) for column in counts]
        )
        rows = np.rint(sums).astype(np.int64).T.tolist()
        return dict(zip(cells.tolist(), rows, strict=True))


@dataclass(frozen=True)
class _Settled:
    epoch: int
    generation: int
    horizon: int
    last_id: int
    ids: dict[str, dict[str, int]]
    columns: dict[str, Numbers]
    counts: Numbers


@dataclass
class WaitingChanges:
    """Those that one process keeps; `reading` is where they are read from."""

    reading: Reading
    _settled: _Settled | None = None
    _read_at: float = -PAUSE
    _reading: Lock = field(default_factory=Lock)

    def share(self, asked: Asked) -> Share | None:
        """The kept changes of a tile; None where there are none or too few to be worth it."""
        settled = self._settled
        if settled is None:
            return None
        low, high = np.searchsorted(
            settled.columns["code"], [asked.code_low, asked.code_high + 1]
        ).tolist()
        if high - low < MANY:
            return None
        inside = slice(low, high)
        found = _own(settled, asked, inside)
        if found is None:
            return None
        facet, wanted = found
        in_cells: NDArray[np.bool_] | slice = slice(None)
        if asked.kind is Kind.YEAR or asked.kind in _OF_MONTHS:
            days = settled.columns["day"][inside]
            wanted &= _within(days, asked.cover)
            in_cells = _within(days[wanted], asked.core)
        return Share(
            settled.epoch,
            settled.generation,
            settled.horizon,
            settled.last_id,
            facet,
            settled.columns["code"][inside][wanted],
            settled.counts[:, inside][:, wanted],
            in_cells,
        )

    def forget(self) -> None:
        """A fold has come between."""
        self._settled = None

    def notice(self, fresh: int) -> None:
        """Take note of how many changes a tile had to add by itself; have them read where they are
        many, by a thread of its own: nobody who asks for a tile waits for it, or for its failing.
        """
        if fresh < MANY or not self._reading.acquire(blocking=False):
            return
        if time.monotonic() - self._read_at < PAUSE:
            self._reading.release()
            return
        try:
            Thread(target=self._catch_up, name=THREAD, daemon=True).start()
        except RuntimeError:  # there is no room for another thread
            self._reading.release()

    def _catch_up(self) -> None:
        try:
            self._read()
        except DATABASE_AWAY as error:
            log.warning("changes that wait were not read: %s", type(error).__name__)
        finally:
            self._read_at = time.monotonic()
            self._reading.release()

    def _read(self) -> None:
        """Read what is settled before a horizon, once it is."""
        horizon, last_id = self.reading.row(_HORIZON, {})
        patient_until = time.monotonic() + PATIENCE
        while self.reading.row(_IN_FLIGHT, {"horizon": horizon})[0]:
            if time.monotonic() > patient_until:
                return
            time.sleep(_A_MOMENT)
        epoch, generation, *rest = self.reading.row(_SETTLED, {"horizon": horizon})
        names, columns = rest[:5], rest[5:]
        if columns[0] is None:
            return
        arrays = [np.frombuffer(column, dtype=">i8").astype(np.int64) for column in columns]
        if len(arrays[0]) > MOST:
            return
        order = np.argsort(arrays[0], kind="stable")
        arrays = [array[order] for array in arrays]
        kinds = ("cities", "group_id", "category_id", "department_id", "area_id")
        self._settled = _Settled(
            epoch,
            generation,
            horizon,
            last_id,
            {kind: json.loads(said or "{}") for kind, said in zip(kinds, names, strict=True)},
            dict(zip(_COLUMNS, arrays, strict=False)),
            np.stack(arrays[len(_COLUMNS) :]),
        )


def _own(
    settled: _Settled, asked: Asked, inside: slice
) -> tuple[int | None, NDArray[np.bool_]] | None:
    """The facet (None for days; of a subject in months that of none) and which of the changes
    `inside` may be its own; None for a name that is unknown."""
    wanted = np.ones(inside.stop - inside.start, dtype=np.bool_)
    city_id = settled.ids["cities"].get(asked.city) if asked.city else 0
    if city_id is None:
        return None
    if city_id:
        wanted &= settled.columns["jurisdiction_id"][inside] == city_id
    if asked.kind is Kind.ALL:
        return facet_number(city_id, Kind.ALL), wanted
    kind = _OF_MONTHS.get(asked.kind, asked.kind)
    column = _SUBJECTS.get(kind)
    if column is None:
        return None, wanted
    is_the_citys = kind in (Kind.DEPARTMENT, Kind.AREA)
    subject = settled.ids[column].get(
        f"{city_id}/{asked.subject}" if is_the_citys else asked.subject
    )
    if subject is None:
        return None
    wanted &= settled.columns[column][inside] == subject
    number = subject if kind is asked.kind else and_month(subject)
    return facet_number(city_id, asked.kind, number), wanted


def _within(days: Numbers, ends: tuple[date, date]) -> NDArray[np.bool_]:
    return (days >= day_id(ends[0])) & (days <= day_id(ends[1]))
