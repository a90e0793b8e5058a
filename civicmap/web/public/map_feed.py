"""What the map's script asks for first: the city drawn."""

from __future__ import annotations

import json

from flask import Response, g, make_response, request, url_for

from civicmap.domain.jurisdictions.queries.outlines import get_outline, list_city_outlines
from civicmap.extensions import db
from civicmap.foundation.locales import current_language
from civicmap.web.public.blueprint import blueprint
from civicmap.web.shared.request_context import all_cities, the_city

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


@blueprint.get("/outlines.json")
def outlines() -> Response:
    """All cities, drawn coarsely for a map of them: `box` is west, south, east, north in degrees,
    `outline` the address of the city drawn finely, with its districts."""
    language = current_language()
    seconds = KEPT_SECONDS if g.language_asked else 0
    validator = f"{revision_of_cities()}-{language}"
    if validator in request.if_none_match:
        return _conditional(make_response("", 304), validator, seconds=seconds)
    body = {
        "cities": [
            {
                "name": drawn.city.display_name,
                "box": [drawn.city.box.west, drawn.city.box.south, drawn.city.box.east,
                        drawn.city.box.north],
                "outline": url_for("public.outline", city_slug=drawn.city.slug, lang=language,
                                   revision=drawn.city.revision),
                "boundary": drawn.boundary,
            }
            for drawn in list_city_outlines(db.session)
        ]
    }  # fmt: skip
    return _conditional(_json(body), validator, seconds=seconds)


def revision_of_cities() -> str:
    """Another one whenever a city is added or drawn differently."""
    cities = all_cities()
    return f"{len(cities)}-{sum(city.revision for city in cities)}"


def _json(body: object) -> Response:
    response = make_response(json.dumps(body, separators=(",", ":"), ensure_ascii=False))
    response.mimetype = "application/json"
    return response


def _conditional(response: Response, validator: str, *, seconds: int) -> Response:
    response.set_etag(validator)
    # `no-cache` keeps a copy but asks each time.
    response.headers["Cache-Control"] = f"public, max-age={seconds}" if seconds else "no-cache"
    return response
