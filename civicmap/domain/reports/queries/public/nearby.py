""" "Already reported?": the same problem close by."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Float, Select, bindparam, cast, func, select
from sqlalchemy.orm import Session

from civicmap.domain.reports.models import Report
from civicmap.domain.reports.queries.public.filters import shown
from civicmap.domain.reports.queries.public.masking import ADDRESS, WORDS
from civicmap.domain.reports.queries.public.photos import list_shown_photos
from civicmap.domain.reports.queries.public.rows import NearbyReport
from civicmap.domain.reports.workflow import WAITING
from civicmap.foundation.geo import Point


def _nearest() -> Select[Any]:
    longitude, latitude, radius = (
        bindparam(name, type_=Float) for name in ("longitude", "latitude", "radius")
    )
    here = func.geography(func.ST_SetSRID(func.ST_MakePoint(longitude, latitude), 4326))
    there = func.geography(Report.point)
    # Apart, so that the index of places answers alone: the planner likes to go through everything
    # that a large city has in the category besides.
    close = (
        select(Report.id, func.ST_Distance(there, here).label("metres"))
        .where(
            # A bare 15 is an integer, which the index over bigint and places does not know.
            Report.category_id == cast(bindparam("category_id"), BigInteger),
            Report.status.in_(WAITING),
            func.ST_DWithin(there, here, radius),
        )
        .cte("close")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    return (
        select(
            Report.id,
            Report.number,
            Report.status,
            WORDS.label("words"),
            ADDRESS.label("address"),
            close.c.metres,
            Report.created_at,
            Report.supporter_count,
        )
        .join(close, close.c.id == Report.id)
        .where(shown(bindparam("jurisdiction_id", type_=BigInteger)))
        .order_by(close.c.metres)
        .limit(bindparam("limit"))
    )


# Put together once: every report asks it, and that takes longer than the answer.
_NEAREST = _nearest()


def find_nearby(
    session: Session,
    jurisdiction_id: int,
    *,
    category_id: int,
    point: Point,
    radius: int,
    limit: int = 3,
) -> list[NearbyReport]:
    """Waiting public reports of a category within `radius` metres of a point, nearest first."""
    if radius <= 0:
        return []
    rows = session.execute(
        _NEAREST,
        {
            "jurisdiction_id": jurisdiction_id,
            "category_id": category_id,
            "longitude": point.longitude,
            "latitude": point.latitude,
            "radius": radius,
            "limit": limit,
        },
    ).all()
    photos = list_shown_photos(session, [row.id for row in rows])
    return [
        NearbyReport(
            number=row.number,
            status=row.status,
            words=row.words,
            address=row.address,
            metres=round(row.metres),
            created_at=row.created_at,
            supporter_count=row.supporter_count,
            photo=next(iter(photos.get(row.id, [])), None),
        )
        for row in rows
    ]
