"""A line of the worklist: what it shows, and how that is selected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, select

from civicmap.domain.categories.models import Category
from civicmap.domain.departments.models import Department
from civicmap.domain.jurisdictions.models import Area
from civicmap.domain.reports.models import Report
from civicmap.domain.reports.queries.titles import Titled
from civicmap.domain.reports.workflow import WAITING
from civicmap.foundation.database import AnySelect
from civicmap.foundation.locales import in_language


@dataclass(frozen=True)
class WorklistRow(Titled):
    """A report in the worklist."""

    id: int
    number: str
    status: str
    visibility: str
    content: str
    category_key: str
    category_names: dict[str, str]
    icon: str
    department_names: dict[str, str]
    area_name: str
    address: str
    words: str
    created_at: datetime
    respond_by: datetime | None
    responded_at: datetime | None
    fix_by: datetime | None
    supporter_count: int
    waiting_for: str | None

    @property
    def department_name(self) -> str:
        return in_language(self.department_names)

    @property
    def is_waiting(self) -> bool:
        return self.status in WAITING

    def is_overdue(self, at: datetime) -> bool:
        return self.is_waiting and self.fix_by is not None and self.fix_by < at

    def is_answer_late(self, at: datetime) -> bool:
        """Nobody has told the public anything, and the response target has passed."""
        return (
            self.is_waiting
            and self.responded_at is None
            and self.respond_by is not None
            and self.respond_by < at
        )


_BEGINNING = func.left(Report.words, 200)
_COLUMNS = (
    Report.id,
    Report.number,
    Report.status,
    Report.visibility,
    Report.content,
    Category.key.label("category_key"),
    Category.names.label("category_names"),
    Category.icon,
    Department.names.label("department_names"),
    Area.name.label("area_name"),
    Report.address,
    _BEGINNING.label("words"),
    Report.created_at,
    Report.respond_by,
    Report.responded_at,
    Report.fix_by,
    Report.supporter_count,
    Report.waiting_for,
)


def select_rows(own: ColumnElement[bool] | None = None) -> AnySelect:
    """The columns of rows. `own`: which reports somebody answers for who does not for all; of the
    others they are shown what everybody is, so nothing of what waits for a look."""
    columns: tuple[Any, ...] = _COLUMNS
    if own is not None:
        waits = and_(Report.content == "held", ~func.coalesce(own, false()))
        kept_back = {"words": _BEGINNING, "address": Report.address}
        columns = tuple(
            case((waits, ""), else_=kept_back[column.key]).label(column.key)
            if column.key in kept_back
            else column
            for column in _COLUMNS
        )
    return (
        select(*columns)
        .select_from(Report)
        .join(Category, Category.id == Report.category_id)
        .outerjoin(Department, Department.id == Report.department_id)
        .outerjoin(Area, Area.id == Report.area_id)
    )


def make_row(values: Any) -> WorklistRow:
    row = {column.key: getattr(values, column.key) for column in _COLUMNS}
    return WorklistRow(
        **{
            **row,
            "department_names": values.department_names or {},
            "area_name": values.area_name or "",
        }
    )
