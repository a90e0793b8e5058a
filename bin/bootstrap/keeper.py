"""Runs a private cluster for as long as somebody uses it (see cluster.py).

`python3 bin/bootstrap keeper FOLDER durable|throwaway`: started by the first user, in a session of
its own. It starts PostgreSQL again when that dies, and ends with it when the last user is gone.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from bootstrap.locks import FileLock
from bootstrap.parent_death import signalled_when_we_die
from bootstrap.postgis import programs_for
from bootstrap.postmaster import Postmaster
from bootstrap.system_user import cluster_user

LOOK_EVERY_SECONDS = 0.2
LOG_BYTES = 10_000_000
GIVE_UP_AFTER = 6
"""Failed starts in a row. What is left of a killed server may stand in the way for a moment."""


def shared_buffers() -> str:
    """A quarter of the memory, as PostgreSQL's manual advises, from 128 MB to 4 GB. A container may
    have less than its machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for limit in ("memory.max", "memory/memory.limit_in_bytes"):
        with suppress(OSError, ValueError):  # there is no such file, or it says "max"
            memory = min(memory, int(Path("/sys/fs/cgroup", limit).read_text()))
    return f"{min(4096, max(128, memory // 4 // 2**20))}MB"


SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": shared_buffers(),
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",  # civicmap asks short questions; compiling them costs more than it saves
    "timezone": "UTC",
    "log_timezone": "UTC",
}
THROWAWAY_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "200",
    "shared_buffers": "128MB",
}


def main(arguments: list[str]) -> int:
    """Keep the cluster in FOLDER; 0 when its users are gone, 1 when PostgreSQL does not start."""
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    folder = Path(arguments[0])
    settings = SETTINGS | (THROWAWAY_SETTINGS if arguments[1] == "throwaway" else {})
    keeper = FileLock(folder / "keeper.lock")
    if not keeper.take():
        return 0
    keeper.write("running")
    if os.fork():
        return 0  # whoever started us goes on; the lock is the child's
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    users = FileLock(folder / "users.lock")
    failures = 0
    while failures < GIVE_UP_AFTER:
        server = start_server(folder, settings)
        try:
            nobody_left = wait_for_end(server, users, keeper)
        finally:
            stop_server(server)
        if nobody_left:
            # The kernel lets go of the keeper's lock before the users': they have that order, and
            # who gets the users' lock must find us gone.
            os._exit(0)
        failures = 0 if server.has_been_ready else failures + 1
        time.sleep(0.5)
    return 1


class Server(subprocess.Popen[bytes]):
    """The PostgreSQL we started."""

    has_been_ready = False


def start_server(folder: Path, settings: dict[str, str]) -> Server:
    """Start PostgreSQL as our child, so that it ends when we are killed."""
    data = folder / "data"
    log = folder / "postgres.log"
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_suffix(".log.old"))
    port = (folder / "port").read_text()
    given = [f"--{name}={value}" for name, value in (settings | {"port": port}).items()]
    runs_it = cluster_user(data)
    with log.open("ab") as output:
        return Server(
            [programs_for(data)["postgres"], "-D", str(data), *given],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            preexec_fn=signalled_when_we_die(signal.SIGINT),
            user=None if runs_it.is_us else runs_it.uid,
            group=None if runs_it.is_us else runs_it.gid,
            extra_groups=None if runs_it.is_us else [],
        )


def wait_for_end(server: Server, users: FileLock, keeper: FileLock) -> bool:
    """Wait until nobody uses the cluster (True) or the server has ended by itself (False)."""
    postmaster = Postmaster(users.path.parent / "data")
    while server.poll() is None:
        if not server.has_been_ready:
            server.has_been_ready = postmaster.is_ready()
        if users.take():
            keeper.write("stopping")
            return True
        time.sleep(LOOK_EVERY_SECONDS)
    return False


def stop_server(server: Server) -> None:
    """Fast shutdown: open transactions are rolled back; harder if that does not help."""
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if server.poll() is not None:
            return
        server.send_signal(number)
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            continue
