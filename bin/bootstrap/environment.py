"""The environment civicmap's own processes run in."""

from __future__ import annotations

import os
from pathlib import Path

from bootstrap.checkout import CHECKOUT
from bootstrap.cluster import without_postgres_variables


def for_civicmap(state: Path, database_url: str) -> dict[str, str]:
    """What gunicorn, the worker and the commands are started with.

    The checkout comes first on Python's path and the current folder is kept off it, so that a
    command may be called from anywhere. A home that cannot be written is replaced.
    """
    private = not external_database()
    environment = without_postgres_variables() if private else dict(os.environ)
    environment.pop("PYTHONHOME", None)
    environment |= {
        "DATABASE_URL": database_url,
        "CIVICMAP_STATE": str(state),
        "PYTHONPATH": str(CHECKOUT),
        "PYTHONSAFEPATH": "1",
        "PYTHONUTF8": "1",
        "PYTHONUNBUFFERED": "1",
    }
    return environment | writable_home(state)


def external_database() -> str | None:
    """`DATABASE_URL`, when somebody runs a PostgreSQL for us already."""
    return os.environ.get("DATABASE_URL", "").strip() or None


def writable_home(state: Path) -> dict[str, str]:
    """`HOME` in the state folder when the real one cannot be written."""
    home = os.environ.get("HOME", "")
    if home and os.access(home, os.W_OK):
        return {}
    replacement = state / "home"
    replacement.mkdir(exist_ok=True)
    return {"HOME": str(replacement)}
