"""What can be asked about departments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicmap.domain.departments.models import Department
from civicmap.foundation.errors import NotFound
from civicmap.foundation.locales import N_, alphabetical, in_language


@dataclass(frozen=True)
class DepartmentRow:
    """A department as the public directory shows it."""

    id: int
    jurisdiction_id: int
    code: str
    names: dict[str, str]
    responsibilities: dict[str, str]
    address: str
    room: str
    hours: dict[str, Any]
    phone: str
    email: str

    @property
    def display_name(self) -> str:
        return in_language(self.names) or self.code

    @property
    def answers_for(self) -> str:
        return in_language(self.responsibilities)


def list_departments(session: Session, jurisdiction_id: int) -> list[DepartmentRow]:
    """The departments of a city that are at work, by their names in the reader's language."""
    rows = session.scalars(
        select(Department).where(
            Department.jurisdiction_id == jurisdiction_id, Department.retired_at.is_(None)
        )
    )
    return sorted(map(_row, rows), key=lambda row: (alphabetical(row.display_name), row.code))


def get_department(session: Session, jurisdiction_id: int, code: str) -> DepartmentRow:
    """A working department by its code. Raises NotFound."""
    department = session.scalar(
        select(Department).where(
            Department.jurisdiction_id == jurisdiction_id,
            Department.code == code,
            Department.retired_at.is_(None),
        )
    )
    if department is None:
        raise NotFound(N_("There is no such department in this city."), field="department")
    return _row(department)


def _row(department: Department) -> DepartmentRow:
    return DepartmentRow(
        id=department.id,
        jurisdiction_id=department.jurisdiction_id,
        code=department.code,
        names=department.names,
        responsibilities=department.responsibilities,
        address=department.address,
        room=department.room,
        hours=department.hours,
        phone=department.phone,
        email=department.email,
    )
