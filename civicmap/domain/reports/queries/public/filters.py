"""Which reports are asked for. `shown` is the one place where hidden and held ones are left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Subquery,
    Text,
    TextClause,
    and_,
    bindparam,
    case,
    cast,
    false,
    func,
    literal,
    select,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, INT8MULTIRANGE

from civicmap.domain.categories.models import Category, CategoryGroup
from civicmap.domain.departments.models import Department
from civicmap.domain.jurisdictions.models import Area
from civicmap.domain.reports.models import Report
from civicmap.domain.reports.queries.public.masking import has_words, is_on_shelf
from civicmap.domain.reports.queries.public.words import words_to_seek
from civicmap.foundation.database import AnySelect
from civicmap.foundation.geo import Ground
from civicmap.foundation.geo.ground import Range
from civicmap.foundation.midnight import midnight


@dataclass(frozen=True)
class Filters:
    """What of a city is asked for; everything empty is everything."""

    statuses: tuple[str, ...] = ()
    category: str = ""
    group: str = ""
    area: str = ""
    department: str = ""
    # Days of the city, both inclusive.
    since: date | None = None
    until: date | None = None
    # Words of the report or its address, each whole or its beginning.
    text: str = ""
    ground: Ground | None = None


def shown(jurisdiction_id: int | BindParameter[int]) -> ColumnElement[bool]:
    """The reports of a city that everyone may see."""
    return and_(Report.jurisdiction_id == jurisdiction_id, Report.visibility == "public")


def filtered(query: AnySelect, jurisdiction_id: int, filters: Filters) -> AnySelect:
    """`query` on the shown reports of a city under these filters; maps and statistics too."""
    query = query.where(shown(jurisdiction_id))
    if filters.statuses:
        query = query.where(Report.status.in_(filters.statuses))
    if filters.category:
        query = query.where(
            Report.category_id.in_(select(Category.id).where(Category.key == filters.category))
        )
    if filters.group:
        query = query.where(
            Report.category_id.in_(
                select(Category.id)
                .join(CategoryGroup, CategoryGroup.id == Category.group_id)
                .where(CategoryGroup.key == filters.group)
            )
        )
    if filters.area:
        query = query.where(
            Report.area_id.in_(
                select(Area.id).where(
                    Area.jurisdiction_id == jurisdiction_id, Area.slug == filters.area
                )
            )
        )
    if filters.department:
        query = query.where(
            Report.department_id.in_(
                select(Department.id).where(
                    Department.jurisdiction_id == jurisdiction_id,
                    Department.code == filters.department,
                )
            )
        )
    if filters.since:
        query = query.where(Report.created_at >= _midnight(filters.since, jurisdiction_id))
    if filters.until and filters.until < date.max:
        day_after = filters.until + timedelta(days=1)
        query = query.where(Report.created_at < _midnight(day_after, jurisdiction_id))
    if words := words_to_seek(filters.text):
        query = query.where(has_words(words))
    if filters.ground:
        query = query.where(_lies_on(filters.ground))
    return query


def _midnight(day: date, jurisdiction_id: int) -> TextClause:
    """When a day begins in a city."""
    zone = "(SELECT time_zone FROM jurisdictions WHERE id = :city)"
    return text(midnight("CAST(:day AS date)", zone)).bindparams(
        bindparam("day", day, unique=True), bindparam("city", jurisdiction_id, unique=True)
    )


def _lies_on(ground: Ground) -> ColumnElement[bool]:
    codes = ",".join(f"[{low},{high}]" for low, high in ground.codes)
    return Report.morton.op("<@")(cast(literal(f"{{{codes}}}", Text), INT8MULTIRANGE))


def _in_ranges(query: AnySelect, codes: Sequence[Range]) -> AnySelect:
    """What `query` selects of reports, of those in these ranges of level-30 Morton codes: range by
    range from the map's index. (`filtered` looks at each report that it comes to.)"""
    bounds = func.unnest(
        cast([low for low, _ in codes], ARRAY(BigInteger)),
        cast([high for _, high in codes], ARRAY(BigInteger)),
    ).table_valued("low", "high")
    ranges = bounds.render_derived(name="ranges")
    # OFFSET: without it, PostgreSQL would hold each report of the city against every range.
    there = query.where(Report.morton.between(ranges.c.low, ranges.c.high)).offset(0).lateral()
    return select(*there.c).select_from(ranges).join(there, true())


# Where to look: ranges of Morton codes, or shelves of the index of words (`publicmap.shelves`).
Where = Sequence[Range] | Subquery | None


def found_in(query: AnySelect, jurisdiction_id: int, filters: Filters, where: Where) -> AnySelect:
    """`query` on the shown reports under these filters. With `where`, from there alone: the ground
    or a part of it that holds all of them, or the shelves that do."""
    if where is None:
        return filtered(query, jurisdiction_id, filters)
    if isinstance(where, Subquery):
        return _on_shelves(query, jurisdiction_id, filters, where)
    return _in_ranges(filtered(query, jurisdiction_id, replace(filters, ground=None)), where)


def _on_shelves(
    query: AnySelect, jurisdiction_id: int, filters: Filters, shelves: Subquery
) -> AnySelect:
    """By the index of words alone: PostgreSQL would go through that of the whole city beside it."""
    rest = filtered(select(Report.id), jurisdiction_id, replace(filters, text="")).whereclause
    there = query.where(
        is_on_shelf(shelves.c.queries),
        case((true() if rest is None else rest, true()), else_=false()),
    )
    found = there.offset(0).lateral()
    return select(*found.c).select_from(shelves).join(found, true())
