"""Processes whose command line names a folder, read from /proc."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path


def processes_of(folder: Path) -> list[int]:
    """Ids of living processes that have `folder` in their command line, without this one."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            words = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if os.fsencode(folder) in words:
            found.append(int(entry.name))
    return found


def kill_all(folder: Path) -> None:
    """kill -9 to everything of that folder at once. Afterwards it is over with them: a process
    loses its command line a little before its locks."""
    killed = processes_of(folder)
    for pid in killed:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    assert eventually(lambda: all(map(is_over, killed)))


def is_over(pid: int) -> bool:
    """Whether a process is gone, or only its parent's word about it is missing (a zombie)."""
    try:
        # After its name in brackets, which may hold anything.
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state in "ZX"


def eventually(condition: Callable[[], bool], seconds: float = 20.0) -> bool:
    """Whether it becomes true; the limit only ends a test that has failed."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.05)
    return condition()
