"""The information board: who answers for what, where, when; and how to report."""

from __future__ import annotations

from flask import render_template

from civicmap.domain.categories.queries import list_offered_categories
from civicmap.domain.departments.queries import list_departments
from civicmap.extensions import db
from civicmap.web.public.blueprint import blueprint
from civicmap.web.shared.request_context import the_city


@blueprint.get("/<city_slug>/departments")
def departments(city_slug: str) -> str:
    city = the_city()
    categories = list_offered_categories(db.session, city.id)
    return render_template(
        "public/departments.html",
        departments=[
            (
                department,
                [row for row in categories if row.default_department == department.code],
            )
            for department in list_departments(db.session, city.id)
        ],
    )


@blueprint.get("/<city_slug>/how-to-report")
def how_to_report(city_slug: str) -> str:
    city = the_city()
    return render_template(
        "public/how_to_report.html", categories=list_offered_categories(db.session, city.id)
    )
