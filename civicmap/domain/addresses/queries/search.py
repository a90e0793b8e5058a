"""Places by what somebody types: streets, houses and named places."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from civicmap.domain.addresses.naming import in_readers_words
from civicmap.domain.addresses.ranking import (
    WHOLE,
    Candidate,
    House,
    arrange_houses,
    is_written_out,
    rank,
)
from civicmap.domain.addresses.spelling import Reading, leading_number, read_question
from civicmap.domain.jurisdictions.queries import City
from civicmap.foundation.geo import Point
from civicmap.foundation.geocoders import FoundPlace, write_address
from civicmap.foundation.locales import N_, gettext

AT_MOST = 8
SHORTEST_QUESTION = 2  # letters
_CANDIDATES = 60
_SIMILAR = 20
_SHORTEST_WITH_TYPOS = 4
_ENOUGH = 3  # found by their beginnings: nobody looks for typing errors then
_LEAST_SIMILAR = 0.4  # of pg_trgm's word similarity: what the index is asked for
# Share of the typed trigrams that a name must have: more of it beside names that fit as they are.
_LIKE_ANYTHING, _LIKE_WHAT_IS_FOUND = 0.4, 0.65
_STREETS_WITH_HOUSES = 4


def search_places(
    session: Session, city: City, question: str, *, limit: int = AT_MOST
) -> list[FoundPlace]:
    """Streets, houses and named places of a city for what somebody has typed so far, best first.

    Words may be beginnings, in any order, in Latin or Cyrillic, with or without diacritics; with
    few found that way, those that are spelt alike are offered, too. Names in the reader's language.
    """
    readings = read_question(question)
    if not readings or len(readings[0].spellings[0].replace(" ", "")) < SHORTEST_QUESTION:
        return []
    found = rank(_find_by_beginnings(session, city.id, readings), readings)
    longest = max(len(spelling) for reading in readings for spelling in reading.spellings)
    is_clear = len(found) >= _ENOUGH or (found and found[0].fit == WHOLE)
    if not is_clear and longest >= _SHORTEST_WITH_TYPOS:
        there = {candidate.street_id for candidate in found}
        least = _LIKE_WHAT_IS_FOUND if found else _LIKE_ANYTHING
        similar = rank(_find_similar(session, city.id, readings), readings)
        found += [one for one in similar if one.street_id not in there and one.likeness >= least]
    return _with_houses(session, city, found, limit)


def find_written_address(session: Session, city: City, written: str) -> list[FoundPlace]:
    """The houses, or without a number the streets, that an address in words can only mean: every
    word written out, nothing spelt alike, no other number."""
    readings = read_question(written)
    if not readings:
        return []
    found = [
        candidate
        for candidate in rank(_find_by_beginnings(session, city.id, readings), readings)
        if candidate.kind == "street" and is_written_out(candidate, readings)
    ]
    numbered = [candidate for candidate in found if candidate.number][:_STREETS_WITH_HOUSES]
    houses = _find_houses(session, city, numbered) if numbered else {}
    sure = [
        FoundPlace(
            write_address(candidate.name, house.number, city.country),
            house.area or candidate.area,
            "house",
            house.point,
        )
        for candidate in numbered
        for house in houses.get(candidate.street_id, [])
        if house.key == candidate.number
    ]
    return sure or [
        FoundPlace(candidate.name, candidate.area, "street", candidate.middle)
        for candidate in found
        if not candidate.number
    ]


def _find_by_beginnings(
    session: Session, jurisdiction_id: int, readings: Sequence[Reading]
) -> list[Candidate]:
    conditions = []
    values: dict[str, object] = {"city": jurisdiction_id}
    for reading in readings:
        for spelling in reading.spellings:
            parts = []
            for word in spelling.split():
                name = f"word{len(values)}"
                values[name] = f"% {word}%"  # plain letters and digits: nothing to escape
                parts.append(f"key LIKE :{name}")
            conditions.append(f"({' AND '.join(parts)})")
    return _candidates(
        session, f"({' OR '.join(conditions)})", "house_count DESC", _CANDIDATES, values
    )


def _find_similar(
    session: Session, jurisdiction_id: int, readings: Sequence[Reading]
) -> list[Candidate]:
    spelt = {
        f"spelling{number}": spelling
        for number, spelling in enumerate(
            dict.fromkeys(one for reading in readings for one in reading.spellings)
        )
    }
    # The planner takes comparing trigrams for as cheap as comparing numbers, and would rather read
    # every name of a city: twenty times slower than the index.
    session.execute(
        text("""
            SELECT set_config('pg_trgm.word_similarity_threshold', :least, true),
                set_config('enable_seqscan', 'off', true)
        """),
        {"least": str(_LEAST_SIMILAR)},
    )
    found = _candidates(
        session,
        "(" + " OR ".join(f":{name} <% key" for name in spelt) + ")",
        "greatest(" + ", ".join(f"word_similarity(:{name}, key)" for name in spelt) + ") DESC",
        _SIMILAR,
        {"city": jurisdiction_id, **spelt},
    )
    session.execute(text("SELECT set_config('enable_seqscan', 'on', true)"))
    return found


def _candidates(
    session: Session, condition: str, order: str, limit: int, values: dict[str, object]
) -> list[Candidate]:
    rows = session.execute(
        text(f"""
            WITH named AS MATERIALIZED (
                SELECT street_id, key, said FROM street_names
                WHERE jurisdiction_id = :city AND {condition}
            )
            SELECT streets.id, key, said, streets.kind, kind_of_way, streets.name, streets.names,
                house_count, middle_latitude, middle_longitude,
                areas.name AS area_name, areas.names AS area_names
            FROM named
            JOIN streets ON streets.id = named.street_id
            LEFT JOIN areas ON areas.id = streets.area_id
            ORDER BY {order}, streets.id LIMIT {limit}
        """),  # noqa: S608 - made of constants and numbered parameters
        values,
    )
    return [
        Candidate(
            street_id=row.id,
            key=row.key.strip(),
            said=row.said,
            kind=row.kind,
            kind_of_way=row.kind_of_way,
            name=in_readers_words(row.name, row.names),
            known_as=frozenset({row.name, *row.names.values()}),
            house_count=row.house_count,
            middle=Point(row.middle_latitude, row.middle_longitude),
            area=in_readers_words(row.area_name or "", row.area_names or {}),
        )
        for row in rows
    ]


def _with_houses(
    session: Session, city: City, found: Sequence[Candidate], limit: int
) -> list[FoundPlace]:
    """The places to show: where a number was typed, houses before their streets."""
    numbered = [one for one in found if one.number][:_STREETS_WITH_HOUSES]
    houses = _find_houses(session, city, numbered) if numbered else {}
    places: list[FoundPlace] = []
    for candidate in found[:limit]:
        detail = candidate.area
        if candidate.said not in candidate.known_as:
            detail = f"{candidate.said} · {detail}" if detail else candidate.said
        is_first = candidate is found[0]
        chosen, is_exact = arrange_houses(houses.get(candidate.street_id, []), candidate.number)
        # A number that is not there is worth its neighbour on the street that is surely meant.
        wanted = chosen if is_exact or is_first else []
        for house in wanted[: limit // 2 if is_first else 2]:
            about = house.area or candidate.area
            if not is_exact:
                told = gettext(N_("the closest number there is"))
                about = f"{about} · {told}" if about else told
            name = write_address(candidate.name, house.number, city.country)
            places.append(FoundPlace(name, about, "house", house.point))
        places.append(
            FoundPlace(
                candidate.name,
                detail,
                "place" if candidate.kind == "place" else "street",
                candidate.middle,
            )
        )
    return places[:limit]


def _find_houses(
    session: Session, city: City, candidates: Sequence[Candidate]
) -> dict[int, list[House]]:
    """By street: the houses whose number begins with the one wanted, or the closest there is."""
    rows = session.execute(
        text("""
            WITH wanted AS (
                SELECT * FROM unnest(
                    cast(:streets AS bigint[]), cast(:numbers AS text[]), cast(:whole AS bigint[])
                ) AS wanted(street_id, number, whole)
            ), beginning AS (
                SELECT house.* FROM wanted CROSS JOIN LATERAL (
                    SELECT street_id, number, number_key, point FROM address_points
                    WHERE street_id = wanted.street_id AND number_key LIKE wanted.number || '%'
                    ORDER BY length(number_key), number_key LIMIT 20
                ) AS house
            ), closest AS (
                SELECT house.* FROM wanted CROSS JOIN LATERAL (
                    SELECT street_id, number, number_key, point FROM address_points
                    WHERE street_id = wanted.street_id
                    ORDER BY abs(coalesce(substring(number_key FROM '^[0-9]{1,9}')::bigint, 0)
                        - wanted.whole), number_key LIMIT 1
                ) AS house
                WHERE wanted.street_id NOT IN (SELECT street_id FROM beginning)
            )
            SELECT house.street_id, number, number_key, ST_Y(point::geometry) AS latitude,
                ST_X(point::geometry) AS longitude, area.name AS area_name,
                area.names AS area_names
            FROM (SELECT * FROM beginning UNION ALL SELECT * FROM closest) AS house
            LEFT JOIN LATERAL (
                SELECT name, names FROM areas
                WHERE jurisdiction_id = :city AND ST_Covers(boundary, point::geometry)
                ORDER BY square_metres, id LIMIT 1
            ) AS area ON true
        """),
        {
            "city": city.id,
            "streets": [one.street_id for one in candidates],
            "numbers": [one.number for one in candidates],
            "whole": [leading_number(one.number) for one in candidates],
        },
    )
    houses: dict[int, list[House]] = {}
    for row in rows:
        houses.setdefault(row.street_id, []).append(
            House(
                row.number,
                row.number_key,
                Point(row.latitude, row.longitude),
                in_readers_words(row.area_name or "", row.area_names or {}),
            )
        )
    return houses
