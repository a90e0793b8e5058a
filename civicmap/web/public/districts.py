"""Districts compared: a map in shades and a table beside it (`comparison.py`: what these show)."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace

from flask import render_template, request

from civicmap.domain.categories.queries import list_all_categories
from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.jurisdictions.queries.outlines import get_outline
from civicmap.domain.publicmap.districts import Measure, list_district_counts
from civicmap.domain.publicmap.drawing import DrawnCity, draw_city
from civicmap.extensions import db
from civicmap.foundation.errors import InvalidInput
from civicmap.foundation.locales import N_
from civicmap.foundation.plain_text import quotable
from civicmap.web.public.blueprint import blueprint
from civicmap.web.public.comparison import Comparison
from civicmap.web.public.filters import read_filters
from civicmap.web.public.view import list_chosen_department
from civicmap.web.shared.request_context import the_city

ORDERS = ("desc", "asc", "name")
KEPT_DRAWINGS = 64


@blueprint.get("/<city_slug>/districts")
def districts(city_slug: str) -> str:
    """Districts by any of the counts (`by`), sorted (`order`), under the address's filters."""
    city = the_city()
    filters = replace(read_filters(request.args), statuses=(), area="", ground=None)
    rows = list_district_counts(db.session, city, filters)
    comparison = Comparison(city, filters, rows, _read_measure(), _read_order())
    return render_template(
        "public/districts.html",
        comparison=comparison,
        drawn=_draw(city) if comparison.lines else None,
        filters=filters,
        write_filters=comparison.write,
        every_category=list_all_categories(db.session),
        areas=[],
        departments=list_chosen_department(city.id, filters),
    )


def _read_measure() -> Measure:
    given = request.args.get("by") or Measure.TOTAL.value
    if given not in list(Measure):
        raise InvalidInput(
            N_("Districts cannot be compared by “%(given)s”."), field="by", given=quotable(given)
        )
    return Measure(given)


def _read_order() -> str:
    given = request.args.get("order") or ORDERS[0]
    if given not in ORDERS:
        raise InvalidInput(
            N_("Districts cannot be sorted by “%(given)s”."), field="order", given=quotable(given)
        )
    return given


_drawings: OrderedDict[object, DrawnCity] = OrderedDict()


def _draw(city: City) -> DrawnCity:
    """The drawing of a city, kept in this process until its outlines change."""
    key = (city.id, city.revision, city.box)
    drawn = _drawings.get(key)
    if drawn is None:
        outline = get_outline(db.session, city.id)
        drawn = _drawings[key] = draw_city(outline.boundary, outline.areas)
        if len(_drawings) > KEPT_DRAWINGS:
            _drawings.popitem(last=False)
    return drawn
