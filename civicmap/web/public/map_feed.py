"""What the map's script asks for first: the city drawn."""

from __future__ import annotations

import json

from flask import Response, g, make_response, request

from civicmap.domain.jurisdictions.queries import get_outline
from civicmap.extensions import db
from civicmap.foundation.locales import current_language
from civicmap.web.public.blueprint import blueprint
from civicmap.web.shared.request_context import the_city

KEPT_SECONDS = 3600


@blueprint.get("/<city_slug>/outline.json")
def outline(city_slug: str) -> Response:
    """Boundary and districts, simplified for drawing (GeoJSON geometries, EPSG:4326).

    Names are in the language of `?lang=`; only with it may anybody keep the answer, because without
    it the same address speaks to each in their own.
    """
    city = the_city()
    seconds = KEPT_SECONDS if g.language_asked else 0
    validator = f"{city.slug}-{city.revision}-{current_language()}"
    if validator in request.if_none_match:
        return _conditional(make_response("", 304), validator, seconds=seconds)
    drawn = get_outline(db.session, city.id)
    body = {"boundary": drawn.boundary, "areas": drawn.areas}
    return _conditional(_json(body), validator, seconds=seconds)


def _json(body: object) -> Response:
    response = make_response(json.dumps(body, separators=(",", ":"), ensure_ascii=False))
    response.mimetype = "application/json"
    return response


def _conditional(response: Response, validator: str, *, seconds: int) -> Response:
    response.set_etag(validator)
    # `no-cache` keeps a copy but asks each time: a new pin shows at once, an old tile is a 304.
    response.headers["Cache-Control"] = f"public, max-age={seconds}" if seconds else "no-cache"
    return response
