"""bin/civicmap: civicmap's own commands, with the database that bin/run uses."""

from __future__ import annotations

import subprocess
import sys
from typing import NoReturn

from bootstrap import packages, postgis, prepared, python_packages
from bootstrap.checkout import CHECKOUT, check_path, state_folder
from bootstrap.civicmap_command import civicmap_command
from bootstrap.database import open_database
from bootstrap.environment import external_database, for_civicmap
from bootstrap.errors import CannotGoOn
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
    if "prepare" not in arguments and not prepared.is_prepared(state, database.url):
        prepare_first(environment)
        prepared.remember(state, database.url)
    database.hold_across_exec()
    become(civicmap_command(*arguments), environment)


def prepare_first(environment: dict[str, str]) -> None:
    """Migrate before the command; its lines go to standard error, for the output is not theirs."""
    ran = subprocess.run(
        civicmap_command("prepare"), check=False, cwd=CHECKOUT, env=environment, stdout=sys.stderr
    )
    if ran.returncode:
        raise CannotGoOn("civicmap could not be prepared; what is wrong stands above.")
