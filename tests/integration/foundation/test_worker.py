"""The worker: jobs that queue jobs, and jobs that come round by the clock."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg2
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from civicmap.extensions import db
from civicmap.foundation.jobs import Job, enqueue, job, work
from tests.integration.start.processes_of import eventually

REPOSITORY = Path(__file__).resolve().parents[3]
done: list[str] = []


@job("tests.second_of_two")
def second_of_two(session: Session, by: str) -> None:
    done.append(f"queued by {by}")


@job("tests.first_of_two")
def first_of_two(session: Session) -> None:
    enqueue(session, second_of_two, by="the first")


@job("tests.rolled_back")
def rolled_back(session: Session) -> None:
    done.append("rolled back all the same")


def queue(job: Job) -> None:
    with db.session.begin():
        enqueue(db.session, job)


def test_a_job_may_queue_another(live_app: Flask, database_url: str) -> None:
    done.clear()
    with live_app.app_context():
        queue(first_of_two)
        work(database_url, wait=False)
        assert done == ["queued by the first"]
        queue(first_of_two)  # the application can still queue after a worker has run in it
        assert db.session.scalar(text("SELECT count(*) FROM procrastinate_jobs")) == 1


def test_a_rolled_back_transaction_leaves_no_job(live_app: Flask, database_url: str) -> None:
    done.clear()
    with live_app.app_context():
        enqueue(db.session, rolled_back)
        db.session.rollback()
        work(database_url, wait=False)
    assert done == []


def test_the_worker_queues_what_comes_round_by_the_clock_and_ends_when_told(
    live_app: Flask, database_url: str, tmp_path: Path
) -> None:
    log = tmp_path / "worker.log"
    with log.open("wb") as output:
        worker = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", "worker"],
            cwd=REPOSITORY,
            env={**os.environ, "DATABASE_URL": database_url, "CIVICMAP_STATE": str(tmp_path)},
            stdout=output,
            stderr=output,
        )
    connection = psycopg2.connect(database_url)
    connection.autocommit = True

    def something_is_queued() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM procrastinate_periodic_defers")
            return cursor.fetchone() != (0,)

    try:
        assert eventually(lambda: something_is_queued() or worker.poll() is not None)
        assert worker.poll() is None, log.read_text()
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=30) == 0, log.read_text()
        assert "rror" not in log.read_text()
    finally:
        connection.close()
        worker.kill()
        worker.wait()
