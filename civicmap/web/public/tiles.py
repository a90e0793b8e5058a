"""Tiles of the map's counts: the same bytes for everybody, until something changes in the tile."""

from __future__ import annotations

import gzip
import hashlib
import json
import logging
import re
from dataclasses import replace
from typing import Any, NamedTuple

from flask import Response, current_app, request

from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.publicmap.tiles.answer import Revision, TileAnswer, Tiles
from civicmap.domain.publicmap.tiles.ground import Ground
from civicmap.domain.publicmap.tiles.plan import Question
from civicmap.domain.reports.queries.public.filters import Filters
from civicmap.foundation.database import DATABASE_AWAY
from civicmap.foundation.errors import NotFound
from civicmap.foundation.geo import tiles_over
from civicmap.foundation.locales import N_
from civicmap.web.public.blueprint import blueprint
from civicmap.web.public.filters import read_filters
from civicmap.web.public.ready_tiles import ReadyTiles
from civicmap.web.shared.bare import bare
from civicmap.web.shared.errors import answers_json
from civicmap.web.shared.map_ground import read_ground
from civicmap.web.shared.request_context import settings

log = logging.getLogger(__name__)

# Grows when the same counts are told in another form.
FORM = 1
# In `app.extensions`: what tiles are answered from.
TILES = "tiles"
# And those that were made already.
READY_TILES = "ready_tiles"
# Measured on tiles of 1,000 cells: 1 takes a third of the time of 6 and gives a tenth more bytes.
GZIP_LEVEL = 1
# Below that nothing is gained.
LEAST_GZIPPED = 500
# Tiles that a city's page carries, of which each cell is some 16 px wide in its first view.
MOST_FIRST = 4
DEEPEST_FIRST = 14
_SLUG = re.compile(r"[a-z0-9-]{1,100}")
# Numbers as they are written here: what reads the same must be the same.
_REVISION = re.compile(
    rf"{FORM}-(0|[1-9][0-9]{{0,17}})-(0|[1-9][0-9]{{0,29}})-(0|[1-9][0-9]{{0,17}})", re.ASCII
)


class Ready(NamedTuple):
    """A tile as it is sent. `revision` as in `TileAnswer`; `validator` without quotes."""

    revision: Revision | None
    validator: str
    body: bytes
    gzipped: bytes


@blueprint.get("/tiles/<city_slug>/<z>/<x>/<y>")
@bare
@answers_json
def tile(city_slug: str, z: str, x: str, y: str) -> Response:
    """What lies in a tile under the address's filters, of one city or of `all`; 204 when nothing.

    See docs/architecture.md for the shape. Whoever asks with the validator of what they have gets
    304 while it holds.
    """
    if not _SLUG.fullmatch(city_slug):
        raise NotFound(N_("There is no such city here."))
    filters = replace(read_filters(request.args), ground=None)
    question = Question(city_slug, read_ground(z, x, y), filters)
    held = request.if_none_match.as_set(include_weak=True)
    return _answer(_find(question, _revision_in(held)), held)


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
            body = _find(Question(city.slug, Ground(*tile), filters)).body
            if body:
                found.append({**tile._asdict(), "body": json.loads(body)})
    except DATABASE_AWAY as error:
        log.warning("a page goes without its first tiles: %s", type(error).__name__)
        return []
    return found


def _find(question: Question, known: Revision | None = None) -> Ready:
    """The tile, made before or now; without a body when it is as at the revision `known` and not
    kept here."""
    tiles: Tiles = current_app.extensions[TILES]
    ready_tiles: ReadyTiles[Question, Ready] = current_app.extensions[READY_TILES]
    kept = ready_tiles.get(question)
    found = tiles.read(question, known=kept.revision if kept else known)
    if found.is_same and kept and kept.revision == found.revision:
        return kept
    if found.is_same and found.revision:
        return Ready(found.revision, _validator(found), b"", b"")
    ready = _prepared(found)
    if ready.revision:
        ready_tiles.put(question, ready, len(ready.body) + len(ready.gzipped))
    return ready


def _answer(ready: Ready, held: set[str]) -> Response:
    if ready.validator in held:
        response = Response(status=304)
    elif not ready.body:
        response = Response(status=204)
    elif ready.gzipped and request.accept_encodings["gzip"] > 0:
        response = Response(ready.gzipped, mimetype="application/json")
        response.headers["Content-Encoding"] = "gzip"
    else:
        response = Response(ready.body, mimetype="application/json")
    headers = response.headers
    headers["ETag"] = f'W/"{ready.validator}"'
    headers["Cache-Control"] = f"public, max-age=0, s-maxage={settings().tile_seconds}"
    headers["Vary"] = "Accept-Encoding"
    return response


def _prepared(found: TileAnswer) -> Ready:
    zipped = len(found.body) >= LEAST_GZIPPED
    return Ready(
        found.revision,
        _validator(found),
        found.body,
        gzip.compress(found.body, GZIP_LEVEL, mtime=0) if zipped else b"",
    )


def _validator(found: TileAnswer) -> str:
    if found.revision is None:
        return f"{FORM}-{hashlib.sha256(found.body).hexdigest()[:24]}"
    return f"{FORM}-{found.revision.epoch}-{found.revision.facet}-{found.revision.changes}"


def _revision_in(held: set[str]) -> Revision | None:
    """What somebody's validator says that they know."""
    for validator in held:
        if match := _REVISION.fullmatch(validator):
            return Revision(*map(int, match.groups()))
    return None
