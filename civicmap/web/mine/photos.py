"""The photos of a report as its reporter sees them: also while nobody else does."""

from __future__ import annotations

from flask import Response
from werkzeug.exceptions import NotFound

from civicmap.domain.reports.numbers import read_number
from civicmap.domain.reports.queries.own import is_own_photo
from civicmap.extensions import db
from civicmap.web.mine.blueprint import blueprint
from civicmap.web.shared.forms import read_key
from civicmap.web.shared.photo_serving import check_photo_address, photo_response


@blueprint.get("/<number>/<secret>/photos/<key>-<size>.webp")
def photo(number: str, secret: str, key: str, size: str) -> Response:
    """A size (list, page, full) of a photo of this report, whether or not everybody sees it."""
    check_photo_address(key, size)
    if not is_own_photo(db.session, read_number(number) or "", read_key(secret), key):
        raise NotFound
    return photo_response(key, size)
