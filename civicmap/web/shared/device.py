"""This browser, as a holder of reports: a random token in a cookie. The database knows its hash.

Whoever has the cookie sees and does what the reporter may. A town hall's terminal keeps none.
"""

from __future__ import annotations

import secrets

from flask import Flask, g, request, session
from werkzeug.wrappers import Response

from civicmap.web.shared.forms import read_key
from civicmap.web.shared.kiosk import BROWSER_COOKIE, is_kiosk
from civicmap.web.shared.request_context import ONE_YEAR, settings

_VISITOR = "visitor"


def device_token() -> str:
    """The token of this browser; empty if it has none."""
    if is_kiosk():
        return ""
    return g.get("new_device_token") or read_key(request.cookies.get(BROWSER_COOKIE))


def ensure_device_token() -> str:
    """The token of this browser; if it has none, a new one that goes out with this answer. Empty
    for a kiosk."""
    token = device_token()
    if not token and not is_kiosk():
        token = g.new_device_token = new_device_token()
    return token


def visitor_token() -> str:
    """Who is counted: this browser, with a new token if it has none (see `remember_device`); in a
    kiosk the visit, which ends when the session is forgotten."""
    if is_kiosk():
        return str(session.setdefault(_VISITOR, new_device_token()))
    return device_token() or new_device_token()


def known_visitor_token() -> str:
    """As `visitor_token`, but empty where none has been made yet."""
    return str(session.get(_VISITOR, "")) if is_kiosk() else device_token()


def register(app: Flask) -> None:
    app.after_request(_remember_new_device)


def _remember_new_device(response: Response) -> Response:
    if token := g.pop("new_device_token", None):
        remember_device(response, token)
    return response


def new_device_token() -> str:
    """192 random bits, for a browser that has no token yet."""
    return secrets.token_urlsafe(24)


def remember_device(response: Response, token: str) -> None:
    """Have the browser keep the token for a year from now; a kiosk keeps nothing."""
    if is_kiosk():
        return
    response.set_cookie(
        BROWSER_COOKIE,
        token,
        max_age=ONE_YEAR,
        httponly=True,
        samesite="Lax",
        secure=settings().is_https,
    )


def forget_device(response: Response) -> None:
    """Take the cookie away."""
    response.delete_cookie(
        BROWSER_COOKIE, httponly=True, samesite="Lax", secure=settings().is_https
    )
