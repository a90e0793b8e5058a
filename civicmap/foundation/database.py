"""The database seen from Python: the declarative base, its naming convention, and engines.

Functions of the domain take the `Session` they work in as their first argument; who opened it ends
it (see `transaction.py`). Nothing below the web and the command line opens a session of its own.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

import psycopg2
from sqlalchemy import BigInteger, DateTime, Engine, MetaData, Select, Text, create_engine, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase, Session

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


# What a database that is away, restarting or out of connections raises; psycopg2's own where it is
# asked without SQLAlchemy (`reading.py`).
DATABASE_AWAY: tuple[type[Exception], ...] = (
    OperationalError,
    InterfaceError,
    PoolTimeout,
    psycopg2.OperationalError,
    psycopg2.InterfaceError,
)


def broken_constraint(error: IntegrityError) -> str:
    """The name of the constraint that a statement would have broken; empty where it has none."""
    diagnosis = getattr(error.orig, "diag", None)
    return getattr(diagnosis, "constraint_name", None) or ""


# A SELECT of any columns.
AnySelect = Select[*tuple[Any, ...]]


class Base(DeclarativeBase):
    """Base of every table: text is `text`, moments `timestamptz`, whole numbers `bigint`."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text(),
        int: BigInteger(),
        datetime: DateTime(timezone=True),
        dict[str, str]: JSONB(),
        dict[str, Any]: JSONB(),
        list[Any]: JSONB(),
    }


def psycopg2_url(url: str) -> str:
    """The SQLAlchemy form of a plain `postgresql://` address, for psycopg2."""
    return make_url(url).set(drivername="postgresql+psycopg2").render_as_string(hide_password=False)


def limit_statements(session: Session, seconds: float) -> None:
    """Have the database end each statement of this transaction that takes longer: OperationalError,
    one of DATABASE_AWAY. A web server's thread that waits cannot be ended otherwise."""
    session.execute(
        text("SELECT set_config('statement_timeout', :most, true)"),
        {"most": f"{round(seconds * 1000)}ms"},
    )


ENGINE_OPTIONS: dict[str, Any] = {
    # A connection that died with a restarted server is replaced instead of failing a request.
    "pool_pre_ping": True,
    "pool_size": 10,
    "max_overflow": 10,
    "pool_timeout": 10,
    # The values of a statement are people's names, addresses and words: not for logs and errors.
    "hide_parameters": True,
    # No just-in-time compilation: our questions are short, however dear PostgreSQL thinks them. And
    # room to remember each row that a word was found in, not only its page.
    "connect_args": {
        "connect_timeout": 5,
        "options": "-c timezone=UTC -c jit=off -c work_mem=32MB",
    },
}


def make_engine(url: str) -> Engine:
    """An engine for `url`, set up as the application sets up its own."""
    return create_engine(psycopg2_url(url), **ENGINE_OPTIONS)
