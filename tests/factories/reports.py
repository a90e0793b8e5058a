from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicmap.domain.categories.models import Category
from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.reports.actions.send_report import SentReport, send_report
from civicmap.domain.reports.examination import NewReport
from civicmap.domain.reports.models import Report
from civicmap.domain.reports.numbers import ALPHABET
from civicmap.domain.reports.workflow import CLOSED
from civicmap.foundation.clock import now
from civicmap.foundation.geo import Point, morton

_DRAWN = count(1)


def new_report(**values: object) -> NewReport:
    """A pothole in the western half of the city of `make_city`."""
    return NewReport(
        **{  # type: ignore[arg-type]
            "category": "pothole",
            "words": "A deep hole beside the tram stop.",
            "language": "en",
            "point": Point(52.41, 16.85),
            "address": "Dąbrowskiego 42",
            **values,
        }
    )


def make_report(session: Session, city: City, **values: object) -> SentReport:
    return send_report(session, city=city, report=new_report(**values))


def next_number(prefix: str) -> str:
    """A number that no other report of these tests has: numbers drawn by chance meet now and then
    where there are a thousand."""
    rest, drawn = next(_DRAWN), ""
    for _ in range(6):
        rest, place = divmod(rest, len(ALPHABET))
        drawn = ALPHABET[place] + drawn
    return f"{prefix}-{drawn[:4]}-{drawn[4:]}"


def make_reports(
    session: Session, city: City, points: Sequence[Point], *, statuses: Sequence[str]
) -> list[str]:
    """Many plain reports at once, without routing or history; their numbers in order.

    Statuses and the city's categories take turns.
    """
    categories = session.scalars(select(Category.id).order_by(Category.id)).all()
    reports = [
        Report(
            jurisdiction_id=city.id,
            number=next_number(city.number_prefix),
            category_id=categories[index % len(categories)],
            status=statuses[index % len(statuses)],
            closed_at=now() if statuses[index % len(statuses)] in CLOSED else None,
            words="A deep hole beside the tram stop.",
            language="en",
            point=f"SRID=4326;POINT({point.longitude} {point.latitude})",
            morton=morton(point),
        )
        for index, point in enumerate(points)
    ]
    session.add_all(reports)
    session.flush()
    return [report.number for report in reports]
