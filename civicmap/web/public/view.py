"""What a city's page and its plain list tell of the reports under the address's filters."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, make_response, render_template, request

from civicmap.domain.categories.queries import CategoryRow, list_all_categories
from civicmap.domain.departments.queries import DepartmentRow, list_departments
from civicmap.domain.jurisdictions.queries import City, list_areas
from civicmap.domain.publicmap.view import get_view_counts, list_view
from civicmap.domain.reports.queries.public.filters import Filters
from civicmap.domain.reports.queries.public.lists import list_recent_with_photos
from civicmap.domain.reports.workflow import STATUSES
from civicmap.extensions import db
from civicmap.foundation.paging import read_place
from civicmap.foundation.reading import Reading
from civicmap.web.public.blueprint import blueprint
from civicmap.web.public.filters import read_filters, write_filters
from civicmap.web.shared.request_context import the_city

# In `app.extensions`: connections for reading alone.
READING = "reading"
LIST_LENGTH = 20
RECENT_LENGTH = 6


@blueprint.get("/<city_slug>/view")
def view(city_slug: str) -> Response:
    """What stands beside the map, for its script: filters, counters and list in one answer.

    With `bbox` and `zoom` of what the map shows; the box is rounded outwards to whole cells (see
    `foundation.geo.ground`), and all parts speak of the same ground. Without, of the whole city.
    """
    response = make_response(render_template("public/view.html", **read_panel(the_city())))
    response.add_etag()
    response.make_conditional(request)
    return response


def read_panel(city: City) -> dict[str, Any]:
    """What `public/panel.html` expects. Raises InvalidInput on an address that makes no sense."""
    values = read_list(city)
    filters: Filters = values["filters"]
    recent = (
        list_recent_with_photos(db.session, city.id, limit=RECENT_LENGTH)
        if filters == Filters()
        else []
    )
    return {
        **values,
        "areas": list_areas(db.session, city.id),
        "departments": list_chosen_department(city.id, filters),
        "recent": recent,
        "statuses": STATUSES,
    }


def read_list(city: City) -> dict[str, Any]:
    """What `public/report_list.html` and `public/chosen_filters.html` expect, and the categories
    that have reports."""
    filters = read_filters(request.args)
    reading: Reading = current_app.extensions[READING]
    counts = get_view_counts(db.session, city.id, filters, reading=reading)
    page = list_view(
        db.session,
        city.id,
        filters,
        after=read_place(request.args.get("after", "")),
        limit=LIST_LENGTH,
        total=sum(counts.statuses[status] for status in filters.statuses or STATUSES),
    )
    every_category = list_all_categories(db.session)
    return {
        "filters": filters,
        "write_filters": write_filters,
        "counts": counts.statuses,
        "every_category": every_category,
        "categories": _list_counted(every_category, counts.categories, filters),
        "page": page,
    }


def _list_counted(
    every_category: list[CategoryRow], counts: dict[str, int], filters: Filters
) -> list[tuple[CategoryRow, int]]:
    """The categories that have reports, those with most first; the chosen one even when it has
    none, so that it can be seen and taken off."""
    rows = [
        (category, counts.get(category.key, 0))
        for category in every_category
        if category.key in counts or category.key == filters.category
    ]
    return sorted(rows, key=lambda row: -row[1])


def list_chosen_department(city_id: int, filters: Filters) -> list[DepartmentRow]:
    """The department that the view is narrowed to, for its name; nothing asked when it is not."""
    if not filters.department:
        return []
    departments = list_departments(db.session, city_id)
    return [row for row in departments if row.code == filters.department]
