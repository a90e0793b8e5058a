"""The counts of the map. Only `pyramid/` and the triggers of migration 0012 write here."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Date,
    Identity,
    Index,
    Integer,
    SmallInteger,
    text,
)
from sqlalchemy.dialects.postgresql import BIGINT
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import UserDefinedType

from civicmap.foundation.database import Base


class TransactionId(UserDefinedType[int]):
    """PostgreSQL's xid8: the number of a transaction."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "xid8"


# SQLAlchemy reads the type back from a database when migrations are compared with the models.
ischema_names["xid8"] = TransactionId


class MapCell(Base):
    """Reports of a facet in a cell (see `pyramid.facets`), by status. `changes`: how many deltas
    were ever added here; with those that wait, it is the cell's revision."""

    __tablename__ = "map_cells"

    facet: Mapped[int] = mapped_column(BIGINT, primary_key=True, autoincrement=False)
    cell: Mapped[int] = mapped_column(BIGINT, primary_key=True, autoincrement=False)
    open: Mapped[int] = mapped_column(Integer)
    in_progress: Mapped[int] = mapped_column(Integer)
    fixed: Mapped[int] = mapped_column(Integer)
    wont_fix: Mapped[int] = mapped_column(Integer)
    changes: Mapped[int]


class MapDelta(Base):
    """A change that is not in the cells yet: what it adds to each status (-1, 0, 1).

    `code` is the Morton code of the place at the finest level of the pyramid, `day` that of the
    report's `created_at` in its city. `xid` is the transaction that made it.
    """

    __tablename__ = "map_deltas"

    id: Mapped[int] = mapped_column(BIGINT, Identity(), primary_key=True)
    xid: Mapped[int] = mapped_column(TransactionId, server_default=text("pg_current_xact_id()"))
    jurisdiction_id: Mapped[int]
    category_id: Mapped[int]
    group_id: Mapped[int]
    department_id: Mapped[int | None]
    area_id: Mapped[int | None]
    day: Mapped[date] = mapped_column(Date)
    code: Mapped[int]
    open: Mapped[int] = mapped_column(SmallInteger)
    in_progress: Mapped[int] = mapped_column(SmallInteger)
    fixed: Mapped[int] = mapped_column(SmallInteger)
    wont_fix: Mapped[int] = mapped_column(SmallInteger)

    __table_args__ = (Index("ix_map_deltas_code", "code"),)


class MapState(Base):
    """One row. `epoch` grows with every rebuild, `generation` with every fold."""

    __tablename__ = "map_state"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    epoch: Mapped[int]
    generation: Mapped[int]

    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)
