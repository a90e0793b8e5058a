"""A shown report's page, and "me too"."""

from __future__ import annotations

from flask import flash, g, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from civicmap.domain.accounts.tokens import hash_token
from civicmap.domain.reports.actions.support import support_report
from civicmap.domain.reports.numbers import read_number
from civicmap.domain.reports.queries.my_reports import find_own_secret, is_following
from civicmap.domain.reports.queries.public.report import get_public_report, has_supported
from civicmap.extensions import db, limiter
from civicmap.foundation.errors import NotFound
from civicmap.foundation.locales import N_, current_language, gettext
from civicmap.web.public.blueprint import blueprint
from civicmap.web.shared.device import (
    device_token,
    known_visitor_token,
    remember_device,
    visitor_token,
)
from civicmap.web.shared.kiosk import is_kiosk
from civicmap.web.shared.report_page import report_context
from civicmap.web.shared.request_context import the_city
from civicmap.web.shared.transactional import transactional


@blueprint.get("/<city_slug>/reports/<number>")
def report(city_slug: str, number: str) -> str | AnyResponse:
    """A shown report. A number written otherwise (`po7k4m2q`) leads to its own address."""
    written = read_number(number)
    if written is None:
        raise NotFound(N_("There is no report with this number."))
    if written != number:
        return redirect(url_for("public.report", city_slug=city_slug, number=written), 301)
    city = the_city()
    found = get_public_report(db.session, city.id, number)
    is_supported = is_followed = False
    if visitor := known_visitor_token():
        is_supported = has_supported(db.session, found.id, hash_token(visitor))
    if token := device_token():
        browser = hash_token(token)
        is_followed = is_supported and is_following(db.session, found.id, browser)
        if secret := find_own_secret(db.session, found.id, browser):
            g.own_page = url_for("mine.report", number=number, secret=secret)
    return render_template(
        "public/report.html",
        **report_context(city, found),
        has_supported=is_supported,
        is_following=is_followed,
        own_page=g.get("own_page"),
    )


@blueprint.post("/<city_slug>/reports/<number>/support")
@limiter.limit("60 per hour")
@transactional
def support(city_slug: str, number: str) -> AnyResponse:
    """ "Me too": counted once a browser, at a terminal once a visit; again is no error. With
    `follow=1` the report is in this browser's My reports from now on; a terminal has none."""
    city = the_city()
    browser = visitor_token()
    follow = request.form.get("follow") == "1" and not is_kiosk()
    count, is_new = support_report(
        db.session,
        jurisdiction_id=city.id,
        number=read_number(number) or "",
        browser=browser,
        follow=follow,
        language=current_language(),
    )
    # The form's script asks for JSON and goes to the report's page next: it is said there.
    if follow:
        flash(gettext("Counted. You find it in My reports from now on."), "good")
    elif is_new:
        flash(gettext("Counted: you see this problem too."), "good")
    response: AnyResponse
    if request.accept_mimetypes.best == "application/json":
        response = jsonify({"supporters": count})
    else:
        response = redirect(url_for("public.report", city_slug=city_slug, number=number))
    remember_device(response, browser)
    return response
