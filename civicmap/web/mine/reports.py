"""The list: what this browser holds, what the signed-in person sent, what they follow."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from civicmap.domain.accounts.actions.links import forget_contacts
from civicmap.domain.accounts.queries import list_confirmed, list_devices
from civicmap.domain.accounts.tokens import hash_token
from civicmap.domain.reports.actions.support import forget_browser
from civicmap.domain.reports.queries.my_reports import list_followed, list_own
from civicmap.extensions import db
from civicmap.foundation.locales import gettext
from civicmap.web.mine.blueprint import blueprint
from civicmap.web.shared.device import device_token, forget_device
from civicmap.web.shared.transactional import transactional


@blueprint.get("")
def reports() -> str:
    """In four parts: what waits for an answer, what is under way, what is closed, what is followed.

    Nothing is written here, so an opened page leaves no trace.
    """
    token = device_token()
    browser = hash_token(token) if token else ""
    email = _confirmed_email()
    own = list_own(db.session, browser_hash=browser, email=email)
    devices = {browser, *(list_devices(db.session, email) if email else ())} - {""}
    followed = list_followed(db.session, sorted(devices)) if devices else []
    return render_template(
        "mine/reports.html",
        asked=[card for card in own if card.is_asked],
        waiting=[card for card in own if card.is_waiting and not card.is_asked],
        closed=[card for card in own if not card.is_waiting],
        followed=followed,
        email=email,
        is_resident=current_user.is_authenticated and not current_user.is_staff,
        confirmed=list_confirmed(db.session, browser) if browser else [],
        is_held_here=bool(browser),
    )


@blueprint.route("/forget", methods=["GET", "POST"])
@transactional
def forget() -> str | Response:
    """Let this browser hold nothing any more: for a device that others use too."""
    if request.method == "GET":
        return render_template("mine/forget.html")
    token = device_token()
    if token:
        forget_browser(db.session, browser=token)
        forget_contacts(db.session, browser_hash=hash_token(token))
    flash(gettext("This device has forgotten your reports. Your own links still work."), "good")
    response = redirect(url_for("mine.reports"), 303)
    forget_device(response)
    return response


def _confirmed_email() -> str:
    """The address of the signed-in person, if a letter to it was read."""
    if not current_user.is_authenticated or not current_user.actor.is_email_confirmed:
        return ""
    return str(current_user.actor.email)
