"""End following a report: from My reports, from a letter, from a mail reader's own button."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from civicmap.domain.reports.actions.support import find_followed, unfollow_report
from civicmap.extensions import db, limiter
from civicmap.foundation.locales import gettext
from civicmap.foundation.transaction import transaction
from civicmap.web.mine.blueprint import blueprint
from civicmap.web.shared.forms import keeps_draft, read_key


@blueprint.route("/unfollow/<secret>", methods=["GET", "POST"])
@limiter.limit("60 per hour", methods=["POST"])
@keeps_draft
def unfollow(secret: str) -> str | Response:
    """A page with a button; the button ends it.

    Asks for no token: a mail reader that offers to unsubscribe posts here by itself (RFC 8058), and
    the secret is known to nobody but the letter's reader.
    """
    secret = read_key(secret)
    if request.method == "GET":
        return render_template("mine/unfollow.html", number=find_followed(db.session, secret))
    with transaction(db.session):
        unfollow_report(db.session, secret=secret)
    if request.form.get("List-Unsubscribe") == "One-Click":
        return Response("", 200, content_type="text/plain")
    flash(gettext("You no longer follow this report."), "good")
    return redirect(url_for("mine.reports"), 303)
