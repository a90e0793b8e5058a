"""bin/test: what the tests need, and then the tests."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NoReturn

from bootstrap import chromium, packages, postgis, python_packages
from bootstrap.checkout import CHECKOUT, VENV_PYTHON, check_path, state_folder
from bootstrap.cluster import SUPERUSER, Cluster, without_postgres_variables
from bootstrap.environment import writable_home
from bootstrap.locks import FileLock
from bootstrap.programs import become
from bootstrap.steps import Step, Steps

DROP_LEFTOVERS = """
    SELECT format('DROP DATABASE %I WITH (FORCE)', datname) FROM pg_database
     WHERE datname LIKE 'civicmap\\_test\\_%' OR oid IN (
           SELECT oid FROM pg_database WHERE datname LIKE 'civicmap\\_template\\_%'
            ORDER BY oid DESC OFFSET 2) \\gexec
"""
"""Databases of test runs that were killed, and templates of migrations of yore."""


def main(arguments: list[str]) -> NoReturn:
    """Become `pytest -n 2 ARGUMENTS`; does not return unless something fails before.

    The tests get a cluster of their own, so that a bin/run next to them is not touched.
    `CIVICMAP_TEST_DATABASE_URL`, when set, names a server to use instead.
    """
    check_path()
    steps = Steps(4)
    external = os.environ.get("CIVICMAP_TEST_DATABASE_URL", "").strip()
    database = [] if external else postgis.packages()
    packages.install(steps, python_packages.DEVELOPMENT, [*database, *chromium.packages()])
    state = state_folder(holds_cluster=not external)
    with steps.step("Chromium") as step:
        step.result("there")
        chromium.install_with_playwright(state, step)
    with steps.step("Test database") as step:
        url = external or start_cluster(state, step)
    environment = without_postgres_variables()
    # Nothing of a real installation is within a test's reach.
    environment.pop("DATABASE_URL", None)
    # Compiling all tests and the application anew for each worker takes longer than many a test.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment |= {
        "CIVICMAP_TEST_DATABASE_URL": url,
        "CIVICMAP_STATE": str(state / "test-state"),
        "PYTHONUTF8": "1",
        **chromium.environment(state),
        **writable_home(state),
    }
    os.chdir(CHECKOUT)
    command = [str(VENV_PYTHON), "-m", "pytest", "-n", "2", *arguments]
    become(command, environment)


def start_cluster(state: Path, step: Step) -> str:
    """The URL of a superuser on the tests' own cluster."""
    cluster = Cluster(state / "test-postgis", durable=False)
    cluster.start(step)
    cluster.hold_across_exec()
    running = FileLock(state / "test.lock")
    if running.take():  # no other bin/test is at work
        cluster.run_sql(DROP_LEFTOVERS)
    running.share()
    running.keep_across_exec()
    step.result(f"PostGIS in {cluster.folder}")
    return cluster.url(SUPERUSER, "postgres")
