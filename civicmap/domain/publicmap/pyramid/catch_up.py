"""Adding what waits, however much it is: after a migration, or another file of categories."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from civicmap.domain.publicmap.pyramid.fold import BATCH, count_waiting, fold_all
from civicmap.domain.publicmap.pyramid.rebuild import rebuild
from civicmap.domain.publicmap.pyramid.recount import Progress

# From so many on, counting every report anew is quicker.
TOO_MANY_TO_ADD = 100_000


@dataclass(frozen=True)
class CaughtUp:
    """How many changes were `added`, or how many cells were `counted` anew."""

    added: int = 0
    counted: int = 0


def catch_up(engine: Engine, *, progress: Progress = lambda _: None) -> CaughtUp:
    """Add what waits, unless it is so little that the worker may do it."""
    with Session(engine) as session:
        waiting = count_waiting(session, at_most=TOO_MANY_TO_ADD)
    if waiting >= TOO_MANY_TO_ADD:
        return CaughtUp(counted=rebuild(engine, progress=progress))
    return CaughtUp(added=fold_all(engine) if waiting > BATCH else 0)
