"""The revision of a city, by which whoever keeps something of it knows that it is stale."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from civicmap.domain.jurisdictions.models import Jurisdiction


def touch_city(session: Session, *, jurisdiction_id: int) -> None:
    """Count the revision of a city up: what was kept of its pages is stale."""
    session.execute(
        update(Jurisdiction)
        .where(Jurisdiction.id == jurisdiction_id)
        .values(revision=Jurisdiction.revision + 1)
    )
