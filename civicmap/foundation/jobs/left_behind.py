"""Jobs that a killed worker left in the middle: their worker's heartbeat has stopped."""

from __future__ import annotations

import logging

from procrastinate import App
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Job as QueuedJob
from procrastinate.jobs import Status

from civicmap.foundation.jobs.registry import all_jobs

log = logging.getLogger(__name__)


async def take_up_left_jobs(app: App, silent_for_seconds: float) -> None:
    """Queue again what workers had in hand that have been silent for so long.

    A worker that was wrongly taken for dead may still be doing such a job: it then runs twice.
    """
    manager = app.job_manager
    for left in await manager.get_stalled_jobs(seconds_since_heartbeat=silent_for_seconds):
        known = all_jobs().get(left.task_name.removeprefix("every."))
        if known is not None and left.attempts + 1 >= known.attempts:
            # It may be what kills the workers: not for ever.
            log.error("%s was left in the middle too often: given up", left.task_name)
            await manager.finish_job(left, Status.FAILED, delete_job=False)
            continue
        try:
            await manager.retry_job(left)
        except UniqueViolation:
            # Its like is waiting under the same `once` key and does the work.
            await manager.finish_job(left, Status.FAILED, delete_job=True)
        except ConnectorException:
            if await _is_still_left(app, left, silent_for_seconds):
                raise
            continue  # another worker was quicker
        log.warning("%s was left in the middle by a dead worker: queued again", left.task_name)


async def waits_under_the_same_key(app: App, job: QueuedJob) -> bool:
    """Whether another job waits under the `once` key of this one."""
    if job.queueing_lock is None:
        return False
    waiting = await app.job_manager.list_jobs_async(
        status=Status.TODO.value, queueing_lock=job.queueing_lock
    )
    return any(other.id != job.id for other in waiting)


async def _is_still_left(app: App, left: QueuedJob, silent_for_seconds: float) -> bool:
    stalled = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=silent_for_seconds)
    return any(other.id == left.id for other in stalled)
