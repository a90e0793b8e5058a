"""The statements of the application caught at the driver, and played back bare.

At psycopg2 rather than at SQLAlchemy, because tiles are read past it: with prepared statements on
connections of their own. Played back, they run on a connection with the same settings, and what was
prepared is prepared before the clock starts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest import mock

import psycopg2
from psycopg2.extensions import connection as Connection  # noqa: N812 - a type
from psycopg2.extensions import cursor as Cursor  # noqa: N812

_PREPARED = re.compile(r"PREPARE (\w+) AS (.*)", re.DOTALL)
_EXECUTED = re.compile(r"EXECUTE (\w+)")
_PLACE = re.compile(r"\$(\d+)\b")
PING = "SELECT 1"


@dataclass(frozen=True)
class Caught:
    """A statement with its values in it; `options` are the settings of its connection."""

    sql: str
    values: tuple[str, ...]
    options: str
    is_autocommit: bool

    @property
    def prepared_name(self) -> str | None:
        found = _EXECUTED.match(self.sql)
        return found[1] if found else None


class Catcher:
    """Notes what goes through psycopg2 while it is listening."""

    def __init__(self) -> None:
        self.listening: list[Caught] | None = None
        self.prepared: dict[str, str] = {}

    def note(self, cursor: Cursor, sql: Any, values: Any) -> None:
        text = sql.decode() if isinstance(sql, bytes) else str(sql)
        if (preparing := _PREPARED.match(text.strip())) is not None:
            self.prepared[preparing[1]] = preparing[2]
        elif self.listening is not None and text != PING:
            whole = cursor.mogrify(sql, values).decode()
            single = values if isinstance(values, list | tuple) else ()
            options = cursor.connection.get_dsn_parameters().get("options", "")
            self.listening.append(
                Caught(
                    whole,
                    tuple(cursor.mogrify("%s", (value,)).decode() for value in single),
                    options,
                    cursor.connection.autocommit,
                )
            )

    @contextmanager
    def listen(self) -> Iterator[list[Caught]]:
        """The statements of the block."""
        self.listening = []
        try:
            yield self.listening
        finally:
            self.listening = None

    def plain(self, statement: Caught) -> str:
        """The statement as it would be written without preparing it."""
        name = statement.prepared_name
        if name is None:
            return statement.sql
        return _PLACE.sub(lambda place: statement.values[int(place[1]) - 1], self.prepared[name])

    @contextmanager
    def at_the_driver(self) -> Iterator[None]:
        """New connections of this process are listened to inside the block."""
        catcher = self

        class NotingCursor(Cursor):
            def execute(self, query: Any, vars: Any = None) -> None:  # noqa: A002 - psycopg2's name
                catcher.note(self, query, vars)
                super().execute(query, vars)

        connect = psycopg2.connect

        def connect_noting(*arguments: Any, **named: Any) -> Connection:
            connection: Connection = connect(*arguments, cursor_factory=NotingCursor, **named)
            return connection

        with mock.patch.object(psycopg2, "connect", connect_noting):
            yield


class Playback:
    """Runs caught statements again, each on a connection of its settings."""

    def __init__(self, url: str, catcher: Catcher) -> None:
        self.url = url
        self.catcher = catcher
        self._connections: dict[tuple[str, bool], Connection] = {}
        self._prepared: set[tuple[str, str]] = set()

    def ready(self, statements: list[Caught]) -> None:
        """Connect and prepare what they need."""
        for statement in statements:
            name = statement.prepared_name
            connection = self._connection(statement)
            if name and (statement.options, name) not in self._prepared:
                with connection.cursor() as cursor:
                    cursor.execute(f"PREPARE {name} AS {self.catcher.prepared[name]}")
                if not statement.is_autocommit:
                    connection.commit()
                self._prepared.add((statement.options, name))

    def play(self, statements: list[Caught]) -> None:
        """Run them in their order and fetch their rows."""
        open_ones = set()
        for statement in statements:
            connection = self._connection(statement)
            with connection.cursor() as cursor:
                cursor.execute(statement.sql)
                if cursor.description:
                    cursor.fetchall()
            if not statement.is_autocommit:
                open_ones.add(connection)
        for connection in open_ones:
            connection.rollback()

    def close(self) -> None:
        for connection in self._connections.values():
            connection.close()

    def _connection(self, statement: Caught) -> Connection:
        key = (statement.options, statement.is_autocommit)
        if key not in self._connections:
            self._connections[key] = psycopg2.connect(self.url, options=statement.options)
            self._connections[key].autocommit = statement.is_autocommit
        return self._connections[key]
