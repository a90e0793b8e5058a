"""The service worker, and the page for what it has never seen."""

from __future__ import annotations

import json

from flask import Response, make_response, render_template, url_for

from civicmap.web.pwa.blueprint import blueprint
from civicmap.web.shared import assets
from civicmap.web.shared.keeping import HEADER
from civicmap.web.shared.request_context import settings

# Rooms whose files residents never need.
NOT_KEPT = ("staff/", "auth/", "mailbox/", "kiosk/", "pwa/icons/")
KEPT_KINDS = frozenset({".js", ".css", ".svg"})


@blueprint.get("/sw.js")
def service_worker() -> Response:
    """The service worker: `static/pwa/worker.js` of this version of the static files.

    The version stands in the text, so a browser sees by this file alone that there is a new one.
    """
    module = json.dumps(assets.asset("pwa/worker.js"))
    answered = make_response(f"import {{ serve }} from {module};\nserve({_configuration()});\n")
    answered.mimetype = "text/javascript"
    answered.headers["Cache-Control"] = "no-cache"
    # Its own: it fetches map tiles itself, to keep them. A page's tiles are only pictures.
    answered.headers["Content-Security-Policy"] = "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            f"connect-src 'self' {settings().tile_host}".strip(),
        ]
    )
    return answered


def _configuration() -> str:
    """What the worker knows of this installation, as JSON."""
    return json.dumps(
        {
            "version": assets.version(),
            "assets": [assets.asset(path) for path in assets.list_files(KEPT_KINDS, NOT_KEPT)],
            "keepHeader": HEADER,
            "tileUrl": settings().tile_url,
            "offlinePage": url_for("pwa.offline"),
            "ownList": url_for("mine.reports"),
            # A post to one of these, and nothing of a person's own stays.
            "leaving": [
                url_for("auth.sign_out"),
                url_for("mine.forget"),
                url_for("mine.delete_account"),
            ],
        },
        indent=1,
    )


@blueprint.get("/offline")
def offline() -> str:
    """What is shown in place of a page that the device does not have."""
    return render_template("pwa/offline.html")
