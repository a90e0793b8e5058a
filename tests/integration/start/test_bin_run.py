"""bin/run and bin/civicmap as a person calls them, in a state folder of their own."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bootstrap import python_packages
from bootstrap.checkout import CHECKOUT
from bootstrap.cluster import free_port
from bootstrap.postgis import installed
from tests.integration.start.processes_of import eventually, kill_all, processes_of

pytestmark = pytest.mark.skipif(
    not installed() or not python_packages.up_to_date(python_packages.RUNTIME),
    reason="left out: bin/run would first install what is missing; bin/test has done that",
)


@pytest.fixture
def state(open_folder: Path) -> Iterator[Path]:
    yield open_folder / "state"
    kill_all(open_folder)


def environment(state: Path) -> dict[str, str]:
    """A person's shell: nothing of the tests, and a home that cannot be written."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return {**kept, "HOME": "/proc", "CIVICMAP_STATE": str(state)}


def start(state: Path, port: int) -> subprocess.Popen[bytes]:
    log = state.parent / "run.log"
    with log.open("ab") as output:
        run = subprocess.Popen(
            [CHECKOUT / "bin" / "run", "--empty", f"--port={port}"],
            env=environment(state),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    assert eventually(lambda: status(port) == 200 or run.poll() is not None, 60), log.read_text()
    assert run.poll() is None, log.read_text()
    return run


def status(port: int) -> int | None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


def call(state: Path, *words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [CHECKOUT / "bin" / words[0], *words[1:]],
        check=False,
        cwd=folder,
        env=environment(state),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )


def test_it_serves_is_there_once_and_leaves_nothing_behind(state: Path) -> None:
    port = free_port()
    run = start(state, port)

    second = call(state, "run", f"--port={port + 1}", folder=CHECKOUT)
    assert second.returncode == 1
    assert f"already running, with its state in {state}: http://127.0.0.1:{port}" in second.stderr

    # A command of the same installation, from a folder with somebody else's wsgi.py in it.
    (state.parent / "wsgi.py").write_text("raise RuntimeError('not this one')\n")
    command = call(state, "civicmap", "--help", folder=state.parent)
    assert command.returncode == 0, command.stderr
    assert command.stdout.startswith("Usage: bin/civicmap")
    assert "prepare" in command.stdout

    run.kill()
    run.wait()
    assert eventually(lambda: processes_of(state) == [] and status(port) is None)

    again = start(state, port)
    again.send_signal(signal.SIGINT)
    assert again.wait(timeout=60) == 0
    assert processes_of(state) == []
