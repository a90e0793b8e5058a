"""A report's page, for everyone and through its reporter's own link; and "me too"."""

from __future__ import annotations

import secrets

from flask import (
    Response,
    flash,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from civicmap.domain.accounts.tokens import hash_token
from civicmap.domain.jurisdictions.queries import City, get_city_by_id, load_calendar
from civicmap.domain.reports.actions.support import support_report
from civicmap.domain.reports.deadlines import working_days_left
from civicmap.domain.reports.numbers import read_number
from civicmap.domain.reports.queries.public.report import (
    get_public_report,
    get_report_by_secret,
    has_supported,
)
from civicmap.domain.reports.queries.public.rows import PublicReport
from civicmap.domain.reports.workflow import REFUSAL_REASONS, WAITING
from civicmap.extensions import db, limiter
from civicmap.foundation import locales
from civicmap.foundation.clock import now
from civicmap.foundation.errors import NotFound
from civicmap.foundation.locales import N_, gettext
from civicmap.web.public.blueprint import blueprint
from civicmap.web.shared.forms import read_key
from civicmap.web.shared.request_context import ONE_YEAR, settings, the_city
from civicmap.web.shared.transactional import transactional

BROWSER_COOKIE = "civicmap_browser"


@blueprint.get("/<city_slug>/reports/<number>")
def report(city_slug: str, number: str) -> str | AnyResponse:
    """A shown report. A number written otherwise (`po7k4m2q`) leads to its own address."""
    written = read_number(number)
    if written is None:
        raise NotFound(N_("There is no report with this number."))
    if written != number:
        return redirect(url_for("public.report", city_slug=city_slug, number=written), 301)
    city = the_city()
    return _page(city, get_public_report(db.session, city.id, number), secret=None)


@blueprint.get("/mine/<number>/<secret>")
def own_report(number: str, secret: str) -> Response:
    """The reporter's own link: the same page, whether or not everyone may see it."""
    jurisdiction_id, report = get_report_by_secret(
        db.session, read_number(number) or "", read_key(secret)
    )
    g.city = get_city_by_id(db.session, jurisdiction_id)
    locales.set_time_zone(g.city.time_zone)
    response = make_response(_page(g.city, report, secret=secret))
    # Our own logs are no place for the secret either; tile servers ask for an origin.
    response.headers["Referrer-Policy"] = "strict-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _page(city: City, report: PublicReport, *, secret: str | None) -> str:
    days_left = None
    if report.fix_by and report.status in WAITING:
        calendar = load_calendar(db.session, city.id)
        days_left = working_days_left(report.fix_by, now(), calendar, city.zone)
    browser = request.cookies.get(BROWSER_COOKIE, "")
    return render_template(
        "public/report.html",
        report=report,
        days_left=days_left,
        is_overdue=bool(days_left is not None and report.fix_by and report.fix_by < now()),
        has_supported=bool(browser) and has_supported(db.session, report.id, hash_token(browser)),
        refusal_reasons=REFUSAL_REASONS,
        own_link=url_for("public.own_report", number=report.number, secret=secret, _external=True)
        if secret
        else None,
        just_sent=secret is not None and "sent" in request.args,
        may_work_on_it=current_user.is_authenticated
        and current_user.actor.may("see_worklist", jurisdiction_id=city.id),
        tile_url=settings().tile_url,
    )


@blueprint.post("/<city_slug>/reports/<number>/support")
@limiter.limit("60 per hour")
@transactional
def support(city_slug: str, number: str) -> AnyResponse:
    """ "Me too": counted once a browser; again is no error."""
    city = the_city()
    browser = read_key(request.cookies.get(BROWSER_COOKIE)) or secrets.token_urlsafe(24)
    count, is_new = support_report(
        db.session, jurisdiction_id=city.id, number=read_number(number) or "", browser=browser
    )
    response: AnyResponse
    if request.accept_mimetypes.best == "application/json":
        response = jsonify({"supporters": count})
    else:
        if is_new:
            flash(gettext("Counted: you see this problem too."), "good")
        response = redirect(url_for("public.report", city_slug=city_slug, number=number))
    response.set_cookie(
        BROWSER_COOKIE,
        browser,
        max_age=ONE_YEAR,
        httponly=True,
        samesite="Lax",
        secure=settings().is_https,
    )
    return response
