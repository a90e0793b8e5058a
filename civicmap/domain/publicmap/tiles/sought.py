"""A tile from the reports themselves: for what the pyramid does not count.

Cells finer than those kept, filters that no facet has together. Two questions: `weighed`
says which index has the fewest reports to look through, `sought` reads them from there. Each index
holds all that is read (migration 0014), so that the reports themselves stay untouched.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cache

from civicmap.domain.publicmap.pyramid.facets import CITY_BITS, FINEST, KIND_BITS, Kind
from civicmap.domain.publicmap.tiles.pieces import (
    FEW,
    INSIDE,
    INSIDE_LATER,
    STATUS_ASKED,
    Scope,
    arrived,
    as_cells,
    as_reports,
    cities,
    counts_of,
    facets,
    ground,
)
from civicmap.domain.reports.workflow import STATUSES
from civicmap.foundation.midnight import midnight
from civicmap.foundation.reading import SNAPSHOT, Statement

# The level of the cells that lead to a district's or a department's reports.
SPOT_LEVEL = 16


class Source(Enum):
    """Where reports are looked for: all of the tile, those of the tile in a category or a group, in
    the cells where a district or a department has any, or those of the days."""

    PLACE = "place"
    CATEGORY = "category"
    SPOTS = "spots"
    DAYS = "days"


@dataclass(frozen=True)
class Sought:
    """Which filters narrow the reports, besides the statuses; `kind` is the facet by which changes
    are noticed."""

    scope: Scope
    kind: Kind
    category: bool = False
    group: bool = False
    area: bool = False
    department: bool = False
    days: bool = False

    @property
    def name(self) -> str:
        flags = (self.category, self.group, self.area, self.department, self.days)
        return f"{self.scope.value}_{self.kind.name.lower()}_{''.join(str(int(f)) for f in flags)}"


@cache
def weighed(asked: Sought) -> Statement:
    """The revision, and how many reports each source would look through, about. Its row: epoch,
    facet, changes, number of cities asked, under the facet, in the tile, of the category or group
    in the tile, of the days in the whole cities (null where a filter is not asked for), its moment.
    """
    total = f"(SELECT sum({' + '.join(STATUSES)}) FROM"
    whose = "(SELECT id FROM cities) AS city"
    inside = "cell BETWEEN :place_low::bigint AND :place_high::bigint"
    place = f"{total} {whose} JOIN map_cells ON facet = city.id << {CITY_BITS} WHERE {inside})"
    category = days = "NULL::bigint"
    if asked.category or asked.group:
        kind = Kind.CATEGORY if asked.category else Kind.GROUP
        named = (
            "(SELECT id FROM categories WHERE key = :category) AS named"
            if asked.category
            else "(SELECT id FROM category_groups WHERE key = :group) AS named"
        )
        # The index of categories knows no cities: from afar others' lie in the tile as well.
        wide = "(SELECT CASE WHEN :is_wide::bool THEN 0 ELSE id END AS id FROM cities) AS city"
        near = wide if asked.scope is Scope.CITY else whose
        category = (
            f"{total} {near} CROSS JOIN {named} JOIN map_cells"
            f" ON facet = city.id << {CITY_BITS} | {kind << KIND_BITS}::bigint | named.id"
            f" WHERE {inside})"
        )
    if asked.days:
        # Level 0 is one cell: the index of days knows no places.
        days = (
            f"{total} {whose} CROSS JOIN unnest(:subjects::bigint[]) AS subject"
            f" JOIN map_cells ON facet = city.id << {CITY_BITS} | subject AND cell = 0)"
        )
    return Statement(
        f"tile_weighed_{asked.name}",
        f"WITH {cities(asked.scope)}, {facets(asked.kind)}, {_ground(asked)}"
        f" SELECT epoch, facet, changes, city_count, every, {place}, {category}, {days},"
        f" {SNAPSHOT} FROM ground",
        tells_moment=True,
    )


@cache
def sought(asked: Sought, source: Source) -> Statement:
    """The reports under all filters. Its row: epoch, facet, changes, number of cities asked, how
    many were found, the rows as text (cells where these are more than `FEW`), its moment."""
    found = _found(asked, source)
    counts = f"""
        counts AS MATERIALIZED ({counts_of(found)}),
        told AS MATERIALIZED (
            SELECT ground.*,
                (SELECT coalesce(sum({" + ".join(STATUSES)}), 0)::bigint FROM counts) AS total
            FROM ground
        )
    """
    return Statement(
        f"tile_sought_{asked.name}_{source.value}",
        f"WITH {cities(asked.scope)}, {facets(asked.kind)}, {_ground(asked)},"
        f" {counts} SELECT epoch, facet, changes, city_count, total,"
        f" CASE WHEN total > {FEW} THEN {as_cells('SELECT * FROM counts')}"
        f" WHEN total > 0 THEN {as_reports(found)} END, {SNAPSHOT} FROM told",
        tells_moment=True,
    )


def _ground(asked: Sought) -> str:
    return f"{arrived(asked.scope, asked.kind)}, {ground(asked.kind)}"


def _found(asked: Sought, source: Source) -> str:
    """Reports of the tile under all filters: morton, number, category_id, status."""
    # One condition leads to the reports; of the others expressions are made, which no index has.
    by_days = source is Source.DAYS
    city = "reports.jurisdiction_id" + (" + 0" if source is Source.CATEGORY else "")
    at = "created_at" if by_days else "created_at + interval '0'"
    tables = ["cities"]
    wanted = [
        f"{city} = cities.id",
        "visibility = 'public'",
        STATUS_ASKED,
        INSIDE_LATER if by_days else INSIDE,
    ]
    if source is Source.CATEGORY:
        tables.append(f"({' INTERSECT '.join(categories(asked))}) AS asked")
        wanted.append("reports.category_id = asked.id")
    else:
        wanted += [f"reports.category_id + 0 = ANY(ARRAY({some}))" for some in categories(asked)]
    if source is Source.SPOTS:
        tables = [_SPOTS]
        wanted.append("morton BETWEEN first AND first + (1::bigint << :spot_shift::int) - 1")
    if asked.area:
        wanted.append(f"reports.area_id = ANY(ARRAY({AREAS}))")
    if asked.department:
        wanted.append(f"reports.department_id = ANY(ARRAY({DEPARTMENTS}))")
    if asked.days:
        wanted += [
            f"{at} >= {midnight(':since::date', 'cities.time_zone')}",
            f"{at} < {midnight(':until::date + 1', 'cities.time_zone')}",
        ]
    return (
        f"SELECT morton, number, category_id, status FROM {', '.join(tables)}, reports"
        f" WHERE {' AND '.join(wanted)}"
    )


def categories(asked: Sought) -> list[str]:
    """The ids of the category and of those of the group that are asked for, a query each."""
    queries = []
    if asked.category:
        queries.append("SELECT id FROM categories WHERE key = :category")
    if asked.group:
        queries.append(
            "SELECT categories.id FROM categories JOIN category_groups"
            " ON category_groups.id = group_id WHERE category_groups.key = :group"
        )
    return queries


AREAS = (
    "SELECT areas.id FROM areas JOIN cities"
    " ON cities.id = areas.jurisdiction_id WHERE areas.slug = :area"
)
DEPARTMENTS = (
    "SELECT departments.id FROM departments JOIN cities"
    " ON cities.id = departments.jurisdiction_id WHERE departments.code = :department"
)


# Every cell where a district or a department has any, and those where a change of it waits.
_SPOTS = f"""(
    SELECT city, (cell - :spot_base::bigint) << :spot_shift::int AS first
    FROM facets JOIN map_cells USING (facet)
    WHERE cell BETWEEN :spot_low::bigint AND :spot_high::bigint AND {" + ".join(STATUSES)} <> 0
    UNION
    SELECT facets.city, code >> {2 * (FINEST - SPOT_LEVEL)} << :spot_shift::int
    FROM map_deltas JOIN facets ON facets.city = jurisdiction_id
    WHERE code BETWEEN :code_low::bigint AND :code_high::bigint
) AS spots JOIN cities ON cities.id = spots.city"""
