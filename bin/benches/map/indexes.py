"""Indexes out of the way while millions of rows are written, and back as they were."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

# The primary key stays: other tables refer to it, and it grows in its own order anyway.
THERE = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid), c.conname,
    pg_get_constraintdef(c.oid)
FROM pg_index i LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.contype = 'u'
WHERE i.indrelid = 'reports'::regclass AND NOT i.indisprimary ORDER BY 1
"""


@dataclass(frozen=True)
class Index:
    """What makes it again, and what drops it."""

    name: str
    make: str
    drop: str


def take_away_indexes(cursor: Any) -> list[Index]:
    """Drop all indexes of `reports` but the primary key; what is needed to put them back."""
    cursor.execute(THERE)
    taken = []
    for name, definition, constraint, constrained in cursor.fetchall():
        if constraint:
            make = f"ALTER TABLE reports ADD CONSTRAINT {constraint} {constrained}"
            drop = f"ALTER TABLE reports DROP CONSTRAINT {constraint}"
        else:
            make, drop = definition, f"DROP INDEX {name}"
        cursor.execute(drop)
        taken.append(Index(name, make, drop))
    return taken


def put_back_indexes(cursor: Any, indexes: list[Index], say: Callable[[str], None]) -> None:
    """Make them again, one after the other, each with all workers there are."""
    cursor.execute("SET maintenance_work_mem = '1GB'")
    cursor.execute("SET max_parallel_maintenance_workers = 2")
    for number, index in enumerate(indexes, 1):
        begun = time.monotonic()
        cursor.execute(index.make)
        taken = time.monotonic() - begun
        say(f"index {number} of {len(indexes)}: {index.name} in {taken:.1f} s")
