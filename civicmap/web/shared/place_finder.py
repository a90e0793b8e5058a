"""Finding a place by its address, and the address of a place, whoever knows it.

The embedded streets and houses answer from the database. A foreign geocoder, where one is set, is
asked in turns, outside of any transaction, and what it answers is kept. Nothing here ever stops a
report: whoever gets no answer points on the map or writes the address down.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from flask import current_app

from civicmap.domain.addresses.actions.foreign import (
    keep_answer,
    note_answered,
    note_failure,
    take_turn,
)
from civicmap.domain.addresses.queries.kept import find_answer, find_import
from civicmap.domain.addresses.queries.nearest import (
    NEAR_STREET_M,
    NearestAddress,
    find_nearest_address,
)
from civicmap.domain.addresses.queries.search import (
    SHORTEST_QUESTION,
    find_written_address,
    search_places,
)
from civicmap.domain.addresses.spelling import shares_a_word
from civicmap.domain.jurisdictions.queries import City, find_areas_at, which_are_inside
from civicmap.extensions import db
from civicmap.foundation.errors import TooMany
from civicmap.foundation.geo import Point, distance_m
from civicmap.foundation.geocoders import ForeignGeocoder, FoundPlace, GeocoderAway
from civicmap.foundation.locales import current_language
from civicmap.foundation.transaction import transaction
from civicmap.web.shared.allowance import use_allowance
from civicmap.web.shared.request_context import settings

log = logging.getLogger(__name__)

# ok: this is what there is. enter: more is found once the question is complete (Nominatim may not
# be asked while somebody types). down: the geocoder does not answer. none: nothing to search in.
State = Literal["ok", "enter", "down", "none"]

KEPT = timedelta(days=30)
NOTHING_KEPT = timedelta(days=1)  # that there is nothing may be mended tomorrow
SEARCH_PATIENCE_SECONDS = 2.0  # for a turn
REVERSE_PATIENCE_SECONDS = 0.5
# Decimals of a degree: cells of about 11 m. Neighbours share an answer, and nobody abroad learns
# the exact spot.
CELL_DECIMALS = 4
MOST_PARTS = 4
LONG_STREET_M = 2_000  # from anywhere on a street to its middle

OPENSTREETMAP = "© OpenStreetMap contributors"


@dataclass(frozen=True)
class Finding:
    """What was found, how it stands with the search, and whom to name beside it."""

    places: list[FoundPlace] = field(default_factory=list)
    state: State = "ok"
    credit: str = ""


@dataclass(frozen=True)
class AddressAt:
    """The address of a point for the reader, "" when none is known; `sign` is what stands on the
    street's sign, as far as that is known."""

    address: str = ""
    sign: str = ""
    state: State = "ok"


def search(city: City, question: str, *, is_typing: bool) -> Finding:
    """Places of a city for what somebody typed; `is_typing`: they may not be done."""
    geocoder = _geocoder()
    there = find_import(db.session, city.id)
    own = search_places(db.session, city, question) if there else []
    credit = there.credit if there and own else ""
    if geocoder is None:
        return Finding(own, "ok" if there else "none", credit)
    if len(question) < SHORTEST_QUESTION:
        return Finding()
    if is_typing and not geocoder.address.completes:
        return Finding(own, "ok" if own else "enter", credit)
    try:
        found = _ask(
            geocoder,
            _digest(geocoder, city, "search", " ".join(question.casefold().split())),
            lambda languages: _inside(
                city, geocoder.search(question, box=city.box, languages=languages)
            ),
            city,
            patience_seconds=SEARCH_PATIENCE_SECONDS,
        )
    except GeocoderAway:
        return Finding(own, "down", credit)
    return Finding(found or own, "ok", OPENSTREETMAP if found else credit)


