"""The migrations lead to what the models say, and back."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from geoalchemy2 import alembic_helpers
from sqlalchemy import Engine, inspect

from civicmap.domain import every_model
from civicmap.foundation.database import make_engine
from civicmap.foundation.migrations import SCRIPTS, migrate, pending_migrations, unmigrate
from tests.conftest import clone_database, database_address, drop_database


@pytest.fixture
def scratch(server_url: str) -> Iterator[Engine]:
    """An empty database."""
    database = f"civicmap_scratch_{os.getpid()}"
    engine = make_engine(clone_database(server_url, "template0", database))
    yield engine
    engine.dispose()
    drop_database(server_url, database)


def include(item: object, named: str | None, kind: str, *arguments: object) -> bool:
    if named and named.startswith("procrastinate_"):
        return False
    return bool(alembic_helpers.include_object(item, named, kind, *arguments))  # type: ignore[no-untyped-call]


def differences(engine: Engine) -> list[Any]:
    """What a migration would still have to change for the database to be as the models say."""
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_object": include, "compare_type": True}
        )
        return list(compare_metadata(context, every_model.metadata))


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"spatial_ref_sys", "alembic_version"}


def test_a_migrated_database_is_as_the_models_say_and_there_is_a_way_back(scratch: Engine) -> None:
    migrate(scratch)
    assert differences(scratch) == []
    assert set(every_model.metadata.tables) <= tables(scratch)
    unmigrate(scratch, target="base")
    assert tables(scratch) == set()
    migrate(scratch)
    assert differences(scratch) == []
    with scratch.connect() as connection:
        assert pending_migrations(connection) == []


def test_migrations_are_numbered_without_gaps() -> None:
    paths = sorted((SCRIPTS / "versions").glob("*.py"))
    numbers = [path.name[:4] for path in paths]
    assert numbers == [f"{number:04}" for number in range(1, len(paths) + 1)]
    for path, number in zip(paths, numbers, strict=True):
        assert re.search(r'^revision = "(\d+)"$', path.read_text(), re.MULTILINE)[1] == number  # type: ignore[index]


def test_the_template_of_the_tests_is_migrated(server_url: str, template_database: str) -> None:
    engine = make_engine(database_address(server_url, template_database))
    try:
        assert differences(engine) == []
    finally:
        engine.dispose()
