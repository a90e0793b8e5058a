"""The front door: all cities, or the one there is; and a city's map page."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from civicmap.domain.publicmap.view import add_up, count_by_city, count_past_year
from civicmap.domain.reports.queries.public.rows import StatusCounts
from civicmap.extensions import db
from civicmap.web.public.blueprint import blueprint
from civicmap.web.public.view import read_panel
from civicmap.web.shared.request_context import all_cities, settings, the_city


@blueprint.get("/")
def home() -> str | Response:
    """All cities with their totals; with a single one, that city."""
    cities = all_cities()
    if len(cities) == 1:
        query = request.query_string.decode("ascii", "replace")
        address = url_for("public.city", city_slug=cities[0].slug)
        return redirect(f"{address}?{query}" if query else address)
    counts = count_by_city(db.session)
    rows = [(city, counts.get(city.id, StatusCounts())) for city in cities]
    totals = add_up(numbers for _, numbers in rows)
    return render_template("public/home.html", rows=rows, totals=totals)


@blueprint.get("/<city_slug>/")
def city(city_slug: str) -> str:
    """The map of a city with its counters, categories and list, under the address's filters."""
    city = the_city()
    year = count_past_year(db.session, city)
    return render_template(
        "public/city.html",
        **read_panel(city),
        year=year if year.total else None,
        tile_url=settings().tile_url,
    )
