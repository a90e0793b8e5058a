"""The system user who runs PostgreSQL, which refuses to run as root."""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from bootstrap.errors import CannotGoOn


@dataclass(frozen=True)
class SystemUser:
    """A user of this machine."""

    name: str
    uid: int
    gid: int

    @property
    def is_us(self) -> bool:
        """Whether there is nothing to change to run as this user."""
        return self.uid == os.geteuid()


def cluster_user(data: Path | None = None) -> SystemUser:
    """Whoever owns the cluster in `data`, if it is there; else ourselves, or postgres for root."""
    if data is not None and data.exists():
        owner = data.stat().st_uid
        if owner not in (0, os.geteuid()) and os.geteuid() != 0:
            raise CannotGoOn(
                f"The database in {data} belongs to {owner_of(data)}. Start civicmap as the user "
                "who started it first (root, if it was started with sudo)."
            )
        return of_uid(owner)
    if os.geteuid() != 0:
        return of_uid(os.geteuid())
    try:
        entry = pwd.getpwnam("postgres")
    except KeyError as fault:
        raise CannotGoOn(
            "PostgreSQL refuses to run as root, and this machine has no user postgres. "
            "Make one: useradd --system postgres"
        ) from fault
    return SystemUser(entry.pw_name, entry.pw_uid, entry.pw_gid)


def of_uid(uid: int) -> SystemUser:
    """The user with this number; containers may run users that have no name."""
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        return SystemUser(str(uid), uid, os.getegid())
    return SystemUser(entry.pw_name, entry.pw_uid, entry.pw_gid)


def owner_of(path: Path) -> str:
    """The name of the user a file or folder belongs to, or the number of one without a name."""
    return of_uid(path.stat().st_uid).name
