"""`prepare`: bring everything to the state this version needs. Quick when nothing has changed."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from civicmap.cli.categories import describe, read_seed_file
from civicmap.cli.messages import compile_stale
from civicmap.domain.categories.actions import sync_categories
from civicmap.extensions import db
from civicmap.foundation.migrations import migrate, pending_migrations
from civicmap.foundation.transaction import transaction
from civicmap.web.shared import assets
from civicmap.web.shared.request_context import settings


@click.command()
@click.option("--demo", is_flag=True, help="Create the demo city Poznań if it is not there.")
@with_appcontext
def prepare(demo: bool) -> None:
    """Migrate the database, bring the categories in step, compile translations; with --demo, make
    the demo city."""
    with db.engine.connect() as connection:
        pending = pending_migrations(connection)
    if pending:
        click.echo(f"Migrations: {', '.join(pending)}")
        migrate(db.engine)
    else:
        click.echo("Migrations: nothing to do")
    with transaction(db.session):
        outcome = sync_categories(db.session, seed=read_seed_file())
    click.echo(f"Categories: {describe(outcome)}")
    compiled = compile_stale()
    click.echo(f"Translations: {compiled} compiled" if compiled else "Translations: up to date")
    compressed = assets.compress(settings().state_folder)
    click.echo("Static files: compressed" if compressed else "Static files: up to date")
