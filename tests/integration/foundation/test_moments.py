"""Moments of readings: equal ones saw the same, whatever went on in between."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing

import psycopg2
import pytest
from psycopg2.extensions import connection as Connection  # noqa: N812 - a type

from civicmap.foundation.reading import SNAPSHOT, Moment, Prepared, Readings, Statement

NOW = Statement("moment", f"SELECT {SNAPSHOT}", tells_moment=True)
SUM = Statement(
    "moment_sum",
    f"SELECT (SELECT coalesce(sum(amount), 0)::bigint FROM seen_at), {SNAPSHOT}",  # noqa: S608
    tells_moment=True,
)


@pytest.fixture
def readings(database_url: str) -> Iterator[Readings]:
    readings = Readings(database_url)
    yield readings
    readings.close()


@pytest.fixture
def table(database_url: str) -> Iterator[None]:
    """`seen_at`, of which transactions change the sum."""
    with closing(psycopg2.connect(database_url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE seen_at (id serial, amount bigint)")
            try:
                yield
            finally:
                cursor.execute("DROP TABLE seen_at")


def now(readings: Readings) -> Moment:
    moment = readings.row(NOW, {})[0]
    assert isinstance(moment, Moment)
    return moment


class Writer:
    """A connection that begins, writes, goes back to savepoints and ends, by chance."""

    def __init__(self, url: str, chance: random.Random) -> None:
        self.connection: Connection = psycopg2.connect(url)
        self.chance = chance
        self.is_inside = False

    def step(self) -> None:
        with self.connection.cursor() as cursor:
            what = self.chance.choice(
                ["write", "write", "savepoint", "back", "commit", "roll back"]
            )
            if what == "write":
                amount = self.chance.randrange(1, 1_000_000)
                cursor.execute("INSERT INTO seen_at (amount) VALUES (%s)", (amount,))
            elif what == "savepoint":
                cursor.execute("SAVEPOINT here")
                cursor.execute("INSERT INTO seen_at (amount) VALUES (7)")
                self.is_inside = True
            elif what == "back" and self.is_inside:
                cursor.execute("ROLLBACK TO SAVEPOINT here")
            elif what == "commit":
                self.connection.commit()
                self.is_inside = False
            elif what == "roll back":
                self.connection.rollback()
                self.is_inside = False


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize("seed", range(4))
def test_equal_moments_saw_the_same(database_url: str, readings: Readings, seed: int) -> None:
    chance = random.Random(seed)
    writers = [Writer(database_url, chance) for _ in range(4)]
    told: dict[Moment, int] = {}
    again = changes = 0
    last = None
    for _ in range(400):
        chance.choice(writers).step()
        for _ in range(2):
            total, moment = readings.row(SUM, {})
            again += moment in told
            assert told.setdefault(moment, total) == total
            changes += total != last
            last = total
    for writer in writers:
        writer.connection.close()
    assert again > 100
    assert changes > 20


def test_while_nothing_is_committed_it_is_the_same_moment(readings: Readings) -> None:
    # Other databases of the server have a part in it: at some time nobody commits.
    assert any(now(readings) == now(readings) for _ in range(2_000))


def test_a_new_connection_sees_another_moment(database_url: str, readings: Readings) -> None:
    before = now(readings)
    (prepared,) = readings._idle
    with closing(psycopg2.connect(database_url)) as connection, connection.cursor() as cursor:
        ended = prepared.connection.get_backend_pid()
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", (ended,))
    # Even if a server that has crashed gives the same numbers again.
    assert now(readings)._replace(snapshot=before.snapshot) != before


def test_a_transaction_that_has_written_has_no_moment(database_url: str) -> None:
    with closing(psycopg2.connect(database_url)) as connection:
        prepared = Prepared(connection)
        assert prepared.row(NOW, {})[0]
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()")
        assert prepared.row(NOW, {}) == (None,)
