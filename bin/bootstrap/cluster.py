"""A private PostgreSQL cluster in a folder of ours, shared by the commands that need it.

Every command that uses the cluster holds a shared lock on `users.lock`; the kernel lets go of it
however the command ends. A keeper process (keeper.py) runs PostgreSQL as its child and stops it as
soon as nobody holds that lock. So two commands share one cluster, the last one out turns off the
light, and nothing is left after a kill -9.

    data/           the cluster itself, owned by the system user who runs it
    passwords.json  generated here, readable by us alone
    port            the port on 127.0.0.1, kept from start to start while it is free
    postgres.log    what PostgreSQL says
    *.lock          see above
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

from bootstrap.checkout import make_folder
from bootstrap.errors import CannotGoOn, with_last_lines
from bootstrap.locks import FileLock
from bootstrap.postgis import programs_for
from bootstrap.postmaster import Postmaster
from bootstrap.steps import Step
from bootstrap.system_user import cluster_user

SUPERUSER = "postgres"
PATIENCE_SECONDS = 600.0
"""How long crash recovery may take before we stop waiting for it."""


class Cluster:
    """One private cluster; `durable=False` trades safety for speed, for tests only."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.durable = durable
        self._users = FileLock(folder / "users.lock")
        self._starting = FileLock(folder / "starting.lock")

    def start(self, step: Step) -> None:
        """Make the cluster if need be, and have it running for as long as we hold it.

        Raises CannotGoOn with PostgreSQL's own last words when it does not come up.
        """
        make_folder(self.folder)
        self._users.share()
        self._starting.wait()
        try:
            if not self.data.exists():
                step.progress("making a private database")
                self._initialise()
            self._run(step)
        finally:
            self._starting.release()

    def revive(self) -> None:
        """Start it again, on the same port, if its keeper was killed; for those who stay long.

        Raises CannotGoOn when it does not come up; to be tried again then.
        """
        keeper = FileLock(self.folder / "keeper.lock")
        if keeper.take():
            keeper.release()
            self._starting.wait()
            try:
                self._run(None)
            finally:
                self._starting.release()

    def close(self) -> None:
        """Stop using it; if nobody else does, wait until it has stopped (a second at most)."""
        self._users.release()
        keeper = FileLock(self.folder / "keeper.lock")
        others = 0
        while not keeper.take():
            if self._users.take():
                self._users.release()
            elif keeper.read() != "stopping":
                others += 1
                if others > 2:  # not merely the moment between the keeper's lock and its word
                    return
            time.sleep(0.05)
        keeper.release()

    def hold_across_exec(self) -> None:
        """Let the program that replaces this process use the cluster on."""
        self._users.keep_across_exec()

    def url(self, role: str, database: str) -> str:
        """The connection URL for `role` (one of those in passwords.json)."""
        return f"postgresql://{role}:{self._passwords()[role]}@127.0.0.1:{self.port()}/{database}"

    def port(self) -> int:
        """Where on 127.0.0.1 it listens, once it is started."""
        return int((self.folder / "port").read_text())

    def run_sql(self, script: str, **variables: str) -> None:
        """Run a psql script as the superuser, stopping at the first error.

        `variables` (no quotes or backslashes in them) are `:name`, `:'name'` or `:"name"` in it.
        """
        settings = "".join(f"\\set {name} '{value}'\n" for name, value in variables.items())
        ran = subprocess.run(
            [programs_for(self.data)["psql"], "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"],
            check=False,
            input=settings + textwrap.dedent(script),
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=without_postgres_variables()
            | {
                "PGHOST": "127.0.0.1",
                "PGPORT": str(self.port()),
                "PGUSER": SUPERUSER,
                "PGDATABASE": "postgres",
                "PGPASSWORD": self._passwords()[SUPERUSER],
                "PGOPTIONS": "-c client_min_messages=warning",
            },
        )
        if ran.returncode:
            raise CannotGoOn(with_last_lines("The private database refused its setup:", ran.stdout))

    def make_application_database(self, name: str) -> None:
        """A role and a database of that name, with PostGIS in it, unless they are there.

        The role is no superuser: PostGIS is put in for it, the other extensions civicmap uses are
        ones that PostgreSQL lets a database's owner add.
        """
        made = self.folder / f"{name}.made"
        if made.exists():
            return
        self.run_sql(
            """
            SELECT format('CREATE ROLE %I LOGIN', :'name')
             WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'name') \\gexec
            ALTER ROLE :"name" PASSWORD :'password';
            SELECT format('CREATE DATABASE %I OWNER %I', :'name', :'name')
             WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \\gexec
            \\connect :"name"
            CREATE EXTENSION IF NOT EXISTS postgis;
            """,
            name=name,
            password=self._passwords()[name],
        )
        made.touch()

    def _passwords(self) -> dict[str, str]:
        """Generated once, on this machine."""
        path = self.folder / "passwords.json"
        if not path.exists():
            passwords = {role: secrets.token_urlsafe(24) for role in (SUPERUSER, "civicmap")}
            write_privately(path, json.dumps(passwords))
        return dict(json.loads(path.read_text()))

    def _initialise(self) -> None:
        """initdb beside the final place, then rename: an interrupted one leaves nothing half."""
        user = cluster_user()
        new = self.folder / "data.new"
        password = self.folder / "password.new"
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        write_privately(password, self._passwords()[SUPERUSER])
        for path in (new, password):
            os.chown(path, user.uid, user.gid)
        made = subprocess.run(
            [
                programs_for(self.data)["initdb"], f"--pgdata={new}", f"--username={SUPERUSER}",
                f"--pwfile={password}", "--auth=scram-sha-256", "--encoding=UTF8",
                "--locale=C.UTF-8", *([] if self.durable else ["--no-sync"]),
            ],
            check=False,
            cwd="/",
            env=without_postgres_variables(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            user=None if user.is_us else user.uid,
            group=None if user.is_us else user.gid,
            extra_groups=None if user.is_us else [],
        )  # fmt: skip
        password.unlink()
        if made.returncode:
            raise CannotGoOn(with_last_lines(f"No database could be made in {new}:", made.stdout))
        for marker in self.folder.glob("*.made"):
            marker.unlink()
        new.rename(self.data)

    def _run(self, step: Step | None) -> None:
        """Start a keeper unless one is at work, and wait until PostgreSQL takes connections.

        Without a `step` it is a new start for those who know the port: that one stays.
        """
        keeper = FileLock(self.folder / "keeper.lock")
        for attempt in range(3):
            if keeper.take():
                keeper.release()
                Postmaster(self.data).clear_away()
                if step:
                    self._choose_port(afresh=attempt > 0)
                self._start_keeper()
            if self._becomes_ready(keeper, step):
                return
        log = (self.folder / "postgres.log").read_text(errors="replace")
        raise CannotGoOn(with_last_lines(f"PostgreSQL did not start in {self.folder}:", log))

    def _start_keeper(self) -> None:
        """Returns when it holds its lock; it is in a session of its own, away from Ctrl-C."""
        subprocess.run(
            [
                sys.executable, "-B", str(Path(__file__).resolve().parent), "keeper",
                str(self.folder), "durable" if self.durable else "throwaway",
            ],
            cwd="/",
            env=without_postgres_variables(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            start_new_session=True,
        )  # fmt: skip

    def _becomes_ready(self, keeper: FileLock, step: Step | None) -> bool:
        """Wait for PostgreSQL to take connections; False if its keeper gave up."""
        began = time.monotonic()
        postmaster = Postmaster(self.data)
        while time.monotonic() - began < PATIENCE_SECONDS:
            if postmaster.is_ready():
                return True
            if keeper.take():  # it has given up
                keeper.release()
                return False
            if step and time.monotonic() - began > 3:
                step.progress("waiting for it to recover")
            time.sleep(0.02)
        return False

    def _choose_port(self, *, afresh: bool) -> None:
        """The port of last time if it is still free, else any free one."""
        path = self.folder / "port"
        last = int(path.read_text()) if path.exists() and not afresh else 0
        path.write_text(str(last if last and can_listen("127.0.0.1", last) else free_port()))


def can_listen(host: str, port: int) -> bool:
    """Whether nobody listens on that address yet."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def free_port() -> int:
    """A port on 127.0.0.1 that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def without_postgres_variables() -> dict[str, str]:
    """Our environment without PGHOST, PGSERVICE, PGSSLMODE…, which are about other databases."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def write_privately(path: Path, text: str) -> None:
    """Write a file that only we may read, whole or not at all."""
    partial = path.with_name(f"{path.name}.partial")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
