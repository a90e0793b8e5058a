from __future__ import annotations

from sqlalchemy.orm import Session

from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.reports.actions.send_report import NewReport, SentReport, send_report
from civicmap.foundation.geo import Point


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
