"""Lists of reports: the plain one, the fragment that keeps in step with the map, and by number."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from civicmap.domain.reports.numbers import read_number
from civicmap.domain.reports.queries.public.report import find_number
from civicmap.extensions import db
from civicmap.web.public.blueprint import blueprint
from civicmap.web.public.view import read_list, read_panel
from civicmap.web.shared.request_context import the_city


@blueprint.get("/<city_slug>/reports")
def reports(city_slug: str) -> str:
    """All reports of a city as a list, the map's equal; `?part=list` gives the list alone."""
    if request.args.get("part"):
        return render_template("public/report_list.html", **read_list(the_city()))
    return render_template("public/reports.html", **read_panel(the_city()))


@blueprint.get("/find")
def find_report() -> str | Response | tuple[str, int]:
    """Search by number, as it is read over the phone: case, spaces and dashes do not matter."""
    typed = request.args.get("number", "").strip()[:40]
    number = read_number(typed)
    slug = find_number(db.session, number) if number else None
    if slug:
        return redirect(url_for("public.report", city_slug=slug, number=number))
    page = render_template("public/find.html", typed=typed, is_number=number is not None)
    return (page, 404) if typed else page
