"""Photos in, photos out: only what the pipeline wrote, under random names, as WebP."""

from __future__ import annotations

from flask import Response, jsonify, request
from werkzeug.datastructures import FileStorage as Upload
from werkzeug.exceptions import NotFound

from civicmap.domain.media.queries import is_upload_of
from civicmap.domain.reports.queries.public.photos import is_photo_shown
from civicmap.extensions import db, limiter
from civicmap.foundation.errors import CivicmapError, InvalidInput
from civicmap.foundation.locales import N_
from civicmap.web.public.blueprint import blueprint
from civicmap.web.shared.errors import answers_json
from civicmap.web.shared.photo_intake import chosen, photo_limit, take_photo
from civicmap.web.shared.photo_serving import check_photo_address, photo_response
from civicmap.web.shared.request_context import settings
from civicmap.web.shared.uploader import uploader_marks

KEPT_SECONDS = 3600


@blueprint.post("/photos")
@answers_json
@limiter.limit(lambda: settings().upload_limit)
def upload_photo() -> tuple[Response, int]:
    """Take one photo before its report is sent: `{"key": …}`, or `{"error": sentence}`.

    Several are taken one by one: `{"photos": [{"key": …} or {"error": …}, …]}`, in order.
    """
    uploads = chosen(request.files.getlist("photo"))
    if not uploads:
        raise InvalidInput(N_("Choose a photo."), field="photo")
    if len(uploads) == 1:
        return jsonify({"key": take_photo(uploads[0]).key}), 201
    if len(uploads) > photo_limit():
        raise InvalidInput(
            N_("At most %(limit)s photos can be taken."), field="photo", limit=photo_limit()
        )
    taken = [_take_or_explain(upload) for upload in uploads]
    return jsonify({"photos": taken}), 201 if any("key" in row for row in taken) else 400


def _take_or_explain(upload: Upload) -> dict[str, str]:
    try:
        return {"key": take_photo(upload).key}
    except CivicmapError as refused:
        return {"error": str(refused)}


@blueprint.get("/photos/<key>-<size>.webp")
def photo(key: str, size: str) -> Response:
    """A size (list, page, full) of a photo that everybody sees, or that this browser sent up for a
    report that is not sent yet."""
    check_photo_address(key, size)
    if not (is_photo_shown(db.session, key) or is_upload_of(db.session, key, uploader_marks())):
        raise NotFound
    response = photo_response(key, size)
    # For the reader's own browser, and not for long: what is hidden must be gone from everywhere.
    response.headers["Cache-Control"] = f"private, max-age={KEPT_SECONDS}"
    return response
