"""`import`: history from other systems."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

import click

from civicmap.cli.noun import Noun, the_city
from civicmap.domain.categories.queries import list_all_categories
from civicmap.domain.reports.actions.import_reports import import_reports
from civicmap.domain.reports.import_mapping import parse_mapping
from civicmap.domain.reports.import_rows import Row, RowFault, read_rows
from civicmap.domain.reports.import_table import ImportOutcome
from civicmap.domain.reports.workflow import STATUS_NAMES
from civicmap.extensions import db
from civicmap.foundation.clock import now
from civicmap.foundation.csv_tables import open_lines
from civicmap.foundation.locales import gettext
from civicmap.foundation.transaction import transaction

SHOWN_FAULTS = 10
# The clocks of two systems differ a little: an hour ahead is not yet the future.
CLOCK_SLACK = timedelta(hours=1)


@click.group("import", cls=Noun)
def importing() -> None:
    """Take over history from other systems."""


@importing.command("reports")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--city", "slug", required=True, help="The city they were made in.")
@click.option(
    "--mapping",
    "mapping_path",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What the columns mean: a YAML file like docs/examples/nyc_311_2022.yaml.",
)
@click.option(
    "--faults",
    "faults_path",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="A CSV file to list the rows in that could not be taken, by line and reason.",
)
def reports_command(file: Path, slug: str, mapping_path: Path, faults_path: Path | None) -> None:
    """Import reports from the CSV FILE.

    Rows are known by their external id: importing a file again, or a later file that repeats old
    rows, adds only what is new. Rows that cannot be taken are listed and the rest go in.

    \b
    bin/civicmap import reports nyc_311_may2022.csv --city new-york \\
        --mapping docs/examples/nyc_311_2022.yaml --faults faults.csv
    """
    city = the_city(slug)
    categories = {row.key for row in list_all_categories(db.session) if not row.is_retired}
    mapping = parse_mapping(mapping_path.read_bytes(), categories=categories)
    with file.open("rb") as opened:
        rows = read_rows(open_lines(opened), mapping, zone=city.zone, latest=now() + CLOCK_SLACK)
        size = os.fstat(opened.fileno()).st_size
        with (
            transaction(db.session),
            click.progressbar(length=size, label="Reading", show_pos=False) as bar,
        ):
            outcome = import_reports(
                db.session,
                city=city,
                mapping=mapping,
                rows=_watched(rows, opened, bar),
                on_step=lambda step: click.echo(f"\n{step}", nl=False),
            )
    click.echo()
    for line in describe(outcome, faults_path):
        click.echo(line)
    if faults_path:
        write_faults(faults_path, outcome.faults)
    for fault in [] if faults_path else outcome.faults[:SHOWN_FAULTS]:
        click.echo(f"  line {fault.line}: {fault.reason}")


def describe(outcome: ImportOutcome, faults_path: Path | None) -> Iterator[str]:
    """What happened to the rows; the numbers add up to what was read."""
    statuses = ", ".join(
        f"{outcome.by_status[status]:,} {gettext(name).lower()}"
        for status, name in STATUS_NAMES.items()
        if status in outcome.by_status
    )
    yield f"{outcome.read:,} rows"
    noun = "report" if outcome.added == 1 else "reports"
    yield f"{outcome.added:,} {noun} added" + (f": {statuses}" if statuses else "")
    if outcome.there_already:
        yield f"{outcome.there_already:,} were there already"
    if outcome.skipped:
        yield f"{outcome.skipped:,} left out as the mapping says"
    if outcome.departments:
        yield f"{len(outcome.departments)} departments added: {', '.join(outcome.departments)}"
    if outcome.faults:
        where = f"listed in {faults_path}" if faults_path else "give --faults FILE to list all"
        yield f"{len(outcome.faults):,} not taken ({where})"


def write_faults(path: Path, faults: Sequence[RowFault]) -> None:
    """A CSV of line, external id, reason; empty but for its header when all went in."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["line", "external_id", "reason"])
        for fault in faults:
            writer.writerow([fault.line, _harmless(fault.external_id), _harmless(fault.reason)])


def _harmless(text: str) -> str:
    """No formula for whoever opens the list in a spreadsheet."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


def _watched(rows: Iterator[Row], file: IO[bytes], bar: Any) -> Iterator[Row]:
    """The rows, while the bar follows how far the file is read."""
    done = 0
    for number, row in enumerate(rows):
        if number % 500 == 0:
            place = file.tell()
            bar.update(place - done)
            done = place
        yield row
    bar.update(file.tell() - done)
