"""Where things are: the checkout, its virtual environment, and the state folder."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bootstrap.errors import CannotGoOn
from bootstrap.system_user import SystemUser, cluster_user, owner_of

CHECKOUT = Path(__file__).resolve().parent.parent.parent
VENV = CHECKOUT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
SYSTEM_STATE = Path("/var/lib/civicmap")
"""State of checkouts that the database's own system user cannot reach (under /root, say)."""


def check_path() -> None:
    """Refuse a path that Python or PostgreSQL cannot work with."""
    if ":" in str(CHECKOUT) or "\n" in str(CHECKOUT):
        raise CannotGoOn(
            f"The folder {str(CHECKOUT)!r} has a colon or a line break in its name, and Python's "
            "search path cannot hold that. Move civicmap to a folder without one."
        )


@contextmanager
def only_one_at_work() -> Iterator[None]:
    """Hold the checkout while packages are installed, so that two starts do not mix."""
    folder = os.open(CHECKOUT, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def state_folder(*, holds_cluster: bool) -> Path:
    """The folder for everything this installation keeps; made when it is missing.

    `CIVICMAP_STATE` if set, else `var` in the checkout. As root, a private cluster
    (`holds_cluster`) runs as another system user: if that one cannot get into the checkout, the
    state goes to a folder of its own under /var/lib/civicmap.

    Raises CannotGoOn when the folder cannot be written, or not be reached by that user.
    """
    user = cluster_user() if holds_cluster and os.geteuid() == 0 else None
    var = CHECKOUT / "var"
    chosen = os.environ.get("CIVICMAP_STATE", "").strip()
    if chosen:
        folder = make_folder(Path(chosen).absolute())
        if user and not can_enter(folder, user):
            raise CannotGoOn(
                f"The system user {user.name}, who runs PostgreSQL, cannot get into {folder} "
                "(CIVICMAP_STATE). Choose a folder whose parents are open to everyone (chmod o+x)."
            )
        return folder
    if os.geteuid() == 0 and var.exists() and var.stat().st_uid != 0:
        first = owner_of(var)
        raise CannotGoOn(
            f"civicmap was started here by {first} first, and root would leave files that {first} "
            f"cannot use. Start it as {first}: sudo -u {first} bin/run"
        )
    if user is None or can_enter(nearest_existing(var), user):
        return make_folder(var)
    return make_folder(system_state_folder())


def likely_state_folders() -> list[Path]:
    """Where the state may be, without making or testing anything: for a first look."""
    chosen = os.environ.get("CIVICMAP_STATE", "").strip()
    if chosen:
        return [Path(chosen).absolute()]
    return [CHECKOUT / "var", *([system_state_folder()] if os.geteuid() == 0 else [])]


def system_state_folder() -> Path:
    """This checkout's folder under /var/lib/civicmap."""
    mark = hashlib.sha256(str(CHECKOUT).encode()).hexdigest()[:8]
    return SYSTEM_STATE / f"{CHECKOUT.name}-{mark}"


def make_folder(folder: Path) -> Path:
    """Make `folder` and its parents, passable for the database's system user."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        for path in reversed(missing):
            path.mkdir(exist_ok=True)
            path.chmod(0o755)
    except OSError as fault:
        raise CannotGoOn(f"The folder {folder} cannot be made: {fault.strerror}.") from fault
    if not os.access(folder, os.W_OK | os.X_OK):
        raise CannotGoOn(
            f"The folder {folder} belongs to {owner_of(folder)} and cannot be written. Start "
            f"civicmap as {owner_of(folder)}, or take it over: sudo chown -R $(id -un) '{folder}'"
        )
    return folder


def nearest_existing(path: Path) -> Path:
    """`path`, or the closest parent of it that is there."""
    return next(parent for parent in (path, *path.parents) if parent.exists())


def can_enter(folder: Path, user: SystemUser) -> bool:
    """Whether `user` can pass through `folder` and all its parents."""
    probe = subprocess.run(
        ["test", "-x", str(folder)],
        check=False,
        cwd="/",
        user=user.uid,
        group=user.gid,
        extra_groups=[],
    )
    return probe.returncode == 0
