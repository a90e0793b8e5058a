"""What can be asked about photos."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicmap.domain.media.models import Photo


@dataclass(frozen=True)
class PhotoRow:
    """`sizes` maps list, page, full to (width, height) in pixels. `hidden_for`: why only
    staff and the reporter see it, None for everybody."""

    key: str
    event_id: int | None
    sizes: dict[str, tuple[int, int]]
    hidden_for: str | None = None


def list_photos(session: Session, report_ids: Collection[int]) -> dict[int, list[PhotoRow]]:
    """The photos of several reports at once, each report's in order; hidden ones too, for staff and
    the reporter. What everybody sees is in `reports.queries.public.photos`."""
    found: dict[int, list[PhotoRow]] = defaultdict(list)
    if report_ids:
        rows = session.execute(
            select(*PHOTO_COLUMNS)
            .where(Photo.report_id.in_(report_ids))
            .order_by(Photo.event_id.nulls_first(), Photo.position, Photo.id)
        )
        for row in rows:
            found[row.report_id].append(photo_row(row))
    return found


PHOTO_COLUMNS = (Photo.report_id, Photo.key, Photo.event_id, Photo.sizes, Photo.hidden_for)


def photo_row(row: Any) -> PhotoRow:
    """A row of PHOTO_COLUMNS."""
    pixels = {size: (side["width"], side["height"]) for size, side in row.sizes.items()}
    return PhotoRow(row.key, row.event_id, pixels, row.hidden_for)


def is_upload_of(session: Session, key: str, uploaders: Collection[str]) -> bool:
    """Whether a photo waits for its report, sent up by one of these browsers (hashes)."""
    return (
        session.scalar(
            select(Photo.id).where(
                Photo.key == key, Photo.report_id.is_(None), Photo.uploader.in_(uploaders)
            )
        )
        is not None
    )


def count_shown(session: Session, report_id: int) -> int:
    """How many photos that came with a report are hidden from nobody."""
    return (
        session.scalar(
            select(func.count()).where(
                Photo.report_id == report_id,
                Photo.event_id.is_(None),
                Photo.hidden_for.is_(None),
            )
        )
        or 0
    )


def find_unadopted(session: Session, keys: Collection[str]) -> list[str]:
    """Which of these keys are uploads that wait for a report."""
    return list(
        session.scalars(select(Photo.key).where(Photo.key.in_(keys), Photo.report_id.is_(None)))
    )
