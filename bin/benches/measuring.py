"""What the measurements share: timing in turns, percentiles, statements caught and played back."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

from sqlalchemy import Engine, event

Way = Callable[[], object]


def take_turns(ways: dict[str, Way], rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each way, run in turns so that what disturbs one disturbs all."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            begun = time.perf_counter()
            way()
            taken[name].append((time.perf_counter() - begun) * 1000)
    return taken


def percentile(times: list[float], share: float) -> float:
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def row(name: str, times: list[float], bare: list[float], *more: object) -> str:
    """A line of a table: p50, p95, and the median as a multiple of the bare one's."""
    median = statistics.median(times)
    return (
        f"{name:34} {median:8.2f} {percentile(times, 0.95):8.2f} "
        f"{median / statistics.median(bare):8.2f}  " + "  ".join(str(value) for value in more)
    )


HEADING = f"{'milliseconds':34} {'p50':>8} {'p95':>8} {'x bare':>8}"


@contextmanager
def caught_statements(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """The SQL and parameters that the engine runs inside the block."""
    caught: list[tuple[str, Any]] = []

    def note(_c: object, _cursor: object, sql: str, parameters: Any, *_: object) -> None:
        caught.append((sql, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield caught
    finally:
        event.remove(engine, "before_cursor_execute", note)


def played_back(engine: Engine, statements: list[tuple[str, Any]]) -> Way:
    """The same statements straight through psycopg2, on one open connection, rows fetched."""
    connection = engine.raw_connection()

    def play() -> None:
        with closing(connection.cursor()) as cursor:
            for sql, parameters in statements:
                cursor.execute(sql, parameters)
                if cursor.description:
                    cursor.fetchall()
        connection.rollback()

    return play
