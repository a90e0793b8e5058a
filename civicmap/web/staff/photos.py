"""Photos as staff may see them: also those of a report that is hidden from the public."""

from __future__ import annotations

from flask import Response, make_response, send_file
from werkzeug.exceptions import NotFound

from civicmap.domain.media.actions import KEY, file_name
from civicmap.domain.media.sizes import SIZES
from civicmap.domain.reports.queries.staff import check_photo
from civicmap.extensions import db
from civicmap.web.shared.people import the_actor
from civicmap.web.shared.photo_intake import photo_storage
from civicmap.web.shared.request_context import the_city
from civicmap.web.staff.blueprint import blueprint


@blueprint.get("/<city_slug>/photos/<key>-<size>.webp")
def photo(city_slug: str, key: str, size: str) -> Response:
    """A size (list, page, full) of a photo of a report that this person may read."""
    if not KEY.fullmatch(key) or size not in {known.name for known in SIZES}:
        raise NotFound
    check_photo(db.session, the_city(), the_actor(), key)
    path = photo_storage().path(file_name(key, size))
    if not path.is_file():
        raise NotFound
    response = make_response(send_file(path, mimetype="image/webp", conditional=True))
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    return response
