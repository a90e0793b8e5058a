"""The map: what lies in a tile, as counted cells while there is much, as single reports when few.

A tile is one range of level-30 Morton codes (see `foundation.geo`), read from the b-tree.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Numeric, func, select
from sqlalchemy.orm import Session

from civicmap.domain.accounts.queries import Actor
from civicmap.domain.categories.models import Category
from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.reports.models import Report
from civicmap.domain.reports.queries.public.filters import Filters, filtered
from civicmap.domain.reports.queries.staff.worklist import WorklistFilters, worklist_condition
from civicmap.foundation.database import AnySelect
from civicmap.foundation.geo import FINEST_LEVEL, tile_range

# A tile holds 8 x 8 cells of 32 px; the browser merges neighbours.
CELL_LEVELS = 3
SINGLE_REPORTS = 60
# From here on always single reports: a cell would be smaller than a building.
STREET_ZOOM = 17


@dataclass(frozen=True)
class Tile:
    """`cells`: [latitude, longitude, open, in progress, fixed, won't fix] at the mean position.
    `reports`: [number, latitude, longitude, status, category key]. One of the two is empty."""

    cells: list[list[Any]]
    reports: list[list[Any]]


def get_tile(
    session: Session, jurisdiction_id: int, *, z: int, x: int, y: int, filters: Filters
) -> Tile:
    """What a Web-Mercator tile shows. Raises InvalidInput when there is no such tile."""

    def narrow(query: AnySelect) -> AnySelect:
        return filtered(query, jurisdiction_id, filters)

    return _read_tile(session, narrow, z, x, y)


def get_worklist_tile(
    session: Session,
    city: City,
    actor: Actor,
    *,
    z: int,
    x: int,
    y: int,
    filters: WorklistFilters,
) -> Tile:
    """What a tile shows of a person's worklist, held reports included.

    Raises InvalidInput when there is no such tile, NotAllowed when the tab is not this person's.
    """
    condition = worklist_condition(city, actor, filters)
    return _read_tile(session, lambda query: query.where(condition), z, x, y)


def _read_tile(
    session: Session, narrow: Callable[[AnySelect], AnySelect], z: int, x: int, y: int
) -> Tile:
    """A tile of the reports that `narrow` leaves of a query."""
    low, high = tile_range(z, x, y)
    inside = Report.morton.between(low, high)
    query = narrow(
        select(
            Report.number,
            func.round(func.ST_Y(Report.point).cast(Numeric), 6),
            func.round(func.ST_X(Report.point).cast(Numeric), 6),
            Report.status,
            Category.key,
        ).join(Category, Category.id == Report.category_id)
    ).where(inside)
    limit = 2_000 if z >= STREET_ZOOM else SINGLE_REPORTS + 1
    rows = session.execute(query.order_by(Report.morton).limit(limit)).all()
    if z >= STREET_ZOOM or len(rows) <= SINGLE_REPORTS:
        return Tile(
            [], [[number, float(a), float(b), status, key] for number, a, b, status, key in rows]
        )
    shift = 2 * (FINEST_LEVEL - min(z + CELL_LEVELS, FINEST_LEVEL))
    cell = Report.morton.op(">>")(shift)
    cells = session.execute(
        narrow(
            select(
                func.round(func.avg(func.ST_Y(Report.point)).cast(Numeric), 6),
                func.round(func.avg(func.ST_X(Report.point)).cast(Numeric), 6),
                *(
                    func.count().filter(Report.status == status)
                    for status in ("open", "in_progress", "fixed", "wont_fix")
                ),
            )
        )
        .where(inside)
        .group_by(cell)
        .order_by(cell)
    )
    return Tile([[float(a), float(b), *counts] for a, b, *counts in cells], [])
