"""A fresh token for a form that lay open too long; scripts ask for it and send again."""

from __future__ import annotations

from flask import Response, jsonify
from flask_wtf.csrf import generate_csrf

from civicmap.web.public.blueprint import blueprint
from civicmap.web.shared.errors import answers_json


@blueprint.get("/form-token")
@answers_json
def form_token() -> Response:
    """`{"csrf_token": …}` for this browser. No other site can read it: there is no CORS."""
    response = jsonify({"csrf_token": generate_csrf()})
    response.headers["Cache-Control"] = "no-store"
    return response
