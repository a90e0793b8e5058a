"""Which pages a device may keep, to show them when there is no network.

The service worker keeps what says so in its answer (`X-Civicmap-Keep`) and nothing else: a page
that is not in this table is never kept, however it is named (docs/decisions/0011-offline.md).
"""

from __future__ import annotations

from flask import Flask, Response, g, request
from flask_login import current_user

from civicmap.web.shared.kiosk import is_kiosk

HEADER = "X-Civicmap-Keep"
# The same for everybody.
PUBLIC = {
    "public.home",
    "public.city",
    "public.reports",
    "public.report",
    "public.departments",
    "public.districts",
    "public.how_to_report",
    "report.start",
    "pwa.offline",
}
# Of the person who holds the device: gone when they sign out, or have the device forget them. So is
# a public page that leads to their own (`g.own_page`).
PRIVATE = {"mine.reports", "mine.report"}


def register(app: Flask) -> None:
    app.after_request(say_what_may_be_kept)


def say_what_may_be_kept(response: Response) -> Response:
    """Mark a page that may be kept: `public`, or `private` for the person's own.

    Pages that staff see name them and what they may do: none of them is kept.
    """
    if (
        request.method != "GET"
        or request.endpoint not in PUBLIC | PRIVATE
        or response.status_code != 200
        or response.mimetype != "text/html"
        or is_kiosk()
    ):
        return response
    signed_in = current_user.is_authenticated
    if signed_in and current_user.is_staff:
        return response
    own = signed_in or request.endpoint in PRIVATE or "own_page" in g
    response.headers[HEADER] = "private" if own else "public"
    return response
