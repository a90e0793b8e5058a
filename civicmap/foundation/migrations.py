"""Bring a database to the newest schema, or to any other."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

SCRIPTS = Path(__file__).resolve().parent.parent.parent / "migrations"


def alembic_config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def pending_migrations(connection: Connection) -> list[str]:
    """Names of the migrations that the database has not had yet, oldest first."""
    scripts = ScriptDirectory.from_config(alembic_config(connection))
    current = MigrationContext.configure(connection).get_current_revision()
    waiting = scripts.iterate_revisions("head", current or "base")
    return [script.doc for script in waiting][::-1]


def migrate(engine: Engine, *, target: str = "head") -> None:
    """Upgrade to `target`, a revision or `head`, in one transaction: all of it or nothing."""
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), target)


def unmigrate(engine: Engine, *, target: str) -> None:
    """Downgrade to `target`, a revision or `base`."""
    with engine.begin() as connection:
        command.downgrade(alembic_config(connection), target)
