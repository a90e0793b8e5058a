"""Counting every report into the cells anew, while reports go on changing.

What waits in the snapshot of the count is counted with the reports, so it is done with; what is
appended meanwhile is not in the snapshot and waits on.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, func, select, text

from civicmap.domain.publicmap.models import OF_CATEGORIES
from civicmap.domain.publicmap.pyramid.facets import KIND_BITS, LEVEL_BITS
from civicmap.domain.publicmap.pyramid.fold import ONE_AT_A_TIME
from civicmap.domain.publicmap.pyramid.recount import Progress, count_anew
from civicmap.domain.publicmap.pyramid.rollup import COUNTS

# City by city and kind by kind, each facet by itself; but the categories of a place side by side,
# as the numbers beside a map ask for them: they are on few pages then.
_SIDE_BY_SIDE = (
    f"facet >> {KIND_BITS}, CASE WHEN {OF_CATEGORIES} THEN (level << {LEVEL_BITS}) | code END, 1, 2"
)


def rebuild(engine: Engine, *, progress: Progress = lambda _: None) -> int:
    """Count all reports into the cells anew; how many cells there are.

    Readers see the old counts, exact to the end, and then the new ones. Folds wait meanwhile.
    """
    with _nobody_folding(engine) as connection:
        count_anew(connection, progress)
        progress("writing")
        connection.execute(text("DELETE FROM map_deltas"))
        connection.execute(text("DELETE FROM map_cells"))
        written = connection.execute(
            text(
                f"INSERT INTO map_cells (facet, cell, {COUNTS}, changes) "  # noqa: S608
                f"SELECT facet, (level << {LEVEL_BITS}) | code AS cell, {COUNTS}, changes "
                f"FROM counted_cells ORDER BY {_SIDE_BY_SIDE}"
            )
        ).rowcount
        connection.execute(
            text(
                "INSERT INTO map_state AS state (id, epoch, generation) VALUES (1, 1, 1) "
                "ON CONFLICT (id) DO UPDATE SET generation = state.generation + 1, "
                "epoch = greatest(state.epoch + 1, extract(epoch FROM now())::bigint)"
            )
        )
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM (ANALYZE) map_cells"))
        connection.execute(text("VACUUM (ANALYZE) map_deltas"))
    return written


@contextmanager
def _nobody_folding(engine: Engine) -> Iterator[Connection]:
    """A connection in REPEATABLE READ while nobody folds.

    The lock is that of the session and taken before the transaction: a snapshot from before a fold
    that one had to wait for would see deltas that are there no more.
    """
    with engine.connect() as connection:
        with connection.begin():
            connection.execute(select(func.pg_advisory_lock(ONE_AT_A_TIME)))
        try:
            with connection.begin():
                connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
                yield connection
        finally:
            with connection.begin():
                connection.execute(select(func.pg_advisory_unlock(ONE_AT_A_TIME)))
