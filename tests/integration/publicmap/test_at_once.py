"""Writers, folds, rebuilds and readers at the same moment: nothing is lost or counted twice, no
reader ever sees another number than a plain count would give, and nobody waits for a fold."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from random import Random

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError, NoResultFound, OperationalError
from sqlalchemy.orm import Session

from civicmap.domain.publicmap.pyramid.fold import ONE_AT_A_TIME, fold, fold_all, may_fold
from civicmap.domain.publicmap.pyramid.rebuild import rebuild
from civicmap.domain.publicmap.pyramid.verify import compare
from civicmap.extensions import db
from civicmap.foundation.errors import CivicmapError
from civicmap.foundation.transaction import transaction
from tests.integration.publicmap.changes import CHANGES, Town, insert_many, send
from tests.integration.publicmap.plain_count import Kept, count_reports, read_kept

# So long; on a busy machine longer, until everybody has come to it so often.
SECONDS, MOST_SECONDS = 1.5, 60
TIMES = 2
# What somebody meets who is not the first, or took part in a deadlock: the transaction is undone.
REFUSED = (CivicmapError, OperationalError, IntegrityError, NoResultFound)


@contextmanager
def snapshot() -> Iterator[Connection]:
    """Everything read in it is of one moment."""
    with db.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        yield connection


def check() -> Kept:
    with snapshot() as connection:
        kept = read_kept(connection)
        assert kept.counts == count_reports(connection)
    return kept


def fill(town: Town) -> None:
    with transaction(db.session) as session:
        for number in range(10):
            insert_many(session, town, Random(number))


class Crowd:
    """Threads that do something again and again, until it is enough or one of them fails."""

    def __init__(self, app: Flask) -> None:
        self.done: Counter[str] = Counter()
        self._app = app
        self._over = threading.Event()

    def again_and_again(self, act: Callable[[Random], object], seed: int) -> None:
        dice = Random(seed)
        with self._app.app_context():
            while not self._over.is_set():
                try:
                    act(dice)
                    self.done[act.__name__] += 1
                except REFUSED:
                    self.done["refused"] += 1
                except BaseException:
                    self._over.set()
                    raise

    def run(self, *acts: Callable[[Random], object]) -> None:
        with ThreadPoolExecutor(len(acts)) as pool:
            futures = [
                pool.submit(self.again_and_again, act, seed) for seed, act in enumerate(acts)
            ]
            begun = time.monotonic()
            while not self._over.wait(0.1):
                passed = time.monotonic() - begun
                enough = all(self.done[act.__name__] >= TIMES for act in acts)
                if passed > (SECONDS if enough else MOST_SECONDS):
                    self._over.set()
        for future in futures:
            future.result()


def test_every_reader_sees_a_plain_count_while_all_happens_at_once(
    live_app: Flask, live_town: Town
) -> None:
    fill(live_town)
    seen: dict[int, Kept] = {}

    def write(dice: Random) -> None:
        with db.sessionmaker() as session, transaction(session):
            session.execute(text("SET LOCAL deadlock_timeout = '20ms'"))
            for _ in range(dice.randint(1, 3)):
                CHANGES[dice.choice(list(CHANGES))](session, live_town, dice)
            if dice.random() < 0.2:
                session.rollback()

    def fold_some(dice: Random) -> None:
        with db.sessionmaker() as session, transaction(session):
            fold(session, batch=dice.randint(1, 40))

    def count_anew(dice: Random) -> None:
        rebuild(db.engine)
        time.sleep(0.3)

    def read(dice: Random) -> None:
        kept = check()
        before = seen.get(threading.get_ident())
        if before and before.epoch == kept.epoch:
            assert all(kept.revisions[at] >= number for at, number in before.revisions.items())
        seen[threading.get_ident()] = kept

    crowd = Crowd(live_app)
    crowd.run(write, write, write, fold_some, fold_some, count_anew, read, read)
    check()
    assert compare(db.engine).differences == 0
    assert crowd.done["count_anew"] >= TIMES


BLOCKED = text("SELECT cardinality(pg_blocking_pids(:backend)) > 0")
COUNTING = text(
    "SELECT pid FROM pg_locks JOIN pg_database ON pg_database.oid = database"
    " WHERE datname = current_database() AND locktype = 'advisory' AND objid = :key AND granted"
)


def wait_until_blocked(find: Callable[[Connection], int | None]) -> int:
    """The backend, as soon as it waits for somebody's lock."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        until = time.monotonic() + 60  # a busy machine takes its time to come to the lock
        while time.monotonic() < until:
            backend = find(connection)
            if backend and connection.execute(BLOCKED, {"backend": backend}).scalar_one():
                return backend
            time.sleep(0.01)
    raise AssertionError("it waits for nobody")


