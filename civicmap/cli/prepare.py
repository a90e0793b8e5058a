"""`prepare`: bring everything to the state this version needs. Quick when nothing has changed."""

from __future__ import annotations

import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from civicmap.cli.categories import describe, read_seed_file
from civicmap.cli.demo.accounts import read_accounts
from civicmap.cli.messages import compile_stale
from civicmap.domain.categories.actions import sync_categories
from civicmap.domain.publicmap.pyramid.catch_up import catch_up
from civicmap.extensions import db
from civicmap.foundation.migrations import migrate, pending_migrations
from civicmap.foundation.storage import FileStorage
from civicmap.foundation.transaction import transaction
from civicmap.web.shared import assets
from civicmap.web.shared.request_context import settings


@click.command()
@click.option("--demo", is_flag=True, help="Create the demo city Poznań if it is not there.")
@with_appcontext
def prepare(demo: bool) -> None:
    """Migrate the database, bring the categories and the map's counts in step, compile
    translations; with --demo, make the demo city."""
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
    _count_map()
    compiled = compile_stale()
    click.echo(f"Translations: {compiled} compiled" if compiled else "Translations: up to date")
    prepared = assets.prepare(settings().state_folder)
    click.echo("Static files: prepared" if prepared else "Static files: up to date")
    if demo:
        _prepare_demo()


def _count_map() -> None:
    done = catch_up(db.engine, progress=lambda step: click.echo(f"Map: counting, {step}"))
    if done.counted:
        click.echo(f"Map: {done.counted} cells counted")
    else:
        click.echo(f"Map: {done.added} changes added" if done.added else "Map: up to date")


def _prepare_demo() -> None:
    # Draws pictures with an image library, which the serving application never loads.
    from civicmap.cli.demo.build import build_demo  # noqa: PLC0415

    storage: FileStorage = current_app.extensions["photo_storage"]
    state_folder = settings().state_folder
    built = build_demo(
        db.session, storage=storage, state_folder=state_folder, say=click.echo, progress=_progress
    )
    if not built:
        click.echo("Demo city: nothing to do")
    accounts = read_accounts(state_folder)
    if accounts:
        click.echo("Demo accounts (address, password, role):")
        for line in accounts:
            click.echo(f"  {line}")


def _progress(done: int, total: int) -> None:
    """One line that counts up on a terminal, a line for each step in a log."""
    line = f"Demo city: {done} of {total} reports"
    if sys.stdout.isatty():
        click.echo(f"\r{line}", nl=done == total)
    else:
        click.echo(line)
