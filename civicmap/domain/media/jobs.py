"""What the worker does with photos."""

from __future__ import annotations

from sqlalchemy.orm import Session

from civicmap.domain.media.actions import sweep_orphans, sweep_strays
from civicmap.domain.media.uploads import Uploads
from civicmap.foundation.bindings import Binding
from civicmap.foundation.jobs import job
from civicmap.foundation.storage import Storage

PHOTO_STORAGE: Binding[Storage] = Binding("where photos are stored")

PHOTO_UPLOADS: Binding[Uploads] = Binding("where photos arrive in pieces")


@job("media.sweep_orphan_photos")
def sweep_orphan_photos(session: Session) -> None:
    """Delete uploads that no report adopted, and those that never arrived wholly."""
    sweep_orphans(session, PHOTO_STORAGE.value)
    PHOTO_UPLOADS.value.sweep()


@job("media.sweep_stray_files")
def sweep_stray_files(session: Session) -> None:
    """Delete files that no photo knows."""
    sweep_strays(session, PHOTO_STORAGE.value)
