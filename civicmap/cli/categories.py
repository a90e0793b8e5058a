"""`categories`: what residents can report, from seed_categories.yaml."""

from __future__ import annotations

import re
from pathlib import Path

import click

from civicmap.cli.noun import Noun, columns
from civicmap.config import CHECKOUT
from civicmap.domain.categories.actions import SyncOutcome, sync_categories
from civicmap.domain.categories.queries import list_all_categories
from civicmap.domain.categories.seed_file import SeedFile, parse_seed_file
from civicmap.extensions import db
from civicmap.foundation.transaction import transaction

SEED_FILE = CHECKOUT / "seed_categories.yaml"
SPRITE = CHECKOUT / "static" / "icons" / "sprite.svg"


def read_seed_file(path: Path = SEED_FILE) -> SeedFile:
    """The seed file, checked against the icons that can be drawn. Raises SeedFaults."""
    icons = set(re.findall(r'<symbol id="([a-z0-9-]+)"', SPRITE.read_text("utf-8")))
    return parse_seed_file(path.read_bytes(), icons=icons)


def describe(outcome: SyncOutcome) -> str:
    """One line on what a sync has done."""
    if outcome.is_empty:
        return "nothing to do"
    parts = {
        "added": outcome.added,
        "changed": outcome.changed,
        "retired": outcome.retired,
        "restored": outcome.restored,
    }
    return ", ".join(
        f"{len(keys)} {what}" + (f" ({', '.join(keys)})" if len(keys) <= 5 else "")
        for what, keys in parts.items()
        if keys
    )


@click.group(cls=Noun)
def categories() -> None:
    """What residents can report."""


@categories.command()
@click.option(
    "--file",
    "path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=SEED_FILE,
    help="Another file than seed_categories.yaml.",
)
@click.option("--check", is_flag=True, help="Only tell the faults of the file.")
def sync(path: Path, check: bool) -> None:
    """Bring the categories in step with the seed file.

    New ids are added, changed ones updated, those that are gone are retired (old reports keep
    them), those that are back are restored. Every fault of the file is told with its line, and a
    file with faults changes nothing.
    """
    seed = read_seed_file(path)
    if check:
        click.echo(f"{len(seed.categories)} categories in {len(seed.groups)} groups: no faults")
        return
    with transaction(db.session):
        outcome = sync_categories(db.session, seed=seed)
    click.echo(f"Categories: {describe(outcome)}")


@categories.command("list")
def list_command() -> None:
    """List every category, retired ones too."""
    rows = list_all_categories(db.session)
    if not rows:
        click.echo("There are no categories yet: bin/civicmap categories sync")
        return
    click.echo(
        columns(
            [("category", "group", "department", "answer", "fix", "near", "name")]
            + [
                (
                    row.key,
                    row.group_key,
                    row.default_department,
                    f"{row.response_days} d",
                    f"{row.fix_days} d",
                    f"{row.duplicate_radius} m",
                    row.display_name + (" (retired)" if row.is_retired else ""),
                )
                for row in rows
            ]
        )
    )
