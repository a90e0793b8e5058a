"""The blueprint of My reports. Its addresses hold secrets: they are told to nobody."""

from __future__ import annotations

from flask import Blueprint, Response, g, request

from civicmap.foundation import locales
from civicmap.web.shared.request_context import all_cities

blueprint = Blueprint("mine", __name__, url_prefix="/mine")


@blueprint.before_request
def find_the_only_city() -> None:
    """These addresses name no city; where there is but one, its name and clock are known."""
    if request.endpoint == "mine.photo":
        return
    if len(all_cities()) == 1:
        g.city = all_cities()[0]
        locales.set_time_zone(g.city.time_zone)


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """For this person's browser alone, and for no search engine."""
    # Our own logs are no place for a secret either; tile servers ask for an origin.
    response.headers["Referrer-Policy"] = "strict-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    # A photo is the same for as long as its key; everything else may be over the next moment.
    is_photo = request.endpoint == "mine.photo" and response.status_code == 200
    response.headers["Cache-Control"] = "private, max-age=3600" if is_photo else "private, no-store"
    return response
