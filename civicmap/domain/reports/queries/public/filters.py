"""Which reports are asked for. `shown` is the one place where hidden and held ones are left out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, DateTime, and_, cast, func, select

from civicmap.domain.categories.models import Category, CategoryGroup
from civicmap.domain.departments.models import Department
from civicmap.domain.jurisdictions.models import Area, Jurisdiction
from civicmap.domain.reports.models import Report
from civicmap.domain.reports.queries.public.masking import has_words
from civicmap.domain.reports.queries.public.words import words_to_seek
from civicmap.foundation.database import AnySelect
from civicmap.foundation.geo import Box


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
    box: Box | None = None


def shown(jurisdiction_id: int) -> ColumnElement[bool]:
    """The reports of a city that everyone may see."""
    return and_(Report.jurisdiction_id == jurisdiction_id, Report.visibility == "public")


def filtered(
    query: AnySelect,
    jurisdiction_id: int,
    filters: Filters,
    *,
    with_status: bool = True,
    with_category: bool = True,
) -> AnySelect:
    """`query` on the shown reports of a city under these filters; maps and statistics too."""
    query = query.where(shown(jurisdiction_id))
    if with_status and filters.statuses:
        query = query.where(Report.status.in_(filters.statuses))
    if with_category and filters.category:
        query = query.where(
            Report.category_id.in_(select(Category.id).where(Category.key == filters.category))
        )
    if with_category and filters.group:
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
    if filters.box:
        box = filters.box
        query = query.where(
            func.ST_X(Report.point).between(box.west, box.east),
            func.ST_Y(Report.point).between(box.south, box.north),
        )
    return query


def _midnight(day: date, jurisdiction_id: int) -> ColumnElement[datetime]:
    """When a day begins in a city."""
    zone = (
        select(Jurisdiction.time_zone).where(Jurisdiction.id == jurisdiction_id).scalar_subquery()
    )
    return func.timezone(
        zone, cast(datetime.combine(day, time.min), DateTime(timezone=False)), type_=DateTime(True)
    )
