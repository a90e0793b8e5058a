"""The supervisor: what ends is started again, and nothing outlives it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bootstrap.checkout import CHECKOUT
from tests.integration.start.processes_of import eventually, kill_all, processes_of

# Two processes that write their ids down and last for a number of seconds.
SUPERVISED = """
import os, sys
from pathlib import Path
from bootstrap.processes import Process, Supervisor

folder = Path(sys.argv[1])
body = (
    "import os, pathlib, sys, time;"
    "folder = pathlib.Path(sys.argv[1]);"
    "(folder / sys.argv[2]).open('a').write(str(os.getpid()) + chr(10));"
    "time.sleep(int(sys.argv[3]))"
)
seconds = sys.argv[2]
processes = [
    Process(name, [sys.executable, "-c", body, str(folder), name, seconds]) for name in "ab"
]
supervisor = Supervisor(processes, folder, dict(os.environ))
started = lambda: (folder / "a").exists() and (folder / "b").exists()
ready = started if seconds != "0" else lambda: False
sys.exit(supervisor.run(ready, lambda: print("ready", flush=True), lambda: None))
"""


def supervise(folder: Path, seconds: int) -> subprocess.Popen[str]:
    """`seconds`: how long the supervised processes last."""
    return subprocess.Popen(
        [sys.executable, "-c", SUPERVISED, str(folder), str(seconds)],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT / "bin")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def folder(open_folder: Path) -> Iterator[Path]:
    yield open_folder
    kill_all(open_folder)


def ids(folder: Path, name: str) -> list[int]:
    return [int(line) for line in (folder / name).read_text().split()]


def test_what_is_killed_is_started_again_and_ctrl_c_ends_all(folder: Path) -> None:
    with supervise(folder, 600) as supervisor:
        assert supervisor.stdout is not None
        assert supervisor.stderr is not None
        assert supervisor.stdout.readline() == "ready\n"
        first = ids(folder, "a")[0]
        os.kill(first, signal.SIGKILL)
        assert eventually(lambda: len(ids(folder, "a")) == 2)
        supervisor.send_signal(signal.SIGINT)
        assert supervisor.wait(timeout=30) == 0
        assert "The a ended with signal SIGKILL; starting it again in 0.5 s." in (
            supervisor.stderr.read()
        )
    assert processes_of(folder) == []


def test_nothing_outlives_a_supervisor_that_is_killed(folder: Path) -> None:
    with supervise(folder, 600) as supervisor:
        assert supervisor.stdout is not None
        assert supervisor.stdout.readline() == "ready\n"
        children = [*ids(folder, "a"), *ids(folder, "b")]
        supervisor.kill()
    assert eventually(lambda: not set(children) & set(processes_of(folder)))


def test_a_process_that_ends_before_it_is_ready_ends_the_start(folder: Path) -> None:
    with supervise(folder, 0) as supervisor:
        assert supervisor.stderr is not None
        assert supervisor.wait(timeout=30) == 1
        assert "ended with exit code 0 before it was ready" in supervisor.stderr.read()
    assert processes_of(folder) == []
