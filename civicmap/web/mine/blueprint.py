"""The blueprint of My reports. Its addresses hold secrets: they are told to nobody."""

from __future__ import annotations

from flask import Blueprint, Response

blueprint = Blueprint("mine", __name__, url_prefix="/mine")


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """For this person's browser alone, and for no search engine."""
    # Our own logs are no place for a secret either; tile servers ask for an origin.
    response.headers["Referrer-Policy"] = "strict-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "private, no-store"
    return response
