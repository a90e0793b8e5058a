"""Counting every report anew, into temporary tables: what the cells ought to hold.

The connection is in a REPEATABLE READ transaction. Every waiting delta that its snapshot sees
belongs to a change that the snapshot sees too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from sqlalchemy import Connection, text

from civicmap.domain.publicmap.pyramid.facets import (
    CITY_BITS,
    EVERYWHERE,
    FINEST,
    KIND_BITS,
    MONTH_OF,
    SUBJECTS,
    Subject,
)
from civicmap.domain.publicmap.pyramid.rollup import SUMS, sql_facet
from civicmap.domain.reports.workflow import STATUSES
from civicmap.foundation.geo import FINEST_LEVEL

Progress = Callable[[str], None]

# The shape of `map_deltas`, and the month, so that the same SQL counts by day and place.
_PUBLIC_REPORTS = f"""
    CREATE TEMP TABLE counted_reports ON COMMIT DROP AS
    SELECT *, {MONTH_OF} AS month FROM (
    SELECT reports.jurisdiction_id, reports.category_id, categories.group_id,
           reports.department_id, reports.area_id,
           (reports.created_at AT TIME ZONE jurisdictions.time_zone)::date AS day,
           reports.morton >> {2 * (FINEST_LEVEL - FINEST)} AS code,
           {", ".join(f"(reports.status = '{status}')::int AS {status}" for status in STATUSES)}
      FROM reports
      JOIN jurisdictions ON jurisdictions.id = reports.jurisdiction_id
      JOIN categories ON categories.id = reports.category_id
     WHERE reports.visibility = 'public'
    ) AS public
"""  # noqa: S608 - constants of this package

_SUBJECT_MASK = (1 << CITY_BITS) - 1  # a facet without its city is that of every city


def count_anew(connection: Connection, progress: Progress) -> None:
    """Fill the temporary table `counted_cells`: the finest level of each kind from the reports, the
    coarser ones from the finer. It is gone at the end of the transaction."""
    connection.execute(text("SET LOCAL work_mem = '256MB'"))
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
        _count_finest(connection, subject, "jurisdiction_id", subject.levels[-1])
        _roll_up(connection, subject.levels, _of_kind(subject, everywhere=False))
        if subject.levels_everywhere:
            _count_everywhere(connection, subject, subject.levels_everywhere[-1])
            _roll_up(connection, subject.levels_everywhere, _of_kind(subject, everywhere=True))


def _count_finest(connection: Connection, subject: Subject, city: str, finest: int) -> None:
    """From the reports; `city` is SQL."""
    connection.execute(
        text(
            f"""
            INSERT INTO counted_cells
            SELECT {sql_facet(city, subject)}, {finest},
                   code >> {2 * (FINEST - finest)}, {SUMS}, count(*)
              FROM counted_reports WHERE {subject.id_of} IS NOT NULL GROUP BY 1, 2, 3
            """  # noqa: S608 - constants of this package
        )
    )


def _count_everywhere(connection: Connection, subject: Subject, finest: int) -> None:
    """From the cities' cells, unless they are too coarse."""
    source = next((level for level in subject.levels if level >= finest), None)
    if source is None:
        _count_finest(connection, subject, f"{EVERYWHERE}::bigint", finest)
        return
    connection.execute(
        text(
            f"""
            INSERT INTO counted_cells
            SELECT facet & {_SUBJECT_MASK}, {finest}, code >> {2 * (source - finest)},
                   {SUMS}, sum(changes)
              FROM counted_cells WHERE {_of_kind(subject, everywhere=False)} AND level = {source}
             GROUP BY 1, 2, 3
            """  # noqa: S608 - constants of this package
        )
    )


def _roll_up(connection: Connection, levels: Sequence[int], of_kind: str) -> None:
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
