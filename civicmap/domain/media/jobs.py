"""What the worker does with photos."""

from __future__ import annotations

from sqlalchemy.orm import Session

from civicmap.domain.media.actions import sweep_orphans
from civicmap.foundation.bindings import Binding
from civicmap.foundation.jobs import job
from civicmap.foundation.storage import Storage

PHOTO_STORAGE: Binding[Storage] = Binding("where photos are stored")


@job("media.sweep_orphan_photos")
def sweep_orphan_photos(session: Session) -> None:
    """Delete uploads that no report adopted."""
    sweep_orphans(session, PHOTO_STORAGE.value)
