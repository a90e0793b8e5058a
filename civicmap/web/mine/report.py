"""The reporter's own link: their report, whether or not everyone may see it."""

from __future__ import annotations

from flask import g, render_template, request, url_for

from civicmap.domain.jurisdictions.queries import get_city_by_id
from civicmap.domain.reports.numbers import read_number
from civicmap.domain.reports.queries.own import get_report_by_secret
from civicmap.extensions import db
from civicmap.foundation import locales
from civicmap.web.mine.blueprint import blueprint
from civicmap.web.shared.forms import read_key
from civicmap.web.shared.report_page import report_context


@blueprint.get("/<number>/<secret>")
def report(number: str, secret: str) -> str:
    """Raises NotFound."""
    jurisdiction_id, found = get_report_by_secret(
        db.session, read_number(number) or "", read_key(secret)
    )
    g.city = get_city_by_id(db.session, jurisdiction_id)
    locales.set_time_zone(g.city.time_zone)
    return render_template(
        "public/report.html",
        **report_context(g.city, found, secret=secret),
        own_link=url_for("mine.report", number=found.number, secret=secret, _external=True),
        just_sent="sent" in request.args,
        has_supported=False,
    )
