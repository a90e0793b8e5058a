"""SQL that turns deltas into cells of every facet and level."""

from __future__ import annotations

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
from civicmap.domain.reports.workflow import STATUSES

COUNTS = ", ".join(STATUSES)
SUMS = ", ".join(f"sum({status}) AS {status}" for status in STATUSES)


def cells_of(deltas: str) -> str:
    """A query over rows like those of `map_deltas`: facet, cell, the four counts, changes.

    In two steps, so that each delta is counted once at the finest level of each of its facets, and
    only what comes of that is counted again at the coarser ones.
    """
    return f"""
        SELECT facet, (level << {LEVEL_BITS}) | (code >> (2 * (finest - level)::int)) AS cell,
               {SUMS}, sum(changes) AS changes
          FROM (
            SELECT facet, finest, code >> (2 * ({FINEST} - finest)::int) AS code,
                   {SUMS}, count(*) AS changes
              FROM {deltas}
             CROSS JOIN LATERAL (VALUES {", ".join(_facets())}) AS facets (facet, finest)
             WHERE facet IS NOT NULL
             GROUP BY 1, 2, 3
          ) AS placed
          JOIN (VALUES {", ".join(f"({level}::bigint)" for level in LEVELS)}) AS levels (level)
            ON level <= finest
         GROUP BY 1, 2
    """  # noqa: S608 - constants of this package


def sql_facet(jurisdiction: str, subject: Subject) -> str:
    """SQL of the facet of a row like those of `map_deltas`; null where it has no such subject."""
    kind = int(subject.kind) << KIND_BITS
    # PostgreSQL reads `<<` and `|` from left to right, whatever other languages do.
    return f"(({jurisdiction} << {CITY_BITS}) | {kind}::bigint | {subject.id_of})"


def _facets() -> list[str]:
    """SQL rows of facet and finest level, one for each facet that a delta counts in."""
    rows = []
    for subject in SUBJECTS:
        rows.append(f"({sql_facet('jurisdiction_id', subject)}, {subject.finest}::bigint)")
        if subject.finest_everywhere is not None:
            everywhere = sql_facet(f"{EVERYWHERE}::bigint", subject)
            rows.append(f"({everywhere}, {subject.finest_everywhere})")
    return rows
