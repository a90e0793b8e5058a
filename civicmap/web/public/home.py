"""The front door: all cities, or the one there is; and a city's map page."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from civicmap.domain.categories.queries import CategoryRow, list_all_categories
from civicmap.domain.departments.queries import DepartmentRow, list_departments
from civicmap.domain.jurisdictions.queries import list_areas
from civicmap.domain.reports.queries.public.counts import (
    count_by_category,
    count_by_status,
    count_by_status_everywhere,
)
from civicmap.domain.reports.queries.public.filters import Filters
from civicmap.domain.reports.queries.public.lists import list_recent_with_photos, list_reports
from civicmap.domain.reports.queries.public.rows import StatusCounts
from civicmap.domain.reports.workflow import STATUSES
from civicmap.extensions import db
from civicmap.foundation.paging import read_place
from civicmap.web.public.blueprint import blueprint
from civicmap.web.public.filters import read_filters, write_filters
from civicmap.web.shared.request_context import all_cities, settings, the_city

LIST_LENGTH = 20
RECENT_LENGTH = 6


@blueprint.get("/")
def home() -> str | Response:
    """All cities with their totals; with a single one, that city."""
    cities = all_cities()
    if len(cities) == 1:
        query = request.query_string.decode("ascii", "replace")
        address = url_for("public.city", city_slug=cities[0].slug)
        return redirect(f"{address}?{query}" if query else address)
    counts = count_by_status_everywhere(db.session)
    rows = [(city, counts.get(city.id, StatusCounts())) for city in cities]
    totals = StatusCounts(**{status: sum(row[1][status] for row in rows) for status in STATUSES})
    return render_template("public/home.html", rows=rows, totals=totals)


@blueprint.get("/<city_slug>/")
def city(city_slug: str) -> str:
    """The map of a city with its counters, categories and list, under the address's filters."""
    city = the_city()
    filters = read_filters(request.args)
    counts = count_by_status(db.session, city.id, filters)
    page = list_reports(
        db.session,
        city.id,
        filters,
        after=read_place(request.args.get("after", "")),
        limit=LIST_LENGTH,
    )
    return render_template(
        "public/city.html",
        filters=filters,
        write_filters=write_filters,
        counts=counts,
        categories=list_counted_categories(city.id, filters),
        areas=list_areas(db.session, city.id),
        departments=list_chosen_department(city.id, filters),
        page=page,
        recent=list_recent_with_photos(db.session, city.id, limit=RECENT_LENGTH),
        statuses=STATUSES,
        tile_url=settings().tile_url,
    )


def list_chosen_department(city_id: int, filters: Filters) -> list[DepartmentRow]:
    """The department that the view is narrowed to, for its name; nothing asked when it is not."""
    if not filters.department:
        return []
    departments = list_departments(db.session, city_id)
    return [row for row in departments if row.code == filters.department]


def list_counted_categories(city_id: int, filters: Filters) -> list[tuple[CategoryRow, int]]:
    """The categories that have reports under the other filters, those with most first; the chosen
    one even when it has none, so that it can be seen and taken off."""
    counts = count_by_category(db.session, city_id, filters)
    rows = [
        (category, counts.get(category.key, 0))
        for category in list_all_categories(db.session)
        if category.key in counts or category.key == filters.category
    ]
    return sorted(rows, key=lambda row: -row[1])
