"""Photos as staff may see them: also those of a report that is hidden from the public."""

from __future__ import annotations

from flask import Response

from civicmap.domain.reports.queries.staff.report import check_photo
from civicmap.extensions import db
from civicmap.web.shared.people import the_actor
from civicmap.web.shared.photo_serving import check_photo_address, photo_response
from civicmap.web.shared.request_context import the_city
from civicmap.web.staff.blueprint import blueprint


@blueprint.get("/<city_slug>/photos/<key>-<size>.webp")
def photo(city_slug: str, key: str, size: str) -> Response:
    """A size (list, page, full) of a photo of a report that this person may read."""
    check_photo_address(key, size)
    check_photo(db.session, the_city(), the_actor(), key)
    return photo_response(key, size)
