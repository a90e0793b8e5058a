"""A database with N reports: made once, known again by what it says of itself, kept.

`python -m benches.map.making URL N` makes one on any PostgreSQL, in the database that the URL
names; that is made if it is not there, and made anew if it holds anything else.
"""

from __future__ import annotations

import queue
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg2
from psycopg2.extras import execute_values
from sqlalchemy import make_url

from benches.map.cities import CITIES, MapCity
from benches.map.ground import make_ground
from benches.map.indexes import put_back_indexes, take_away_indexes
from benches.map.reports import EVENTS, FUNCTIONS, NEWEST_EVENTS, REPORTS, days
from civicmap.domain.publicmap.pyramid.rebuild import rebuild
from civicmap.foundation.database import make_engine
from civicmap.foundation.migrations import migrate, pending_migrations

VERSION = 1  # to be counted up when the same number of reports comes out otherwise
CHUNK = 250_000
WRITERS = 2


def have_database(url: str, reports: int, cities: Sequence[MapCity] = CITIES) -> None:
    """Make sure that the database of `url` holds `reports` reports, migrated and counted."""
    if made_with(url) == (VERSION, reports, len(cities)):
        say(f"{database_name(url)} is there with {reports:,} reports")
        bring_up_to_date(url)
    else:
        make_empty(url)
        make_contents(url, reports, cities)


def made_with(url: str) -> tuple[int, int, int] | None:
    """Version, reports and cities that the database was made with; None for any other one."""
    try:
        with connected(url) as cursor:
            cursor.execute("SELECT version, reports, cities FROM bench.made")
            return tuple(cursor.fetchone() or ()) or None
    except psycopg2.Error:
        return None


def bring_up_to_date(url: str) -> None:
    """Migrations that came after it was made, and what they have made room for."""
    engine = make_engine(url)
    with engine.connect() as connection:
        pending = pending_migrations(connection)
    if pending:
        say(f"migrating: {', '.join(pending)}")
        migrate(engine)
    engine.dispose()
    finish(url)


def make_empty(url: str) -> None:
    """A migrated database without a city."""
    name = database_name(url)
    with connected(server_of(url)) as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}"')
    with connected(url) as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    engine = make_engine(url)
    migrate(engine)
    engine.dispose()


def make_contents(url: str, reports: int, cities: Sequence[MapCity]) -> None:
    """Cities, reports and counts, in an empty database."""
    engine = make_engine(url)
    make_ground(engine, cities, say)
    engine.dispose()
    last = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    all_days = list(days(reports, (last - timedelta(days=1)).date(), CHUNK))
    with connected(url) as cursor:
        cursor.execute(FUNCTIONS)
        execute_values(cursor, "INSERT INTO bench.days VALUES %s", all_days)
        cursor.execute("ANALYZE")
        indexes = take_away_indexes(cursor)
        write_reports(url, last, [(chunk, first, until) for _, first, until, chunk in all_days])
        put_back_indexes(url, indexes, say)
        cursor.execute("SELECT setval('reports_id_seq', max(id)) FROM reports")
        cursor.execute(NEWEST_EVENTS, {"reports": reports, "events": EVENTS})
        say("vacuuming")
        cursor.execute("VACUUM (ANALYZE)")
    finish(url)
    engine = make_engine(url)
    cells = rebuild(engine, progress=lambda part: say(f"counting for the map: {part}"))
    engine.dispose()
    say(f"{cells:,} cells of the map")
    with connected(url) as cursor:
        cursor.execute("CREATE TABLE bench.made (version int, reports bigint, cities int)")
        cursor.execute(
            "INSERT INTO bench.made VALUES (%s, %s, %s)", (VERSION, reports, len(cities))
        )
    say(f"{database_name(url)} is ready")


def write_reports(url: str, until: datetime, drawn: list[tuple[int, int, int]]) -> None:
    """Scatter the reports, chunk after chunk, over WRITERS connections without triggers.

    `drawn` are (chunk, number of the first report, of the last) of every day.
    """
    waiting: queue.Queue[tuple[int, int]] = queue.Queue()
    for chunk in sorted({chunk for chunk, _, _ in drawn}):
        waiting.put((chunk, sum(last - first + 1 for c, first, last in drawn if c == chunk)))
    whole, begun = drawn[-1][2], time.monotonic()
    written, failures, lock = 0, list[BaseException](), threading.Lock()

    def write() -> None:
        nonlocal written
        try:
            with connected(url) as cursor:
                cursor.execute("SET session_replication_role = replica")
                cursor.execute("SET synchronous_commit = off")
                cursor.execute("SET jit = off")
                while not failures:
                    chunk, many = waiting.get_nowait()
                    cursor.execute(REPORTS, {"chunk": chunk, "until": until})
                    with lock:
                        written += many
                        rate = written / (time.monotonic() - begun)
                        left = (whole - written) / rate
                        say(f"{written:,} of {whole:,} reports, {rate:,.0f}/s, {left:.0f} s left")
        except queue.Empty:
            return
        except BaseException as failure:
            failures.append(failure)

    writers = [threading.Thread(target=write) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    if failures:
        raise failures[0]


def finish(url: str) -> None:
    """What depends on how far the schema is: the people of the areas."""
    with connected(url) as cursor:
        cursor.execute(
            "SELECT 1 FROM information_schema.columns"
            " WHERE table_name = 'areas' AND column_name = 'population'"
        )
        if cursor.fetchone():
            cursor.execute(
                "UPDATE areas SET population = h.population FROM bench.hexagons h"
                " WHERE h.area_id = areas.id AND areas.population IS NULL"
            )


@contextmanager
def connected(url: str) -> Iterator[Any]:
    """A cursor whose statements are committed one by one."""
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor


def database_name(url: str) -> str:
    return str(make_url(url).database)


def server_of(url: str) -> str:
    """The URL of the database from which others are made and dropped."""
    return make_url(url).set(database="postgres").render_as_string(hide_password=False)


BEGUN = time.monotonic()


def say(line: str) -> None:
    """A line of progress, with the seconds since the beginning."""
    print(f"{time.monotonic() - BEGUN:7.1f} s  {line}", flush=True)


def main(arguments: list[str]) -> None:
    url, reports = arguments
    have_database(url, int(reports))


if __name__ == "__main__":
    main(sys.argv[1:])
