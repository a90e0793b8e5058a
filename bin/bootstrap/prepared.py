"""`civicmap prepare`, and whether it has anything to do.

It loads all of civicmap to find out that nothing has changed, which is half the time of a start. So
we note what there was when it last succeeded: the database and the files it was prepared from.
"""

from __future__ import annotations

import hashlib
import re
import signal
import subprocess
import sys
from pathlib import Path

from bootstrap.checkout import CHECKOUT
from bootstrap.civicmap_command import civicmap_command
from bootstrap.environment import external_database
from bootstrap.errors import CannotGoOn
from bootstrap.parent_death import signalled_when_we_die

PREPARED_FROM = ("civicmap", "migrations", "static", "seed_categories.yaml", "requirements.txt")
MARK = "prepared"
DEMO_ACCOUNTS = "demo-accounts"
"""Written by civicmap when it makes the demo city."""


def prepare(state: Path, environment: dict[str, str], *, demo: bool) -> None:
    """For a start: migrations, categories, translations and the demo city, and the demo accounts.

    civicmap prints what it does, and how far it is. A database that others run is always looked
    at: it may have been emptied under the same name. Raises CannotGoOn when it fails.
    """
    if external_database() or not is_prepared(state, environment["DATABASE_URL"], demo=demo):
        run_prepare(state, environment, demo=demo)
        return
    print("Nothing has changed since the last start")
    accounts = state / DEMO_ACCOUNTS
    if demo and accounts.exists():
        print("Demo accounts (address, password, role):")
        for line in accounts.read_text().splitlines():
            print(f"  {line}")
    sys.stdout.flush()


def prepare_quietly(state: Path, environment: dict[str, str]) -> None:
    """For a command: the same without the demo; its lines must not mix with the command's."""
    if not is_prepared(state, environment["DATABASE_URL"], demo=False):
        run_prepare(state, environment, demo=False, quietly=True)


def run_prepare(
    state: Path, environment: dict[str, str], *, demo: bool, quietly: bool = False
) -> None:
    """Have civicmap prepare itself, and note that it has."""
    ran = subprocess.run(
        civicmap_command("prepare", *(["--demo"] if demo else [])),
        check=False,
        cwd=CHECKOUT,
        env=environment,
        stdout=sys.stderr if quietly else None,
        preexec_fn=signalled_when_we_die(signal.SIGTERM),
    )
    if ran.returncode:
        raise CannotGoOn("civicmap could not be prepared; what is wrong stands above.")
    remember(state, environment["DATABASE_URL"], demo=demo)


def remember(state: Path, database_url: str, *, demo: bool) -> None:
    """Note that this database has been prepared from the files as they are."""
    (state / MARK).write_text(fingerprint(database_url) + (" with the demo" if demo else ""))


def is_prepared(state: Path, database_url: str, *, demo: bool) -> bool:
    """Whether nothing has changed since that note."""
    mark = state / MARK
    if not mark.exists():
        return False
    found, _, with_demo = mark.read_text().partition(" ")
    return found == fingerprint(database_url) and (bool(with_demo) or not demo)


def fingerprint(database_url: str) -> str:
    """A digest of the database's address and of the names, sizes and times of our files.

    The port of a private cluster may change from start to start, so it is left out.
    """
    digest = hashlib.sha256(re.sub(r"@127\.0\.0\.1:\d+/", "@/", database_url).encode())
    for name in PREPARED_FROM:
        path = CHECKOUT / name
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.suffix == ".pyc" or not file.is_file():
                continue
            found = file.stat()
            digest.update(f"{file} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()
