"""Indexes out of the way while millions of rows are written, and back as they were."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import psycopg2

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

    @property
    def is_constraint(self) -> bool:
        return self.make.startswith("ALTER")

    @property
    def is_gin(self) -> bool:
        return " USING gin " in self.make


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


def put_back_indexes(url: str, indexes: list[Index], say: Callable[[str], None]) -> None:
    """Make them again, two at a time; constraints after the others, as they shut out everybody.

    An index over words takes as long as all others together, and only one processor: it begins.
    """
    plain = sorted(
        (one for one in indexes if not one.is_constraint), key=lambda one: not one.is_gin
    )
    with ThreadPoolExecutor(2) as pool:
        for told in pool.map(lambda index: _make(url, index), plain):
            say(told)
    for index in indexes:
        if index.is_constraint:
            say(_make(url, index))


def _make(url: str, index: Index) -> str:
    begun = time.monotonic()
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '1GB'")
        cursor.execute("SET max_parallel_maintenance_workers = 2")
        cursor.execute(index.make)
        connection.commit()
    return f"{index.name} made in {time.monotonic() - begun:.1f} s"
