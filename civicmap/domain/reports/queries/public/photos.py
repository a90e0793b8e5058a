"""The photos that everybody sees: not hidden ones, and a reporter's only once somebody looked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from civicmap.domain.media.models import Photo
from civicmap.domain.media.queries import PHOTO_COLUMNS, PhotoRow, photo_row
from civicmap.domain.reports.models import Report, ReportEvent
from civicmap.domain.reports.queries.public.masking import PHOTO_IS_SHOWN

_OF_REPORTS = (
    select(*PHOTO_COLUMNS)
    .join(Report, Report.id == Photo.report_id)
    .outerjoin(ReportEvent, ReportEvent.id == Photo.event_id)
    .where(Photo.report_id.in_(bindparam("reports", expanding=True)), PHOTO_IS_SHOWN)
    .order_by(Photo.event_id.nulls_first(), Photo.position, Photo.id)
)


def list_shown_photos(session: Session, report_ids: Collection[int]) -> dict[int, list[PhotoRow]]:
    """The photos of several shown reports at once, each report's in order."""
    found: dict[int, list[PhotoRow]] = defaultdict(list)
    if report_ids:
        for row in session.execute(_OF_REPORTS, {"reports": list(report_ids)}):
            found[row.report_id].append(photo_row(row))
    return found


def is_photo_shown(session: Session, key: str) -> bool:
    """Whether everybody may fetch a photo by its random address."""
    return (
        session.scalar(
            select(Photo.id)
            .join(Report, Report.id == Photo.report_id)
            .outerjoin(ReportEvent, ReportEvent.id == Photo.event_id)
            .where(Photo.key == key, Report.visibility == "public", PHOTO_IS_SHOWN)
        )
        is not None
    )
