"""Counting every report anew, while reports go on changing: to repair the cells, or to check them.

Both work in one REPEATABLE READ transaction. Every waiting delta that its snapshot sees belongs to
a change that the snapshot sees too, so they are done with once the reports have been counted; what
is appended meanwhile is not in the snapshot and waits on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import Connection, Engine, func, select, text

from civicmap.domain.publicmap.pyramid.facets import (
    CITY_BITS,
    EVERYWHERE,
    FINEST,
    KIND_BITS,
    LEVEL_BITS,
    LEVELS,
    SUBJECTS,
    Subject,
)
from civicmap.domain.publicmap.pyramid.fold import ONE_AT_A_TIME
from civicmap.domain.publicmap.pyramid.rollup import COUNTS, STATUSES, SUMS, cells_of, sql_facet

Progress = Callable[[str], None]

# The shape of `map_deltas`, so that the same SQL counts by day and place.
_PUBLIC_REPORTS = f"""
    CREATE TEMP TABLE counted_reports ON COMMIT DROP AS
    SELECT reports.jurisdiction_id, reports.category_id, categories.group_id,
           reports.department_id, reports.area_id,
           (reports.created_at AT TIME ZONE jurisdictions.time_zone)::date AS day,
           reports.morton >> {2 * (30 - FINEST)} AS code,
           {", ".join(f"(reports.status = '{status}')::int AS {status}" for status in STATUSES)}
      FROM reports
      JOIN jurisdictions ON jurisdictions.id = reports.jurisdiction_id
      JOIN categories ON categories.id = reports.category_id
     WHERE reports.visibility = 'public'
