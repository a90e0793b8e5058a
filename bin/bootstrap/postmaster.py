"""The PostgreSQL server process of a data folder, as its `postmaster.pid` tells of it."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

STATUS_LINE = 7  # "ready", "starting", "stopping"; since PostgreSQL 10


class Postmaster:
    """Reads `postmaster.pid`, and does not believe it blindly: it survives a kill -9."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._file = data / "postmaster.pid"

    def is_ready(self) -> bool:
        """Whether it lives and takes connections."""
        lines = self._lines()
        if len(lines) <= STATUS_LINE or lines[STATUS_LINE].strip() != "ready":
            return False
        return self.pid() is not None

    def pid(self) -> int | None:
        """Its process id, if that process really is the server of this folder."""
        lines = self._lines()
        if not lines or not lines[0].strip().isdigit():
            return None
        pid = int(lines[0])
        try:
            working_folder = Path(f"/proc/{pid}/cwd").stat()
        except OSError:
            return None
        here = self._data.stat()
        same = (working_folder.st_dev, working_folder.st_ino) == (here.st_dev, here.st_ino)
        return pid if same else None

    def clear_away(self) -> None:
        """Before a start: end a server that lost its keeper, and remove a stale pid file.

        PostgreSQL would refuse to start when another process has got the old number meanwhile.
        """
        for number, patience_seconds in ((signal.SIGINT, 15), (signal.SIGQUIT, 15)):
            pid = self.pid()
            if pid is None:
                break
            os.kill(pid, number)
            until = time.monotonic() + patience_seconds
            while self.pid() is not None and time.monotonic() < until:
                time.sleep(0.05)
        if self.pid() is None:
            self._file.unlink(missing_ok=True)

    def _lines(self) -> list[str]:
        try:
            return self._file.read_text().splitlines()
        except OSError:
            return []
