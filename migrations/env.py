"""Alembic's way into the database. `bin/civicmap prepare` runs it; so do the tests."""

from __future__ import annotations

from alembic import context
from geoalchemy2 import alembic_helpers
from sqlalchemy import Connection

from civicmap.domain import every_model

LOCK_TIMEOUT = "5s"


def include_object(item: object, name: str | None, kind: str, *arguments: object) -> bool:
    if name and name.startswith("procrastinate_"):
        return False
    return bool(alembic_helpers.include_object(item, name, kind, *arguments))


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=every_model.metadata,
        include_object=include_object,
        compare_type=True,
    )
    with context.begin_transaction():
        # A migration that waits for a lock makes every request wait behind it: rather fail.
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
        context.run_migrations()


migrate(context.config.attributes["connection"])
