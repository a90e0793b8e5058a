"""Ruff and mypy find nothing; transactions end in one place."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.house.repository import REPOSITORY, files, name


@pytest.mark.parametrize(
    "command", [["ruff", "check"], ["ruff", "format", "--check"], ["mypy"]], ids=" ".join
)
def test_the_checkers_find_nothing(command: list[str]) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_transactions_are_committed_in_one_file() -> None:
    committing = [
        name(path)
        for path in files(".py")
        if name(path).startswith("civicmap/") and ".commit(" in path.read_text()
    ]
    assert committing == ["civicmap/foundation/transaction.py"]


def test_only_the_settings_read_the_environment() -> None:
    reading = [
        name(path)
        for path in files(".py")
        if name(path).startswith("civicmap/")
        and any(word in path.read_text() for word in ("os.environ", "os.getenv"))
    ]
    assert reading == ["civicmap/config.py"]
