"""What can be done to photos: keep an upload, adopt it, sweep what nobody adopted."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from datetime import timedelta
from itertools import islice
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from civicmap.domain.media.models import Photo
from civicmap.domain.media.pipeline import ProcessedPhoto
from civicmap.foundation.clock import now
from civicmap.foundation.errors import Conflict, InvalidInput, NotFound
from civicmap.foundation.locales import N_
from civicmap.foundation.storage import Storage

KEY = re.compile(r"[a-z0-9]{26}", re.ASCII)
ORPHANS_LIVE = timedelta(hours=48)
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


def file_name(key: str, size: str) -> str:
    """Where storage keeps a size (list, page, full) of a photo."""
    return f"{key[:2]}/{key[2:]}-{size}.webp"


def keep_photo(
    session: Session, storage: Storage, *, photo: ProcessedPhoto, uploader: str | None = None
) -> str:
    """Store a processed upload under a random key and note it; returns the key.

    The files are on disk before this returns; nobody's report has them yet. `uploader`: the hash of
    what its browser is known by, the only one that sees it until then.
    """
    key = "".join(secrets.choice(_ALPHABET) for _ in range(26))
    sizes: dict[str, Any] = {}
    for size, image in photo.by_size().items():
        storage.save(file_name(key, size), image.content)
        sizes[size] = {"width": image.width, "height": image.height}
    session.add(Photo(key=key, sizes=sizes, uploader=uploader))
    session.flush()
    return key


def adopt_photos(
    session: Session, *, keys: Sequence[str], report_id: int, event_id: int | None = None
) -> None:
    """Make uploads part of a report, or of an update to it, in the order given.

    Raises InvalidInput when one is not there any more or belongs to another report.
    """
    for position, key in enumerate(keys):
        adopted = session.execute(
            update(Photo)
            .where(Photo.key == key, Photo.report_id.is_(None))
            .values(report_id=report_id, event_id=event_id, position=position, uploader=None)
        )
        if adopted.rowcount != 1:  # type: ignore[attr-defined]
            raise InvalidInput(N_("A photo is no longer there. Choose it again."), field="photos")


def set_photo_hidden(
    session: Session, *, key: str, report_id: int, hidden_for: str | None
) -> int | None:
    """Hide a photo of a report from everybody, for a reason, or (None) show it again; the id of the
    event it belongs to, None for a photo that came with the report.

    Raises NotFound when the report has no such photo, Conflict when it is so already.
    """
    photo = session.scalar(select(Photo).where(Photo.key == key, Photo.report_id == report_id))
    if photo is None:
        raise NotFound(N_("There is no such photo."), field="photo")
    if (photo.hidden_for is None) == (hidden_for is None):
        raise Conflict(N_("The photo is shown, or hidden, already."), field="photo")
    photo.hidden_for = hidden_for
    session.flush()
    return photo.event_id


def drop_photos(session: Session, *, keys: Sequence[str], report_id: int) -> None:
    """Take photos off a report: from now on nobody can fetch them, and `sweep_strays` deletes their
    files. Those of updates stay."""
    session.execute(
        delete(Photo).where(
            Photo.key.in_(keys), Photo.report_id == report_id, Photo.event_id.is_(None)
        )
    )


def order_photos(session: Session, *, keys: Sequence[str], report_id: int) -> None:
    """Put the photos of a report into the order given."""
    for position, key in enumerate(keys):
        session.execute(
            update(Photo)
            .where(Photo.key == key, Photo.report_id == report_id)
            .values(position=position)
        )


def sweep_orphans(session: Session, storage: Storage) -> int:
    """Delete uploads that no report adopted within two days; returns how many."""
    orphans = session.execute(
        select(Photo.id, Photo.key, Photo.sizes)
        .where(Photo.report_id.is_(None), Photo.created_at < now() - ORPHANS_LIVE)
        .with_for_update(skip_locked=True)
        .limit(500)
    ).all()
    for photo_id, key, sizes in orphans:
        for size in sizes:
            storage.delete(file_name(key, size))
        session.execute(delete(Photo).where(Photo.id == photo_id))
    return len(orphans)


def sweep_strays(session: Session, storage: Storage) -> int:
    """Delete files that no photo knows, because their upload was killed or its transaction failed;
    returns how many. Looks at every file there is."""
    limit = now() - ORPHANS_LIVE
    swept = storage.delete_unfinished_before(limit)
    names = storage.saved_before(limit)
    while batch := {name: _key_of(name) for name in islice(names, 500)}:
        known = set(session.scalars(select(Photo.key).where(Photo.key.in_(batch.values()))))
        for name, key in batch.items():
            if key not in known:
                storage.delete(name)
                swept += 1
    return swept


def _key_of(name: str) -> str:
    """The key of the photo that a file belongs to; the reverse of `file_name`."""
    return name.replace("/", "").rpartition("-")[0]
