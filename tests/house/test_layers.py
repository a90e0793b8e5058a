"""Who may import whom: the contracts of import-linter in setup.cfg."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.house.repository import REPOSITORY


def test_every_import_keeps_to_the_contracts() -> None:
    linter = Path(sys.executable).parent / "lint-imports"
    ran = subprocess.run(
        [linter, "--config", "setup.cfg"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "6 kept, 0 broken" in ran.stdout
