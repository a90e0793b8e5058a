"""Work that leaves the request: queued in the same transaction, done by a worker.

Procrastinate keeps the queue in our own database. `enqueue` writes the job on the session's own
connection: a rollback leaves no job, a commit wakes the worker. Everything of Procrastinate stays
inside this package. Jobs run at least once: what a killed worker leaves in the middle is taken up
again (see `left_behind.py`), so a job must be able to run twice.
"""

from civicmap.foundation.jobs.queue import enqueue
from civicmap.foundation.jobs.registry import SESSIONS, Job, job, schedule
from civicmap.foundation.jobs.worker import work

__all__ = ["SESSIONS", "Job", "enqueue", "job", "schedule", "work"]
