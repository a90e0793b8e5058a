"""The private PostGIS: made, shared, stopped, and back after a kill -9."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from bootstrap.checkout import CHECKOUT
from bootstrap.cluster import Cluster
from bootstrap.postgis import installed
from bootstrap.steps import Step
from tests.integration.start.processes_of import eventually, kill_all, processes_of

pytestmark = pytest.mark.skipif(
    not installed(), reason="left out: no PostgreSQL with PostGIS is installed here"
)


@pytest.fixture
def folder(open_folder: Path) -> Iterator[Path]:
    yield open_folder / "postgis"
    kill_all(open_folder)


def started(folder: Path, *, durable: bool = False) -> Cluster:
    cluster = Cluster(folder, durable=durable)
    cluster.start(Step("Database", io.StringIO()))
    return cluster


def ask(cluster: Cluster, question: str) -> object:
    connection = psycopg2.connect(cluster.url("civicmap", "civicmap"))
    try:
        with connection.cursor() as cursor:
            cursor.execute(question)
            row = cursor.fetchone()
            return row[0] if row else None
    finally:
        connection.close()


def test_it_is_made_shared_and_stopped_by_its_last_user(folder: Path) -> None:
    first = started(folder)
    first.make_application_database("civicmap")
    first.make_application_database("civicmap")
    assert ask(first, "SELECT ST_AsText(ST_Point(16.92, 52.41))") == "POINT(16.92 52.41)"
    assert ask(first, "SELECT usesuper FROM pg_user WHERE usename = current_user") is False
    assert ask(first, "SHOW listen_addresses") == "127.0.0.1"
    assert (folder / "passwords.json").stat().st_mode & 0o077 == 0
    with pytest.raises(psycopg2.OperationalError, match="password"):
        psycopg2.connect(f"postgresql://civicmap:guess@127.0.0.1:{first.port()}/civicmap")

    second = started(folder)
    assert second.port() == first.port()
    first.close()
    assert ask(second, "SELECT 1") == 1
    second.close()
    assert processes_of(folder) == []
    first.close()  # once more does no harm


def test_it_comes_back_with_its_contents_after_a_kill_of_everything(folder: Path) -> None:
    cluster = started(folder, durable=True)
    cluster.make_application_database("civicmap")
    connection = psycopg2.connect(cluster.url("civicmap", "civicmap"))
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT 42 AS number")
    connection.close()
    kill_all(folder)
    assert eventually(lambda: processes_of(folder) == [])
    assert (folder / "data" / "postmaster.pid").exists()

    # Long after, another program may have got the dead server's number.
    with subprocess.Popen(["sleep", "20"]) as stranger:
        pid_file = folder / "data" / "postmaster.pid"
        lines = pid_file.read_text().splitlines()
        pid_file.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        again = started(folder, durable=True)
        assert ask(again, "SELECT number FROM kept") == 42
        assert stranger.poll() is None
        stranger.kill()
    cluster.close()
    again.close()
    assert processes_of(folder) == []


def test_those_who_stay_get_it_back_on_the_same_port(folder: Path) -> None:
    cluster = started(folder)
    cluster.make_application_database("civicmap")
    url = cluster.url("civicmap", "civicmap")
    kill_all(folder)
    assert eventually(lambda: processes_of(folder) == [])
    cluster.revive()
    assert cluster.url("civicmap", "civicmap") == url
    assert ask(cluster, "SELECT 1") == 1
    cluster.close()


USER = """
import io, sys, time
from pathlib import Path
from bootstrap.checkout import CHECKOUT
from bootstrap.cluster import Cluster
from bootstrap.steps import Step
Cluster(Path(sys.argv[1]), durable=False).start(Step("Database", io.StringIO()))
print("started", flush=True)
time.sleep(600)
"""


def test_the_light_goes_out_when_its_only_user_is_killed(folder: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", USER, str(folder)],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT / "bin")},
        stdout=subprocess.PIPE,
    ) as user:
        assert user.stdout is not None
        assert user.stdout.readline() == b"started\n"
        assert len(processes_of(folder)) > 1
        user.kill()
    assert eventually(lambda: processes_of(folder) == [])
