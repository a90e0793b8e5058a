"""Changes that wait for a fold, kept in this process while they are many.

Adding up 100,000 of them costs the database some 20 ms for a tile of a whole country; here it takes
a millisecond, from sums that are made once (`kept_changes.py`). The result is the same as the
statement's own, to the unit:

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
from threading import Lock, Thread

import numpy as np

from civicmap.domain.publicmap.tiles.kept_changes import COLUMNS, Asked, Settled, Share
from civicmap.domain.reports.workflow import STATUSES
from civicmap.foundation.database import DATABASE_AWAY
from civicmap.foundation.reading import Reading, Statement

log = logging.getLogger(__name__)

# From so many in one tile on it pays to read all there are, and to use what was read.
MANY = 2_000
SOME = 200
# Reading more would take seconds and too much memory; then tiles are slow until they are folded.
MOST = 500_000
# Seconds from one reading to the next; each fold makes one necessary.
PAUSE = 0.5
# Seconds that a reading waits for the transactions before its horizon to end. Most take a
# hundredth of that; an import, minutes.
PATIENCE = 10.0
_A_MOMENT = 0.02
THREAD = "changes that wait"

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


@dataclass
class WaitingChanges:
    """Those that one process keeps; `reading` is where they are read from."""

    reading: Reading
    _settled: Settled | None = None
    _read_at: float = -PAUSE
    _reading: Lock = field(default_factory=Lock)

    def share(self, asked: Asked) -> Share | None:
        """The kept changes of a tile; None where there are none or too few to be worth it."""
        settled = self._settled
        return settled.share(asked, least=SOME) if settled else None

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
        self._settled = Settled(
            epoch,
            generation,
            horizon,
            last_id,
            {kind: json.loads(said or "{}") for kind, said in zip(kinds, names, strict=True)},
            dict(zip(COLUMNS, arrays, strict=False)),
            np.stack(arrays[len(COLUMNS) :]).astype(np.int16),
        )
