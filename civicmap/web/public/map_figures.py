"""Numbers that go with a map: reports per month for its time bar, per district for its heat."""

from __future__ import annotations

import hashlib
import json

from flask import Response, make_response, request

from civicmap.domain.publicmap.districts import list_district_counts
from civicmap.domain.publicmap.months import count_by_month, month_of
from civicmap.domain.reports.workflow import STATUSES
from civicmap.extensions import db
from civicmap.foundation.clock import now
from civicmap.web.public.blueprint import blueprint
from civicmap.web.public.filters import read_filters
from civicmap.web.shared.request_context import the_city


@blueprint.get("/<city_slug>/months.json")
def months(city_slug: str) -> Response:
    """`{"first": "2019-03", "counts": [open, in_progress, fixed, wont_fix, …]}`: four numbers for
    each month from the first with any report to the present one, under the address's filters
    without its dates; 204 where nothing was ever reported."""
    found = count_by_month(db.session, the_city(), read_filters(request.args), now=now())
    year, month = month_of(found.first)
    counts = [count for row in found.counts for count in row]
    return _answer({"first": f"{year:04}-{month:02}", "counts": counts} if counts else None)


@blueprint.get("/<city_slug>/districts.json")
def districts_json(city_slug: str) -> Response:
    """`{slug: [open, in_progress, fixed, wont_fix], …}` of the districts under the address's
    filters but the district; 204 where there are none."""
    filters = read_filters(request.args)
    rows = list_district_counts(db.session, the_city(), filters)
    asked = filters.statuses or STATUSES
    counts = {
        row.area.slug: [row.counts[status] if status in asked else 0 for status in STATUSES]
        for row in rows
        if row.area
    }
    return _answer(counts or None)


def _answer(body: object | None) -> Response:
    """As JSON, kept by browsers but asked for each time: what was just reported shows."""
    if body is None:
        response = make_response("", 204)
    else:
        response = make_response(json.dumps(body, separators=(",", ":")))
        response.mimetype = "application/json"
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:16])
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request)
    return response
