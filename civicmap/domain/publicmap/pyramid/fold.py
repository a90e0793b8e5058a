"""Adding what waits to the cells it lies in."""

from __future__ import annotations

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from civicmap.domain.publicmap.pyramid.rollup import COUNTS, cells_of

ONE_AT_A_TIME = 7_205_004  # key of an advisory lock, of rebuilding too
# So many deltas at a time: enough that coarse cells are written once for many of them, and few
# enough that a fold is over in a second.
BATCH = 5_000

_FOLD = text(
    f"""
    WITH taken AS MATERIALIZED (
        DELETE FROM map_deltas
         WHERE id IN (SELECT id FROM map_deltas ORDER BY id LIMIT :batch)
        RETURNING *
    ), added AS (
        INSERT INTO map_cells AS cells (facet, cell, {COUNTS}, changes)
        {cells_of("taken")}
        ORDER BY facet, cell
        ON CONFLICT (facet, cell) DO UPDATE SET
            open = cells.open + excluded.open,
            in_progress = cells.in_progress + excluded.in_progress,
            fixed = cells.fixed + excluded.fixed,
            wont_fix = cells.wont_fix + excluded.wont_fix,
            changes = cells.changes + excluded.changes
    ), counted AS (
        INSERT INTO map_state AS state (id, epoch, generation)
        SELECT 1, 1, 1 WHERE EXISTS (SELECT FROM taken)
        ON CONFLICT (id) DO UPDATE SET generation = state.generation + 1
    )
    SELECT count(*) FROM taken
    """  # noqa: S608 - constants of this package
)


def fold(session: Session, *, batch: int = BATCH, wait: bool = True) -> int:
    """Move up to `batch` waiting deltas into the cells; how many it were.

    One statement: whoever reads sees them waiting or added, never both. One at a time: with
    `wait=False`, 0 where somebody else is folding or rebuilding. The lock is held to the end of
    the transaction.
    """
    if wait:
        session.execute(select(func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
    elif not session.scalar(select(func.pg_try_advisory_xact_lock(ONE_AT_A_TIME))):
        return 0
    folded: int = session.execute(_FOLD, {"batch": batch}).scalar_one()
    return folded


def count_waiting(session: Session, *, at_most: int) -> int:
    """How many deltas wait, counted to `at_most`."""
    waiting: int = session.execute(
        text("SELECT count(*) FROM (SELECT FROM map_deltas LIMIT :at_most) AS waiting"),
        {"at_most": at_most},
    ).scalar_one()
    return waiting
