"""Becoming a terminal, and forgetting whoever stood at it."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, session
from flask_login import current_user, logout_user

from civicmap.domain.accounts.actions import people as actions
from civicmap.extensions import db
from civicmap.foundation.locales import gettext
from civicmap.foundation.transaction import transaction
from civicmap.web.shared.forms import keeps_draft, read_key, token_is_good
from civicmap.web.shared.kiosk import is_kiosk, start_address

blueprint = Blueprint("kiosk", __name__, url_prefix="/kiosk")


@blueprint.route("/forget", methods=["GET", "POST"])
@keeps_draft
def forget() -> Response:
    """Sign out, tell the browser to drop all it keeps of this site, and begin again.

    By GET too: a page without scripts comes here by itself (`<meta http-equiv="refresh">`). Asks
    for no token, since it must work when everything has expired; but in a kiosk alone, so that no
    link makes somebody's own phone forget its drafts. Session cookies of others' links do not come
    along (SameSite) but for a plain navigation, which at a terminal does no harm.
    """
    onward = start_address(read_key(request.values.get("city")))
    response = make_response(redirect(onward, 303))
    response.headers["Cache-Control"] = "no-store"
    if not is_kiosk():
        response.headers["Location"] = onward.partition("?")[0]
        return response
    return _forgetting(response)


@blueprint.route("/begin", methods=["GET", "POST"])
@keeps_draft
def begin() -> Response:
    """Ask whether somebody's own browser shall become a terminal; the button alone makes it one.

    What the browser keeps by itself, reports that wait to be sent, static/kiosk/begin.js names and
    forgets; without scripts the header does, where the page has said so.
    """
    start = start_address(read_key(request.values.get("city")))
    if request.method == "POST" and token_is_good():
        return _forgetting(make_response(redirect(start, 303)))
    has_expired = request.method == "POST"
    page = render_template(
        "kiosk/begin.html",
        stay=start.partition("?")[0],
        error=gettext("The form had expired. Press the button again.") if has_expired else "",
    )
    response = make_response(page, 400 if has_expired else 200)
    response.headers["Cache-Control"] = "no-store"
    return response


def _forgetting(response: Response) -> Response:
    """The answer, which has this browser drop all it keeps of the site."""
    if current_user.is_authenticated:
        with transaction(db.session):
            actions.sign_out(db.session, token=current_user.token)
        logout_user()
    session.clear()
    # Browsers obey this header over https only: hence the cookies by name as well. The HTTP cache
    # is left alone: it holds our own scripts and style sheets; answers about people never enter it.
    response.headers["Clear-Site-Data"] = '"cookies", "storage"'
    for name in request.cookies:
        response.delete_cookie(name)
    return response
