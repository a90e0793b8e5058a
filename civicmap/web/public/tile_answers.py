"""How a tile is answered, whoever hands the answer out: Flask's view or `quick_tiles.py`."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Collection
from dataclasses import replace
from typing import Any, NamedTuple

from werkzeug.datastructures import MultiDict

from civicmap.domain.publicmap.tiles.answer import Revision, TileAnswer, Tiles
from civicmap.domain.publicmap.tiles.plan import Question
from civicmap.foundation.errors import NotFound
from civicmap.foundation.locales import N_
from civicmap.foundation.reading import Moment
from civicmap.web.public.filters import read_filters
from civicmap.web.public.ready_tiles import ReadyTiles
from civicmap.web.shared.map_ground import read_ground

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
_SLUG = re.compile(r"[a-z0-9-]{1,100}")
# Numbers as they are written here: what reads the same must be the same.
_REVISION = re.compile(
    rf"{FORM}-(0|[1-9][0-9]{{0,17}})-(0|[1-9][0-9]{{0,29}})-(0|[1-9][0-9]{{0,17}})", re.ASCII
)


class Ready(NamedTuple):
    """A tile as it is sent. `revision` and `moment` as in `TileAnswer`; `validator` without
    quotes."""

    revision: Revision | None
    validator: str
    body: bytes
    gzipped: bytes
    moment: Moment | None


class Answer(NamedTuple):
    """Headers without those of every answer (`shared/security.py`)."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes


def read_question(
    city_slug: str, z: str, x: str, y: str, arguments: MultiDict[str, str]
) -> Question:
    """What an address asks for. Raises NotFound and InvalidInput."""
    if not _SLUG.fullmatch(city_slug):
        raise NotFound(N_("There is no such city here."))
    filters = replace(read_filters(arguments), ground=None)
    return Question(city_slug, read_ground(z, x, y), filters)


def find_tile(extensions: dict[str, Any], question: Question, held: Collection[str] = ()) -> Ready:
    """The tile, made before or now; without a body when somebody holds it (`held`: validators) and
    it is not kept here."""
    tiles: Tiles = extensions[TILES]
    ready_tiles: ReadyTiles[Question, Ready] = extensions[READY_TILES]
    kept = ready_tiles.get(question)
    if kept and kept.moment and kept.moment == tiles.moment():
        return kept
    known = kept.revision if kept else _revision_in(held)
    found = tiles.read(question, known=known)
    if found.is_same and kept and kept.revision == found.revision:
        ready = kept._replace(moment=found.moment)
    elif found.is_same and found.revision:
        return Ready(found.revision, _validator(found), b"", b"", None)
    else:
        ready = _prepared(found)
    if ready.revision or ready.moment:
        ready_tiles.put(question, ready, len(ready.body) + len(ready.gzipped))
    return ready


def answer_tile(
    ready: Ready, held: Collection[str], *, takes_gzip: bool, shared_seconds: int
) -> Answer:
    """304 for whoever holds it, 204 for nothing, or else the body."""
    status, body, headers = "200 OK", ready.body, []
    if ready.validator in held:
        status, body = "304 NOT MODIFIED", b""
    elif not body:
        status = "204 NO CONTENT"
        headers = [("Content-Type", "text/html; charset=utf-8")]
    else:
        is_zipped = takes_gzip and ready.gzipped
        body = ready.gzipped if is_zipped else body
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        if is_zipped:
            headers.append(("Content-Encoding", "gzip"))
    headers += (
        ("ETag", f'W/"{ready.validator}"'),
        ("Cache-Control", f"public, max-age=0, s-maxage={shared_seconds}"),
        ("Vary", "Accept-Encoding"),
    )
    return Answer(status, headers, body)


def _prepared(found: TileAnswer) -> Ready:
    zipped = len(found.body) >= LEAST_GZIPPED
    return Ready(
        found.revision,
        _validator(found),
        found.body,
        gzip.compress(found.body, GZIP_LEVEL, mtime=0) if zipped else b"",
        found.moment,
    )


def _validator(found: TileAnswer) -> str:
    if found.revision is None:
        return f"{FORM}-{hashlib.sha256(found.body).hexdigest()[:24]}"
    return f"{FORM}-{found.revision.epoch}-{found.revision.facet}-{found.revision.changes}"


def _revision_in(held: Collection[str]) -> Revision | None:
    """What somebody's validator says that they know."""
    for validator in held:
        if match := _REVISION.fullmatch(validator):
            return Revision(*map(int, match.groups()))
    return None
