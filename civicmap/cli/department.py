"""`department`: who answers, and what the public directory says of them."""

from __future__ import annotations

import click

from civicmap.cli.categories import read_seed_file
from civicmap.cli.noun import Noun, by_language, columns, the_city
from civicmap.domain.departments.actions import (
    WEEKDAYS,
    DepartmentCard,
    add_department,
    change_department,
    retire_department,
)
from civicmap.domain.departments.queries import list_departments
from civicmap.domain.jurisdictions.queries import City
from civicmap.extensions import db
from civicmap.foundation.errors import InvalidInput
from civicmap.foundation.locales import N_
from civicmap.foundation.transaction import transaction


@click.group(cls=Noun)
def department() -> None:
    """Departments of a city: who answers for what."""


@department.command()
@click.argument("slug", metavar="CITY")
@click.argument("code")
@click.option(
    "--name", "names", multiple=True, help="In the city's language or as LANGUAGE=NAME (repeat)."
)
@click.option(
    "--answers-for", "responsibilities", multiple=True, help="What it does, LANGUAGE=TEXT (repeat)."
)
@click.option("--address", default="", help="Where it is.")
@click.option("--room", default="", help="Its room.")
@click.option(
    "--hours", multiple=True, help='Like "mon 7:30-16:30" or "mon-fri 8:00-16:00" (repeat).'
)
@click.option("--phone", default="", help="For residents.")
@click.option("--email", default="", help="For residents, and for news of its reports.")
@click.option("--change", is_flag=True, help="Replace what is said of a department there is.")
def add(
    *,
    slug: str,
    code: str,
    names: tuple[str, ...],
    responsibilities: tuple[str, ...],
    address: str,
    room: str,
    hours: tuple[str, ...],
    phone: str,
    email: str,
    change: bool,
) -> None:
    """Add the department CODE to a CITY.

    The codes that seed_categories.yaml names answer for its categories by default, and have names
    in five languages there, so --name can be left out for them.

    \b
    bin/civicmap department add poznan lighting --name "pl=Zarząd Dróg Miejskich" \\
        --room 118 --hours "mon-fri 7:30-15:30" --phone "+48 61 000 00 12"
    """
    city = the_city(slug)
    card = DepartmentCard(
        names=by_language(names, otherwise=city.languages[0]) or _default_names(code),
        responsibilities=by_language(responsibilities, otherwise=city.languages[0]),
        address=address,
        room=room,
        hours=_read_hours(hours),
        phone=phone,
        email=email,
    )
    write = change_department if change else add_department
    with transaction(db.session):
        row = write(db.session, jurisdiction_id=city.id, code=code, card=card)
    click.echo(f"{'Changed' if change else 'Added'} {row.code}: {row.display_name}")


@department.command("add-defaults")
@click.argument("slug", metavar="CITY")
def add_defaults(slug: str) -> None:
    """Add every default department of seed_categories.yaml that a CITY does not have."""
    city = the_city(slug)
    there = {row.code for row in list_departments(db.session, city.id)}
    added = [one for one in read_seed_file().departments if one.code not in there]
    with transaction(db.session):
        for one in added:
            card = DepartmentCard(names=dict(one.names))
            add_department(db.session, jurisdiction_id=city.id, code=one.code, card=card)
    click.echo(f"Added {len(added)} departments to {city.display_name}")


@department.command("list")
@click.argument("slug", metavar="CITY")
def list_command(slug: str) -> None:
    """List the departments of a CITY."""
    city: City = the_city(slug)
    rows = list_departments(db.session, city.id)
    if not rows:
        click.echo(f"{city.display_name} has no departments: bin/civicmap department add --help")
        return
    click.echo(
        columns(
            [("code", "name", "room", "phone", "e-mail")]
            + [(row.code, row.display_name, row.room, row.phone, row.email) for row in rows]
        )
    )


@department.command()
@click.argument("slug", metavar="CITY")
@click.argument("code")
def retire(slug: str, code: str) -> None:
    """Take the department CODE of a CITY out of use; its reports keep it."""
    city = the_city(slug)
    with transaction(db.session):
        retire_department(db.session, jurisdiction_id=city.id, code=code)
    click.echo(f"Retired {code}")


def _default_names(code: str) -> dict[str, str]:
    for one in read_seed_file().departments:
        if one.code == code:
            return dict(one.names)
    return {}


def _read_hours(texts: tuple[str, ...]) -> dict[str, str]:
    """Read "mon-fri 8:00-16:00" into a span for each weekday."""
    hours: dict[str, str] = {}
    for text in texts:
        days, _, span = " ".join(text.split()).partition(" ")
        first, _, last = days.partition("-")
        if first not in WEEKDAYS or (last or first) not in WEEKDAYS:
            raise InvalidInput(
                N_("“%(given)s” are no opening hours: write them like mon 7:30-15:30."),
                field="hours",
                given=text[:60],
            )
        start, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
        hours.update(dict.fromkeys(WEEKDAYS[start : end + 1], span))
    return hours
