"""The optional account of a resident: all there is to do with it is to end it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, session, url_for
from flask_login import current_user, logout_user
from werkzeug.wrappers import Response

from civicmap.domain.accounts.actions.residents import delete_account as end_account
from civicmap.extensions import db
from civicmap.foundation.locales import gettext
from civicmap.foundation.transaction import transaction
from civicmap.web.mine.blueprint import blueprint


@blueprint.route("/account/delete", methods=["GET", "POST"])
def delete_account() -> str | Response:
    """A page that says what goes and what stays, then the button."""
    if not current_user.is_authenticated:
        return redirect(url_for("mine.reports"))
    if request.method == "GET":
        return render_template("mine/delete_account.html", email=current_user.actor.email)
    with transaction(db.session):
        end_account(db.session, person_id=current_user.actor.person_id)
    session.clear()
    logout_user()
    flash(gettext("Your account is deleted."), "good")
    return redirect(url_for("mine.reports"), 303)
