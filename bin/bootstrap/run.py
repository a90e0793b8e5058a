"""bin/run: from a fresh machine to a served civicmap."""

from __future__ import annotations

import argparse
import http.client
import os
import signal
from pathlib import Path

from bootstrap import packages, postgis, prepared, python_packages
from bootstrap.checkout import (
    CHECKOUT,
    VENV_PYTHON,
    check_path,
    likely_state_folders,
    state_folder,
)
from bootstrap.civicmap_command import civicmap_command
from bootstrap.cluster import can_listen
from bootstrap.database import Database, open_database
from bootstrap.environment import external_database, for_civicmap
from bootstrap.errors import CannotGoOn
from bootstrap.locks import FileLock
from bootstrap.processes import Process, Supervisor
from bootstrap.steps import Steps


def main(arguments: list[str]) -> int:
    """Prepare everything that is not there yet, then serve until Ctrl-C."""
    chosen = parse(arguments)
    check_path()
    say_if_running()
    check_address(chosen.host, chosen.port)
    steps = Steps(5)
    packages.install(
        steps, python_packages.RUNTIME, [] if external_database() else postgis.packages()
    )
    with steps.step("Database") as step:
        state = state_folder(holds_cluster=not external_database())
        running = only_here(state)
        database = open_database(state, step)
    try:
        address = f"http://{in_brackets(chosen.host)}:{chosen.port}"
        environment = for_civicmap(state, database.url)
        environment.setdefault("CIVICMAP_BASE_URL", address)
        steps.heading("City")
        prepared.prepare(state, environment, demo=not chosen.empty)
        running.write(f"{address} (process {os.getpid()})")
        return serve(chosen, address, environment, database, steps)
    finally:
        database.close()
        running.release()


def parse(arguments: list[str]) -> argparse.Namespace:
    """The command line; `PORT` in the environment is the default port."""
    parser = argparse.ArgumentParser(
        prog="bin/run",
        description="Starts civicmap on this machine: packages, PostGIS, a demo city, the web "
        "server and the worker. The first start takes minutes, the next ones seconds.",
        epilog="DATABASE_URL names a PostgreSQL with PostGIS to use instead of a private one; "
        "CIVICMAP_STATE the folder for photos and other state (default: var).",
    )
    parser.add_argument("--port", type=port, default=os.environ.get("PORT") or "8000")
    parser.add_argument("--host", default="127.0.0.1", help="default: %(default)s")
    parser.add_argument("--empty", action="store_true", help="without the demo city")
    return parser.parse_args(arguments)


def port(text: str) -> int:
    """A TCP port; argparse turns the ValueError's cousin into its own sentence."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: a number from 1 to 65535")
    return int(text)


def check_address(host: str, number: int) -> None:
    """Say at once, and not after minutes, that the address is taken."""
    if not can_listen(host, number):
        raise CannotGoOn(
            f"The address {in_brackets(host)}:{number} cannot be used: another program listens "
            "there (perhaps another civicmap), or it is not an address of this machine.\n"
            f"Choose another port: bin/run --port {number + 1 if number < 65535 else 8000}"
        )


def say_if_running() -> None:
    """Before anything else: there is no use in a second bin/run for the same state folder."""
    for state in likely_state_folders():
        if (state / "run.lock").exists():
            only_here(state).release()


def only_here(state: Path) -> FileLock:
    """The lock of the one bin/run that may use this state folder."""
    lock = FileLock(state / "run.lock")
    if not lock.take():
        raise CannotGoOn(f"civicmap is already running, with its state in {state}: {lock.read()}.")
    lock.write("it is still starting")
    return lock


def serve(
    chosen: argparse.Namespace,
    address: str,
    environment: dict[str, str],
    database: Database,
    steps: Steps,
) -> int:
    """Web server and worker, until Ctrl-C."""
    web = Process("web server", gunicorn(chosen.host, chosen.port))
    # A job is taken up again when its worker was killed; waiting for it would only hang.
    worker = Process("worker", civicmap_command("worker"), signal_if_killed=signal.SIGKILL)
    steps.heading("Web server and worker")

    def announce() -> None:
        print(f"civicmap is on {address} (Ctrl-C ends it)", flush=True)

    supervisor = Supervisor([web, worker], CHECKOUT, environment)
    return supervisor.run(lambda: answers(chosen.host, chosen.port), announce, database.look_after)


def gunicorn(host: str, number: int) -> list[str]:
    """The web server. GUNICORN_CMD_ARGS may add to it."""
    return [
        str(VENV_PYTHON), "-m", "gunicorn", "--no-control-socket", "--worker-class=gthread",
        f"--workers={os.environ.get('CIVICMAP_WEB_WORKERS', '2')}",
        f"--threads={os.environ.get('CIVICMAP_WEB_THREADS', '8')}",
        f"--bind={in_brackets(host)}:{number}", "--timeout=60", "--graceful-timeout=10",
        # Loaded once and forked: a start takes half the time. Nothing connects while it loads.
        "--preload", "--log-level=warning", "wsgi:app",
    ]  # fmt: skip


def answers(host: str, number: int) -> bool:
    """Whether the web server takes requests."""
    local = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - not bound here
    connection = http.client.HTTPConnection(local, number, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()


def in_brackets(host: str) -> str:
    """An IPv6 address as it stands in a URL."""
    return f"[{host}]" if ":" in host else host
