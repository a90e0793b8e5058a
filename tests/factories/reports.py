from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicmap.domain.categories.models import Category
from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.reports.actions.send_report import SentReport, send_report
from civicmap.domain.reports.examination import NewReport
from civicmap.domain.reports.models import Report
from civicmap.domain.reports.numbers import new_number
from civicmap.domain.reports.workflow import CLOSED
from civicmap.foundation.clock import now
from civicmap.foundation.geo import Point, morton


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
            number=new_number(city.number_prefix),
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
