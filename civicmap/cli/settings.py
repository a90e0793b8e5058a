"""`settings`: the settings explained."""

from __future__ import annotations

import click

from civicmap.config import describe_settings


@click.command()
def settings() -> None:
    """Print docs/configuration.md."""
    click.echo(describe_settings(), nl=False)