def address_at(city: City, point: Point) -> AddressAt:
    """The address of a point inside a city, as far as anybody knows."""
    own = find_nearest_address(db.session, city, point)
    geocoder = _geocoder()
    if geocoder is None or (own and own.kind == "house"):
        state: State = "ok" if own or find_import(db.session, city.id) else "none"
        return _told(own, state)
    cell = Point(round(point.latitude, CELL_DECIMALS), round(point.longitude, CELL_DECIMALS))
    try:
        found = _ask(
            geocoder,
            _digest(geocoder, city, "reverse", str(cell)),
            lambda languages: _close(cell, geocoder.reverse(cell, languages=languages)),
            city,
            patience_seconds=REVERSE_PATIENCE_SECONDS,
        )
    except GeocoderAway:
        return _told(own, "down")
    return AddressAt(found[0].name, found[0].name) if found else _told(own, "ok")


def _told(own: NearestAddress | None, state: State) -> AddressAt:
    return AddressAt(own.name, own.sign, state) if own else AddressAt(state=state)


def locate_words(city: City, words: str, area: str) -> FoundPlace | None:
    """Where an address told in words is, if that is sure: inside the district `area` (its slug), if
    one was chosen. Never raises for what others do wrong."""
    parts = [part.strip() for part in words.split(",") if part.strip()][:MOST_PARTS]
    questions = [", ".join(parts[:count]) for count in range(len(parts), 0, -1)]
    for question in questions:
        for place in find_written_address(db.session, city, question):
            if _is_in(city, place, area):
                return place
    if _geocoder() is None or not questions:
        return None
    try:
        use_allowance(settings().address_limit, "place search")
    except TooMany:
        return None
    for place in search(city, questions[0], is_typing=False).places:
        if place.kind != "place" and shares_a_word(place.name, words) and _is_in(city, place, area):
            return place
    return None


def _is_in(city: City, place: FoundPlace, area: str) -> bool:
    areas = find_areas_at(db.session, city.id, place.point)
    return not area or any(one.slug == area for one in areas)


def _geocoder() -> ForeignGeocoder | None:
    found: ForeignGeocoder | None = current_app.extensions["geocoder"]
    return found


def _digest(geocoder: ForeignGeocoder, city: City, *asked: str) -> str:
    """What an answer is kept under. Keyed, so that nobody finds out by guessing what was asked."""
    text = "\n".join([geocoder.address.name, str(city.id), current_language(), *asked])
    key: str = current_app.config["SECRET_KEY"]
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()


def _ask(
    geocoder: ForeignGeocoder,
    digest: str,
    question: Callable[[str], list[FoundPlace]],
    city: City,
    *,
    patience_seconds: float,
) -> list[FoundPlace]:
    """The kept answer, or a new one when it is our turn. Raises GeocoderAway."""
    kept = find_answer(db.session, digest)
    if kept is not None:
        return kept
    name = geocoder.address.name
    with transaction(db.session):
        wait = take_turn(
            db.session,
            name=name,
            rate=geocoder.address.rate,
            patience_seconds=patience_seconds,
        )
    if isinstance(wait, str):
        raise GeocoderAway(wait)
    # From here on no connection of the database is held: others may have it meanwhile.
    time.sleep(wait)
    try:
        found = question(f"{current_language()},{city.languages[0]};q=0.8,*;q=0.5")
    except GeocoderAway as away:
        with transaction(db.session):
            rests = note_failure(db.session, name=name, rest_seconds=away.rest_seconds)
        log.warning(
            "geocoder away: %s%s", away.reason, "; nobody asks it for a while" if rests else ""
        )
        raise
    with transaction(db.session):
        note_answered(db.session, name=name)
        keep_answer(db.session, key=digest, places=found, lasts=KEPT if found else NOTHING_KEPT)
    return found


def _inside(city: City, places: list[FoundPlace]) -> list[FoundPlace]:
    """Those inside the boundary: the box that the other side was given is larger."""
    inside = which_are_inside(db.session, city.id, [place.point for place in places])
    kept = [place for place, is_inside in zip(places, inside, strict=True) if is_inside]
    # A street in several pieces comes several times.
    return list({(place.name, place.detail): place for place in reversed(kept)}.values())[::-1]


def _close(asked: Point, places: list[FoundPlace]) -> list[FoundPlace]:
    """The address at a point is close to it; of a street only the middle is told."""
    return [
        place
        for place in places
        if distance_m(asked, place.point)
        <= (LONG_STREET_M if place.kind == "street" else NEAR_STREET_M)
    ]
