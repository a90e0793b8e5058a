"""Where a transaction ends. `commit(` stands in this file and nowhere else.

Return commits, raise rolls back, and the commit comes before any answer leaves. Actions flush.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session


@contextmanager
def transaction(session: Session) -> Iterator[Session]:
    """Commit what happened in the block, or nothing of it."""
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
