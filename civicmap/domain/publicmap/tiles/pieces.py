"""Pieces of SQL that the statements of a tile are made of.

Places (`:slug`) are filled in `plan.py`. Everything that is read is read in one statement, and so
from one snapshot: a change is either in the cells, or among the deltas that wait, or not yet there.
"""

from __future__ import annotations

from enum import Enum

from civicmap.domain.publicmap.pyramid.facets import (
    BY_MONTH,
    CITY_BITS,
    KIND_BITS,
    MONTH_BITS,
    Kind,
)
from civicmap.domain.reports.workflow import STATUSES

# Single reports come when the tile has at most so many under its filters ...
FEW = 200
# ... and at most so many under its facet, those of other statuses among them, are looked through.
LOOKED_THROUGH = 500


class Scope(Enum):
    """Whose counts are read: one city's, those kept for all cities together, or those of each city
    whose box meets the tile."""

    CITY = "city"
    EVERYWHERE = "everywhere"
    MEETING = "meeting"


_CITIES = {
    Scope.CITY: "SELECT id, time_zone FROM jurisdictions WHERE slug = :slug",
    Scope.EVERYWHERE: "SELECT 0::bigint AS id, 'UTC' AS time_zone",
    Scope.MEETING: (
        "SELECT id, time_zone FROM jurisdictions WHERE west <= :east::float8"
        " AND east >= :west::float8 AND south <= :north::float8 AND north >= :south::float8"
    ),
}
_SUBJECTS = {
    Kind.ALL: "SELECT id AS city, 0::bigint AS subject FROM cities",
    Kind.GROUP: (
        "SELECT cities.id AS city, named.id AS subject"
        " FROM cities, category_groups named WHERE named.key = :group"
    ),
    Kind.CATEGORY: (
        "SELECT cities.id AS city, named.id AS subject"
        " FROM cities, categories named WHERE named.key = :category"
    ),
    Kind.DEPARTMENT: (
        "SELECT cities.id AS city, named.id AS subject FROM cities JOIN departments named"
        " ON named.jurisdiction_id = cities.id AND named.code = :department"
    ),
    Kind.AREA: (
        "SELECT cities.id AS city, named.id AS subject FROM cities JOIN areas named"
        " ON named.jurisdiction_id = cities.id AND named.slug = :area"
    ),
}
_OF_DAYS = {Kind.YEAR, Kind.MONTH, Kind.DAY}
# What the kinds of a subject in a month are about.
_OF_MONTHS = {kind: subject for subject, kind in BY_MONTH.items()}
WITH_DAYS = _OF_DAYS | _OF_MONTHS.keys()
# Of a delta that waits.
SUBJECT_COLUMNS = {
    Kind.GROUP: "group_id",
    Kind.CATEGORY: "category_id",
    Kind.DEPARTMENT: "department_id",
    Kind.AREA: "area_id",
}
SUBJECT_COLUMNS |= {kind: SUBJECT_COLUMNS[subject] for kind, subject in _OF_MONTHS.items()}
WANTED = " + ".join(f"{status} * :{status}::int" for status in STATUSES)
_EVERY = " + ".join(STATUSES)
_SUMS = f"coalesce(sum({WANTED}), 0)::bigint AS wanted, coalesce(sum({_EVERY}), 0)::bigint AS every"


def cities(scope: Scope) -> str:
    return f"cities AS MATERIALIZED ({_CITIES[scope]})"


def facets(kind: Kind) -> str:
    """The facets of a kind, a row each: `city`, `subject`, `facet`. For days, those listed in the
    place `subjects`, without their city. For the months of a subject, the first of its facets, of
    no month, is in `named`: they come to no revision, since a fold may begin another."""
    if kind in _OF_MONTHS:
        named = _facets_of(kind, _OF_MONTHS[kind], f"subject << {MONTH_BITS}")
        return f"named AS MATERIALIZED ({named}), facets AS MATERIALIZED ({_in_months('months')})"
    if kind in _OF_DAYS:
        return f"facets AS MATERIALIZED ({_of_days('subjects')})"
    return f"facets AS MATERIALIZED ({_facets_of(kind, kind, 'subject')})"


def core(kind: Kind) -> str:
    """Of days, the facets that are whole and counted so: `core`, a row of `facet` each."""
    some = _in_months("core_months") if kind in _OF_MONTHS else _of_days("core_subjects")
    return f"core AS MATERIALIZED ({some})"


def named_in(kind: Kind) -> str:
    """The rows that name the facets of a kind: one for each city and subject."""
    return "named" if kind in _OF_MONTHS else "facets"


def _facets_of(kind: Kind, subject_kind: Kind, id_: str) -> str:
    return (
        f"SELECT city, subject, city << {CITY_BITS} | {kind << KIND_BITS}::bigint | ({id_})"
        f" AS facet FROM ({_SUBJECTS[subject_kind]}) AS asked"
    )


def _of_days(days: str) -> str:
    return (
        f"SELECT cities.id AS city, subject, cities.id << {CITY_BITS} | subject AS facet"
        f" FROM cities, unnest(:{days}::bigint[]) AS subject"
    )


def _in_months(months: str) -> str:
    """Of the months from one to another only those in which there is anything: often that is all
    time to come."""
    ends = ", ".join(
        f"LATERAL (SELECT facet AS {name} FROM map_cells WHERE facet BETWEEN"
        f" named.facet + :{months}_first::bigint AND named.facet + :{months}_last::bigint"
        f" ORDER BY facet{order}, cell{order} LIMIT 1) AS {name}_one"
        for name, order in (("earliest", ""), ("latest", " DESC"))
    )
    return (
        f"SELECT city, subject, month.facet FROM named, {ends},"
        " generate_series(earliest, latest) AS month(facet)"
    )


