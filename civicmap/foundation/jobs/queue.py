"""Put a job into the queue, as part of the transaction that causes it."""

from __future__ import annotations

import logging
from datetime import datetime

from procrastinate import App
from procrastinate.contrib.sqlalchemy import SQLAlchemyPsycopg2Connector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.types import JSONValue
from sqlalchemy.orm import Session

from civicmap.foundation.jobs.registry import Job

log = logging.getLogger(__name__)

# Never opened: it only writes on connections that sessions lend it. The worker has an App of its
# own, with a connection pool (Procrastinate ties a task to one App and its way to the database).
_app = App(connector=SQLAlchemyPsycopg2Connector())


def enqueue(
    session: Session,
    job: Job,
    *,
    at: datetime | None = None,
    once: str | None = None,
    **arguments: JSONValue,
) -> None:
    """Queue `job` with JSON `arguments` inside the session's transaction.

    `at`: an aware moment before which it must not run. `once`: a key; while a job with this key
    still waits, another is not queued.
    """

    def defer() -> None:
        # The session begins its savepoint only when it is asked for its connection.
        _app.configure_task(
            job.name, connection=session.connection(), queueing_lock=once, schedule_at=at
        ).defer(**arguments)

    if once is None:
        defer()
        return
    try:
        # The key is a unique index; the savepoint keeps its refusal from ending our transaction.
        with session.begin_nested():
            defer()
    except AlreadyEnqueued:
        log.debug("%s is waiting already under %s", job.name, once)