def who_counts(connection: Connection) -> int | None:
    return connection.execute(COUNTING, {"key": ONE_AT_A_TIME}).scalar_one_or_none()


@pytest.mark.parametrize("work", [fold_all, rebuild])
def test_killed_in_the_middle_of_its_work_it_leaves_everything_as_it_was(
    live_town: Town, work: Callable[[Engine], object]
) -> None:
    fill(live_town)
    with transaction(db.session) as session:
        fold(session, batch=30)
    before = check()
    with ThreadPoolExecutor(1) as pool, db.engine.begin() as holding:
        # Somebody holds the last of the cells, which it comes to when much is written already.
        holding.execute(
            text("SELECT FROM map_cells ORDER BY facet DESC, cell DESC LIMIT 1 FOR UPDATE")
        )
        working = pool.submit(work, db.engine)
        backend = wait_until_blocked(who_counts)
        assert check() == before
        holding.execute(text("SELECT pg_terminate_backend(:backend)"), {"backend": backend})
        with pytest.raises(DBAPIError):
            working.result()
    assert check() == before
    fold_all(db.engine)
    assert check() == before


def test_who_folds_keeps_nobody_waiting(live_town: Town) -> None:
    fill(live_town)
    with transaction(db.session) as session:
        fold(session, batch=20)
    with db.sessionmaker() as folding, db.sessionmaker() as session:
        assert fold(folding, batch=10) == 10
        with transaction(session):
            session.execute(text("SET LOCAL lock_timeout = '100ms'"))
            send(session, live_town, Random(1))
            insert_many(session, live_town, Random(1))
            assert not may_fold(session)
        check()
        folding.rollback()
    check()


def test_an_old_snapshot_keeps_its_own_counts_whatever_is_folded_and_rebuilt(
    live_town: Town,
) -> None:
    fill(live_town)
    with snapshot() as old:
        before = read_kept(old)
        fill(live_town)
        with transaction(db.session) as session:
            fold(session, batch=50)
        rebuild(db.engine)
        fill(live_town)
        assert read_kept(old) == before
        assert count_reports(old) == before.counts
    assert check().counts != before.counts


@pytest.mark.parametrize(
    "regroup",
    [
        "UPDATE categories SET group_id = (SELECT max(id) FROM category_groups)",
        "UPDATE jurisdictions SET time_zone = 'America/Los_Angeles'",
    ],
)
def test_reports_that_change_while_their_category_or_city_does_are_not_left_behind(
    live_town: Town, regroup: str
) -> None:
    fill(live_town)

    def change() -> None:
        with Session(engine) as session, transaction(session):
            backends.append(session.scalar(text("SELECT pg_backend_pid()")) or 0)
            session.execute(text(regroup))

    engine, backends = db.engine, list[int]()
    with ThreadPoolExecutor(1) as pool, db.sessionmaker() as session:
        with transaction(session):
            insert_many(session, live_town, Random(1))
            session.execute(text("UPDATE reports SET status = 'in_progress' WHERE status = 'open'"))
            changing = pool.submit(change)
            wait_until_blocked(lambda _: backends[-1] if backends else None)
        changing.result()
    check()
