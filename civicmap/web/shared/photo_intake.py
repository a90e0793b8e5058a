"""Photos coming in, whether from a script or with a form: checked, developed, kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import current_app, request
from werkzeug.datastructures import FileStorage as Upload

from civicmap.domain.media.actions import keep_photo
from civicmap.domain.media.limits import Limits
from civicmap.domain.media.pipeline import RefusedPhoto, process_photo
from civicmap.domain.media.uploads import Uploads
from civicmap.extensions import db
from civicmap.foundation.errors import CivicmapError
from civicmap.foundation.locales import gettext
from civicmap.foundation.storage import FileStorage
from civicmap.foundation.transaction import transaction
from civicmap.web.shared.allowance import use_allowance
from civicmap.web.shared.request_context import settings
from civicmap.web.shared.uploader import uploader_mark


@dataclass(frozen=True)
class TakenPhoto:
    """A photo that was kept under `key`. `position`: (latitude, longitude) in degrees, WGS 84,
    where its camera was; only the sender may be told of it, and nothing keeps it."""

    key: str
    position: tuple[float, float] | None


def photo_storage() -> FileStorage:
    storage: FileStorage = current_app.extensions["photo_storage"]
    return storage


def photo_uploads() -> Uploads:
    """The photos that arrive in pieces."""
    uploads: Uploads = current_app.extensions["photo_uploads"]
    return uploads


def photo_limit() -> int:
    """How many photos a report, or an update to it, may carry."""
    return settings().photo_count


def chosen(uploads: Iterable[Upload]) -> list[Upload]:
    """The uploads of a form without its file fields that were left empty."""
    return [upload for upload in uploads if upload.filename]


@dataclass(frozen=True)
class Intake:
    """What came of the photos of one form. `refusals`: a sentence for each that was refused."""

    taken: tuple[TakenPhoto, ...]
    refusals: tuple[str, ...]

    @property
    def keys(self) -> list[str]:
        return [photo.key for photo in self.taken]

    @property
    def refusal(self) -> str:
        """All that was refused, in the reader's language; empty when nothing was."""
        return " ".join(dict.fromkeys(self.refusals))


def take_photos(*, there: int, limit: int) -> Intake:
    """Take the photos that travel with this request's form itself, each on its own: one that is
    refused does not take the others with it. `there`: how many the form has already of the `limit`
    that it may have. Each counts for the network that it comes from. Commits."""
    taken: list[TakenPhoto] = []
    refusals: list[str] = []
    for upload in chosen(request.files.getlist("photo")):
        if there + len(taken) >= limit:
            refusals.append(
                gettext("“%(file)s” was left out: at most %(limit)s photos can be taken.")
                % {"file": upload.filename, "limit": limit}
            )
            continue
        try:
            use_allowance(settings().upload_limit, "photo")
            taken.append(take_photo(upload))
        except CivicmapError as error:
            refusals.append(f"{upload.filename}: {error}")
    return Intake(tuple(taken), tuple(refusals))


def take_photo(upload: Upload) -> TakenPhoto:
    """Develop one upload and keep it. Raises InvalidInput when it can never be taken, TooMany when
    trying again may help. Commits: nobody's report has the photo yet."""
    most = settings().photo_bytes
    photo = process_photo(upload.stream.read(most + 1), limits=Limits(upload_bytes=most))
    with transaction(db.session):
        key = keep_photo(db.session, photo_storage(), photo=photo, uploader=uploader_mark())
    return TakenPhoto(key, photo.position)


def finish_upload(name: str) -> str:
    """Develop an upload that has arrived in pieces and keep it; its key, however often it is asked.

    Raises NotFound, Conflict while something is missing, and what `take_photo` raises; one that can
    never be taken is given up. Commits.
    """
    with photo_uploads().hold(name) as upload:
        if upload.key:
            return upload.key
        limits = Limits(upload_bytes=settings().photo_bytes)
        try:
            photo = process_photo(upload.read(), limits=limits)
        except RefusedPhoto:
            upload.drop()
            raise
        with transaction(db.session):
            key = keep_photo(db.session, photo_storage(), photo=photo, uploader=uploader_mark())
        upload.finish(key)
    return key
