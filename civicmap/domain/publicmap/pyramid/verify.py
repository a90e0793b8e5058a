"""Holding the cells, and what waits, against the reports themselves."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, text

from civicmap.domain.publicmap.pyramid.facets import LEVEL_BITS
from civicmap.domain.publicmap.pyramid.recount import Progress, count_anew
from civicmap.domain.publicmap.pyramid.rollup import COUNTS, SUMS, cells_of
from civicmap.domain.reports.workflow import STATUSES


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


def compare(
    engine: Engine, *, examples: int = 10, progress: Progress = lambda _: None
) -> Comparison:
    """Hold the cells and what waits against the reports, all in one snapshot: whatever changes
    or is folded meanwhile is not in it."""
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        count_anew(connection, progress)
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
