"""The database civicmap uses here: the one `DATABASE_URL` names, or the private cluster's."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from bootstrap.cluster import Cluster
from bootstrap.environment import external_database
from bootstrap.errors import CannotGoOn
from bootstrap.steps import Step

NAME = "civicmap"
"""Of the private cluster's database, and of the role that owns it."""


@dataclass(frozen=True)
class Database:
    """Its URL, and the private cluster it is in, if it is."""

    url: str
    cluster: Cluster | None = None

    def look_after(self) -> None:
        """Start a private cluster again that was killed with its keeper."""
        try:
            if self.cluster:
                self.cluster.revive()
        except CannotGoOn as fault:
            print(fault, file=sys.stderr, flush=True)

    def close(self) -> None:
        """Stop a private cluster that nobody else uses."""
        if self.cluster:
            self.cluster.close()

    def hold_across_exec(self) -> None:
        """Let the program that replaces this process use a private cluster on."""
        if self.cluster:
            self.cluster.hold_across_exec()


def open_database(state: Path, step: Step) -> Database:
    """Have the database ready; a private one is made and started when it is not there.

    Raises CannotGoOn when the private cluster does not start.
    """
    external = external_database()
    if external:
        step.result(f"the one DATABASE_URL names; photos and the like in {state}")
        return Database(external)
    cluster = Cluster(state / "postgis")
    cluster.start(step)
    cluster.make_application_database(NAME)
    step.result(f"PostGIS on 127.0.0.1:{cluster.port()}, in {state}")
    return Database(cluster.url(NAME, NAME), cluster)
