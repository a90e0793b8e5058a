"""For machines that watch over civicmap."""

from __future__ import annotations

from flask import Blueprint, Response, make_response

from civicmap.extensions import db
from civicmap.foundation.database import DATABASE_AWAY
from civicmap.foundation.migrations import pending_migrations

blueprint = Blueprint("system", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return _plain("ok\n", 200)


@blueprint.get("/readyz")
def readyz() -> Response:
    """The database answers and has every migration."""
    try:
        with db.engine.connect() as connection:
            pending = pending_migrations(connection)
    except DATABASE_AWAY:
        response = _plain("the database does not answer\n", 503)
        response.headers["Retry-After"] = "5"
        return response
    if pending:
        return _plain(f"migrations pending: {', '.join(pending)}\n", 503)
    return _plain("ready\n", 200)


def _plain(text: str, status_code: int) -> Response:
    response = make_response(text, status_code)
    response.mimetype = "text/plain"
    response.headers["Cache-Control"] = "no-store"
    return response
