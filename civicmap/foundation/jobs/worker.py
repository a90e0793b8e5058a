"""The worker: does jobs until it is told to stop, and survives a database that goes away."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import psycopg_pool
from procrastinate import App, BaseRetryStrategy, PsycopgConnector, RetryDecision
from procrastinate.exceptions import ConnectorException
from procrastinate.job_context import JobContext
from procrastinate.jobs import Job as QueuedJob
from procrastinate.worker import Worker

from civicmap.foundation.jobs.left_behind import take_up_left_jobs, waits_under_the_same_key
from civicmap.foundation.jobs.registry import Job, all_jobs, crons

log = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 10.0
# A worker that missed this many heartbeats is taken for dead.
MISSED_HEARTBEATS = 3
CONNECT_SECONDS = 3
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
# Who worked this long without trouble begins with the first pause again.
STEADY_SECONDS = 60.0
AWAY: tuple[type[Exception], ...] = (
    ConnectorException,
    psycopg.OperationalError,
    psycopg_pool.PoolTimeout,
    OSError,
)


def work(
    database_url: str,
    *,
    wait: bool = True,
    concurrency: int = 2,
    heartbeat_seconds: float = HEARTBEAT_SECONDS,
) -> None:
    """Work off the queue of the database at a plain `postgresql://` address.

    Ends on SIGTERM and SIGINT, when the jobs in hand are done. A database that goes away is waited
    for. With `wait=False`, return when nothing is left that is due now; then a database that is
    away raises. Not through pgbouncer in transaction mode: the worker listens for notifications.
    """
    asyncio.run(
        _work_until_told(
            database_url, wait=wait, concurrency=concurrency, heartbeat_seconds=heartbeat_seconds
        )
    )


async def _work_until_told(
    database_url: str, *, wait: bool, concurrency: int, heartbeat_seconds: float
) -> None:
    told = asyncio.Event()
    pause, clock = FIRST_PAUSE_SECONDS, asyncio.get_running_loop().time
    with _signals(told.set if wait else None):
        while not told.is_set():
            app, began = make_app(database_url), clock()
            try:
                await _reach(database_url)
                async with app.open_async():
                    await take_up_left_jobs(app, heartbeat_seconds * MISSED_HEARTBEATS)
                    await _work_while_connected(
                        app, told, wait=wait, concurrency=concurrency, heartbeat=heartbeat_seconds
                    )
            except AWAY as error:
                if not wait:
                    raise
                if clock() - began > STEADY_SECONDS:
                    pause = FIRST_PAUSE_SECONDS
                log.warning(
                    "the queue is out of reach (%s): next try in %.0f s",
                    " ".join(str(error.__cause__ or error).split()),
                    pause,
                )
            if not wait:
                return
            await _sleep(pause, told)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)


async def _work_while_connected(
    app: App, told: asyncio.Event, *, wait: bool, concurrency: int, heartbeat: float
) -> None:
    """Returns when told to stop, when nothing is left (not `wait`), or when the worker gave up
    because something beside it failed; raises what it failed with."""

    async def look_for_left_jobs() -> None:
        while True:
            await asyncio.sleep(heartbeat)
            await take_up_left_jobs(app, heartbeat * MISSED_HEARTBEATS)

    working = asyncio.create_task(
        app.run_worker_async(
            wait=wait,
            concurrency=concurrency,
            install_signal_handlers=False,
            delete_jobs="successful",
            listen_notify=wait,
            # How often delayed retries are looked for; new jobs wake the worker at once.
            fetch_job_polling_interval=1.0,
            update_heartbeat_interval=heartbeat,
            stalled_worker_timeout=heartbeat * MISSED_HEARTBEATS,
            worker_middleware=[give_way_to_the_same],
        )
    )
    looking = asyncio.create_task(look_for_left_jobs())
    stopping = asyncio.create_task(told.wait())
    await asyncio.wait({working, looking, stopping}, return_when=asyncio.FIRST_COMPLETED)
    # Cancelling the worker asks it to finish what it has in hand.
    for task in (looking, stopping, working):
        task.cancel()
    results = await asyncio.gather(working, looking, stopping, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result


def make_app(database_url: str) -> App:
    """Procrastinate with our jobs and schedule, and its own connections to the database."""
    app = App(
        connector=PsycopgConnector(
            conninfo=database_url,
            min_size=1,
            max_size=4,
            timeout=3.0,
            kwargs={"connect_timeout": CONNECT_SECONDS},
        )
    )
    for made in all_jobs().values():
        app.task(name=made.name, retry=_Retry(made))(_runner(made))
    for name, cron in crons().items():
        made = all_jobs()[name]
        task = app.task(name=f"every.{name}", queueing_lock=f"every.{name}")(_clock_runner(made))
        app.periodic(cron=cron)(task)
    return app


def _runner(made: Job) -> Callable[..., None]:
    def run(**arguments: Any) -> None:
        made.run(arguments)

    return run


def _clock_runner(made: Job) -> Callable[[int], None]:
    def run(timestamp: int) -> None:
        made.run({})

    return run


class _Retry(BaseRetryStrategy):
    def __init__(self, made: Job) -> None:
        self._job = made

    def get_retry_decision(
        self, *, exception: BaseException, job: QueuedJob
    ) -> RetryDecision | None:
        seconds = self._job.wait_seconds(job.attempts + 1)
        return None if seconds is None else RetryDecision(retry_in={"seconds": seconds})


async def give_way_to_the_same(
    run: Callable[[], Awaitable[Any]], context: JobContext, worker: Worker
) -> Any:
    """A failed job with a `once` key whose like was queued meanwhile leaves the work to that one:
    it could not be queued again beside it."""
    try:
        return await run()
    except Exception:
        if await waits_under_the_same_key(context.app, context.job):
            log.warning("%s failed; the same is queued already", context.job.task_name)
            return None
        raise


@contextmanager
def _signals(stop: Callable[[], None] | None) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    numbers = (signal.SIGTERM, signal.SIGINT) if stop else ()
    for number in numbers:
        loop.add_signal_handler(number, stop)  # type: ignore[arg-type]
    try:
        yield
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)


async def _reach(database_url: str) -> None:
    """Raises psycopg.OperationalError within seconds; the pool alone would try for half a minute,
    deaf to signals."""
    connection = await psycopg.AsyncConnection.connect(
        database_url, connect_timeout=CONNECT_SECONDS
    )
    await connection.close()


async def _sleep(seconds: float, told: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(told.wait(), seconds)
    except TimeoutError:
        return
