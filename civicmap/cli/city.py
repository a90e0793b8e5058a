"""`city`: the cities of this installation and their calendars."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click
from sqlalchemy.orm import Session

from civicmap.cli.noun import Noun, by_language, columns, the_city
from civicmap.domain.jurisdictions.actions.add_city import NewCity, add_city
from civicmap.domain.jurisdictions.actions.calendar import remove_holiday, set_holidays
from civicmap.domain.jurisdictions.actions.populations import set_populations
from civicmap.domain.jurisdictions.boundary_file import area_m2, read_city_shape
from civicmap.domain.jurisdictions.population import read_population_table
from civicmap.domain.jurisdictions.public_holidays import find_public_holidays
from civicmap.domain.jurisdictions.queries import City, list_areas, list_cities
from civicmap.domain.jurisdictions.queries.calendar import list_holidays
from civicmap.extensions import db
from civicmap.foundation.clock import now
from civicmap.foundation.csv_tables import open_lines
from civicmap.foundation.geo import parse_position_text
from civicmap.foundation.time_zones import time_zone_place
from civicmap.foundation.transaction import transaction

YEARS_BACK, YEARS_AHEAD = 1, 3


@click.group(cls=Noun)
def city() -> None:
    """Cities: boundary, districts, languages, working days."""


@city.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--name",
    "names",
    multiple=True,
    required=True,
    help="Its name, in the first language or as LANGUAGE=NAME (repeat).",
)
@click.option("--country", required=True, help="Two letters (ISO 3166), for its public holidays.")
@click.option("--time-zone", required=True, help="IANA time zone, like Europe/Warsaw.")
@click.option(
    "--language",
    "languages",
    multiple=True,
    required=True,
    help="A language its pages are offered in, its own first (repeat).",
)
@click.option("--slug", default="", help="Its name in addresses; made from the name.")
@click.option("--prefix", default="", help="Letters before report numbers; made from the name.")
@click.option("--view", help='Where its map opens, "LATITUDE, LONGITUDE"; the middle.')
@click.option("--zoom", type=int, help="Zoom its map opens with; so that the city fits a phone.")
@click.option("--name-property", default="name", help="The property with the name of an area.")
@click.option("--no-holidays", is_flag=True, help="Do not add the country's public holidays.")
def add(
    *,
    file: Path,
    names: tuple[str, ...],
    country: str,
    time_zone: str,
    languages: tuple[str, ...],
    slug: str,
    prefix: str,
    view: str | None,
    zoom: int | None,
    name_property: str,
    no_holidays: bool,
) -> None:
    """Add a city from the GeoJSON FILE with its areas (districts).

    The file is a FeatureCollection in WGS 84. Each polygon is an area with a name, and may say how
    many people live there ("population"); one may be marked "kind": "boundary", otherwise the
    boundary is what the areas cover together. What is wrong with the file is told in a sentence;
    invalid rings are repaired and reported.

    \b
    bin/civicmap city add poznan-districts.geojson --name Poznań --country PL \\
        --time-zone Europe/Warsaw --language pl --language en
    """
    shape = read_city_shape(
        file.read_bytes(), name_property=name_property, near=time_zone_place(time_zone)
    )
    with transaction(db.session):
        added = add_city(
            db.session,
            city=NewCity(
                names=by_language(names, otherwise=languages[0]),
                country=country,
                time_zone=time_zone,
                languages=languages,
                shape=shape,
                slug=slug,
                number_prefix=prefix,
                view=parse_position_text(view) if view else None,
                zoom=zoom,
            ),
        )
        holidays = 0 if no_holidays else fill_holidays(db.session, added)
    for repair in shape.repairs:
        click.echo(repair)
    click.echo(
        f"Added {added.display_name} ({added.slug}): {len(shape.areas)} areas, "
        f"{area_m2(shape.boundary) / 1e6:,.1f} km², numbers {added.number_prefix}-…, "
        f"map opens at {added.view} zoom {added.view_zoom}, {holidays} public holidays"
    )


def fill_holidays(
    session: Session, city: City, *, first: int | None = None, last: int | None = None
) -> int:
    """Add a country's public holidays from year `first` to `last`; how many were not there."""
    this_year = now().astimezone(city.zone).year
    first = this_year - YEARS_BACK if first is None else first
    last = this_year + YEARS_AHEAD if last is None else last
    days = find_public_holidays(city.country, range(first, last + 1), language=city.languages[0])
    return set_holidays(session, jurisdiction_id=city.id, days=days)


