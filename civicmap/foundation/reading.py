"""Reading at its cheapest: one prepared statement, one round trip, no transaction around it.

For answers that are asked for hundreds of times a second. A session asks the server three or four
times for one answer (is the connection alive, begin, the question, roll back); this asks once.
"""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from threading import Lock
from typing import Any, NamedTuple, Protocol, TypeVar

import psycopg2
from psycopg2 import extensions
from sqlalchemy.orm import Session

# A plan is made once for all values: what is asked are short ranges of keys whatever they are. A
# table that was small when the plan was made may have grown, and just-in-time compilation would
# cost more than such an answer.
_OPTIONS = " ".join(
    f"-c {name}={value}"
    for name, value in {
        "timezone": "UTC",
        "jit": "off",
        "enable_seqscan": "off",
        "plan_cache_mode": "force_generic_plan",
        "default_transaction_read_only": "on",
        # A search for a frequent word marks many rows: exactly, or each is read to be sure.
        "work_mem": "64MB",
        "max_parallel_workers_per_gather": "0",
        "statement_timeout": "15s",
    }.items()
)
# Of a connection of SQLAlchemy's: the names of the statements that it knows.
PREPARED = "prepared_statements"
_NAMED = re.compile(r"(?<!:):([a-z_]+)\b")

Row = tuple[Any, ...]
Answer = TypeVar("Answer")


class Moment(NamedTuple):
    """Which changes a statement saw. Equal ones saw the same: see decision 19.

    `opened`: how many connections there had been. Numbers of transactions may be given again when a
    server has crashed; whoever asks it afterwards does so on a new connection.
    """

    opened: int
    snapshot: str


# The last column of a statement that `tells_moment`. Null where a snapshot does not say all: none
# names its own transaction, and on a standby none those that go on.
SNAPSHOT = (
    "CASE WHEN pg_current_xact_id_if_assigned() IS NULL AND NOT pg_is_in_recovery()"
    " THEN pg_current_snapshot()::text END"
)


class Statement:
    """A SELECT with named places (`:slug`), each cast to its type where that is not plain.

    `tells_moment`: its last column is `SNAPSHOT`, in the place of which its one row has a `Moment`
    or None.
    """

    def __init__(
        self,
        name: str,
        text: str,
        *,
        tells_moment: bool = False,
    ) -> None:
        self.name = name
        self.text = text
        self.tells_moment = tells_moment

    @cached_property
    def places(self) -> tuple[str, ...]:
        """The names of the values, in the order of their first use."""
        return tuple(dict.fromkeys(_NAMED.findall(self.text)))

    @cached_property
    def preparing(self) -> str:
        number = {name: f"${place}" for place, name in enumerate(self.places, 1)}
        text = _NAMED.sub(lambda found: number[found[1]], self.text)
        return f"PREPARE {self.name} AS {text}"

    @cached_property
    def executing(self) -> str:
        given = ", ".join(["%s"] * len(self.places))
        return f"EXECUTE {self.name} ({given})" if given else f"EXECUTE {self.name}"


class Reading(Protocol):
    """What a question for the database is put to."""

    def row(self, statement: Statement, values: Mapping[str, Any]) -> Row:
        """The one row that the statement gives. Raises psycopg2's errors."""

    def rows(self, statement: Statement, values: Mapping[str, Any]) -> list[Row]:
        """All rows that it gives."""


class Prepared:
    """A connection and the statements that it knows."""

    def __init__(self, connection: extensions.connection) -> None:
        self.connection = connection
        self.known: set[str] = set()

    def row(self, statement: Statement, values: Mapping[str, Any], *, opened: int = 0) -> Row:
        found = self.rows(statement, values)
        if not found:
            raise LookupError(f"{statement.name} gave no row")
        return _with_moment(found[0], opened) if statement.tells_moment else found[0]

    def rows(self, statement: Statement, values: Mapping[str, Any]) -> list[Row]:
        with self.connection.cursor() as cursor:
            if statement.name not in self.known:
                cursor.execute(statement.preparing)
                self.known.add(statement.name)
            cursor.execute(statement.executing, [values[name] for name in statement.places])
            return cursor.fetchall()


class InSession:
    """A session put to the same questions: it sees what its transaction has changed so far. What a
    connection has been prepared for it knows after the session, too."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def row(self, statement: Statement, values: Mapping[str, Any]) -> Row:
        row = self.rows(statement, values)[0]
        return _with_moment(row, 0) if statement.tells_moment else row

    def rows(self, statement: Statement, values: Mapping[str, Any]) -> list[Row]:
        connection = self._session.connection()
        known = connection.info.setdefault(PREPARED, set())
        if statement.name not in known:
            connection.exec_driver_sql(statement.preparing.replace("%", "%%"))
            known.add(statement.name)
        given = tuple(values[name] for name in statement.places)
        return [tuple(row) for row in connection.exec_driver_sql(statement.executing, given)]


class Readings:
    """Connections of this process to one database, for reading; as many as threads ask at once.

    The one used last is taken first, so that few are open and those are warm. A `deque` hands them
    out without a lock. What a process inherits from the one it was forked from it leaves alone.
    """

    def __init__(self, address: str) -> None:
        """`address` is a plain `postgresql://` one. Nothing connects before it is asked."""
        self._address = address
        self._idle: deque[Prepared] = deque()
        self._process = os.getpid()
        self._opened = 0
        self._opening = Lock()

    def row(self, statement: Statement, values: Mapping[str, Any]) -> Row:
        """As `Reading.row`; a connection that a restarted server has ended is replaced."""
        return self._ask(lambda prepared: prepared.row(statement, values, opened=self._opened))

    def rows(self, statement: Statement, values: Mapping[str, Any]) -> list[Row]:
        """As `Reading.rows`; like `row`."""
        return self._ask(lambda prepared: prepared.rows(statement, values))

    def close(self) -> None:
        while self._idle:
            self._idle.pop().connection.close()

    def _ask(self, question: Callable[[Prepared], Answer]) -> Answer:
        with self._taken() as (prepared, is_fresh):
            try:
                return question(prepared)
            except psycopg2.Error:
                if is_fresh or not prepared.connection.closed:
                    raise
        self._idle.clear()  # they were open when the server went, too
        with self._taken() as (prepared, _):
            return question(prepared)

    @contextmanager
    def _taken(self) -> Iterator[tuple[Prepared, bool]]:
        """A connection, and whether it was opened just now."""
        if self._process != os.getpid():
            self._idle, self._process = deque(), os.getpid()
        try:
            prepared, is_fresh = self._idle.pop(), False
        except IndexError:
            prepared, is_fresh = self._open(), True
        try:
            yield prepared, is_fresh
        finally:
            if not prepared.connection.closed:
                self._idle.append(prepared)

    def _open(self) -> Prepared:
        connection = psycopg2.connect(self._address, connect_timeout=5, options=_OPTIONS)
        connection.autocommit = True
        with self._opening:
            self._opened += 1
        return Prepared(connection)


def _with_moment(row: Row, opened: int) -> Row:
    *told, snapshot = row
    return (*told, Moment(opened, snapshot) if snapshot else None)
