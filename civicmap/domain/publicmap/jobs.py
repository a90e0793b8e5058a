"""The map's work by the clock."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from civicmap.domain.publicmap.pyramid.fold import BATCH, fold, may_fold
from civicmap.foundation.clock import now
from civicmap.foundation.jobs import enqueue, job

# While much changes, folds follow each other so closely: of more that are added at once, more lie
# in one cell.
PAUSE = timedelta(seconds=15)
MUCH = 500


@job("fold_map_counts", attempts=3)
def fold_map_counts(session: Session) -> None:
    """Add waiting changes to the counts of the map; soon again where there were many.

    A batch to a transaction: readers and writers never wait for it, and a worker that is killed
    loses at most a few seconds' work. Whoever comes while another folds or rebuilds looks again
    later: the other may have found this one queued, and queued none itself.
    """
    folded = fold(session, batch=BATCH) if may_fold(session) else None
    if folded is None or folded >= MUCH:
        at = None if folded == BATCH else now() + PAUSE
        enqueue(session, fold_map_counts, at=at, once="fold_map_counts")
