"""Folders that PostgreSQL's system user can reach: pytest's own are closed to others."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """An empty folder with a space in its name, passable for everyone."""
    folder = Path(tempfile.mkdtemp(prefix="civicmap start "))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
