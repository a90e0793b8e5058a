"""`addresses`: the streets and houses that civicmap itself finds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from civicmap.cli.noun import Noun, columns, the_city
from civicmap.domain.addresses.actions.import_addresses import import_addresses, remove_addresses
from civicmap.domain.addresses.osm_extract import SUFFIXES, read_osm_extract
from civicmap.domain.addresses.queries.kept import find_import
from civicmap.domain.addresses.rows import Row
from civicmap.domain.addresses.table_file import USUAL_NAMES, read_address_table
from civicmap.domain.jurisdictions.queries import City, list_cities
from civicmap.extensions import db
from civicmap.foundation.csv_tables import open_lines
from civicmap.foundation.errors import InvalidInput
from civicmap.foundation.geocoders.places import plain_name
from civicmap.foundation.locales import N_
from civicmap.foundation.transaction import transaction
from civicmap.web.shared.place_finder import OPENSTREETMAP

SHOWN_FAULTS = 10
_TOLD_EVERY = 50_000


@click.group(cls=Noun)
def addresses() -> None:
    """Streets and houses, for the search and for the address under the crosshair."""


@addresses.command("import")
@click.argument("slug", metavar="CITY")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--column",
    "named",
    multiple=True,
    metavar="FIELD=NAME",
    help="What a column of a CSV is called: " + ", ".join(USUAL_NAMES) + " (repeat).",
)
@click.option("--credit", help="Whom the source asks to be named; of an extract, OpenStreetMap.")
@click.option(
    "--faults",
    "faults_path",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="A file to list the rows in that could not be taken, by line and reason.",
)
def import_command(
    slug: str, file: Path, named: tuple[str, ...], credit: str | None, faults_path: Path | None
) -> None:
    """Take over the streets and houses of a CITY from FILE: an OpenStreetMap extract (.osm.pbf,
    .osm) or a CSV with lon, lat, number, street, postcode.

    Only what lies inside the city is taken. What was there before is replaced, at once and as a
    whole: importing again is how to bring it up to date.

    \b
    bin/civicmap addresses import poznan wielkopolskie-latest.osm.pbf
    bin/civicmap addresses import osh houses.csv --column street=КӨЧӨ --column number=ҮЙ
    """
    city = the_city(slug)
    is_extract = file.name.lower().endswith(SUFFIXES)
    if is_extract and named:
        raise click.UsageError("--column is for CSV files; an extract has no columns.")
    rows = read_osm_extract(file, box=city.box) if is_extract else _read_table(file, city, named)
    with transaction(db.session):
        outcome = import_addresses(
            db.session,
            city=city,
            rows=_counted(rows),
            source=plain_name(file.name),
            credit=plain_name(OPENSTREETMAP if credit is None and is_extract else credit or ""),
            on_step=click.echo,
        )
    click.echo(f"{outcome.read:,} rows read")
    click.echo(f"{outcome.streets:,} streets and places, {outcome.houses:,} house numbers")
    if outcome.outside:
        click.echo(f"{outcome.outside:,} left out, outside {city.display_name}")
    if outcome.faults:
        where = f"listed in {faults_path}" if faults_path else "give --faults FILE to list all"
        click.echo(f"{len(outcome.faults):,} not taken ({where})")
    lines = [f"{fault.where}: {fault.reason}" for fault in outcome.faults]
    if faults_path:
        faults_path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    for line in [] if faults_path else lines[:SHOWN_FAULTS]:
        click.echo(f"  {line}")


@addresses.command("list")
def list_command() -> None:
    """List the cities with where their streets and houses come from."""
    rows = []
    for city in list_cities(db.session):
        there = find_import(db.session, city.id)
        rows.append(
            (
                city.slug,
                f"{there.streets:,}" if there else "-",
                f"{there.houses:,}" if there else "-",
                f"{there.imported_at:%Y-%m-%d}" if there else "-",
                there.source if there else "",
            )
        )
    click.echo(columns([("city", "streets", "houses", "imported", "from"), *rows]))


@addresses.command()
@click.argument("slug", metavar="CITY")
def remove(slug: str) -> None:
    """Forget the streets and houses of a CITY."""
    city = the_city(slug)
    with transaction(db.session):
        remove_addresses(db.session, jurisdiction_id=city.id)
    click.echo(f"{city.display_name} has no streets and houses of its own any more")


def _read_table(file: Path, city: City, named: tuple[str, ...]) -> Iterator[Row]:
    columns_by_field = {}
    for text in named:
        name, mark, column = text.partition("=")
        if not mark or not column:
            raise InvalidInput(N_("Write --column like this: --column street=ULICA."))
        columns_by_field[name.strip()] = column.strip()
    with file.open("rb") as opened:
        yield from read_address_table(open_lines(opened), box=city.box, columns=columns_by_field)


def _counted(rows: Iterator[Row]) -> Iterator[Row]:
    """The rows, while somebody watching sees that it goes on."""
    for number, row in enumerate(rows, 1):
        if number % _TOLD_EVERY == 0:
            click.echo(f"{number:,} rows…")
        yield row
