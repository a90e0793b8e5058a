"""A forgotten password: ask for a link, set a new one."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from civicmap.domain.accounts.actions import people as actions
from civicmap.extensions import db, limiter
from civicmap.foundation.errors import InvalidInput
from civicmap.foundation.locales import gettext
from civicmap.foundation.transaction import transaction
from civicmap.web.auth.blueprint import blueprint
from civicmap.web.auth.sign_in import LONGEST_FIELD
from civicmap.web.shared.forms import read_key


@blueprint.route("/forgotten", methods=["GET", "POST"])
@limiter.limit("10 per hour", methods=["POST"])
def forgotten() -> str:
    """Ask for a link; the answer does not tell whether the address has an account."""
    if request.method == "GET":
        return render_template("auth/forgotten.html", is_sent=False)
    email = request.form.get("email", "")[:LONGEST_FIELD].replace("\x00", "")
    with transaction(db.session):
        actions.request_password_reset(db.session, email=email)
    return render_template("auth/forgotten.html", is_sent=True)


@blueprint.route("/password/<token>", methods=["GET", "POST"])
@limiter.limit("30 per hour", methods=["POST"])
def set_password(token: str) -> AnyResponse | tuple[Response, int]:
    token = read_key(token)
    if request.method == "GET":
        is_good = actions.find_reset(db.session, token) is not None
        return _form(is_good=is_good), 200 if is_good else 404
    password = request.form.get("password", "")
    try:
        if password != request.form.get("repeated", ""):
            raise InvalidInput(gettext("The two passwords are not the same."), field="repeated")
        with transaction(db.session):
            actions.set_password(db.session, token=token, password=password)
    except InvalidInput as error:
        return _form(is_good=error.field is not None, error=error), 400
    flash(gettext("Your password is set. Sign in with it."), "good")
    return redirect(url_for("auth.sign_in"))


def _form(*, is_good: bool, error: InvalidInput | None = None) -> Response:
    response = make_response(
        render_template("auth/set_password.html", is_good=is_good, error=error)
    )
    response.headers["Referrer-Policy"] = "strict-origin"
    response.headers["Cache-Control"] = "no-store"
    return response
