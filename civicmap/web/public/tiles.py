"""Tiles of the map's counts: the same bytes for everybody, until something changes in the tile."""

from __future__ import annotations

import json
import logging
from typing import Any

from flask import Response, current_app, request

from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.publicmap.tiles.ground import Ground
from civicmap.domain.publicmap.tiles.plan import Question
from civicmap.domain.reports.queries.public.filters import Filters
from civicmap.foundation.database import DATABASE_AWAY
from civicmap.foundation.geo import tiles_over
from civicmap.web.public.blueprint import blueprint
from civicmap.web.public.quick_tiles import FAILED
from civicmap.web.public.tile_answers import answer_tile, find_tile, read_question
from civicmap.web.shared.bare import bare
from civicmap.web.shared.errors import answers_json
from civicmap.web.shared.request_context import settings

log = logging.getLogger(__name__)

# Tiles that a city's page carries, of which each cell is some 16 px wide in its first view.
MOST_FIRST = 4
DEEPEST_FIRST = 14


@blueprint.get("/tiles/<city_slug>/<z>/<x>/<y>")
@bare
@answers_json
def tile(city_slug: str, z: str, x: str, y: str) -> Response:
    """What lies in a tile under the address's filters, of one city or of `all`; 204 when nothing.

    See docs/architecture.md for the shape. Whoever asks with the validator of what they have gets
    304 while it holds. What is asked plainly is answered by `quick_tiles.py`; here its errors are.
    """
    if failed := request.environ.get(FAILED):
        raise failed
    held = request.if_none_match.as_set(include_weak=True)
    answer = answer_tile(
        find_tile(current_app.extensions, read_question(city_slug, z, x, y, request.args), held),
        held,
        takes_gzip=request.accept_encodings["gzip"] > 0,
        shared_seconds=settings().tile_seconds,
    )
    return Response(answer.body, answer.status, answer.headers)


def list_first_tiles(city: City, filters: Filters) -> list[dict[str, Any]]:
    """The city as a few tiles, for a page to carry: `{"z": …, "x": …, "y": …, "body": {…}}`.

    A map on a slow network has something true to draw a second before its own tiles are there.
    Nothing under filters that may take a while to count, and nothing when it fails: the map asks
    for its tiles anyway.
    """
    if filters != Filters(statuses=filters.statuses):
        return []
    found = []
    try:
        for tile in tiles_over(city.box, most=MOST_FIRST, deepest=DEEPEST_FIRST):
            question = Question(city.slug, Ground(*tile), filters)
            body = find_tile(current_app.extensions, question).body
            if body:
                found.append({**tile._asdict(), "body": json.loads(body)})
    except DATABASE_AWAY as error:
        log.warning("a page goes without its first tiles: %s", type(error).__name__)
        return []
    return found
