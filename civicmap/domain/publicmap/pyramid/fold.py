"""Adding what waits to the cells it lies in."""

from __future__ import annotations

from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from civicmap.domain.publicmap.pyramid.rollup import COUNTS, cells_of
from civicmap.foundation.transaction import transaction

ONE_AT_A_TIME = 7_205_004  # key of an advisory lock, of rebuilding too
# So many deltas at a time: enough that coarse cells are written once for many of them, and few
# enough that a fold is over in two or three seconds.
BATCH = 7_500

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


def fold(session: Session, *, batch: int = BATCH) -> int:
    """Move up to `batch` waiting deltas into the cells; how many it were.

    One statement: whoever reads sees them waiting or added, never both. Waits while somebody else
    is folding or rebuilding; others then wait for the end of this transaction.
    """
    session.execute(select(func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
    folded: int = session.execute(_FOLD, {"batch": batch}).scalar_one()
    return folded


def may_fold(session: Session) -> bool:
    """Whether nobody else is folding or rebuilding, and now cannot before this transaction ends."""
    free: bool = session.execute(select(func.pg_try_advisory_xact_lock(ONE_AT_A_TIME))).scalar_one()
    return free


def fold_all(engine: Engine) -> int:
    """Fold batch after batch, each in a transaction of its own; how many deltas it were."""
    total = 0
    while True:
        with Session(engine) as session, transaction(session):
            folded = fold(session)
        total += folded
        if folded < BATCH:
            return total


def count_waiting(session: Session, *, at_most: int) -> int:
    """How many deltas wait, counted to `at_most`."""
    waiting: int = session.execute(
        text("SELECT count(*) FROM (SELECT FROM map_deltas LIMIT :at_most) AS waiting"),
        {"at_most": at_most},
    ).scalar_one()
    return waiting