@city.command("list")
def list_command() -> None:
    """List the cities."""
    rows = list_cities(db.session)
    if not rows:
        click.echo("There is no city yet: bin/civicmap city add --help")
        return
    click.echo(
        columns(
            [("city", "name", "country", "time zone", "languages", "numbers")]
            + [
                (
                    row.slug,
                    row.display_name,
                    row.country,
                    row.time_zone,
                    " ".join(row.languages),
                    f"{row.number_prefix}-…",
                )
                for row in rows
            ]
        )
    )


@city.command()
@click.argument("slug", metavar="CITY")
def show(slug: str) -> None:
    """Show a CITY (its name in addresses) with its areas."""
    shown = the_city(slug)
    for label, value in {
        "name": "; ".join(f"{code}: {name}" for code, name in shown.names.items()),
        "address": f"/{shown.slug}",
        "country": shown.country,
        "time zone": shown.time_zone,
        "languages": " ".join(shown.languages),
        "numbers": f"{shown.number_prefix}-…",
        "extent": f"{shown.box.south:.4f}, {shown.box.west:.4f} to "
        f"{shown.box.north:.4f}, {shown.box.east:.4f}",
        "map opens": f"at {shown.view}, zoom {shown.view_zoom}",
    }.items():
        click.echo(f"{label:10} {value}")
    areas = list_areas(db.session, shown.id)
    click.echo(f"\n{len(areas)} areas")
    for area in areas:
        lives = "" if area.population is None else f"{area.population:,}"
        click.echo(
            f"  {area.slug:38} {area.square_metres / 1e6:9,.2f} km² {lives:>11}  {area.name}"
        )


@city.command()
@click.argument("slug", metavar="CITY")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def populations(slug: str, file: Path) -> None:
    """Set how many people live in the districts of a CITY, from the CSV FILE.

    The file has a header and two columns: district (its name or its slug) and residents, whole
    numbers in digits alone. An empty number is taken away. Districts that the file does not speak
    of keep theirs; one that it calls by a wrong name is told, and then nothing is changed.

    \b
    bin/civicmap city populations poznan residents.csv
    """
    shown = the_city(slug)
    with file.open("rb") as opened, transaction(db.session):
        outcome = set_populations(
            db.session,
            jurisdiction_id=shown.id,
            rows=read_population_table(open_lines(opened)),
        )
    click.echo(
        f"{shown.display_name}: {outcome.changed} districts changed, "
        f"{outcome.unchanged} are as they were"
    )
    if outcome.not_named:
        click.echo(f"Not in the file: {', '.join(outcome.not_named)}")


@city.command()
@click.argument("slug", metavar="CITY")
@click.option("--fill", nargs=2, type=int, metavar="FIRST LAST", help="Add public holidays.")
@click.option(
    "--off", "days_off", nargs=2, multiple=True, metavar="DAY NAME", help="A day nobody works."
)
@click.option(
    "--working",
    "working_days",
    nargs=2,
    multiple=True,
    metavar="DAY NAME",
    help="A day of a weekend that is worked, as when a working day is moved.",
)
@click.option("--remove", "removed", multiple=True, metavar="DAY", help="An ordinary day again.")
def holidays(
    slug: str,
    fill: tuple[int, int] | None,
    days_off: tuple[tuple[str, str], ...],
    working_days: tuple[tuple[str, str], ...],
    removed: tuple[str, ...],
) -> None:
    """List or change the days on which a CITY does not work as the weekday says.

    \b
    bin/civicmap city holidays poznan --fill 2026 2028
    bin/civicmap city holidays almaty --working 2026-05-09 "instead of 8 May"
    """
    shown = the_city(slug)
    with transaction(db.session):
        if fill:
            if not 0 <= fill[1] - fill[0] <= 20:
                raise click.UsageError("Give the first and the last year, at most 20 apart.")
            fill_holidays(db.session, shown, first=fill[0], last=fill[1])
        off = {_day(day): name for day, name in days_off}
        set_holidays(db.session, jurisdiction_id=shown.id, days=off)
        worked = {_day(day): name for day, name in working_days}
        set_holidays(db.session, jurisdiction_id=shown.id, days=worked, is_working=True)
        for day in removed:
            remove_holiday(db.session, jurisdiction_id=shown.id, day=_day(day))
    for row in list_holidays(db.session, shown.id):
        click.echo(f"{row.day} {row.day:%a}  {row.name}{' (working day)' * row.is_working}")


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        raise click.UsageError(f"“{text}” is no day: write it like 2026-05-01.") from None
