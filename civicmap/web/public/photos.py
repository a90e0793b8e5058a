"""Photos in, photos out: only what the pipeline wrote, under random names, as WebP."""

from __future__ import annotations

from flask import Response, jsonify, make_response, request, send_file
from werkzeug.datastructures import FileStorage as Upload
from werkzeug.exceptions import NotFound

from civicmap.domain.media.actions import KEY, file_name
from civicmap.domain.media.sizes import SIZES
from civicmap.domain.reports.queries.public.report import is_photo_shown
from civicmap.extensions import db, limiter
from civicmap.foundation.errors import CivicmapError, InvalidInput
from civicmap.foundation.locales import N_
from civicmap.web.public.blueprint import blueprint
from civicmap.web.shared.errors import answers_json
from civicmap.web.shared.photo_intake import chosen, photo_limit, photo_storage, take_photo
from civicmap.web.shared.request_context import settings

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
    """A size (list, page, full) of a photo; gone when its report was hidden."""
    if not KEY.fullmatch(key) or size not in {known.name for known in SIZES}:
        raise NotFound
    if not is_photo_shown(db.session, key):
        raise NotFound
    path = photo_storage().path(file_name(key, size))
    if not path.is_file():
        raise NotFound
    response = make_response(send_file(path, mimetype="image/webp", conditional=True))
    # For the reader's own browser, and not for long: what is hidden must be gone from everywhere.
    response.headers["Cache-Control"] = f"private, max-age={KEPT_SECONDS}"
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    return response
