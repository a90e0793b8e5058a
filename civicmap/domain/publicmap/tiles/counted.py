"""A tile from the pyramid: one statement says what it holds, a short one whether it has changed."""

from __future__ import annotations

from functools import cache

from civicmap.domain.publicmap.pyramid.facets import Kind
from civicmap.domain.publicmap.tiles.pieces import (
    FEW,
    INSIDE,
    INSIDE_LATER,
    LOOKED_THROUGH,
    STATUS_ASKED,
    SUBJECT_COLUMNS,
    Scope,
    arrived,
    as_cells,
    as_reports,
    cities,
    core,
    counts_of,
    facets,
    ground,
    named_in,
    waits,
)
from civicmap.domain.reports.workflow import STATUSES
from civicmap.foundation.midnight import midnight
from civicmap.foundation.reading import SNAPSHOT, Statement

# What the statement gives as `told`.
EMPTY, REPORTS, CELLS, COUNTED, SEEK = range(5)


@cache
def revised(scope: Scope, kind: Kind, *, is_helped: bool = False) -> Statement:
    """The revision alone: a third of `counted`, most of whose cost is to be made ready for all that
    a tile may hold. Its row begins like that of `counted`: epoch, facet, changes, generation,
    number of cities asked, deltas that were added; then its moment."""
    parts = [
        cities(scope),
        facets(kind),
        arrived(scope, kind, is_helped=is_helped),
        ground(kind, is_helped=is_helped),
    ]
    return Statement(
        f"tile_revised_{scope.value}_{kind.name.lower()}_{int(is_helped)}",
        f"WITH {', '.join(parts)} SELECT epoch, facet, changes, generation, city_count, fresh,"
        f" {SNAPSHOT} FROM ground",
        tells_moment=True,
    )


@cache
def counted(
    scope: Scope,
    kind: Kind,
    *,
    has_cells: bool,
    with_edges: bool = False,
    is_small: bool = False,
    is_helped: bool = False,
) -> Statement:
    """The statement for a facet of `kind`.

    Its row: epoch, facet, changes, generation, number of cities asked, deltas that were added, what
    is told (`EMPTY`, ...), the rows as text, its moment. `COUNTED`: cells counted from the reports,
    where the pyramid has none fine enough. `SEEK`: single reports, or such cells, which `sought.py`
    has to look for. `has_cells`: the pyramid has the tile's level. `with_edges` (of days): besides
    whole months there are days to be counted from the reports, by place where the tile `is_small`,
    otherwise by time.
    `is_helped`: the changes before a horizon are added by whoever asks (see `waiting.py`).
    """
    parts = [
        cities(scope),
        facets(kind),
        arrived(scope, kind, is_helped=is_helped),
        ground(kind, is_helped=is_helped),
    ]
    counts = "facets"
    if with_edges:
        parts += [core(kind), _moments(scope)]
        counts = "core"
    reports = _reports(scope, kind)
    few = f"wanted <= {FEW} AND every <= {LOOKED_THROUGH}"
    many = CELLS if has_cells else SEEK
    if reports and not has_cells:
        # They are looked through in any case. Cells around the tile hold others' as well.
        counted_few = f"SELECT count(*) FROM ({reports} LIMIT {FEW + 1}) AS found"
        few = f"wanted <= {FEW} OR :probes_around::bool AND ({counted_few}) <= {FEW}"
        many = COUNTED
    # Where they have to be sought, there may be too many to look through for so few.
    seldom = REPORTS if reports else SEEK
    if seldom == SEEK and has_cells:
        few += " AND :tells_few::bool"
    edges = _edges(kind, is_small) if with_edges else ""
    mixed = _mixed(scope, kind, counts, edges, is_helped)
    # Most of the time nothing waits here, and then the cells are in order as they are read.
    plain = mixed if with_edges or kind not in _ONE_FACET else _plain(scope)
    told = f"""
        told AS MATERIALIZED (
            SELECT ground.*, CASE
                WHEN wanted = 0 THEN {EMPTY}
                WHEN {few} THEN {seldom}
                ELSE {many}
            END AS told FROM ground
        )
    """
    bodies = ""
    if reports:
        bodies += f" WHEN {REPORTS} THEN {as_reports(reports)}"
    if has_cells:
        bodies += (
            f" WHEN {CELLS} THEN CASE WHEN fresh = 0 AND NOT :shifted::bool"
            f" THEN {as_cells(plain, is_helped=is_helped)}"
            f" ELSE {as_cells(mixed, is_helped=is_helped)} END"
        )
    elif reports:
        # Other statuses fall out of the cells: to ask every report for its own takes longer.
        counts_there = counts_of(_reports(scope, kind, of_status="true"))
        bodies += f" WHEN {COUNTED} THEN {as_cells(counts_there)}"
    body = f"CASE told {bodies} END" if bodies else "NULL"
    flags = "".join(str(int(flag)) for flag in (has_cells, with_edges, is_small, is_helped))
    name = f"tile_{scope.value}_{kind.name.lower()}_{flags}"
    return Statement(
        name,
        f"WITH {', '.join([*parts, told])} SELECT epoch, facet, changes,"
        f" generation, city_count, fresh, told, {body}, {SNAPSHOT} FROM told",
        tells_moment=True,
    )


