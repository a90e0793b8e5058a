"""Starts civicmap's processes, starts again whichever ends, and ends them all together."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bootstrap.parent_death import signalled_when_we_die

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
STEADY_AFTER_SECONDS = 60.0
"""A process that ran this long is well again: its next pause is the first one."""
LOOK_EVERY_SECONDS = 2.0
GRACE_SECONDS = 15.0
"""How long a process may take to finish what it is doing when it is told to end."""

STOP_SIGNALS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}


@dataclass
class Process:
    """One program to keep running.

    `signal_if_killed` is what the kernel sends it when this process is killed outright.
    """

    name: str
    command: list[str]
    signal_if_killed: signal.Signals = signal.SIGTERM
    running: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_again_at: float = 0.0
    pause: float = field(default=FIRST_PAUSE_SECONDS)


class Supervisor:
    """Keeps `processes` running, in `folder` and `environment`, until it is told to stop."""

    def __init__(self, processes: list[Process], folder: Path, environment: dict[str, str]) -> None:
        self._processes = processes
        self._folder = folder
        self._environment = environment

    def run(
        self,
        is_ready: Callable[[], bool],
        when_ready: Callable[[], None],
        now_and_then: Callable[[], None],
    ) -> int:
        """Start everything and stay until Ctrl-C, SIGTERM or SIGHUP; an exit code.

        `when_ready` is called once, as soon as `is_ready` says so. A process that ends before that
        is a fault: everything is ended and 1 returned. Later it is started again. `now_and_then`
        is called every few seconds, to look after what is no process of ours.
        """
        signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS | {signal.SIGCHLD})
        ready = False
        try:
            for process in self._processes:
                self._start(process)
            while True:
                if not ready and is_ready():
                    ready = True
                    when_ready()
                if self._wait(0.1 if not ready else self._seconds_to_next_start()):
                    return 0
                now_and_then()
                for process in self._processes:
                    if not self._look_after(process, may_start_again=ready):
                        return 1
        finally:
            self._stop_all()
            signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS | {signal.SIGCHLD})

    def _wait(self, seconds: float) -> bool:
        """Sleep until something happens; True if somebody wants us to stop."""
        received = signal.sigtimedwait(STOP_SIGNALS | {signal.SIGCHLD}, seconds)
        return received is not None and received.si_signo in STOP_SIGNALS

    def _start(self, process: Process) -> None:
        process.started_at = time.monotonic()
        process.running = subprocess.Popen(
            process.command,
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            process_group=0,  # Ctrl-C reaches us alone, and we end them in order
            preexec_fn=signalled_when_we_die(process.signal_if_killed),
        )

    def _look_after(self, process: Process, *, may_start_again: bool) -> bool:
        """Note that a process has ended, or start it again when its pause is over."""
        now = time.monotonic()
        if process.running is None:
            if now >= process.start_again_at:
                self._start(process)
            return True
        code = process.running.poll()
        if code is None:
            return True
        kill_group(process.running.pid)  # its own children must not stay behind
        process.running = None
        if not may_start_again:
            tell(f"The {process.name} ended with {describe(code)} before it was ready.")
            return False
        if now - process.started_at > STEADY_AFTER_SECONDS:
            process.pause = FIRST_PAUSE_SECONDS
        process.start_again_at = now + process.pause
        tell(
            f"The {process.name} ended with {describe(code)}; "
            f"starting it again in {process.pause:g} s."
        )
        process.pause = min(process.pause * 2, LONGEST_PAUSE_SECONDS)
        return True

    def _seconds_to_next_start(self) -> float:
        waiting = [each.start_again_at for each in self._processes if each.running is None]
        next_start = min(waiting, default=math.inf) - time.monotonic()
        return min(max(0.0, next_start), LOOK_EVERY_SECONDS)

    def _stop_all(self) -> None:
        """Ask all to end; kill what has not ended in time, or at once on a second Ctrl-C."""
        left = [each.running for each in self._processes if each.running is not None]
        for running in left:
            running.terminate()
        until = time.monotonic() + GRACE_SECONDS
        while any(running.poll() is None for running in left):
            remaining = until - time.monotonic()
            if remaining <= 0 or self._wait(min(remaining, 1.0)):
                break
        for running in left:
            kill_group(running.pid)
            running.wait()


def kill_group(group: int) -> None:
    """Kill what is left of a process and its children."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


def describe(code: int) -> str:
    """An exit code in words."""
    return f"exit code {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"


def tell(sentence: str) -> None:
    """A line for whoever watches the terminal or the log."""
    print(sentence, file=sys.stderr, flush=True)
