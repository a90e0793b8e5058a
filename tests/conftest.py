"""What tests share: a real PostGIS, cloned from a migrated template once for each worker.

`session` and `client` live in a transaction that is rolled back after the test: fast, and enough
for almost everything. `live_app` commits for real and empties the tables afterwards: for threads,
workers and browsers.
"""

from __future__ import annotations

import os
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import argon2
import psycopg2
import pytest
from flask import Flask, g, has_app_context
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from civicmap import create_app
from civicmap.cli.messages import compile_stale
from civicmap.config import Settings
from civicmap.domain import every_model
from civicmap.domain.accounts import passwords
from civicmap.domain.publicmap.tiles.answer import Tiles
from civicmap.extensions import db, limiter
from civicmap.foundation import locales
from civicmap.foundation.database import make_engine
from civicmap.foundation.migrations import migrate
from civicmap.foundation.reading import PREPARED, Prepared
from civicmap.web.public.tile_answers import TILES
from civicmap.web.public.view import READING

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED = REPOSITORY.parent / "shared"
SERVER = "CIVICMAP_TEST_DATABASE_URL"


def pytest_configure(config: pytest.Config) -> None:
    """Compile the translations, once for all workers: a fresh checkout would speak English only."""
    if not hasattr(config, "workerinput"):
        compile_stale()


@pytest.fixture(scope="session")
def shared_files() -> Path:
    """The folder with real city files, left out where it does not exist at all."""
    if not SHARED.exists():
        pytest.skip("left out: there is no folder ../shared with real city files")
    return SHARED / "data"


@pytest.fixture(scope="session")
def server_url() -> str:
    if SERVER not in os.environ:
        pytest.fail(f"{SERVER} is not set: run the tests with bin/test")
    return os.environ[SERVER]


@pytest.fixture(scope="session")
def template_database(server_url: str) -> str:
    """The name of a migrated database to clone, made once for all workers."""
    digest = 0
    for path in sorted((REPOSITORY / "migrations").rglob("*.*")):
        if path.suffix in {".py", ".sql"}:
            digest = zlib.crc32(path.read_bytes(), digest)
    name = f"civicmap_template_{digest:08x}"
    connection = psycopg2.connect(server_url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        # Workers wait here for the first of them to make the template.
        cursor.execute("SELECT pg_advisory_lock(%s)", (digest,))
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
        if cursor.fetchone() is None:
            building = f"{name}_building"
            cursor.execute(f'DROP DATABASE IF EXISTS "{building}"')
            cursor.execute(f'CREATE DATABASE "{building}"')
            engine = make_engine(database_address(server_url, building))
            migrate(engine)
            engine.dispose()
            cursor.execute(f'ALTER DATABASE "{building}" RENAME TO "{name}"')
        cursor.execute("SELECT pg_advisory_unlock(%s)", (digest,))
    connection.close()
    return name


def database_address(server_url: str, name: str) -> str:
    return make_url(server_url).set(database=name).render_as_string(hide_password=False)


def clone_database(server_url: str, template: str, name: str) -> str:
    """A fresh copy of the template under `name`; its address."""
    connection = psycopg2.connect(server_url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    connection.close()
    return database_address(server_url, name)


def drop_database(server_url: str, name: str) -> None:
    connection = psycopg2.connect(server_url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    connection.close()


@pytest.fixture(scope="session")
def database_url(server_url: str, template_database: str) -> Iterator[str]:
    """A migrated database for this worker alone."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"civicmap_test_{os.getpid()}_{worker}"
    yield clone_database(server_url, template_database, name)
    drop_database(server_url, name)


class ForgetfulClient(FlaskClient):
    """A client whose requests share the test's session and nothing else.

    The `session` fixture keeps one application context open, and with it `g`: without this, who is
    signed in or which cities there are would be remembered from one request to the next.
    """

    def open(self, *arguments: Any, **named: Any) -> TestResponse:
        for name in list(g) if has_app_context() else ():
            if name != "_sqlalchemy_sessions":
                g.pop(name)
        return super().open(*arguments, **named)


@pytest.fixture(scope="session")
def app(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    settings = Settings(
        database_url=database_url,
        state=str(tmp_path_factory.mktemp("state")),
        tile_url="",
        log_level="ERROR",
    )
    app = create_app(settings)
    app.testing = True
    app.test_client_class = ForgetfulClient
    # Unexpected errors answer as they would to a person, unless a test says otherwise.
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.config["RATELIMIT_ENABLED"] = False
    limiter.enabled = False
    with app.app_context():
        engine = db.engine
    yield app
    engine.dispose()


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """Argon2 as always, but cheap: tests hash and check hundreds of passwords."""
    with pytest.MonkeyPatch.context() as patch:
        quick = argon2.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
        patch.setattr(passwords, "_hasher", quick)
        yield


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with locales.speaking("en", "UTC"):
        yield


@contextmanager
def working_on(app: Flask, connection: Connection) -> Iterator[Session]:
    """A session in the transaction that `connection` is in; the views' work is done there too."""
    # Not db.test_isolation(): it relies on a session joining the transaction of the connection its
    # engine gives, which SQLAlchemy 2.1 does only for a session bound to the connection itself.
    options = {"bind": connection, "join_transaction_mode": "create_savepoint"}
    # What was prepared stays so, whatever is rolled back.
    raw: Any = connection.connection.dbapi_connection
    reading = connection.info.setdefault(READING, Prepared(raw))
    reading.known = connection.info.setdefault(PREPARED, set())  # it is one connection
    with (
        app.app_context(),
        mock.patch.dict(db.sessionmaker.kw, options),
        mock.patch.dict(app.extensions, {READING: reading, TILES: Tiles(reading)}),
    ):
        yield db.session
        db.session.close()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session whose work is undone after the test; views under test work in the same one."""
    with app.app_context():
        engine = db.engine
    with engine.connect() as connection:
        undone = connection.begin()
        with working_on(app, connection) as session:
            yield session
        undone.rollback()


@pytest.fixture
def client(app: Flask, session: Session) -> FlaskClient:
    """A browser without scripts, on the same undone transaction as `session`."""
    return app.test_client()


@pytest.fixture
def live_app(app: Flask) -> Iterator[Flask]:
    """The application committing for real; the tables are emptied afterwards."""
    yield app
    with app.app_context():
        empty_tables(db.engine)


def empty_tables(engine: Engine) -> None:
    names = ", ".join(table.name for table in every_model.metadata.sorted_tables)
    statement = text(f"TRUNCATE {names}, procrastinate_jobs RESTART IDENTITY CASCADE")
    # Cities get the same numbers again: what somebody keeps of a tile is of another age.
    age = text(
        "INSERT INTO map_state (id, epoch, generation)"
        " VALUES (1, extract(epoch FROM clock_timestamp()) * 1000, 0)"
    )
    for attempt in range(5):
        try:
            with engine.begin() as connection:
                connection.execute(statement)
                connection.execute(age)
        except OperationalError:  # a deadlock with what a browser asked for as it was closed
            if attempt == 4:
                raise
            time.sleep(0.2)
        else:
            return
