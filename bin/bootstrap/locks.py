"""File locks that the kernel lets go of by itself, however their holder ends."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


class FileLock:
    """A lock on a small file whose text may tell the others something."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: int | None = None

    def share(self) -> None:
        """Hold it together with others; waits for one who holds it alone."""
        fcntl.flock(self._open(), fcntl.LOCK_SH)

    def wait(self) -> None:
        """Hold it alone; waits for everyone else."""
        fcntl.flock(self._open(), fcntl.LOCK_EX)

    def take(self) -> bool:
        """Hold it alone if nobody else does; whether that worked."""
        try:
            fcntl.flock(self._open(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.release()
            return False
        return True

    def release(self) -> None:
        """Let go."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def write(self, text: str) -> None:
        """Tell the others; only its holder may."""
        self.path.write_text(text)

    def read(self) -> str:
        """What its holder, or the last one, has told."""
        try:
            return self.path.read_text()
        except FileNotFoundError:
            return ""

    def keep_across_exec(self) -> None:
        """Let the program that replaces this one hold it on."""
        os.set_inheritable(self._open(), True)

    def _open(self) -> int:
        if self._file is None:
            self._file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        return self._file
