"""Sign in, sign out."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import flash, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from civicmap.domain.accounts import actions
from civicmap.domain.accounts.queries import find_actor
from civicmap.extensions import db, limiter
from civicmap.foundation.errors import TooMany
from civicmap.foundation.locales import gettext
from civicmap.foundation.transaction import transaction
from civicmap.web.auth.blueprint import blueprint
from civicmap.web.shared.forms import keeps_draft, token_is_good
from civicmap.web.shared.people import SignedInPerson
from civicmap.web.shared.request_context import settings

LONGEST_FIELD = 300


@blueprint.route("/sign-in", methods=["GET", "POST"])
@limiter.limit(lambda: settings().sign_in_limit, methods=["POST"])
@keeps_draft
def sign_in() -> str | Response | tuple[str, int]:
    onward = _own_address(request.values.get("next", ""))
    if request.method == "GET":
        if current_user.is_authenticated:
            return redirect(onward)
        return _form(onward)
    email = request.form.get("email", "")[:LONGEST_FIELD]
    if not token_is_good():
        return _form(onward, email, gettext("The form had expired. Send it once more.")), 400
    try:
        with transaction(db.session):
            token = actions.sign_in(
                db.session,
                email=email.replace("\x00", ""),
                password=request.form.get("password", "")[:LONGEST_FIELD],
                remember="remember" in request.form,
            )
    except TooMany as error:
        return _form(onward, email, str(error)), 429
    actor = find_actor(db.session, token) if token else None
    if actor is None:
        return _form(onward, email, gettext("The address or the password is wrong.")), 401
    # A new session: nothing that was set before signing in survives (session fixation).
    session.clear()
    login_user(SignedInPerson(token, actor), remember="remember" in request.form)
    return redirect(onward)


@blueprint.post("/sign-out")
def sign_out() -> Response:
    if current_user.is_authenticated:
        with transaction(db.session):
            actions.sign_out(db.session, token=current_user.token)
    logout_user()
    session.clear()
    flash(gettext("You are signed out."), "good")
    return redirect(url_for("public.home"))


def _form(onward: str, email: str = "", error: str = "") -> str:
    return render_template("auth/sign_in.html", onward=onward, email=email, error=error)


def _own_address(text: str) -> str:
    """A path on this site, or the worklist: never where somebody else's link wants to lead."""
    parts = urlsplit(text)
    own = text.startswith("/") and not text.startswith(("//", "/\\")) and not parts.netloc
    return text if own and text.isprintable() else url_for("staff.home")
