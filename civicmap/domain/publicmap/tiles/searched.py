"""A tile of the reports with some words: the newest of them, where there are very many."""

from __future__ import annotations

from functools import cache

from civicmap.domain.publicmap.shelves import SHELVES
from civicmap.domain.publicmap.tiles.pieces import (
    FEW,
    INSIDE_LATER,
    STATUS_ASKED,
    as_cells,
    as_reports,
    cities,
    counts_of,
)
from civicmap.domain.publicmap.tiles.sought import AREAS, DEPARTMENTS, Sought, categories
from civicmap.domain.reports.queries.public.masking import ON_SHELF
from civicmap.foundation.midnight import midnight
from civicmap.foundation.reading import SNAPSHOT, Statement

# Of words that are in more reports than that, the newest so many are looked at. Each may be read
# from a page of its own, whatever other filters then leave of them.
MOST_LOOKED_AT = 4_000


@cache
def searched(asked: Sought) -> Statement:
    """The reports under all filters, by span of time from the newest on, until enough that have the
    words are looked at: of the oldest span then some, of those before it none. Its row: number of
    cities asked, how many were found, whether there may be more, the rows as text: cells where they
    are more than `FEW`."""
    found = "SELECT * FROM found"
    return Statement(
        f"tile_searched_{asked.name}",
        f"""
        WITH {cities(asked.scope)}, {SHELVES},
        looked_at AS MATERIALIZED (
            SELECT there.* FROM shelves CROSS JOIN LATERAL ({_on_shelf(asked)} OFFSET 0) AS there
            LIMIT {MOST_LOOKED_AT}
        ),
        found AS MATERIALIZED (SELECT * FROM looked_at WHERE is_asked),
        told AS MATERIALIZED (SELECT count(*) AS total FROM found)
        SELECT (SELECT count(*) FROM cities), total,
            (SELECT count(*) FROM looked_at) >= {MOST_LOOKED_AT},
            CASE WHEN total > {FEW} THEN {as_cells(counts_of(found))}
            WHEN total > 0 THEN {as_reports(found)} END,
            {SNAPSHOT}
        FROM told
        """,
        tells_moment=True,
    )


def _on_shelf(asked: Sought) -> str:
    """Those of one span in the tile: morton, number, category_id, status, whether the other filters
    ask for it. Words alone lead to them: of city and place expressions are made, which no index
    has."""
    there = [ON_SHELF, "jurisdiction_id + 0 = ANY(ARRAY(SELECT id FROM cities))", INSIDE_LATER]
    wanted = [STATUS_ASKED]
    wanted += [f"category_id = ANY(ARRAY({some}))" for some in categories(asked)]
    if asked.area:
        wanted.append(f"area_id = ANY(ARRAY({AREAS}))")
    if asked.department:
        wanted.append(f"department_id = ANY(ARRAY({DEPARTMENTS}))")
    if asked.days:
        zone = "(SELECT time_zone FROM cities WHERE id = jurisdiction_id)"
        wanted += [
            f"created_at >= {midnight(':since::date', zone)}",
            f"created_at < {midnight(':until::date + 1', zone)}",
        ]
    return (
        f"SELECT morton, number, category_id, status, {' AND '.join(wanted)} AS is_asked"
        f" FROM reports WHERE {' AND '.join(there)}"
    )
