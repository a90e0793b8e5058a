"""The worklist as a list: what waits, oldest due date first."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from civicmap.domain.accounts.queries import Actor
from civicmap.domain.categories.queries import list_all_categories
from civicmap.domain.departments.queries import list_departments
from civicmap.domain.jurisdictions.queries import City, list_areas
from civicmap.domain.jurisdictions.queries.calendar import load_calendar
from civicmap.domain.reports.deadlines import working_days_left
from civicmap.domain.reports.queries.staff.to_check import list_to_check
from civicmap.domain.reports.queries.staff.worklist import (
    ALL,
    CHECK,
    MINE,
    TRIAGE,
    WorklistFilters,
    count_tabs,
    count_worklist,
    list_worklist,
    may_see_whole_city,
)
from civicmap.extensions import db
from civicmap.foundation.clock import now
from civicmap.foundation.locales import N_, gettext
from civicmap.foundation.paging import read_place
from civicmap.web.shared.people import the_actor
from civicmap.web.shared.request_context import the_city
from civicmap.web.staff.blueprint import blueprint
from civicmap.web.staff.filters import (
    STATUS_CHOICE_NAMES,
    read_worklist_filters,
    status_choice,
    write_worklist_filters,
)

PAGE_LENGTH = 50
CHECK_LENGTH = 20
TAB_NAMES = {
    MINE: N_("My department"),
    TRIAGE: N_("Nobody's yet"),
    CHECK: N_("To check"),
    ALL: N_("Whole city"),
}


@blueprint.get("/<city_slug>/")
def worklist(city_slug: str) -> str | Response:
    """A page of the worklist under the address's filters."""
    city, actor = the_city(), the_actor()
    filters = read_worklist_filters(request.args, city, actor)
    typed = request.args.get("number", "").strip()[:40]
    after = read_place(request.args.get("after", ""))
    if filters.tab == CHECK and not (filters.number or typed):
        rows = list_to_check(db.session, city, actor, filters, after=after, limit=CHECK_LENGTH)
        return render_template(
            "staff/to_check.html",
            page=rows,
            is_first_page=after is None,
            **worklist_frame(city, actor, filters),
        )
    page = list_worklist(db.session, city, actor, filters, after=after, limit=PAGE_LENGTH)
    if filters.number and len(page.rows) == 1 and not page.next:
        return redirect(url_for("staff.report", city_slug=city_slug, number=page.rows[0].number))
    if typed and not filters.number:
        flash(gettext("“%(typed)s” is not the beginning of a report number.") % {"typed": typed})
    calendar, at = load_calendar(db.session, city.id), now()
    return render_template(
        "staff/worklist.html",
        page=page,
        is_first_page=after is None,
        days_left={
            row.id: working_days_left(row.fix_by, at, calendar, city.zone)
            for row in page.rows
            if row.fix_by and row.is_waiting
        },
        at=at,
        **worklist_frame(city, actor, filters),
    )


def worklist_frame(city: City, actor: Actor, filters: WorklistFilters) -> dict[str, Any]:
    """What list and map have in common: tabs with their counts, and the filters."""
    has_whole_city = may_see_whole_city(actor, city)
    own = set(actor.department_ids(city.id))
    return {
        "filters": filters,
        "write_filters": write_worklist_filters,
        "filter_count": len(write_worklist_filters(filters).keys() - {"tab", "sort"}),
        "status_choice": status_choice(filters),
        "status_choices": STATUS_CHOICE_NAMES,
        "tabs": count_tabs(db.session, city, actor),
        "tab_names": TAB_NAMES,
        "count": count_worklist(db.session, city, actor, filters),
        "departments": [
            department
            for department in list_departments(db.session, city.id)
            if has_whole_city or department.id in own
        ],
        "categories": list_all_categories(db.session),
        "areas": list_areas(db.session, city.id),
    }
