"""The counts of the map. Only `pyramid/` and the triggers of migration 0012 write here."""

from __future__ import annotations

from datetime import date

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
from sqlalchemy.orm import Mapped, mapped_column

from civicmap.domain.publicmap.pyramid.facets import CITY_BITS, KIND_BITS, Kind
from civicmap.foundation.database import Base

# Of a facet's number, in SQL: its city, and whether its subject is a category. As in the index
# below to the letter, or it is not used.
OF_CITY = f"(facet >> {CITY_BITS})"
OF_CATEGORIES = (
    f"(facet >> {KIND_BITS} & {(1 << CITY_BITS - KIND_BITS) - 1}) = {int(Kind.CATEGORY)}"
)


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

    # The categories of a place side by side. No counts in it: while none of what is indexed
    # changes, a new version of a row needs no new entries in any index.
    __table_args__ = (
        Index(
            "ix_map_cells_categories",
            text(OF_CITY),
            "cell",
            postgresql_where=text(OF_CATEGORIES),
        ),
    )


class MapDelta(Base):
    """A change that is not in the cells yet: what it adds to each status (-1, 0, 1).

    `code` is the Morton code of the place at the finest level of the pyramid, `day` that of the
    report's `created_at` in its city.
    """

    __tablename__ = "map_deltas"

    id: Mapped[int] = mapped_column(BIGINT, Identity(), primary_key=True)
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
    """One row. `generation` grows with every fold, `epoch` with every rebuild: revisions of two
    epochs cannot be compared. An epoch is about the moment it began, in seconds since 1970, so that
    a database made anew has others."""

    __tablename__ = "map_state"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    epoch: Mapped[int]
    generation: Mapped[int]

    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)
