"""The queue: part of the transaction, done at least once, never silently dropped."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from civicmap.extensions import db
from civicmap.foundation.clock import now
from civicmap.foundation.jobs import enqueue, job, work
from civicmap.foundation.transaction import transaction

done: list[str] = []


@job("tests.note_word")
def note_word(session: Session, word: str) -> None:
    done.append(word)


@job("tests.fail_always", attempts=3)
def fail_always(session: Session) -> None:
    done.append("tried")
    session.execute(text("CREATE TABLE left_by_a_failed_job ()"))
    raise RuntimeError("as always")


@job("tests.fail_and_queue_again")
def fail_and_queue_again(session: Session) -> None:
    """Fails while somebody else has queued the same."""
    done.append("tried")
    with db.sessionmaker() as other, transaction(other):
        enqueue(other, fail_and_queue_again, once="the same", at=now() + timedelta(hours=1))
    raise RuntimeError("while the same is waiting")


@job("tests.queue_another")
def queue_another(session: Session) -> None:
    enqueue(session, note_word, word="from a job")


@pytest.fixture
def session(live_app: Flask) -> Iterator[Session]:
    """A session that commits for real."""
    done.clear()
    with live_app.app_context(), db.sessionmaker() as session:
        yield session


def work_off(database_url: str) -> None:
    work(database_url, wait=False)


def queued(session: Session) -> list[tuple[Any, ...]]:
    """Name, state and number of attempts of every job there is, but those by the clock."""
    with transaction(session):
        rows = session.execute(
            text("""
                SELECT task_name, status::text, attempts FROM procrastinate_jobs
                WHERE task_name NOT LIKE 'every.%' ORDER BY id
            """)
        )
        return [tuple(row) for row in rows]


def make_due(session: Session) -> None:
    with transaction(session):
        session.execute(text("UPDATE procrastinate_jobs SET scheduled_at = now()"))


def leave_in_the_middle(session: Session, *, attempts: int = 0) -> None:
    """As a worker does that is killed: the job is in hand, and the heartbeat long ago."""
    with transaction(session):
        session.execute(
            text("""
                WITH worker AS (
                    INSERT INTO procrastinate_workers (last_heartbeat)
                    VALUES (now() - interval '1 hour') RETURNING id)
                UPDATE procrastinate_jobs
                SET status = 'doing', attempts = :attempts, worker_id = (SELECT id FROM worker)
            """),
            {"attempts": attempts},
        )


def test_a_committed_job_is_done_and_leaves_nothing(session: Session, database_url: str) -> None:
    with transaction(session):
        enqueue(session, note_word, word="committed")
    work_off(database_url)
    assert done == ["committed"]
    assert queued(session) == []


def test_a_rolled_back_job_never_was(session: Session, database_url: str) -> None:
    with pytest.raises(RuntimeError, match="changed my mind"), transaction(session):
        enqueue(session, note_word, word="rolled back")
        raise RuntimeError("changed my mind")
    assert queued(session) == []
    work_off(database_url)
    assert done == []


def test_a_job_can_queue_another(session: Session, database_url: str) -> None:
    with transaction(session):
        enqueue(session, queue_another)
    work_off(database_url)
    work_off(database_url)
    assert done == ["from a job"]


def test_a_job_for_later_waits(session: Session, database_url: str) -> None:
    with transaction(session):
        enqueue(session, note_word, word="later", at=now() + timedelta(hours=1))
    work_off(database_url)
    assert done == []
    make_due(session)
    work_off(database_url)
    assert done == ["later"]


def test_a_key_queues_a_job_once_while_it_waits(session: Session, database_url: str) -> None:
    with transaction(session):
        enqueue(session, note_word, once="key", word="first")
        enqueue(session, note_word, once="key", word="second")
        enqueue(session, note_word, once="other key", word="third")
        # The refused one has not spoilt the transaction.
        assert session.scalar(text("SELECT 1")) == 1
    work_off(database_url)
    assert sorted(done) == ["first", "third"]
    with transaction(session):
        enqueue(session, note_word, once="key", word="again")
    work_off(database_url)
    assert done[-1] == "again"


def test_a_failed_job_is_tried_again_later_and_kept_in_the_end(
    session: Session, database_url: str
) -> None:
    with transaction(session):
        enqueue(session, fail_always)
    for attempts in (1, 2):
        work_off(database_url)
        assert queued(session) == [("tests.fail_always", "todo", attempts)]
        make_due(session)
    work_off(database_url)
    assert queued(session) == [("tests.fail_always", "failed", 3)]
    make_due(session)
    work_off(database_url)
    assert done == ["tried"] * 3


def test_what_a_failed_job_wrote_is_undone(session: Session, database_url: str) -> None:
    with transaction(session):
        enqueue(session, fail_always)
    work_off(database_url)
    with transaction(session):
        assert session.scalar(text("SELECT to_regclass('left_by_a_failed_job')")) is None


def test_a_failed_job_gives_way_to_the_same_queued_meanwhile(
    session: Session, database_url: str
) -> None:
    with transaction(session):
        enqueue(session, fail_and_queue_again, once="the same")
    work_off(database_url)
    assert done == ["tried"]
    assert queued(session) == [("tests.fail_and_queue_again", "todo", 0)]


def test_what_a_dead_worker_left_is_done_by_the_next(session: Session, database_url: str) -> None:
    with transaction(session):
        enqueue(session, note_word, word="left")
    leave_in_the_middle(session)
    work_off(database_url)
    assert done == ["left"]
    assert queued(session) == []


def test_what_kills_its_worker_every_time_is_given_up(session: Session, database_url: str) -> None:
    with transaction(session):
        enqueue(session, fail_always)
    leave_in_the_middle(session, attempts=2)
    work_off(database_url)
    assert done == []
    assert queued(session) == [("tests.fail_always", "failed", 3)]


def test_what_a_dead_worker_left_gives_way_to_the_same_queued_meanwhile(
    session: Session, database_url: str
) -> None:
    with transaction(session):
        enqueue(session, note_word, once="key", word="left")
    leave_in_the_middle(session)
    with transaction(session):
        enqueue(session, note_word, once="key", word="new")
        enqueue(session, note_word, word="something else")
    work_off(database_url)
    assert sorted(done) == ["new", "something else"]
    assert queued(session) == []


def test_what_a_living_worker_has_in_hand_is_left_to_it(
    session: Session, database_url: str
) -> None:
    with transaction(session):
        enqueue(session, note_word, word="in hand")
    leave_in_the_middle(session)
    with transaction(session):
        session.execute(text("UPDATE procrastinate_workers SET last_heartbeat = now()"))
    work_off(database_url)
    assert done == []
