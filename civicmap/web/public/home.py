"""The front door: all cities, or the one there is; and a city's map page."""

from __future__ import annotations

from collections.abc import Sequence

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from civicmap.domain.categories.queries import list_all_categories
from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.publicmap.view import add_up, count_by_city, count_past_year
from civicmap.domain.reports.queries.public.rows import StatusCounts
from civicmap.extensions import db
from civicmap.foundation.geo import MERCATOR_LATITUDE, Box
from civicmap.web.public.blueprint import blueprint
from civicmap.web.public.map_feed import revision_of_cities
from civicmap.web.public.tiles import list_first_tiles
from civicmap.web.public.view import read_panel
from civicmap.web.shared.request_context import all_cities, settings, the_city

MARGIN = 0.09  # of the width and height of the map, on each side


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
    return render_template(
        "public/home.html",
        rows=rows,
        totals=add_up(numbers for _, numbers in rows),
        box=_around(cities) if cities else None,
        revision=revision_of_cities(),
        category_names={row.key: row.display_name for row in list_all_categories(db.session)},
    )


def _around(cities: Sequence[City]) -> Box:
    """What a map of all cities shows at first: their boxes with a margin, for what is drawn at the
    place of a city is larger than the city."""
    box = Box.around(corner for city in cities for corner in city.box.corners)
    aside = max(0.02, MARGIN * (box.east - box.west))
    above = max(0.02, MARGIN * (box.north - box.south))
    return Box(
        max(-180.0, box.west - aside),
        max(-MERCATOR_LATITUDE, box.south - above),
        min(180.0, box.east + aside),
        min(MERCATOR_LATITUDE, box.north + above),
    )


@blueprint.get("/<city_slug>/")
def city(city_slug: str) -> str:
    """The map of a city with its counters, categories and list, under the address's filters."""
    city = the_city()
    year = count_past_year(db.session, city)
    panel = read_panel(city)
    is_moved = bool(request.args.get("view"))
    return render_template(
        "public/city.html",
        **panel,
        first_tiles=[] if is_moved else list_first_tiles(city, panel["filters"]),
        year=year if year.total else None,
        tile_url=settings().tile_url,
    )
