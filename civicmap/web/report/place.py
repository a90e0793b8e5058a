"""What the form's script asks while a person answers: who will have it, is it known already."""

from __future__ import annotations

from flask import Response, jsonify, render_template, request, url_for

from civicmap.domain.categories.queries import get_offered_category, list_offered_categories
from civicmap.domain.jurisdictions.queries import City, find_areas_at, get_area_middle
from civicmap.domain.reports.examination import OutsideCity, check_place
from civicmap.domain.reports.queries.expectation import get_expectation
from civicmap.domain.reports.queries.public.nearby import find_nearby
from civicmap.extensions import db
from civicmap.foundation.clock import now
from civicmap.foundation.geo import Point, parse_position
from civicmap.foundation.locales import current_language, local_date
from civicmap.web.report.blueprint import blueprint
from civicmap.web.shared.errors import answers_json
from civicmap.web.shared.forms import read_key
from civicmap.web.shared.request_context import the_city

KEPT_SECONDS = 3600  # other words change when categories do


@blueprint.get("/<city_slug>/report/route")
@answers_json
def route(city_slug: str) -> tuple[Response, int] | Response:
    """`?lat=…&lon=…` (degrees) or `?area=slug`, and `&category=key` once there is one.

    `{"area": name}`, with a category also `{"department", "fix_by"}`, both in words. Outside the
    city 400 with `{"error", "nearest": {"name", "address"}}`.
    """
    city = the_city()
    point = _asked_point(city)
    try:
        check_place(db.session, city=city, point=point)
    except OutsideCity as outside:
        return jsonify({"error": str(outside), "nearest": _nearest(city, outside, point)}), 400
    areas = find_areas_at(db.session, city.id, point)
    known = {"area": areas[0].display_name if areas else ""}
    if key := read_key(request.args.get("category")):
        category = get_offered_category(db.session, city.id, key)
        expected = get_expectation(db.session, city=city, category=category, areas=areas, at=now())
        known["department"] = expected.department_name
        known["fix_by"] = local_date(expected.fix_by)
    return _fresh(jsonify(known))


@blueprint.get("/<city_slug>/report/other-words.json")
def other_words(city_slug: str) -> Response:
    """Other words for each category, in all languages of the city: `{"key": "words …"}`.

    For the search of the form. By itself, because most people choose from the list, and the words
    weigh as much as all the rest of the page.
    """
    city = the_city()
    languages = dict.fromkeys([current_language(), *city.languages])
    answered = jsonify(
        {
            category.key: category.search_words(list(languages)).lower()
            for category in list_offered_categories(db.session, city.id)
        }
    )
    answered.headers["Cache-Control"] = f"private, max-age={KEPT_SECONDS}"
    answered.vary.update(["Cookie", "Accept-Language"])
    return answered


@blueprint.get("/<city_slug>/report/nearby")
@answers_json
def nearby(city_slug: str) -> Response:
    """Waiting reports of `?category=key` around `?lat=…&lon=…`: `{"count", "html"}`."""
    city = the_city()
    category = get_offered_category(db.session, city.id, read_key(request.args.get("category")))
    found = []
    if not read_key(request.args.get("area")):
        found = find_nearby(
            db.session,
            city.id,
            category_id=category.id,
            point=_asked_point(city),
            radius=category.duplicate_radius,
        )
    html = render_template("report/nearby_cards.html", nearby=found, category=category)
    return _fresh(jsonify({"count": len(found), "html": html}))


def _asked_point(city: City) -> Point:
    if area := read_key(request.args.get("area")):
        return get_area_middle(db.session, city.id, area)
    return parse_position(request.args.get("lat", ""), request.args.get("lon", ""))


def _nearest(city: City, outside: OutsideCity, point: Point) -> dict[str, str] | None:
    nearest = outside.nearest
    if nearest is None or nearest.id == city.id:
        return None
    address = url_for("report.start", city_slug=nearest.slug, position=str(point))
    return {"name": nearest.display_name, "address": address}


def _fresh(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
