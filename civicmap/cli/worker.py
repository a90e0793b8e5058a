"""`worker`: does the work that left the requests."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from civicmap.foundation import jobs
from civicmap.web.shared.request_context import settings


@click.command()
@click.option("--until-empty", is_flag=True, help="Stop when nothing is left that is due now.")
@with_appcontext
def worker(until_empty: bool) -> None:
    """Work off the queue of jobs (mail, clean-up) until stopped."""
    jobs.work(settings().database_url, wait=not until_empty)
