"""Photos in, photos out: only what the pipeline wrote, under random names, as WebP."""

from __future__ import annotations

from flask import Response, current_app, jsonify, make_response, request, send_file
from werkzeug.exceptions import NotFound

from civicmap.domain.media.actions import KEY, file_name, keep_photo
from civicmap.domain.media.pipeline import process_photo
from civicmap.domain.media.sizes import SIZES
from civicmap.domain.reports.queries.public import is_photo_shown
from civicmap.extensions import db, limiter
from civicmap.foundation.errors import InvalidInput
from civicmap.foundation.locales import N_
from civicmap.foundation.storage import FileStorage
from civicmap.foundation.transaction import transaction
from civicmap.web.public.blueprint import blueprint
from civicmap.web.shared.request_context import settings


def photo_storage() -> FileStorage:
    storage: FileStorage = current_app.extensions["photo_storage"]
    return storage


@blueprint.post("/photos")
@limiter.limit(lambda: settings().upload_limit)
def upload_photo() -> tuple[Response, int]:
    """Take one photo before its report is sent: `{"key": …, "position": [lat, lon] or null}`."""
    upload = request.files.get("photo")
    if upload is None:
        raise InvalidInput(N_("Choose a photo."), field="photo")
    photo = process_photo(upload.stream.read(settings().photo_bytes + 1))
    with transaction(db.session):
        key = keep_photo(db.session, photo_storage(), photo=photo)
    return jsonify({"key": key, "position": photo.position}), 201


@blueprint.get("/photos/<key>-<size>.webp")
def photo(key: str, size: str) -> Response:
    """A size (list, page, full) of a photo; gone when its report was hidden."""
    if not KEY.fullmatch(key) or size not in {known.name for known in SIZES}:
        raise NotFound
    if not is_photo_shown(db.session, key):
        raise NotFound
    path = photo_storage().path(file_name(key, size))
    if not path.is_file():
        raise NotFound
    response = make_response(
        send_file(path, mimetype="image/webp", conditional=True, max_age=86400)
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    return response
