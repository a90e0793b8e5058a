"""gunicorn on a measurement's database, started as bin/run does."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bootstrap.cluster import free_port
from bootstrap.run import answers, gunicorn
from civicmap.config import CHECKOUT

TILES = "/bench-tiles/"  # where pages ask for the background of their maps


@contextmanager
def served(state: Path, url: str) -> Iterator[str]:
    """The address of the site on the database `url`; only we ask it, so nothing is limited."""
    port = free_port()
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "CIVICMAP_STATE": str(state),
        "CIVICMAP_BASE_URL": f"http://127.0.0.1:{port}",
        "CIVICMAP_TILE_URL": f"http://127.0.0.1:{port}{TILES}{{z}}/{{x}}/{{y}}.png",
        "CIVICMAP_SEND_LIMIT": "100000000 per hour",
    }
    command = [sys.executable, *gunicorn("127.0.0.1", port)[1:]]
    server = subprocess.Popen(command, cwd=CHECKOUT, env=environment)
    try:
        while not answers("127.0.0.1", port):
            if server.poll() is not None:
                raise SystemExit("gunicorn ended before it answered")
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)
