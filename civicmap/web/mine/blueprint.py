"""The blueprint of My reports. Its addresses hold secrets: they are told to nobody."""

from __future__ import annotations

from flask import Blueprint, Response, g

from civicmap.foundation import locales
from civicmap.web.shared.request_context import all_cities

blueprint = Blueprint("mine", __name__, url_prefix="/mine")


@blueprint.before_request
def find_the_only_city() -> None:
    """These addresses name no city; where there is but one, its name and clock are known."""
    if len(all_cities()) == 1:
        g.city = all_cities()[0]
        locales.set_time_zone(g.city.time_zone)


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """For this person's browser alone, and for no search engine."""
    # Our own logs are no place for a secret either; tile servers ask for an origin.
    response.headers["Referrer-Policy"] = "strict-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "private, no-store"
    return response