_ONE_FACET = {Kind.ALL, Kind.GROUP, Kind.CATEGORY, Kind.DEPARTMENT, Kind.AREA}
_IN_RANGE = "cell BETWEEN :cell_low::bigint AND :cell_high::bigint"


def _plain(scope: Scope) -> str:
    """The cells of a facet, or of each city's: cities may share a cell."""
    columns = ", ".join(STATUSES)
    if scope is Scope.MEETING:
        sums = ", ".join(f"sum({status})::int AS {status}" for status in STATUSES)
        return f"""
            SELECT cell - :cell_low::bigint AS i, {sums}
            FROM facets JOIN map_cells USING (facet) WHERE {_IN_RANGE}
            GROUP BY cell ORDER BY cell
        """
    return f"""
        SELECT cell - :cell_low::bigint AS i, {columns} FROM map_cells
        WHERE facet = (SELECT facet FROM facets) AND {_IN_RANGE} ORDER BY cell
    """


def _mixed(scope: Scope, kind: Kind, counts: str, edges: str, is_helped: bool) -> str:
    """The cells and what waits; `counts` names the facets whose cells are counted, `edges` are rows
    like theirs of single days."""
    columns = ", ".join(STATUSES)
    sums = ", ".join(f"sum({status})::int AS {status}" for status in STATUSES)
    waiting = f"SELECT i, {columns} FROM arrived"
    if edges:
        # What has arrived tells of all days of the months that are touched.
        waiting = f"""
            SELECT (code - :code_low::bigint) >> :code_shift::int, {columns}
            FROM map_deltas WHERE {waits(scope, kind, days="core", is_helped=is_helped)}
            UNION ALL {edges}
        """
    return f"""
        SELECT i, {sums} FROM (
            SELECT (cell - :cell_low::bigint) >> :cell_shift::int AS i, {columns}
            FROM {counts} JOIN map_cells USING (facet) WHERE {_IN_RANGE}
            UNION ALL {waiting}
        ) AS counts GROUP BY i ORDER BY i
    """


def _edges(kind: Kind, is_small: bool) -> str:
    ones = ", ".join(f"(status = '{status}')::int * sign" for status in STATUSES)
    # An expression is in no index: the other condition's is taken.
    at, place = ("created_at + interval '0'", INSIDE) if is_small else ("created_at", INSIDE_LATER)
    # Each edge by itself: joined otherwise, all reports were read.
    return f"""
        SELECT (morton - :low::bigint) >> :report_cell_shift::int, {ones}
        FROM edges CROSS JOIN LATERAL (
            SELECT morton, status FROM reports
            WHERE reports.jurisdiction_id = edges.city AND visibility = 'public' AND {place}
                AND {at} >= edges.first AND {at} < edges.past{_of_subject(kind)}
            OFFSET 0
        ) AS of_edge
    """


def _of_subject(kind: Kind) -> str:
    """The condition of single reports that are counted with a facet of a subject and a month."""
    if kind not in SUBJECT_COLUMNS:
        return ""
    column, subjects = SUBJECT_COLUMNS[kind], f"SELECT subject FROM {named_in(kind)}"
    if kind is Kind.GROUP_MONTH:
        column = "category_id"
        subjects = f"SELECT id FROM categories WHERE group_id = ANY(ARRAY({subjects}))"
    return f" AND reports.{column} + 0 = ANY(ARRAY({subjects}))"


def _moments(scope: Scope) -> str:
    """When the single days begin and end in each city: `edges`."""
    whose = "jurisdictions" if scope is Scope.EVERYWHERE else "cities"
    return f"""
        edges AS MATERIALIZED (
            SELECT {whose}.id AS city, {midnight("edge.first", "time_zone")} AS first,
                {midnight("edge.last + 1", "time_zone")} AS past, sign
            FROM {whose}, unnest(:edge_firsts::date[], :edge_lasts::date[], :edge_signs::int[])
                AS edge(first, last, sign)
        )
    """


def _reports(scope: Scope, kind: Kind, *, of_status: str = STATUS_ASKED) -> str:
    """The single reports, where an index leads to them; "" where `sought.py` has to choose."""
    columns = "morton, number, category_id, status"
    if kind is Kind.ALL:
        whose = "jurisdictions" if scope is Scope.EVERYWHERE else "cities"
        return f"""
            SELECT {columns} FROM {whose} JOIN reports ON jurisdiction_id = {whose}.id
            WHERE visibility = 'public' AND {INSIDE} AND {of_status}
        """
    if kind in (Kind.CATEGORY, Kind.GROUP):
        asked = (
            "SELECT subject AS id FROM facets LIMIT 1"
            if kind is Kind.CATEGORY
            else "SELECT id FROM categories WHERE group_id = (SELECT subject FROM facets LIMIT 1)"
        )
        of_city = (
            ""
            if scope is Scope.EVERYWHERE
            else "AND jurisdiction_id = ANY(ARRAY(SELECT id FROM cities))"
        )
        return f"""
            SELECT {columns} FROM ({asked}) AS asked JOIN reports ON category_id = asked.id
            WHERE visibility = 'public' AND {INSIDE} AND {of_status} {of_city}
        """
    return ""
