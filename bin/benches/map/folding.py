"""The fold: what it costs while 500 changes a second come in, and what tiles cost before it."""

from __future__ import annotations

import multiprocessing
import os
import queue
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
from sqlalchemy import text
from sqlalchemy.orm import Session

from benches.map.making import connected
from benches.map.outcome import Outcome
from civicmap.domain.publicmap.jobs import MUCH, PAUSE
from civicmap.domain.publicmap.pyramid.fold import (
    BATCH,
    ONE_AT_A_TIME,
    count_waiting,
    fold,
    fold_all,
)
from civicmap.foundation.database import make_engine
from civicmap.foundation.transaction import transaction

RATE = 500  # changes a second
SECONDS = 40
WRITERS = 4
LARGEST_SHARE = 20.0  # per cent of one core
WAITING = 100_000
TICKS = os.sysconf("SC_CLK_TCK")

# There and back again: nothing is left of it but what the cells were changed by.
TOGGLE = """
UPDATE reports SET status = CASE status WHEN 'open' THEN 'in_progress' ELSE 'open' END
WHERE id = %s
"""
VACUUM = "VACUUM reports"
TOGGLE_MANY = """
UPDATE reports SET status = CASE status WHEN 'fixed' THEN 'wont_fix' ELSE 'fixed' END
WHERE id IN (SELECT id FROM bench.toggled)
"""


def measure(outcome: Outcome, url: str) -> None:
    """The fold at work as the worker does it, beside the writers."""
    fold_everything(url)
    with connected(url) as cursor:
        cursor.execute(
            "SELECT id FROM reports WHERE status IN ('open', 'in_progress')"
            " AND visibility = 'public' ORDER BY hashint8(id) LIMIT %s",
            (RATE * SECONDS // 2,),
        )
        ids = [id_ for (id_,) in cursor.fetchall()]
    context = multiprocessing.get_context("spawn")
    done = context.Value("i", 0)
    # Twice over the same reports: the second change takes the first back.
    writer = context.Process(target=write_steadily, args=(url, ids * 2, done))
    writer.start()
    try:
        spent, elapsed, folded, most = _fold_beside(url, writer)
    finally:
        writer.join()
    if writer.exitcode:
        raise RuntimeError("the writers failed")
    share = 100 * spent / elapsed
    outcome.heading(f"The fold beside {RATE} status changes a second for {elapsed:.0f} s")
    outcome.row("fold", "changes a second that came in", rate=done.value / elapsed)
    outcome.row("fold", "changes a second folded", rate=folded / elapsed)
    outcome.row("fold", "most waiting at once", changes=most)
    outcome.row("fold", "CPU seconds of its backend and of Python", seconds=spent)
    outcome.target("fold at 500 changes/s: share of one core", share, LARGEST_SHARE, "%")
    outcome.target("fold at 500 changes/s: most waiting", most, 20 * RATE, "changes")
    fold_everything(url)


def write_steadily(url: str, ids: list[int], done: multiprocessing.Value) -> None:  # type: ignore[valid-type]
    """A change a transaction, RATE a second, over WRITERS connections."""
    todo: queue.Queue[tuple[float, int]] = queue.Queue()
    begun = time.monotonic() + 1
    for number, id_ in enumerate(ids):
        todo.put((begun + number / RATE, id_))

    def write() -> None:
        with connected(url) as cursor:
            while True:
                try:
                    due, id_ = todo.get_nowait()
                except queue.Empty:
                    return
                time.sleep(max(0.0, due - time.monotonic()))
                cursor.execute(TOGGLE, (id_,))
                with done.get_lock():  # type: ignore[attr-defined]
                    done.value += 1  # type: ignore[attr-defined]

    threads = [threading.Thread(target=write) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _fold_beside(
    url: str, writer: multiprocessing.process.BaseProcess
) -> tuple[float, float, int, int]:
    """CPU seconds spent, seconds gone by, deltas folded, most that waited."""
    engine = make_engine(url)
    folded = most = 0
    with Session(engine) as session:
        pid = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
        session.rollback()
        begun, spent = time.monotonic(), cpu_seconds(pid) + time.process_time()
        while writer.is_alive():
            with transaction(session):
                waiting = count_waiting(session, at_most=10 * RATE * SECONDS)
                many = fold(session)
            most, folded = max(most, waiting), folded + many
            if many < BATCH:
                writer.join(PAUSE.total_seconds() if many >= MUCH else 1)
        elapsed = time.monotonic() - begun
        spent = cpu_seconds(pid) + time.process_time() - spent
    engine.dispose()
    return spent, elapsed, folded, most


def cpu_seconds(pid: int) -> float:
    """User and system time of a process of this machine."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def fold_everything(url: str) -> float:
    """Fold until nothing waits; seconds."""
    engine = make_engine(url)
    begun = time.monotonic()
    fold_all(engine)
    engine.dispose()
    return time.monotonic() - begun


@contextmanager
def many_waiting(outcome: Outcome, url: str) -> Iterator[None]:
    """WAITING status changes wait, and nobody may fold, inside the block; then they are undone."""
    fold_everything(url)
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", (ONE_AT_A_TIME,))
            cursor.execute("DROP TABLE IF EXISTS bench.toggled")
            cursor.execute(
                "CREATE TABLE bench.toggled AS SELECT id FROM reports"
                " WHERE status IN ('fixed', 'wont_fix') AND visibility = 'public'"
                " ORDER BY hashint8(id) LIMIT %s",
                (WAITING,),
            )
            cursor.execute(TOGGLE_MANY)
            cursor.execute("ANALYZE map_deltas")
            cursor.execute(VACUUM)  # so that the server does not begin to while it is measured
            try:
                yield
            finally:
                cursor.execute(TOGGLE_MANY)
                cursor.execute("SELECT pg_advisory_unlock(%s)", (ONE_AT_A_TIME,))
    outcome.row("fold", f"seconds to fold {2 * WAITING:,} changes", seconds=fold_everything(url))
    with connected(url) as cursor:
        cursor.execute(VACUUM)  # the next run finds it as this one did
