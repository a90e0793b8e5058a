"""Debian and Ubuntu packages: which are missing, and putting them in with apt."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

from bootstrap.errors import CannotGoOn, with_last_lines
from bootstrap.programs import run_watched
from bootstrap.steps import Step

NO_MAIN_CLUSTER = Path("/etc/postgresql-common/createcluster.conf")
APT_OPTIONS = [
    "-o", "DPkg::Lock::Timeout=300",  # unattended upgrades may be at work
    "-o", "Dpkg::Options::=--force-confold",
    "-o", "Dpkg::Use-Pty=0",
]  # fmt: skip
TO_INSTALL = ["--yes", "--no-install-recommends"]
QUIETLY = ["env", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C.UTF-8"]
DONE_BY_LINE = {"Get:": "fetched", "Unpacking ": "unpacked", "Setting up ": "set up"}
TOTAL_LINE = re.compile(r"(?P<upgraded>\d+) upgraded, (?P<new>\d+) newly installed")


def python_venv_package() -> list[str]:
    """What Debian keeps out of its python3: `venv` cannot put pip in without it."""
    if importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv"):
        return []
    return [f"python{sys.version_info.major}.{sys.version_info.minor}-venv"]


def install(packages: list[str], step: Step) -> None:
    """Put `packages` in with apt, through sudo when we are not root.

    Some go by another name on some releases, see `name_here`.

    Raises CannotGoOn with the command a person can run when it cannot be done from here.
    """
    if not packages:
        return
    if not shutil.which("apt-get"):
        raise CannotGoOn(
            f"Missing here: {', '.join(packages)} (names as in Debian), and there is no apt-get to "
            "put them in. Install them in this system's own way; or, for the database, set "
            "DATABASE_URL to a PostgreSQL that has PostGIS."
        )
    root = as_root(packages)
    step.progress("reading the package lists")
    progress = AptProgress(step)
    update_failed, update = run_apt([*root, *QUIETLY, "apt-get", "update", *APT_OPTIONS], progress)
    names = [name_here(package) for package in packages]
    if "postgresql-postgis" in packages and not NO_MAIN_CLUSTER.exists():
        keep_debian_from_starting_a_cluster(root)
    # An earlier installation may have been killed half way.
    run_apt([*root, *QUIETLY, "dpkg", "--configure", "-a"], progress)
    install_failed, installed = run_apt(
        [*root, *QUIETLY, "apt-get", "install", *APT_OPTIONS, *TO_INSTALL, *names], progress
    )
    if install_failed:
        raise CannotGoOn(
            with_last_lines(
                f"apt-get could not install {' '.join(names)}:",
                (update if update_failed else "") + installed,
            )
        )


def as_root(packages: list[str]) -> list[str]:
    """The words to put before a command so that root runs it.

    Raises CannotGoOn when we are not root and sudo cannot help.
    """
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo"):
        without_asking = subprocess.run(["sudo", "-n", "true"], check=False, capture_output=True)
        if without_asking.returncode == 0:
            return ["sudo", "-n"]
        if sys.stdin.isatty() and subprocess.run(["sudo", "-v"], check=False).returncode == 0:
            return ["sudo"]
    raise CannotGoOn(
        f"civicmap needs these packages: {' '.join(packages)}\n"
        "Only root can install them, and sudo does not let us. Have this done once, then start "
        f"again:\n    apt-get update && apt-get install {' '.join(packages)}\n"
        "For the database alone, DATABASE_URL may name a PostgreSQL with PostGIS instead."
    )


class AptProgress:
    """How far apt-get is, told by the lines it prints for people.

    Its own status channel (`APT::Status-Fd`) makes the pipe non-blocking for the packages' scripts
    as well, and one of fontconfig's then fails to print and with it the whole installation.
    """

    def __init__(self, step: Step) -> None:
        self.told = ""
        self._step = step
        self._total = 0
        self._done = Counter[str]()

    def read(self, line: str) -> bool:
        """Take one line in; True if it was only about progress."""
        total = TOTAL_LINE.match(line)
        if total:
            self._total = int(total["upgraded"]) + int(total["new"])
        for start, done in DONE_BY_LINE.items():
            if line.startswith(start) and self._total:
                self._done[done] += 1
                self.told = f"{done} {self._done[done]} of {self._total}"
                self._step.progress(self.told)
                return True
        return False


def run_apt(command: list[str], progress: AptProgress) -> tuple[int, str]:
    """Its exit code and last lines. It is not cut short when we are killed: dpkg would mind."""
    return run_watched(command, progress.read, ends_with_us=False)


def name_here(package: str) -> str:
    """The name of `package` on this release: the newest `postgresql-N-postgis-3` if need be.

    Where there is no Chromium without windows, the whole one.
    """
    if package not in {"postgresql-postgis", "chromium-headless-shell"} or has_candidate(package):
        return package
    if package == "chromium-headless-shell":
        return "chromium"
    found = subprocess.run(
        ["apt-cache", "search", "--names-only", r"^postgresql-[0-9]+-postgis-3$"],
        check=False,
        capture_output=True,
        text=True,
    )
    names = [line.split()[0] for line in found.stdout.splitlines() if line.strip()]
    return max(names, key=lambda name: int(name.split("-")[1]), default=package)


def has_candidate(package: str) -> bool:
    """Whether apt knows an installable `package`."""
    policy = subprocess.run(
        ["apt-cache", "policy", package],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    return "Candidate:" in policy.stdout and "Candidate: (none)" not in policy.stdout


def keep_debian_from_starting_a_cluster(root: list[str]) -> None:
    """Debian would make and start a cluster of its own on port 5432; nobody here needs it."""
    folder = str(NO_MAIN_CLUSTER.parent)
    subprocess.run([*root, "mkdir", "-p", folder], check=False, capture_output=True)
    subprocess.run(
        [*root, "tee", str(NO_MAIN_CLUSTER)],
        check=False,
        input="create_main_cluster = false\n",
        text=True,
        capture_output=True,
    )
