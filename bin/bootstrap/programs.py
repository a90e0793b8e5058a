"""Running other programs: watched line by line, or in our own place."""

from __future__ import annotations

import os
import signal
import subprocess
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from bootstrap.parent_death import signalled_when_we_die

LINES_KEPT = 60


def run_watched(
    command: list[str],
    on_line: Callable[[str], bool],
    *,
    folder: Path | None = None,
    environment: dict[str, str] | None = None,
    ends_with_us: bool = True,
) -> tuple[int, str]:
    """Run a program and hand each line it prints to `on_line`; its exit code and last lines.

    `on_line` answers whether the line was only about progress, and need not be kept. A program
    that must not be cut short when we are killed (dpkg) is run with `ends_with_us=False`.
    """
    kept: deque[str] = deque(maxlen=LINES_KEPT)
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        preexec_fn=signalled_when_we_die(signal.SIGTERM) if ends_with_us else None,
    ) as process:
        try:
            for line in process.stdout or ():
                if not on_line(line):
                    kept.append(line)
        except BaseException:
            if ends_with_us:
                process.terminate()
            raise
    return process.returncode, "".join(kept)


def become(command: list[str], environment: dict[str, str]) -> NoReturn:
    """Replace this process by a program: Ctrl-C, signals and the exit code are then its own."""
    os.execve(command[0], command, environment)  # noqa: S606 - a fixed program, no shell wanted
