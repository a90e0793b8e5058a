"""Staff of the demo city, with passwords made on this machine and kept in the state folder."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from civicmap.domain.accounts.actions.people import create_person, grant_role
from civicmap.domain.accounts.queries import Actor, find_person, load_actor
from civicmap.domain.departments.queries import get_department
from civicmap.domain.jurisdictions.queries import City

FILE_NAME = "demo-accounts"


@dataclass(frozen=True)
class DemoPerson:
    """`role` is admin, operator or staff; `department` a code, for staff."""

    email: str
    name: str
    role: str
    department: str | None = None

    @property
    def task(self) -> str:
        return f"{self.role}, {self.department}" if self.department else self.role


PEOPLE = (
    DemoPerson("admin@example.org", "Alicja Wolska", "admin"),
    DemoPerson("operator@example.org", "Oskar Lis", "operator"),
    DemoPerson("roads@example.org", "Roman Brzoza", "staff", "roads"),
    DemoPerson("cleaning@example.org", "Celina Wrona", "staff", "cleaning"),
)


def open_accounts(session: Session, city: City, state_folder: Path) -> None:
    """Create the people and write their passwords to a file that its owner alone may read.

    The file is complete before the caller commits. Somebody who has an account keeps it, and
    their password.
    """
    lines = []
    for person in PEOPLE:
        password = secrets.token_urlsafe(12)
        account = find_person(session, person.email)
        if account is None:
            account = create_person(
                session,
                email=person.email,
                name=person.name,
                language=city.languages[0],
                password=password,
            )
            lines.append(f"{person.email}  {password}  {person.task}")
        department = person.department
        grant_role(
            session,
            person_id=account.id,
            role=person.role,
            jurisdiction_id=city.id,
            department_id=get_department(session, city.id, department).id if department else None,
        )
    _write(state_folder / FILE_NAME, "\n".join(lines) + "\n")


def read_accounts(state_folder: Path) -> list[str]:
    """One line for each demo account (address, password, role); none if the file is gone."""
    path = state_folder / FILE_NAME
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def load_actors(session: Session, city: City) -> tuple[Actor, dict[int, Actor]]:
    """The operator, who may act everywhere, and the staff by the id of their department."""
    everywhere, staff = None, {}
    for person in PEOPLE:
        account = find_person(session, person.email)
        if account is None:
            continue
        actor = load_actor(session, account)
        if person.role == "operator":
            everywhere = actor
        for department_id in actor.department_ids(city.id):
            staff[department_id] = actor
    if everywhere is None:
        raise LookupError("the demo city has lost its operator")
    return everywhere, staff


def _write(path: Path, text: str) -> None:
    """Write a whole file or none, readable by its owner only from its first moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
