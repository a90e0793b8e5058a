"""Sign in, sign out."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from civicmap.domain.accounts.actions import people as actions
from civicmap.domain.accounts.queries import Actor, find_actor
from civicmap.extensions import db, limiter
from civicmap.foundation.locales import gettext
from civicmap.foundation.transaction import transaction
from civicmap.web.auth.blueprint import blueprint
from civicmap.web.shared.forms import KEPT_SECONDS, keeps_draft, token_is_good
from civicmap.web.shared.kiosk import is_kiosk
from civicmap.web.shared.people import SignedInPerson
from civicmap.web.shared.request_context import settings

LONGEST_FIELD = 300
# What stands before the names of fields that wait for the sign-in.
KEPT = "kept:"


@blueprint.route("/sign-in", methods=["GET", "POST"])
@limiter.limit(lambda: settings().sign_in_limit, methods=["POST"])
@keeps_draft
def sign_in() -> str | Response | tuple[str, int]:
    """Check address and password; then on to where the person wanted to go."""
    onward = _own_address(request.values.get("next", ""))
    if request.method == "GET":
        if not current_user.is_authenticated:
            return _form(onward)
        return redirect(onward or _home(current_user.actor))
    email = request.form.get("email", "")[:LONGEST_FIELD]
    if not token_is_good():
        return _form(onward, email, gettext("The form had expired. Send it once more.")), 400
    remember = "remember" in request.form and not is_kiosk()
    with transaction(db.session):
        token = actions.sign_in(
            db.session,
            email=email.replace("\x00", ""),
            password=request.form.get("password", "")[:LONGEST_FIELD],
            remember=remember,
        )
    actor = find_actor(db.session, token) if token else None
    if actor is None:
        return _form(onward, email, _refusal()), 401
    kept = _kept_fields()  # while their token still has its session
    _end_sign_in()
    login_user(SignedInPerson(token, actor), remember=remember)
    if kept:
        return render_template("auth/carry_on.html", onward=onward, kept=kept)
    return redirect(onward or _home(actor))


@blueprint.post("/sign-out")
@keeps_draft
def sign_out() -> Response:
    """End the sign-in here and wherever its cookie was copied to.

    Asks for no token: a form that lay open too long must not keep somebody signed in, and the
    session's cookie does not come along with other sites' forms (SameSite). Hence nothing is taken
    from a browser that does not show who it is, its other cookies least of all.
    """
    if not current_user.is_authenticated:
        return redirect(url_for("public.home"))
    _end_sign_in()
    logout_user()
    flash(gettext("You are signed out."), "good")
    return redirect(url_for("public.home"))


def _end_sign_in() -> None:
    """Begin a new session: nothing that was set before survives it (session fixation)."""
    if current_user.is_authenticated:
        with transaction(db.session):
            actions.sign_out(db.session, token=current_user.token)
    session.clear()


def _form(onward: str, email: str = "", error: str = "") -> str:
    return render_template(
        "auth/sign_in.html",
        onward=onward,
        email=email,
        error=error,
        kept=_kept_fields(),
        is_ended=False,
    )


def _refusal() -> str:
    # One sentence for every reason, so that it tells nothing about who has an account.
    return gettext(
        "The address or the password is wrong. After several wrong passwords an account stays "
        "locked for a while; you can set a new password at any time."
    )


def _kept_fields() -> list[tuple[str, str]]:
    """The fields of a form that waits until its author has signed in (`people.ask_to_sign_in`).

    Only of this browser: another site could put words into somebody's mouth.
    """
    if request.method == "GET" or not token_is_good(max_age=KEPT_SECONDS):
        return []
    return [
        (name.removeprefix(KEPT), text)
        for name, text in request.form.items(multi=True)
        if name.startswith(KEPT)
    ]


def _own_address(text: str) -> str:
    """A path on this site, or nothing: never where somebody else's link wants to lead."""
    own = text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable()
    return text if own else ""


def _home(actor: Actor) -> str:
    """Where somebody arrives who wanted nowhere in particular."""
    return url_for("staff.home" if actor.grants else "mine.reports")
