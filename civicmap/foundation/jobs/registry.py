"""Which jobs there are, and which of them run by the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from civicmap.foundation.bindings import Binding
from civicmap.foundation.transaction import transaction

SESSIONS: Binding[sessionmaker[Session]] = Binding("how a job opens a session")


@dataclass(frozen=True)
class Job:
    """A registered job: what `enqueue` and the schedule are given."""

    name: str
    function: Callable[..., None]
    attempts: int
    longest_wait_seconds: int

    def run(self, arguments: dict[str, Any]) -> None:
        """Do it once, in a session and a transaction of its own."""
        with SESSIONS.value() as session, transaction(session):
            self.function(session, **arguments)

    def wait_seconds(self, failures: int) -> int | None:
        """How long to wait after so many failed runs; None: give up."""
        if failures >= self.attempts:
            return None
        return int(min(2 ** min(failures, 30), self.longest_wait_seconds))


_jobs: dict[str, Job] = {}
_schedule: dict[str, str] = {}


def job(
    name: str, *, attempts: int = 12, longest_wait_seconds: int = 3600
) -> Callable[[Callable[..., None]], Job]:
    """Register a function as a job under a lasting `name` (queued jobs refer to it by that name).

    The function gets a session in a transaction of its own, and the arguments it was queued with.
    A run that raises is tried again after 2, 4, 8 … seconds, at most `longest_wait_seconds` apart
    and `attempts` times in all (12: for over an hour), then kept as failed.
    """

    def register(function: Callable[..., None]) -> Job:
        made = Job(name, function, attempts, longest_wait_seconds)
        if _jobs.setdefault(name, made).function.__qualname__ != function.__qualname__:
            raise ValueError(f"there are two jobs called {name}")
        _jobs[name] = made
        return made

    return register


def schedule(table: Iterable[tuple[str, Job]]) -> None:
    """Run jobs at the times of five-field cron lines (UTC); replaces the schedule before it."""
    _schedule.clear()
    for cron, made in table:
        _schedule[made.name] = cron


def all_jobs() -> dict[str, Job]:
    """Every job by its name."""
    return _jobs


def crons() -> dict[str, str]:
    """The cron line of every scheduled job, by its name."""
    return _schedule
