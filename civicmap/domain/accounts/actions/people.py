"""What can be done to accounts: create, sign in and out, set a password."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from civicmap.domain.accounts.events import PasswordResetRequested
from civicmap.domain.accounts.models import Membership, PasswordReset, Person, SignIn
from civicmap.domain.accounts.passwords import (
    check_new_password,
    hash_password,
    is_outdated,
    password_matches,
)
from civicmap.domain.accounts.queries import find_person
from civicmap.domain.accounts.tokens import hash_token, new_token
from civicmap.foundation.clock import now
from civicmap.foundation.email_addresses import read_email
from civicmap.foundation.errors import InvalidInput
from civicmap.foundation.events import publish
from civicmap.foundation.locales import N_
from civicmap.foundation.plain_text import clean_text

SIGN_IN_LASTS = timedelta(hours=12)
REMEMBERED_SIGN_IN_LASTS = timedelta(days=30)
RESET_LASTS = timedelta(hours=2)
INVITATION_LASTS = timedelta(days=7)
RESETS_AN_HOUR = 5

# After five wrong passwords in a row: one minute, then two, four … at most an hour.
FREE_ATTEMPTS = 5
FIRST_LOCK = timedelta(minutes=1)
LONGEST_LOCK = timedelta(hours=1)


def create_person(
    session: Session, *, email: str, name: str, language: str, password: str | None = None
) -> Person:
    """A new account; without a password its owner sets one by a mailed link.

    Raises InvalidInput: a bad or taken address, a weak password.
    """
    address = read_email(email, field="email")
    if find_person(session, address):
        raise InvalidInput(
            N_("There is an account for %(email)s already."), field="email", email=address
        )
    if password is not None:
        check_new_password(password, email=address)
    person = Person(
        email=address,
        name=clean_text(name, field="name", limit=100, required=N_("A name is needed.")),
        language=language,
        password_hash=hash_password(password) if password is not None else None,
    )
    session.add(person)
    session.flush()
    return person


def grant_role(
    session: Session,
    *,
    person_id: int,
    role: str,
    jurisdiction_id: int | None = None,
    department_id: int | None = None,
) -> None:
    """Give a role (admin, operator, staff) within a scope; nothing happens if it is there."""
    if role == "staff" and department_id is None:
        raise InvalidInput(N_("Staff belong to a department: say which."), field="department")
    there = session.scalar(
        select(Membership.id).where(
            Membership.person_id == person_id,
            Membership.role == role,
            Membership.jurisdiction_id.is_not_distinct_from(jurisdiction_id),
            Membership.department_id.is_not_distinct_from(department_id),
        )
    )
    if there is None:
        session.add(
            Membership(
                person_id=person_id,
                role=role,
                jurisdiction_id=jurisdiction_id,
                department_id=department_id,
            )
        )
        session.flush()


def sign_in(session: Session, *, email: str, password: str, remember: bool) -> str:
    """Check a password and open a sign-in; the token for the cookie.

    Returns an empty text when address or password are wrong, or too many were: the caller must
    still commit, so that the attempt counts. Nothing in time or answer tells whether an address has
    an account, so a locked one looks like a wrong password.
    """
    person = find_person(session, email)
    if person is not None:
        # Two guesses at once must both count.
        session.refresh(person, with_for_update=True)
    is_right = password_matches(person.password_hash if person else None, password)
    if person is None or person.disabled_at is not None:
        return ""
    if person.locked_until and person.locked_until > now():
        return ""
    if not is_right:
        _count_failure(person)
        return ""
    person.failed_sign_ins = 0
    person.locked_until = None
    if person.password_hash and is_outdated(person.password_hash):
        person.password_hash = hash_password(password)
    token = new_token()
    lasts = REMEMBERED_SIGN_IN_LASTS if remember else SIGN_IN_LASTS
    session.add(SignIn(token_hash=hash_token(token), person_id=person.id, expires_at=now() + lasts))
    return token


def sign_out(session: Session, *, token: str) -> None:
    """End the sign-in of this token, wherever its cookie was copied to."""
    session.execute(
        update(SignIn)
        .where(SignIn.token_hash == hash_token(token), SignIn.ended_at.is_(None))
        .values(ended_at=now())
    )


def request_password_reset(session: Session, *, email: str, is_invitation: bool = False) -> None:
    """Have a one-time link mailed; silently nothing for an unknown address."""
    person = find_person(session, email)
    if person is None or person.disabled_at is not None:
        return
    if not is_invitation and _count_recent_resets(session, person) >= RESETS_AN_HOUR:
        return
    token = new_token()
    lasts = INVITATION_LASTS if is_invitation else RESET_LASTS
    session.add(
        PasswordReset(token_hash=hash_token(token), person_id=person.id, expires_at=now() + lasts)
    )
    session.flush()
    publish(
        session,
        PasswordResetRequested(person_id=person.id, token=token, is_invitation=is_invitation),
    )


def find_reset(session: Session, token: str) -> PasswordReset | None:
    """An unused, unexpired link."""
    return session.scalar(
        select(PasswordReset).where(
            PasswordReset.token_hash == hash_token(token),
            PasswordReset.used_at.is_(None),
            PasswordReset.expires_at > now(),
        )
    )


def set_password(session: Session, *, token: str, password: str) -> None:
    """Set a password by a mailed link; every sign-in of the person ends, and any lock.

    Raises InvalidInput: a used or expired link, a weak password.
    """
    reset = find_reset(session, token)
    if reset is None:
        raise InvalidInput(N_("This link has been used or has expired. Ask for a new one."))
    session.refresh(reset, with_for_update=True)
    if reset.used_at is not None:
        raise InvalidInput(N_("This link has been used or has expired. Ask for a new one."))
    person = session.get_one(Person, reset.person_id)
    check_new_password(password, email=person.email)
    # Whatever other links are on their way lead nowhere now.
    session.execute(
        update(PasswordReset)
        .where(PasswordReset.person_id == person.id, PasswordReset.used_at.is_(None))
        .values(used_at=now())
    )
    person.password_hash = hash_password(password)
    person.failed_sign_ins = 0
    person.locked_until = None
    person.email_confirmed_at = now()
    session.execute(
        update(SignIn)
        .where(SignIn.person_id == person.id, SignIn.ended_at.is_(None))
        .values(ended_at=now())
    )


def set_disabled(session: Session, *, person_id: int, is_disabled: bool) -> None:
    """Shut a person out, ending every sign-in, or let them in again, ending any lock."""
    person = session.get_one(Person, person_id)
    if is_disabled:
        person.disabled_at = person.disabled_at or now()
        session.execute(
            update(SignIn)
            .where(SignIn.person_id == person.id, SignIn.ended_at.is_(None))
            .values(ended_at=now())
        )
    else:
        person.disabled_at = None
        person.failed_sign_ins = 0
        person.locked_until = None


def _count_recent_resets(session: Session, person: Person) -> int:
    """Links of the last hour. A mailbox is not to be flooded by somebody who knows its address."""
    return int(
        session.scalar(
            select(func.count()).where(
                PasswordReset.person_id == person.id,
                PasswordReset.created_at > now() - timedelta(hours=1),
            )
        )
        or 0
    )


def _count_failure(person: Person) -> None:
    person.failed_sign_ins += 1
    over = person.failed_sign_ins - FREE_ATTEMPTS
    if over >= 0:
        person.locked_until = now() + min(FIRST_LOCK * 2 ** min(over, 10), LONGEST_LOCK)