"""  # noqa: S608 - constants of this package

_SUBJECT_MASK = (1 << CITY_BITS) - 1  # a facet without its city is that of every city


@dataclass(frozen=True)
class Difference:
    """A cell whose counts (open, in progress, fixed, won't fix) are not those of the reports."""

    facet: int
    cell: int
    counted: tuple[int, ...]
    kept: tuple[int, ...]


@dataclass(frozen=True)
class Comparison:
    """`cells`: how many there are by the reports; `examples`: the first of the differences."""

    cells: int
    differences: int
    examples: tuple[Difference, ...]


def rebuild(engine: Engine, *, progress: Progress = lambda _: None) -> int:
    """Count all reports into the cells anew; how many cells there are.

    Readers see the old counts, exact to the end, and then the new ones. Folds wait meanwhile.
    """
    with _counting(engine) as connection:
        _count(connection, progress)
        progress("writing")
        connection.execute(text("DELETE FROM map_deltas"))
        connection.execute(text("DELETE FROM map_cells"))
        written = connection.execute(
            text(
                f"INSERT INTO map_cells (facet, cell, {COUNTS}, changes) "  # noqa: S608
                f"SELECT facet, (level << {LEVEL_BITS}) | code, {COUNTS}, changes "
                "FROM counted_cells ORDER BY 1, 2"
            )
        ).rowcount
        connection.execute(
            text(
                "INSERT INTO map_state AS state (id, epoch, generation) VALUES (1, 1, 1) "
                "ON CONFLICT (id) DO UPDATE SET epoch = state.epoch + 1, "
                "generation = state.generation + 1"
            )
        )
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM (ANALYZE) map_cells"))
        connection.execute(text("VACUUM (ANALYZE) map_deltas"))
    return written


def compare(
    engine: Engine, *, examples: int = 10, progress: Progress = lambda _: None
) -> Comparison:
    """Hold the cells and what waits against the reports themselves."""
    with _counting(engine) as connection:
        _count(connection, progress)
        progress("comparing")
        kept = f"""
            SELECT facet, cell, {SUMS} FROM (
                SELECT facet, cell, {COUNTS} FROM map_cells
                UNION ALL
                SELECT facet, cell, {COUNTS} FROM ({cells_of("map_deltas")}) AS waiting
            ) AS parts GROUP BY facet, cell
        """  # noqa: S608 - constants of this package
        counted = (
            f"SELECT facet, (level << {LEVEL_BITS}) | code AS cell, {COUNTS} FROM counted_cells"  # noqa: S608
        )
        both = ", ".join(
            f"coalesce({side}.{status}, 0) AS {side}_{status}"
            for side in ("counted", "kept")
            for status in STATUSES
        )
        unlike = " OR ".join(f"counted_{status} <> kept_{status}" for status in STATUSES)
        rows = connection.execute(
            text(
                f"""
                SELECT *, count(*) OVER () AS differences FROM (
                    SELECT facet, cell, {both}
                      FROM ({counted}) AS counted FULL JOIN ({kept}) AS kept USING (facet, cell)
                ) AS cells WHERE {unlike} ORDER BY facet, cell LIMIT :examples
                """  # noqa: S608 - constants of this package
            ),
            {"examples": max(1, examples)},
        ).all()
        cells = connection.execute(text("SELECT count(*) FROM counted_cells")).scalar_one()
    found = tuple(
        Difference(row.facet, row.cell, tuple(row[2:6]), tuple(row[6:10])) for row in rows
    )
    return Comparison(cells, rows[0].differences if rows else 0, found)


@contextmanager
def _counting(engine: Engine) -> Iterator[Connection]:
    """A connection in REPEATABLE READ while nobody folds.

    The lock is that of the session and taken before the transaction: a snapshot from before a fold
    that one had to wait for would see deltas that are there no more.
    """
    with engine.connect() as connection:
        with connection.begin():
            connection.execute(select(func.pg_advisory_lock(ONE_AT_A_TIME)))
        try:
            with connection.begin():
                connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
                connection.execute(text("SET LOCAL work_mem = '256MB'"))
                yield connection
        finally:
            with connection.begin():
                connection.execute(select(func.pg_advisory_unlock(ONE_AT_A_TIME)))


def _count(connection: Connection, progress: Progress) -> None:
    """Fill the temporary table `counted_cells`: the finest level of each kind from the reports, the
    coarser ones from the finer."""
    progress("reading")
    connection.execute(text(_PUBLIC_REPORTS))
    connection.execute(text("ANALYZE counted_reports"))
    connection.execute(
        text(
            "CREATE TEMP TABLE counted_cells (facet bigint, level bigint, code bigint, "
            f"{', '.join(f'{status} bigint' for status in STATUSES)}, changes bigint) "
            "ON COMMIT DROP"
        )
    )
    for subject in SUBJECTS:
        progress(subject.kind.name.lower())
        _count_finest(connection, subject)
        _roll_up(connection, subject.finest, _of_kind(subject, everywhere=False))
        if subject.finest_everywhere is not None:
            _count_everywhere(connection, subject, subject.finest_everywhere)
            _roll_up(connection, subject.finest_everywhere, _of_kind(subject, everywhere=True))


def _count_finest(connection: Connection, subject: Subject) -> None:
    connection.execute(
        text(
            f"""
            INSERT INTO counted_cells
            SELECT {sql_facet("jurisdiction_id", subject)}, {subject.finest},
                   code >> {2 * (FINEST - subject.finest)}, {SUMS}, count(*)
              FROM counted_reports WHERE {subject.id_of} IS NOT NULL GROUP BY 1, 2, 3
            """  # noqa: S608 - constants of this package
        )
    )


def _count_everywhere(connection: Connection, subject: Subject, finest: int) -> None:
    connection.execute(
        text(
            f"""
            INSERT INTO counted_cells
            SELECT facet & {_SUBJECT_MASK}, level, code,
                   {SUMS}, sum(changes)
              FROM counted_cells WHERE {_of_kind(subject, everywhere=False)} AND level = {finest}
             GROUP BY 1, 2, 3
            """  # noqa: S608 - constants of this package
        )
    )


def _roll_up(connection: Connection, finest: int, of_kind: str) -> None:
    levels = [level for level in LEVELS if level <= finest]
    for coarser, finer in reversed(list(pairwise(levels))):
        connection.execute(
            text(
                f"""
                INSERT INTO counted_cells
                SELECT facet, {coarser}, code >> {2 * (finer - coarser)}, {SUMS}, sum(changes)
                  FROM counted_cells WHERE {of_kind} AND level = {finer} GROUP BY 1, 2, 3
                """  # noqa: S608 - constants of this package
            )
        )


def _of_kind(subject: Subject, *, everywhere: bool) -> str:
    kinds = (1 << CITY_BITS - KIND_BITS) - 1
    cities = "=" if everywhere else "<>"
    return (
        f"((facet >> {KIND_BITS}) & {kinds}) = {int(subject.kind)}"
        f" AND (facet >> {CITY_BITS}) {cities} {EVERYWHERE}"
    )