def waits(scope: Scope, kind: Kind, *, days: str = "cover", is_helped: bool = False) -> str:
    """The condition of the deltas that belong to these facets and to the tile; with help (see
    `waiting.py`), of those since the horizon, which the index of codes would be a detour to."""
    wanted = ["code BETWEEN :code_low::bigint AND :code_high::bigint"]
    if is_helped:
        wanted = [
            "id > :last_id::bigint AND age(xmin) <= age(:horizon::bigint::text::xid8::xid)",
            "code + 0 BETWEEN :code_low::bigint AND :code_high::bigint",
        ]
    if scope is not Scope.EVERYWHERE:
        wanted.append("jurisdiction_id = ANY(ARRAY(SELECT id FROM cities))")
    if kind in SUBJECT_COLUMNS:
        column = SUBJECT_COLUMNS[kind]
        wanted.append(f"{column} = ANY(ARRAY(SELECT subject FROM {named_in(kind)}))")
    if kind in WITH_DAYS:
        wanted.append(f"day BETWEEN :{days}_since::date AND :{days}_until::date")
    return " AND ".join(wanted)


def arrived(scope: Scope, kind: Kind, *, is_helped: bool = False) -> str:
    """The deltas that wait in the tile: `arrived`, a row for each of its cells."""
    sums = ", ".join(f"sum({status}) AS {status}" for status in STATUSES)
    return f"""
        arrived AS MATERIALIZED (
            SELECT (code - :code_low::bigint) >> :code_shift::int AS i, {sums}, count(*) AS changes
            FROM map_deltas WHERE {waits(scope, kind, is_helped=is_helped)} GROUP BY 1
        )
    """


def ground(kind: Kind, *, is_helped: bool = False) -> str:
    """What the tile's ground holds and how often it changed: the row `ground` of `epoch`,
    `generation`, `facet` (a sum, should a name be another's by now), `changes`, `fresh` (those that
    wait), `wanted` (reports of the statuses asked for), `every`, `city_count` (cities asked).
    """
    helped = {
        name: f" + :helped_{name}::bigint" if is_helped else ""
        for name in ("changes", "wanted", "every")
    }
    return f"""
        kept AS MATERIALIZED (
            SELECT {_SUMS}, coalesce(sum(changes), 0)::bigint AS changes
            FROM facets JOIN map_cells USING (facet)
            WHERE cell BETWEEN :probe_low::bigint AND :probe_high::bigint
        ),
        waiting AS MATERIALIZED (
            SELECT {_SUMS}, coalesce(sum(changes), 0)::bigint AS changes FROM arrived
        ),
        ground AS MATERIALIZED (
            SELECT coalesce((SELECT epoch FROM map_state), 1) AS epoch,
                coalesce((SELECT generation FROM map_state), 0) AS generation,
                (SELECT coalesce(sum(facet), 0) FROM {named_in(kind)}) AS facet,
                kept.changes + waiting.changes{helped["changes"]} AS changes,
                waiting.changes AS fresh,
                kept.wanted + waiting.wanted{helped["wanted"]} AS wanted,
                kept.every + waiting.every{helped["every"]} AS every,
                (SELECT count(*) FROM cities) AS city_count
            FROM kept, waiting
        )
    """


def counts_of(reports: str) -> str:
    """A query: rows (i, and the four statuses) of the cells that these reports lie in, in order."""
    counts = ", ".join(f"count(*) FILTER (WHERE status = '{s}')::int AS {s}" for s in STATUSES)
    return f"""
        SELECT (morton - :low::bigint) >> :report_cell_shift::int AS i, {counts}
        FROM ({reports}) AS found GROUP BY 1 ORDER BY 1
    """


def as_cells(source: str, *, is_helped: bool = False) -> str:
    """A subquery: rows (i, and the four statuses) of `source` as one text, those of nothing left
    out. `source` gives them in order."""
    # Without what is to be added to them, rows may be below zero and sum up to nothing.
    some = " OR ".join(f"{s} * :{s}::int <> 0" for s in STATUSES) if is_helped else f"{WANTED} <> 0"
    return (
        f"(SELECT string_agg(concat_ws(',', i, {', '.join(f'{s} * :{s}::int' for s in STATUSES)}),"
        f" ',') FROM ({source}) AS told WHERE {some})"
    )


def as_reports(source: str) -> str:
    """A subquery: rows (morton, id, number, category_id, status) of `source` as one text."""
    index = f"array_position('{{{','.join(STATUSES)}}}'::text[], status) - 1"
    return f"""(
        SELECT string_agg(concat_ws(',', (morton - :low::bigint) >> :report_shift::int,
            to_json(number), to_json(key), {index}), ',' ORDER BY morton, number)
        FROM ({source}) AS found JOIN categories ON categories.id = found.category_id
    )"""


# Conditions of single reports on the statuses asked for.
STATUS_ASKED = "status = ANY(:statuses::text[])"
INSIDE = "morton BETWEEN :low::bigint AND :high::bigint"
# The same, when another condition is to lead to the reports: an expression is in no index.
INSIDE_LATER = "morton + 0 BETWEEN :low::bigint AND :high::bigint"
