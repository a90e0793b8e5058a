import os
import subprocess
import sys
from pathlib import Path

from civicmap.config import CHECKOUT


def test_a_database_that_is_away_is_told_in_a_sentence(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "flask", "city", "list"],
        env={
            **os.environ,
            "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
            "CIVICMAP_STATE": str(tmp_path),
            "FLASK_APP": "wsgi.py",
        },
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert "Error: The database cannot be reached: connection to server" in result.stderr
    assert "Traceback" not in result.stderr
