"""Lists of reports: the plain one, the fragment that keeps in step with the map, and by number."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from civicmap.domain.jurisdictions.queries import list_areas
from civicmap.domain.reports.numbers import read_number
from civicmap.domain.reports.queries.public.counts import count_by_status
from civicmap.domain.reports.queries.public.lists import list_reports
from civicmap.domain.reports.queries.public.report import find_number
from civicmap.domain.reports.workflow import STATUSES
from civicmap.extensions import db
from civicmap.foundation.paging import read_place
from civicmap.web.public.blueprint import blueprint
from civicmap.web.public.filters import read_filters, write_filters
from civicmap.web.public.home import (
    LIST_LENGTH,
    list_chosen_department,
    list_counted_categories,
)
from civicmap.web.shared.request_context import the_city


@blueprint.get("/<city_slug>/reports")
def reports(city_slug: str) -> str:
    """All reports of a city as a list, the map's equal; `?part=list` gives the list alone."""
    city = the_city()
    filters = read_filters(request.args)
    page = list_reports(
        db.session,
        city.id,
        filters,
        after=read_place(request.args.get("after", "")),
        limit=LIST_LENGTH,
    )
    view: dict[str, Any] = {
        "filters": filters,
        "write_filters": write_filters,
        "counts": count_by_status(db.session, city.id, filters),
        "page": page,
    }
    if request.args.get("part"):
        return render_template("public/report_list.html", **view)
    return render_template(
        "public/reports.html",
        **view,
        categories=list_counted_categories(city.id, filters),
        areas=list_areas(db.session, city.id),
        departments=list_chosen_department(city.id, filters),
        statuses=STATUSES,
    )


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
