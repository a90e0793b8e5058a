"""What the search box and the line under the crosshair ask: places by name, the address of a place.

What people search is not logged, and leaves this installation only for the geocoder that its
operator set (`CIVICMAP_GEOCODER`), without anything about the person.
"""

from __future__ import annotations

from flask import Response, jsonify, request

from civicmap.domain.addresses.spelling import LONGEST_QUESTION
from civicmap.domain.reports.examination import check_place
from civicmap.extensions import db
from civicmap.foundation.geo import parse_position
from civicmap.foundation.plain_text import clean_text
from civicmap.web.report.blueprint import blueprint
from civicmap.web.shared.allowance import use_allowance
from civicmap.web.shared.errors import answers_json
from civicmap.web.shared.kiosk import is_kiosk
from civicmap.web.shared.place_finder import address_at, search
from civicmap.web.shared.request_context import settings, the_city

KEPT_SECONDS = 300  # by the browser that asked, nobody else


@blueprint.get("/<city_slug>/report/places")
@answers_json
def places(city_slug: str) -> Response:
    """`?q=words`, `&typing=1` while they may not be complete.

    `{"places": [{"name", "detail", "kind": house | street | place, "lat", "lon"}], "state": ok |
    enter | down | none, "credit": whom to name}`; degrees in WGS 84.
    """
    question = clean_text(request.args.get("q", ""), field="q", limit=LONGEST_QUESTION)
    use_allowance(settings().address_limit, "place search")
    finding = search(the_city(), question, is_typing=request.args.get("typing") == "1")
    return _kept(
        {
            "places": [
                {
                    "name": place.name,
                    "detail": place.detail,
                    "kind": place.kind,
                    "lat": round(place.point.latitude, 6),
                    "lon": round(place.point.longitude, 6),
                }
                for place in finding.places
            ],
            "state": finding.state,
            "credit": finding.credit,
        },
        finding.state != "down",
    )


@blueprint.get("/<city_slug>/report/address")
@answers_json
def address(city_slug: str) -> Response:
    """`?lat=…&lon=…` (degrees, WGS 84): `{"address", "sign", "state": ok | down | none}`.

    `address` is for the reader, `sign` as the street's sign has it; "" when there is none. Outside
    the city 400.
    """
    city = the_city()
    point = parse_position(request.args.get("lat", ""), request.args.get("lon", ""))
    check_place(db.session, city=city, point=point)
    use_allowance(settings().address_limit, "address")
    found = address_at(city, point)
    return _kept(
        {"address": found.address, "sign": found.sign, "state": found.state}, found.state != "down"
    )


def _kept(body: dict[str, object], is_whole: bool) -> Response:
    response = jsonify(body)
    # The next person at a terminal is somebody else.
    is_kept = is_whole and not is_kiosk()
    response.headers["Cache-Control"] = (
        f"private, max-age={KEPT_SECONDS}" if is_kept else "no-store"
    )
    # Names come in the reader's language.
    response.vary.update(["Cookie", "Accept-Language"])
    return response
