"""What can be asked about people who sign in."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicmap.domain.accounts.models import (
    ConfirmedContact,
    Membership,
    OneTimeLink,
    Person,
    SignIn,
)
from civicmap.domain.accounts.permissions import Grant, may
from civicmap.domain.accounts.tokens import hash_token
from civicmap.domain.departments.models import Department
from civicmap.foundation.clock import now
from civicmap.foundation.errors import NotAllowed
from civicmap.foundation.locales import N_


@dataclass(frozen=True)
class Actor:
    """A signed-in person with all their grants: who actions and permissions speak of."""

    person_id: int
    name: str
    email: str
    language: str
    grants: tuple[Grant, ...]
    # Whether a letter to the address was read: only then is it theirs for sure.
    is_email_confirmed: bool = False

    def may(
        self, permission: str, *, jurisdiction_id: int, department_id: int | None = None
    ) -> bool:
        return may(
            self.grants, permission, jurisdiction_id=jurisdiction_id, department_id=department_id
        )

    def must(
        self, permission: str, *, jurisdiction_id: int, department_id: int | None = None
    ) -> None:
        """Raises NotAllowed."""
        if not self.may(permission, jurisdiction_id=jurisdiction_id, department_id=department_id):
            raise NotAllowed(N_("This is not yours to do: another department answers for it."))

    def department_ids(self, jurisdiction_id: int) -> list[int]:
        """The departments this person works for in a city."""
        return [
            grant.department_id
            for grant in self.grants
            if grant.department_id is not None and grant.jurisdiction_id == jurisdiction_id
        ]

    def city_ids(self) -> list[int] | None:
        """The cities this person works for; None for all."""
        if any(grant.jurisdiction_id is None for grant in self.grants):
            return None
        return sorted({grant.jurisdiction_id for grant in self.grants if grant.jurisdiction_id})


def find_actor(session: Session, token: str) -> Actor | None:
    """The person signed in with this token, unless it ended, expired, or they were disabled."""
    person = session.scalar(
        select(Person)
        .join(SignIn, SignIn.person_id == Person.id)
        .where(
            SignIn.token_hash == hash_token(token),
            SignIn.ended_at.is_(None),
            SignIn.expires_at > now(),
            Person.disabled_at.is_(None),
        )
    )
    return load_actor(session, person) if person else None


def load_actor(session: Session, person: Person) -> Actor:
    grants = session.execute(
        select(Membership.role, Membership.jurisdiction_id, Membership.department_id).where(
            Membership.person_id == person.id
        )
    )
    return Actor(
        person_id=person.id,
        name=person.name,
        email=person.email,
        language=person.language,
        grants=tuple(Grant(*grant) for grant in grants),
        is_email_confirmed=person.email_confirmed_at is not None,
    )


def find_person(session: Session, email: str) -> Person | None:
    """The person with this address, whatever the case of its letters."""
    return session.scalar(select(Person).where(func.lower(Person.email) == email.strip().lower()))


def list_people(session: Session, jurisdiction_id: int | None = None) -> list[tuple[Person, str]]:
    """Everyone with an account, and a line on what they may do; of one city, if given."""
    query = (
        select(Person, Membership.role, Department.code)
        .join(Membership, Membership.person_id == Person.id)
        .outerjoin(Department, Department.id == Membership.department_id)
        .order_by(Person.email)
    )
    if jurisdiction_id is not None:
        query = query.where(Membership.jurisdiction_id == jurisdiction_id)
    return [
        (person, f"{role} ({code})" if code else role)
        for person, role, code in session.execute(query)
    ]


def is_confirmed(session: Session, browser_hash: str, contact: str) -> bool:
    """Whether letters to this e-mail address, or texts to this phone (E.164), are read at a
    browser: a one-time link sent there was opened here."""
    return bool(contact) and (
        session.scalar(
            select(ConfirmedContact.contact).where(
                ConfirmedContact.browser_hash == browser_hash,
                ConfirmedContact.contact.in_((contact, contact.lower())),
            )
        )
        is not None
    )


@dataclass(frozen=True)
class ConfirmedRow:
    """A contact whose letters or texts are read at a browser."""

    kind: str
    contact: str

    @property
    def masked(self) -> str:
        """Enough to know it again: z…@example.org, …200. Others may look at the screen too."""
        if self.kind == "phone":
            return f"…{self.contact[-3:]}"
        name, _, domain = self.contact.partition("@")
        return f"{name[:1]}…@{domain}"


def list_confirmed(session: Session, browser_hash: str) -> list[ConfirmedRow]:
    """The contacts confirmed at a browser, e-mail addresses first."""
    rows = session.execute(
        select(ConfirmedContact.kind, ConfirmedContact.contact)
        .where(ConfirmedContact.browser_hash == browser_hash)
        .order_by(ConfirmedContact.kind, ConfirmedContact.contact)
    )
    return [ConfirmedRow(*row) for row in rows]


def list_devices(session: Session, email: str) -> list[str]:
    """The browsers (their hashes) at which letters to an address are read."""
    return list(
        session.scalars(
            select(ConfirmedContact.browser_hash).where(
                ConfirmedContact.kind == "email", ConfirmedContact.contact == email.lower()
            )
        )
    )


@dataclass(frozen=True)
class LinkRow:
    """A one-time link. `kind`: email or phone."""

    kind: str
    contact: str
    language: str
    wants_account: bool


def get_link(session: Session, link_id: int) -> LinkRow | None:
    """A link that was asked for; None when it was swept."""
    row = session.execute(
        select(
            OneTimeLink.kind, OneTimeLink.contact, OneTimeLink.language, OneTimeLink.wants_account
        ).where(OneTimeLink.id == link_id)
    ).first()
    return LinkRow(*row) if row else None


def find_link(session: Session, token: str) -> LinkRow | None:
    """A link that can still be used."""
    row = session.execute(
        select(
            OneTimeLink.kind, OneTimeLink.contact, OneTimeLink.language, OneTimeLink.wants_account
        ).where(
            OneTimeLink.token_hash == hash_token(token),
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > now(),
        )
    ).first()
    return LinkRow(*row) if row else None
