"""The files of the repository, for guards that read them."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
_NOT_OURS = {".git", ".venv", "var", "vendor", "__pycache__", "node_modules"}


@cache
def files(*suffixes: str) -> tuple[Path, ...]:
    """Our own files with these endings: what git knows or would take in, nothing vendored."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    # Without git (an unpacked archive) everything that lies here is the repository.
    found = (
        [REPOSITORY / line for line in listed.stdout.splitlines()]
        if listed.returncode == 0
        else list(REPOSITORY.rglob("*"))
    )
    return tuple(
        path
        for path in sorted(found)
        if path.is_file()
        and path.suffix in suffixes
        and not _NOT_OURS & set(path.relative_to(REPOSITORY).parts)
    )


def name(path: Path) -> str:
    """Its path within the repository."""
    return path.relative_to(REPOSITORY).as_posix()
