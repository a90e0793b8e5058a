"""What every answer says to the browser about trust."""

from __future__ import annotations

from flask import Flask, Response

from civicmap.config import Settings
from civicmap.web.shared.request_context import settings


def register(app: Flask) -> None:
    app.after_request(add_headers)


def content_security_policy(tile_host: str) -> str:
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src 'self' blob: data: {tile_host}".strip(),
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "worker-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ]
    )


def headers_of_every_answer(settings: Settings) -> dict[str, str]:
    """What a view may say otherwise."""
    headers = {
        "Content-Security-Policy": content_security_policy(settings.tile_host),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "geolocation=(self), camera=(self), microphone=()",
        # Map tiles are fetched with our origin only; a reporter's secret link is never passed on.
        "Referrer-Policy": "strict-origin-when-cross-origin",
    }
    if settings.is_https:
        # For this host alone: what else stands below its name is not ours to decide.
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return headers


def add_headers(response: Response) -> Response:
    headers = response.headers
    for name, value in headers_of_every_answer(settings()).items():
        headers.setdefault(name, value)
    # What does not say otherwise may hold a form token or a name: nobody in between keeps it.
    headers.setdefault("Cache-Control", "private, no-cache")
    return response
