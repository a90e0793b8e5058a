"""civicmap's own commands (`prepare`, `worker`, `city add` …), callable from any folder."""

from __future__ import annotations

from bootstrap.checkout import VENV_PYTHON


def civicmap_command(*arguments: str) -> list[str]:
    """The command line; the environment (environment.py) says where civicmap is found."""
    return [str(VENV_PYTHON), "-m", "civicmap.cli", *arguments]
