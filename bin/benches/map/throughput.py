"""Tiles a second: raw SQL, through the application, with good copies at the client, behind nginx.

Raw SQL is pgbench with the statements that the application runs to make the same tiles, prepared,
over as many connections: a client in C that throws the rows away. What Python makes of the same
through psycopg2, in as many processes as gunicorn has, is told beside it. The application makes a
tile once and then asks whether anything was committed since: its rate while something is, is told
as well.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import Pool
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import make_url

from benches.map.asking import Asker
from benches.map.caught import Catcher, Caught, Playback
from benches.map.folding import TOGGLE, fold_everything
from benches.map.making import connected
from benches.map.outcome import Outcome
from benches.map.places import AskedTile
from benches.map.sites import Site
from bootstrap.cluster import free_port
from bootstrap.postgis import installed
from civicmap.config import CHECKOUT

CONNECTIONS = 8
SECONDS = 10
ROUNDS = 3
MOST_TILES = 100  # pgbench takes 128 scripts
CHANGES = 10  # a second; a city with ten million reports has one in a few seconds
NGINX_FILE = CHECKOUT / "docs" / "how-to" / "nginx-tiles.conf"
THROUGH_APP, WITH_COPY, BEHIND_NGINX = 0.4, 0.7, 5.0  # times the raw rate

# wrk walks through the tiles; each of its threads begins elsewhere.
SCRIPT = """
local tiles = {%s}
local threads, at = 0, 0
function setup(thread) thread:set("at", threads * 37); threads = threads + 1 end
function request()
    at = at + 1
    local tile = tiles[(at - 1) %% #tiles + 1]
    local headers = {["Accept-Encoding"] = "gzip"}
    if tile[2] ~= "" then headers["If-None-Match"] = tile[2] end
    return wrk.format("GET", tile[1], headers)
end
function done(summary, latency, requests)
    local failed = summary.errors
    io.write(string.format(
        'RESULT {"requests": %%d, "seconds": %%f, "failed": %%d, "late": %%d, "longest": %%f}\\n',
        summary.requests, summary.duration / 1e6,
        failed.status + failed.connect + failed.read + failed.write, failed.timeout,
        latency.max / 1000))
end
"""


def measure(
    outcome: Outcome, site: Site, tiles: Sequence[AskedTile], statements: dict[str, list[Caught]]
) -> None:
    """Each in turns, several times; medians."""
    chosen = tiles[:: max(1, len(tiles) // MOST_TILES)][:MOST_TILES]
    rates: dict[str, list[float]] = {"raw": [], "python": []}
    asked: dict[str, list[Rate]] = {name: [] for name in ("app", "copy", "nginx", "changes")}
    with tempfile.TemporaryDirectory() as folder, site.served() as address:
        place = Path(folder)
        place.chmod(0o755)
        played = [statements[tile.path] for tile in chosen]
        scripts = write_statements(place, site, played)
        asker = Asker(address)
        known = [(tile.path, asker.get(tile.path).etag) for tile in chosen]
        plain = write_script(place / "plain.lua", [(path, "") for path, _ in known])
        held = write_script(place / "held.lua", known)
        with behind_nginx(place, address) as cached:
            for _ in range(ROUNDS):
                rates["raw"].append(raw_rate(site.url, scripts, statements[chosen[0].path]))
                rates["python"].append(python_rate(site, played))
                for name, server, script in (
                    ("app", address, plain),
                    ("copy", address, held),
                    ("nginx", cached, plain),
                ):
                    asked[name].append(rate(server, script))
                with changing(site.url):
                    asked["changes"].append(rate(address, plain))
    fold_everything(site.url)
    rates |= {name: [one.per_second for one in some] for name, some in asked.items()}
    raw = statistics.median(rates["raw"])
    outcome.heading(
        f"Tiles a second, {CONNECTIONS} connections, {len(chosen)} tiles",
        "a second", "of raw", "longest ms", "late",
    )  # fmt: skip
    for name, told in (
        ("raw", "raw SQL (pgbench, prepared)"),
        ("python", "the same through psycopg2"),
        ("app", "through the application"),
        ("changes", f"through it beside {CHANGES} changes a second"),
        ("copy", "the client's copy still good (304)"),
        ("nginx", "behind nginx with its cache"),
    ):
        median = statistics.median(rates[name])
        waits = {}
        if some := asked.get(name):
            waits = {
                "longest": max(one.longest for one in some),
                "late": sum(one.late for one in some),
            }
        outcome.row("throughput", told, rate=median, of_raw=median / raw, **waits)
    for name, told, least in (
        ("app", "tiles a second through the app, of raw SQL", THROUGH_APP),
        ("copy", "tiles a second with a good ETag, of raw SQL", WITH_COPY),
        ("nginx", "tiles a second behind nginx, of raw SQL", BEHIND_NGINX),
    ):
        share = statistics.median(rates[name]) / raw
        outcome.target(told, share, least, "times", at_least=True)


def write_statements(folder: Path, site: Site, of_tiles: Sequence[list[Caught]]) -> list[Path]:
    """A file for pgbench of each tile."""
    paths = []
    for number, statements in enumerate(of_tiles):
        path = folder / f"tile-{number:03d}.sql"
        path.write_text(
            "".join(
                " ".join(site.catcher.plain(statement).split()) + ";\n" for statement in statements
            )
        )
        paths.append(path)
    return paths


def raw_rate(url: str, scripts: Sequence[Path], like: list[Caught]) -> float:
    """Scripts a second, on connections with the settings of those of the application."""
    parts = make_url(url)
    command = [
        installed()[0]["pgbench"], "--no-vacuum", "--protocol=prepared",
        f"--client={CONNECTIONS}", "--jobs=2", f"--time={SECONDS}",
        *(f"--file={script}" for script in scripts),
    ]  # fmt: skip
    environment = {
        **os.environ,
        "PGHOST": parts.host or "",
        "PGPORT": str(parts.port or 5432),
        "PGUSER": parts.username or "",
        "PGPASSWORD": parts.password or "",
        "PGDATABASE": parts.database or "",
        "PGOPTIONS": like[0].options,
    }
    ran = subprocess.run(command, check=False, env=environment, capture_output=True, text=True)
    found = re.search(r"tps = ([0-9.]+)", ran.stdout)
    if ran.returncode or found is None:
        raise RuntimeError(f"pgbench: {(ran.stderr or ran.stdout)[-300:]}")
    return float(found[1])


def python_rate(site: Site, of_tiles: Sequence[list[Caught]]) -> float:
    """The same a second through psycopg2, rows fetched, on as many connections."""
    with Pool(CONNECTIONS) as pool:
        counts = pool.starmap(_play_on, [(site.url, site.catcher, of_tiles)] * CONNECTIONS)
    return sum(counts) / SECONDS


def _play_on(url: str, catcher: Catcher, of_tiles: Sequence[list[Caught]]) -> int:
    """How many tiles' statements one connection plays in `SECONDS`."""
    playback = Playback(url, catcher)
    for statements in of_tiles:
        playback.ready(statements)
    played, end = 0, time.monotonic() + SECONDS
    while time.monotonic() < end:
        playback.play(of_tiles[played % len(of_tiles)])
        played += 1
    playback.close()
    return played


def write_script(path: Path, known: Sequence[tuple[str, str]]) -> Path:
    """What wrk asks for: paths, each with the ETag of a copy or with none."""
    tiles = ", ".join(f"{{{json.dumps(one)}, {json.dumps(etag)}}}" for one, etag in known)
    path.write_text(SCRIPT % tiles)
    return path


@dataclass(frozen=True)
class Rate:
    """Requests a second; how many were answered `late`, after the 2 s that wrk waits for; the
    longest wait of the others, in milliseconds."""

    per_second: float
    late: int
    longest: float


def rate(address: str, script: Path) -> Rate:
    """What wrk counts. Raises RuntimeError when a request failed."""
    ran = subprocess.run(
        ["wrk", "--threads=2", f"--connections={CONNECTIONS}", f"--duration={SECONDS}s",
         f"--script={script}", address],
        check=True,
        capture_output=True,
        text=True,
    )  # fmt: skip
    found = re.search(r"RESULT (\{.*\})", ran.stdout)
    if found is None:
        raise RuntimeError(f"wrk: {ran.stdout[-300:]}")
    told = json.loads(found[1])
    if told["failed"]:
        raise RuntimeError(f"wrk: {told['failed']} of {told['requests']} requests failed")
    return Rate(told["requests"] / told["seconds"], told["late"], told["longest"])


@contextmanager
def changing(url: str) -> Iterator[None]:
    """The newest reports' statuses change, there and back, while the block runs."""
    with connected(url) as cursor:
        cursor.execute(
            "SELECT id FROM reports WHERE status IN ('open', 'in_progress')"
            " AND visibility = 'public' ORDER BY id DESC LIMIT 200"
        )
        newest = [id_ for (id_,) in cursor.fetchall()]
        is_over = threading.Event()

        def change() -> None:
            for id_ in itertools.cycle(newest):
                for _ in range(2):
                    cursor.execute(TOGGLE, (id_,))
                    is_over.wait(1 / CHANGES)
                if is_over.is_set():
                    return

        changer = threading.Thread(target=change)
        changer.start()
        try:
            yield
        finally:
            is_over.set()
            changer.join()


@contextmanager
def behind_nginx(folder: Path, address: str) -> Iterator[str]:
    """The address of nginx in front of `address`, with the configuration that the docs ship."""
    port = free_port()
    shipped = NGINX_FILE.read_text()
    settings = (
        shipped.replace("127.0.0.1:8000", urlsplit(address).netloc)
        .replace("listen 80;", f"listen 127.0.0.1:{port};")
        .replace("/var/cache/nginx/tiles", str(folder / "cache"))
        .replace("/var/log/nginx/civicmap.log", str(folder / "access.log"))
    )
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off;\nworker_processes auto;\npid {folder}/nginx.pid;\n"
        f"error_log {folder}/error.log;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{temporary}{settings}}}\n"
    )
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    server = subprocess.Popen(
        [program, "-p", str(folder), "-c", str(folder / "nginx.conf")],
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(server, port, folder)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(server: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    for _ in range(100):
        if server.poll() is not None:
            raise RuntimeError(f"nginx: {(folder / 'error.log').read_text()[-300:]}")
        try:
            Asker(f"http://127.0.0.1:{port}").get("/healthz")
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("nginx does not answer")
