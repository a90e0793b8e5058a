"""Tiles of a person's worklist: counted from the reports, since nobody else has the same."""

from __future__ import annotations

import json
from itertools import chain

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicmap.domain.accounts.queries import Actor
from civicmap.domain.categories.models import Category
from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.publicmap.pyramid.facets import LEVELS
from civicmap.domain.publicmap.tiles.form import write_tile
from civicmap.domain.publicmap.tiles.ground import Ground
from civicmap.domain.publicmap.tiles.pieces import FEW
from civicmap.domain.reports.models import Report
from civicmap.domain.reports.queries.staff.worklist import WorklistFilters, worklist_condition
from civicmap.domain.reports.workflow import STATUSES
from civicmap.foundation.geo import FINEST_LEVEL


def read_worklist_tile(
    session: Session, city: City, actor: Actor, *, ground: Ground, filters: WorklistFilters
) -> bytes:
    """What a tile shows of a worklist, held reports included, in the form of all tiles.

    Raises NotAllowed when the tab is not this person's.
    """
    low, high = ground.codes
    wanted = worklist_condition(city, actor, filters) & Report.morton.between(low, high)
    rows = session.execute(
        select(Report.morton, Report.number, Category.key, Report.status)
        .join(Category, Category.id == Report.category_id)
        .where(wanted)
        .order_by(Report.morton, Report.number)
        .limit(FEW + 1)
    ).all()
    cell_level = ground.told_level(ground.kept_level(LEVELS))
    cells = reports = ""
    if len(rows) > FEW:
        index = Report.morton.op("-")(low).op(">>")(2 * (FINEST_LEVEL - cell_level))
        counted = session.execute(
            select(index, *(func.count().filter(Report.status == status) for status in STATUSES))
            .where(wanted)
            .group_by(index)
            .order_by(index)
        )
        cells = ",".join(map(str, chain.from_iterable(counted)))
    else:
        shift = 2 * (FINEST_LEVEL - ground.report_level)
        reports = ",".join(
            f"{code - low >> shift},{json.dumps(number)},{json.dumps(key)},{STATUSES.index(status)}"
            for code, number, key, status in rows
        )
    return write_tile(
        cell_level=cell_level,
        cells=cells,
        report_level=ground.report_level,
        reports=reports,
    )
