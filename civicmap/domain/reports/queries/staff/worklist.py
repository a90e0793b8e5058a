"""The worklist: what waits for a department, in the order in which it has to be done.

Unlike `queries/public/` this shows held and hidden reports too, to those who answer for them.
Lists go by keyset over the indexes `ix_reports_worklist`, `ix_reports_due`, `ix_reports_city_…`, so
the last page of a million waiting reports costs what the first does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    and_,
    func,
    literal_column,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import Session

from civicmap.domain.accounts.queries import Actor
from civicmap.domain.categories.models import Category
from civicmap.domain.departments.models import Department
from civicmap.domain.jurisdictions.models import Area
from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.reports.models import Report
from civicmap.domain.reports.numbers import last_number
from civicmap.domain.reports.queries.staff.worklist_rows import WorklistRow, make_row, select_rows
from civicmap.domain.reports.workflow import WAITING
from civicmap.foundation.clock import now
from civicmap.foundation.errors import NotAllowed
from civicmap.foundation.geo import Ground
from civicmap.foundation.locales import N_
from civicmap.foundation.paging import Page, Place

MINE = "mine"
TRIAGE = "triage"
CHECK = "check"
ALL = "all"
TABS = (MINE, TRIAGE, CHECK, ALL)

NEWEST = "newest"
DUE = "due"
SORTS = (DUE, NEWEST)

# Beyond this "more than" is all that anybody needs to know, and counting would cost.
COUNTED_TO = 10_000

# Reports without a target come last; the words must stay those of the index `ix_reports_due`.
_NO_TARGET: ColumnElement[datetime] = literal_column("'9999-12-31 00:00:00+00'::timestamptz")
_DUE = func.coalesce(Report.fix_by, _NO_TARGET)


@dataclass(frozen=True)
class WorklistFilters:
    """What of the worklist is asked for.

    `tab`: mine (the person's departments), triage (nobody's yet), check (what waits for a look
    before everybody sees it), all. `statuses` empty: every status. `overdue`: only what waits past
    its fix target. `number`: the beginning of a report number as it is written down (`PO-7K`); it
    searches the whole city whatever the other filters. `ground`: the cells of the map
    that reports lie in; None for anywhere.
    """

    tab: str = MINE
    statuses: tuple[str, ...] = WAITING
    department: str = ""
    category: str = ""
    area: str = ""
    overdue: bool = False
    number: str = ""
    sort: str = DUE
    ground: Ground | None = None

    @property
    def is_waiting_only(self) -> bool:
        return bool(self.statuses) and set(self.statuses) <= set(WAITING)

    @property
    def is_by_due(self) -> bool:
        """Due dates order only what waits; what is closed comes newest first."""
        return self.sort == DUE and self.is_waiting_only


@dataclass(frozen=True)
class WaitingCounts:
    """What waits in a tab: reports, and how many of them are past their fix target."""

    open: int
    in_progress: int
    overdue: int

    @property
    def total(self) -> int:
        return self.open + self.in_progress


def may_see_whole_city(actor: Actor, city: City) -> bool:
    """Whether triage and other departments' work are this person's business."""
    return actor.may("read_unpublished", jurisdiction_id=city.id)


def default_tab(actor: Actor, city: City) -> str:
    """Where a person's worklist opens: their departments', or everything if they have none."""
    return MINE if actor.department_ids(city.id) else ALL


def list_worklist(
    session: Session,
    city: City,
    actor: Actor,
    filters: WorklistFilters,
    *,
    after: Place | None,
    limit: int,
) -> Page[WorklistRow]:
    """A page of the worklist from `after` on: oldest due date first, or newest first.

    Raises NotAllowed when the tab is not this person's.
    """
    own = None if may_see_whole_city(actor, city) else _own(city, actor)
    query = select_rows(own).where(worklist_condition(city, actor, filters))
    if filters.is_by_due:
        query = query.order_by(_DUE, Report.id)
        if after:
            query = query.where(tuple_(_DUE, Report.id) > tuple_(after.moment, after.id))
    else:
        query = query.order_by(Report.created_at.desc(), Report.id.desc())
        if after:
            query = query.where(
                tuple_(Report.created_at, Report.id) < tuple_(after.moment, after.id)
            )
    found = session.execute(query.add_columns(_DUE.label("due")).limit(limit + 1)).all()
    rows = [make_row(values) for values in found[:limit]]
    if len(found) <= limit:
        return Page(rows, None)
    last = found[limit - 1]
    return Page(rows, Place(last.due if filters.is_by_due else last.created_at, last.id))


def count_worklist(session: Session, city: City, actor: Actor, filters: WorklistFilters) -> int:
    """How many reports the filters leave; `COUNTED_TO + 1` stands for any greater number.

    Raises NotAllowed.
    """
    found = (
        select(Report.id)
        .where(worklist_condition(city, actor, filters))
        .limit(COUNTED_TO + 1)
        .subquery()
    )
    return int(session.scalar(select(func.count()).select_from(found)) or 0)


def count_tabs(session: Session, city: City, actor: Actor) -> dict[str, WaitingCounts]:
    """What waits in each tab that this person has, in one scan of the waiting reports and a short
    one of what waits for a look, whatever its status."""
    tabs = [tab for tab in TABS if tab != CHECK and _has_tab(actor, city, tab)]
    overdue = Report.fix_by < now()
    columns = [
        func.count().filter(_tab_condition(city, actor, tab), condition)
        for tab in tabs
        for condition in (Report.status == "open", Report.status == "in_progress", overdue)
    ]
    if not columns:
        return {}
    widest = tabs[-1] if tabs[-1] == ALL else MINE
    row = session.execute(
        select(*columns).where(Report.status.in_(WAITING), _tab_condition(city, actor, widest))
    ).one()
    counts = {tab: WaitingCounts(*row[3 * at : 3 * at + 3]) for at, tab in enumerate(tabs)}
    counts[CHECK] = WaitingCounts(_count_to_check(session, city, actor), 0, 0)
    return {tab: counts[tab] for tab in TABS if tab in counts}


def _count_to_check(session: Session, city: City, actor: Actor) -> int:
    found = select(func.count()).where(_tab_condition(city, actor, CHECK))
    return int(session.scalar(found) or 0)


def worklist_condition(city: City, actor: Actor, filters: WorklistFilters) -> ColumnElement[bool]:
    """The reports that the filters leave of what this person may see; for lists and for the map.

    Raises NotAllowed when the tab is not this person's.
    """
    if filters.number:
        # A range, so that the unique b-tree on the number serves the beginning of one.
        begins = Report.number.between(filters.number, last_number(filters.number))
        return and_(Report.jurisdiction_id == city.id, begins, _readable(city, actor))
    if not _has_tab(actor, city, filters.tab):
        raise NotAllowed(N_("This part of the worklist is for those who work for the whole city."))
    wanted = [_tab_condition(city, actor, filters.tab)]
    if not filters.is_waiting_only:
        # No index has a department's closed reports in order; the city's has, and most are near.
        wanted.append(Report.jurisdiction_id == city.id)
    if filters.statuses:
        wanted.append(Report.status.in_(filters.statuses))
    if filters.department:
        wanted.append(
            Report.department_id.in_(
                select(Department.id).where(
                    Department.jurisdiction_id == city.id, Department.code == filters.department
                )
            )
        )
    if filters.category:
        wanted.append(
            Report.category_id.in_(select(Category.id).where(Category.key == filters.category))
        )
    if filters.area:
        wanted.append(
            Report.area_id.in_(
                select(Area.id).where(Area.jurisdiction_id == city.id, Area.slug == filters.area)
            )
        )
    if filters.overdue:
        wanted += [Report.status.in_(WAITING), Report.fix_by < now()]
    if filters.ground:
        wanted.append(or_(*(Report.morton.between(*codes) for codes in filters.ground.codes)))
    return and_(*wanted)


def _has_tab(actor: Actor, city: City, tab: str) -> bool:
    if tab == MINE:
        return bool(actor.department_ids(city.id))
    if tab == CHECK:
        return may_see_whole_city(actor, city) or bool(actor.department_ids(city.id))
    return may_see_whole_city(actor, city)


def _tab_condition(city: City, actor: Actor, tab: str) -> ColumnElement[bool]:
    if tab == MINE:
        return _own(city, actor)
    in_city = Report.jurisdiction_id == city.id
    if tab == CHECK:
        waits = or_(
            Report.visibility == "held",
            and_(Report.visibility == "public", Report.content == "held"),
        )
        if may_see_whole_city(actor, city):
            return and_(in_city, waits)
        return and_(in_city, waits, _own(city, actor))
    if tab == TRIAGE:
        return and_(in_city, Report.department_id.is_(None))
    return in_city


def _readable(city: City, actor: Actor) -> ColumnElement[bool]:
    """What a person may open: everything shown to all, and the rest of their own departments."""
    if may_see_whole_city(actor, city):
        return Report.jurisdiction_id == city.id
    return or_(Report.visibility == "public", _own(city, actor))


def _own(city: City, actor: Actor) -> ColumnElement[bool]:
    """What the person's departments answer for. A department belongs to one city, so this says the
    city too."""
    return Report.department_id.in_(actor.department_ids(city.id))
