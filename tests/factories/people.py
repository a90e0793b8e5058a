from __future__ import annotations

from sqlalchemy.orm import Session

from civicmap.domain.accounts.actions.people import create_person, grant_role
from civicmap.domain.accounts.queries import Actor, load_actor
from civicmap.domain.departments.models import Department
from civicmap.domain.departments.queries import DepartmentRow
from civicmap.domain.jurisdictions.queries import City

PASSWORD = "three blind mice run"


def make_staff(
    session: Session,
    city: City,
    department: Department | DepartmentRow,
    email: str = "anna@example.org",
) -> Actor:
    """Anna, or somebody else who works in a department."""
    person = create_person(
        session,
        email=email,
        name=email.partition("@")[0].title(),
        language="en",
        password=PASSWORD,
    )
    grant_role(
        session,
        person_id=person.id,
        role="staff",
        jurisdiction_id=city.id,
        department_id=department.id,
    )
    return load_actor(session, person)


def make_operator(session: Session, city: City, email: str = "olga@example.org") -> Actor:
    """Olga, who takes calls for the whole city."""
    person = create_person(session, email=email, name="Olga", language="en", password=PASSWORD)
    grant_role(session, person_id=person.id, role="operator", jurisdiction_id=city.id)
    return load_actor(session, person)
