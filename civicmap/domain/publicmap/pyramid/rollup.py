"""SQL that turns deltas into cells of every facet and level."""

from __future__ import annotations

from civicmap.domain.publicmap.pyramid.facets import (
    CITY_BITS,
    EVERYWHERE,
    FINEST,
    KIND_BITS,
    LEVEL_BITS,
    MONTH_OF,
    SUBJECTS,
    Subject,
)
from civicmap.domain.reports.workflow import STATUSES

COUNTS = ", ".join(STATUSES)
SUMS = ", ".join(f"sum({status}) AS {status}" for status in STATUSES)
# Of those PostgreSQL makes large sums, which it would add up again as decimals.
_SUMS_OF_ONES = ", ".join(f"sum({status})::int AS {status}" for status in STATUSES)


# The sets of levels at which facets are kept; rows refer to one by its place.
_SETS = sorted(
    {levels for subject in SUBJECTS for levels in (subject.levels, subject.levels_everywhere)}
    - {()}
)


def cells_of(deltas: str) -> str:
    """A query over rows like those of `map_deltas`: facet, cell, the four counts, changes.

    In two steps, so that each delta is counted once at the finest level of each of its facets, and
    only what comes of that is counted again at the coarser ones.
    """
    return f"""
        SELECT facet, (level << {LEVEL_BITS}) | (code >> up) AS cell,
               {SUMS}, sum(changes) AS changes
          FROM (
            SELECT facet, kept, code >> shift AS code, {_SUMS_OF_ONES}, count(*)::int AS changes
              FROM (SELECT *, {MONTH_OF} AS month FROM {deltas} OFFSET 0) AS deltas
             CROSS JOIN LATERAL (VALUES {", ".join(_facets())}) AS facets (facet, kept, shift)
             WHERE facet IS NOT NULL
             GROUP BY 1, 2, 3
          ) AS placed
          JOIN (VALUES {", ".join(_levels())}) AS levels (kept, level, up) USING (kept)
         GROUP BY 1, 2
    """  # noqa: S608 - constants of this package


def sql_facet(jurisdiction: str, subject: Subject) -> str:
    """SQL of the facet of a row like those of `map_deltas`; null where it has no such subject."""
    kind = int(subject.kind) << KIND_BITS
    # PostgreSQL reads `<<` and `|` from left to right, whatever other languages do.
    return f"(({jurisdiction} << {CITY_BITS}) | {kind}::bigint | {subject.id_of})"


def _facets() -> list[str]:
    """SQL rows, one for each facet that a delta counts in: the facet, its set of levels, the bits
    from the code of a delta to the finest of them."""
    return [
        f"({sql_facet(city, subject)}, {_SETS.index(levels)}, {2 * (FINEST - levels[-1])})"
        for subject in SUBJECTS
        for city, levels in (
            ("jurisdiction_id", subject.levels),
            (f"{EVERYWHERE}::bigint", subject.levels_everywhere),
        )
        if levels
    ]


def _levels() -> list[str]:
    """SQL rows, one for each level of a set: the set, the level, the bits to it from the finest."""
    return [
        f"({place}, {level}::bigint, {2 * (levels[-1] - level)})"
        for place, levels in enumerate(_SETS)
        for level in levels
    ]
