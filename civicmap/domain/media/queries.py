"""What can be asked about photos."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicmap.domain.media.models import Photo


@dataclass(frozen=True)
class PhotoRow:
    """`sizes` maps list, page, full to (width, height) in pixels."""

    key: str
    event_id: int | None
    sizes: dict[str, tuple[int, int]]


def list_photos(session: Session, report_ids: Collection[int]) -> dict[int, list[PhotoRow]]:
    """The photos of several reports at once, each report's in order."""
    found: dict[int, list[PhotoRow]] = defaultdict(list)
    if report_ids:
        rows = session.execute(
            select(Photo.report_id, Photo.key, Photo.event_id, Photo.sizes)
            .where(Photo.report_id.in_(report_ids))
            .order_by(Photo.event_id.nulls_first(), Photo.position, Photo.id)
        )
        for report_id, key, event_id, sizes in rows:
            pixels = {size: (side["width"], side["height"]) for size, side in sizes.items()}
            found[report_id].append(PhotoRow(key, event_id, pixels))
    return found


def find_unadopted(session: Session, keys: Collection[str]) -> list[str]:
    """Which of these keys are uploads that wait for a report."""
    return list(
        session.scalars(select(Photo.key).where(Photo.key.in_(keys), Photo.report_id.is_(None)))
    )
