"""Work that leaves the request: queued in the same transaction, done by a worker.

Procrastinate keeps the queue in our own database. `enqueue` writes the job on the session's own
connection: a rollback leaves no job, a commit wakes the worker. Everything else of Procrastinate
stays behind this file. Jobs run at least once: a worker that is killed in the middle of one leaves
it to be taken up again (`retry_stalled_jobs`), so a job must be able to run twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import procrastinate
from procrastinate.contrib.sqlalchemy import SQLAlchemyPsycopg2Connector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.manager import JobManager
from sqlalchemy.orm import Session, sessionmaker

from civicmap.foundation.transaction import transaction

log = logging.getLogger(__name__)

# A worker writes a heartbeat every 10 s; one silent for this long is taken for dead.
STALLED_AFTER_SECONDS = 30


@dataclass(frozen=True)
class Job:
    """A registered job: what `enqueue` is given."""

    name: str
    function: Callable[..., None]
    task: procrastinate.tasks.Task[Any, Any, Any]


_app = procrastinate.App(connector=SQLAlchemyPsycopg2Connector())
# What our own code queues goes through its session's connection (psycopg2), also from inside a job,
# while the worker has given the application a connector of its own (psycopg 3).
_queue = JobManager(SQLAlchemyPsycopg2Connector())
_sessions: list[sessionmaker[Session]] = []


def bind_sessions(sessions: sessionmaker[Session]) -> None:
    """Tell the worker how to open a session; called once, when the application is made."""
    _sessions[:] = [sessions]


def job(name: str, *, attempts: int = 12) -> Callable[[Callable[..., None]], Job]:
    """Register a function as a job under a lasting `name` (queued jobs refer to it by that name).

    Each run gets a session and a transaction of its own. A run that raises is tried again after
    2, 4, 8 … seconds, at most `attempts` times (12: for over an hour), then is kept as failed.
    """

    def register(function: Callable[..., None]) -> Job:
        def run(**arguments: Any) -> None:
            with _sessions[0]() as session, transaction(session):
                function(session, **arguments)

        task = _app.task(
            name=name,
            retry=procrastinate.RetryStrategy(max_attempts=attempts, exponential_wait=2),
        )(run)
        return Job(name=name, function=function, task=task)

    return register


def enqueue(
    session: Session,
    job: Job,
    *,
    at: datetime | None = None,
    once: str | None = None,
    **arguments: Any,
) -> None:
    """Queue `job` with JSON `arguments` inside the session's transaction.

    `at`: an aware moment before which it must not run. `once`: a key; while a job with this key
    still waits, another is not queued.
    """
    deferrer = job.task.configure(
        connection=session.connection(), queueing_lock=once, schedule_at=at
    )
    deferrer.job_manager = _queue
    if once is None:
        deferrer.defer(**arguments)
        return
    try:
        # The lock is a unique index; the savepoint keeps its refusal from ending our transaction.
        with session.begin_nested():
            deferrer.defer(**arguments)
    except AlreadyEnqueued:
        log.debug("%s is waiting already under %s", job.name, once)


def every(cron: str, job: Job) -> None:
    """Run `job` at the times of a five-field `cron` line (UTC)."""

    def run(timestamp: int) -> None:
        with _sessions[0]() as session, transaction(session):
            job.function(session)

    task = _app.task(name=f"every.{job.name}", queueing_lock=f"every.{job.name}")(run)
    _app.periodic(cron=cron)(task)


@_app.periodic(cron="* * * * *")
@_app.task(name="jobs.retry_stalled", queueing_lock="jobs.retry_stalled", pass_context=True)
async def _retry_stalled_jobs(context: procrastinate.JobContext, timestamp: int) -> None:
    """Queue again what a killed worker left in the middle: its heartbeat has stopped."""
    manager = context.app.job_manager
    for left in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS):
        log.warning("job %s was left in the middle by a dead worker: queued again", left.task_name)
        await manager.retry_job(left)


def work(database_url: str, *, wait: bool = True, concurrency: int = 2) -> None:
    """Work off the queue of the database at a plain `postgresql://` address.

    With `wait=False`, return when nothing is left that is due now.
    """
    # Replaced, not copied: periodic tasks are queued through the application they were made for.
    with _app.replace_connector(procrastinate.PsycopgConnector(conninfo=database_url)) as app:
        app.run_worker(
            wait=wait,
            concurrency=concurrency,
            install_signal_handlers=wait,
            delete_jobs="successful",
            listen_notify=wait,
            # How often delayed retries are looked for; new jobs wake the worker at once.
            fetch_job_polling_interval=1.0,
        )
