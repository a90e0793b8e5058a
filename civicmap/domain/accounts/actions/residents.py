"""Accounts of residents: entered by a mailed link, without a password, and ended by a button."""

from __future__ import annotations

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from civicmap.domain.accounts.actions.people import REMEMBERED_SIGN_IN_LASTS
from civicmap.domain.accounts.models import (
    ConfirmedContact,
    Membership,
    OneTimeLink,
    PasswordReset,
    Person,
    SignIn,
)
from civicmap.domain.accounts.queries import find_person
from civicmap.domain.accounts.tokens import hash_token, new_token
from civicmap.foundation.clock import now
from civicmap.foundation.errors import NotAllowed
from civicmap.foundation.locales import N_


def sign_in_by_link(session: Session, *, email: str, language: str) -> str:
    """Sign in whoever has just read a letter at `email`; a new account if there is none.

    The token for the cookie, for thirty days; empty for people with a role, who sign in with their
    password, and for disabled accounts.
    """
    session.execute(
        insert(Person)
        .values(
            email=email,
            name="",
            language=language,
            password_hash=None,
            created_at=now(),
            failed_sign_ins=0,
        )
        .on_conflict_do_nothing()
    )
    person = find_person(session, email)
    if person is None or person.disabled_at is not None or _has_role(session, person.id):
        return ""
    person.email_confirmed_at = now()
    token = new_token()
    session.add(
        SignIn(
            token_hash=hash_token(token),
            person_id=person.id,
            expires_at=now() + REMEMBERED_SIGN_IN_LASTS,
        )
    )
    session.flush()
    return token


def delete_account(session: Session, *, person_id: int) -> None:
    """End an account and everything that belongs to it alone; reports stay, each with its own link.

    Raises NotAllowed for people with a role: their account belongs to the city's work.
    """
    person = session.get(Person, person_id, with_for_update=True)
    if person is None:
        return
    if _has_role(session, person_id):
        raise NotAllowed(N_("You work for the city: ask your administrator to end your account."))
    email = person.email.lower()
    session.execute(
        delete(ConfirmedContact).where(
            ConfirmedContact.kind == "email", func.lower(ConfirmedContact.contact) == email
        )
    )
    session.execute(delete(OneTimeLink).where(OneTimeLink.contact == email))
    session.execute(delete(PasswordReset).where(PasswordReset.person_id == person_id))
    session.execute(delete(SignIn).where(SignIn.person_id == person_id))
    try:
        with session.begin_nested():
            session.delete(person)
            session.flush()
    except IntegrityError:
        # Worked for the city once: what they did stays in the history, without who they were.
        session.refresh(person)
        person.email = f"deleted.{person_id}@account.invalid"
        person.name = ""
        person.password_hash = None
        person.email_confirmed_at = None
        person.disabled_at = now()


def _has_role(session: Session, person_id: int) -> bool:
    return (
        session.scalar(select(Membership.id).where(Membership.person_id == person_id).limit(1))
        is not None
    )
