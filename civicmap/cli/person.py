"""`person`: accounts of staff and admins."""

from __future__ import annotations

import secrets

import click

from civicmap.cli.noun import Noun, columns, the_city
from civicmap.domain.accounts.actions.people import (
    create_person,
    grant_role,
    request_password_reset,
    set_disabled,
)
from civicmap.domain.accounts.queries import find_person, list_people
from civicmap.domain.departments.queries import get_department
from civicmap.extensions import db
from civicmap.foundation.errors import InvalidInput, NotFound
from civicmap.foundation.locales import LANGUAGES, N_
from civicmap.foundation.transaction import transaction

ROLES = ("admin", "operator", "staff")


@click.group(cls=Noun)
def person() -> None:
    """Accounts: admins, operators, staff of departments."""


@person.command()
@click.argument("email")
@click.option("--name", default="", help="As colleagues see it.")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--city", "slug", help="Only in this city; left out: everywhere (admins).")
@click.option("--department", "code", help="The code of their department; needed for staff.")
@click.option("--language", type=click.Choice(list(LANGUAGES)), help="Of letters to them.")
@click.option("--generate", is_flag=True, help="Make a password and print it once.")
@click.option("--invite", is_flag=True, help="Mail a link with which they set one themselves.")
def add(
    *,
    email: str,
    name: str,
    role: str,
    slug: str | None,
    code: str | None,
    language: str | None,
    generate: bool,
    invite: bool,
) -> None:
    """Give EMAIL a role; creates the account if there is none.

    Without --generate or --invite, a new account's password is asked for.

    \b
    bin/civicmap person add ewa@example.org --name "Ewa Nowak" --role staff \\
        --city poznan --department roads --invite
    """
    if generate and invite:
        raise click.UsageError("Choose one of --generate and --invite.")
    city = the_city(slug) if slug else None
    if role != "admin" and city is None:
        raise InvalidInput(N_("Say in which city: only admins work everywhere."), field="city")
    if code and city is None:
        raise InvalidInput(N_("A department is a city's: say which city."), field="city")
    department = get_department(db.session, city.id, code) if city and code else None
    there = find_person(db.session, email)
    password = None
    if there is None and generate:
        password = secrets.token_urlsafe(12)
    elif there is None and not invite:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    with transaction(db.session):
        account = there or create_person(
            db.session,
            email=email,
            name=name or email.partition("@")[0],
            language=language or (city.languages[0] if city else "en"),
            password=password,
        )
        grant_role(
            db.session,
            person_id=account.id,
            role=role,
            jurisdiction_id=city.id if city else None,
            department_id=department.id if department else None,
        )
        if invite:
            request_password_reset(db.session, email=account.email, is_invitation=True)
        address = account.email
    where = " ".join(filter(None, (department.code if department else "", slug or "everywhere")))
    click.echo(f"{'Created' if there is None else 'There is'} {address}: {role}, {where}")
    if generate and password:
        click.echo(f"Password: {password}")
    if invite:
        click.echo("A letter with a link to set a password is on its way.")


@person.command("list")
@click.option("--city", "slug", help="Only people of this city.")
def list_command(slug: str | None) -> None:
    """List who has an account."""
    rows = list_people(db.session, the_city(slug).id if slug else None)
    if not rows:
        click.echo("Nobody has an account: bin/civicmap person add --help")
        return
    click.echo(
        columns(
            [("e-mail", "name", "role", "")]
            + [
                (account.email, account.name, role, "disabled" if account.disabled_at else "")
                for account, role in rows
            ]
        )
    )


@person.command()
@click.argument("email")
def disable(email: str) -> None:
    """Shut EMAIL out at once; every sign-in ends. `person enable` lets them in again."""
    _set_disabled(email, True)
    click.echo(f"Disabled {email}")


@person.command()
@click.argument("email")
def enable(email: str) -> None:
    """Let EMAIL in again, and end a lock after wrong passwords."""
    _set_disabled(email, False)
    click.echo(f"Enabled {email}")


def _set_disabled(email: str, is_disabled: bool) -> None:
    account = find_person(db.session, email)
    if account is None:
        raise NotFound(N_("Nobody has the address %(email)s."), field="email", email=email[:100])
    with transaction(db.session):
        set_disabled(db.session, person_id=account.id, is_disabled=is_disabled)
