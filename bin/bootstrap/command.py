"""bin/civicmap: civicmap's own commands, with the database that bin/run uses."""

from __future__ import annotations

from typing import NoReturn

from bootstrap import packages, postgis, prepared, python_packages
from bootstrap.checkout import check_path, state_folder
from bootstrap.civicmap_command import civicmap_command
from bootstrap.database import open_database
from bootstrap.environment import external_database, for_civicmap
from bootstrap.programs import become
from bootstrap.steps import Steps


def main(arguments: list[str]) -> NoReturn:
    """Become the command in the caller's folder; does not return unless something fails.

    What is missing is put in first, silently when nothing is.
    """
    check_path()
    steps = Steps(3, quiet=True)
    external = external_database()
    packages.install(steps, python_packages.RUNTIME, [] if external else postgis.packages())
    state = state_folder(holds_cluster=not external)
    with steps.step("Database") as step:
        database = open_database(state, step)
    environment = for_civicmap(state, database.url)
    if "prepare" not in arguments:
        prepared.prepare_quietly(state, environment)
    database.hold_across_exec()
    become(civicmap_command(*arguments), environment)
