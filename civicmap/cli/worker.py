"""`worker`: does the work that left the requests."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from civicmap.foundation import jobs
from civicmap.web.shared.request_context import settings


@click.command()
@click.option("--until-empty", is_flag=True, help="Stop when nothing is left that is due now.")
@click.option(
    "--heartbeat",
    type=click.FloatRange(0.1, 60),
    default=10.0,
    show_default=True,
    metavar="SECONDS",
    help="How often the worker says that it is alive. One that is silent three times running is "
    "taken for dead, and what it had in hand is done again.",
)
@with_appcontext
def worker(until_empty: bool, heartbeat: float) -> None:
    """Work off the queue of jobs (mail, clean-up) until stopped."""
    jobs.work(settings().database_url, wait=not until_empty, heartbeat_seconds=heartbeat)
