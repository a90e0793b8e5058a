"""Where words are looked for: the shelves of the index of words that a ground and some days touch.

The index keeps every word under its report's shelf: a cell of level 12 (6 km wide in Poznań) and a
span of 194 days. Asked shelf by shelf, it does not go through what other cities and years have of
a word; most shelves have none of it, and say so in microseconds. `shelved_words` (migration 0017)
puts the shelf in front of each word, and beside them stands the spot, a cell of level 14, so that a
small ground need not look at all that its shelf has of a word.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Subquery, column, text

from civicmap.domain.publicmap.pyramid.facets import CITY_BITS, FINEST, cell
from civicmap.domain.reports.queries.public.filters import Filters
from civicmap.domain.reports.queries.public.words import words_to_seek
from civicmap.foundation.geo.ground import Range, piece_range

SHELF_LEVEL = 12
SPOT_LEVEL = 14
# A span is 2^24 seconds; what was sent before 1970 stands with what was sent first.
SPAN_BITS = 24
LATEST_SPAN = 1_000_000
_EPOCH = date(1970, 1, 1)
_SECONDS_A_DAY = 86_400
# Clocks are up to 14 hours from UTC, and a day ends where the next one begins.
_DAYS_BEFORE, _DAYS_AFTER = 1, 2


def _span(extreme: str) -> str:
    """The span of a city's first (`min`) or last (`max`) report."""
    return f"""(
        SELECT greatest(0, floor(extract(epoch FROM {extreme}(created_at) AT TIME ZONE 'UTC')))
            ::bigint >> {SPAN_BITS}
        FROM reports WHERE jurisdiction_id = cities.id AND visibility = 'public'
    )"""  # noqa: S608 - constants of this file


# The shelves of the `cities` on a ground, newest first: a row for each span, with a query for each
# cell. A wide ground has many cells without reports, which the pyramid knows; reports that it has
# still to count stand among the changes that wait. Spots: see `shelf_values`.
SHELVES = f"""
    shelf_words AS MATERIALIZED (
        SELECT regexp_replace(to_tsquery('simple', CAST(:words AS text))::text, '''(?!:)', '''@',
            'g') AS words
    ),
    shelf_spans AS MATERIALIZED (
        SELECT id AS city,
            greatest({_span("min")}, CAST(:first_span AS bigint)) AS first,
            least({_span("max")}, CAST(:last_span AS bigint)) AS last
        FROM cities
    ),
    shelf_places AS MATERIALIZED (
        SELECT cities.id AS city, cell - {cell(SHELF_LEVEL, 0)} AS place, '' AS spots
        FROM cities CROSS JOIN unnest(CAST(:wide_low AS bigint[]), CAST(:wide_high AS bigint[]))
            AS ranges (low, high)
        CROSS JOIN LATERAL (
            SELECT cell FROM map_cells
            WHERE facet = cities.id << {CITY_BITS} AND cell BETWEEN low AND high OFFSET 0
        ) AS kept
        UNION
        SELECT waiting.*, ''
        FROM unnest(CAST(:waiting_low AS bigint[]), CAST(:waiting_high AS bigint[]))
            AS ranges (low, high)
        CROSS JOIN LATERAL (
            SELECT jurisdiction_id, code >> {2 * (FINEST - SHELF_LEVEL)} FROM map_deltas
            WHERE jurisdiction_id = ANY(ARRAY(SELECT id FROM cities)) AND code BETWEEN low AND high
            OFFSET 0
        ) AS waiting
        UNION
        SELECT cities.id, place, spots FROM cities
        CROSS JOIN unnest(CAST(:near AS bigint[]), CAST(:spots AS text[])) AS near (place, spots)
    ),
    shelves AS MATERIALIZED (
        SELECT span, array_agg(CAST(
            replace('(' || replace(words, '@', 's' || span || 'c' || place || 'x') || ')' || spots,
                '#', 's' || span || 'k') AS tsquery)) AS queries
        FROM shelf_words, (
            SELECT DISTINCT span, place, spots FROM shelf_places JOIN shelf_spans USING (city)
            CROSS JOIN LATERAL generate_series(first, last) AS span
        ) AS wanted
        WHERE words <> '' GROUP BY span ORDER BY span DESC
    )
"""  # noqa: S608 - constants of this file

_OF_CITY = text(
    f"""
    WITH cities AS MATERIALIZED (SELECT CAST(:shelf_city AS bigint) AS id), {SHELVES}
    SELECT span, queries FROM shelves
    """  # noqa: S608 - constants of this file
)


def shelves_of(jurisdiction_id: int, filters: Filters) -> Subquery | None:
    """The shelves on which a city's reports under these filters stand; None without words."""
    words = words_to_seek(filters.text)
    if not words:
        return None
    pieces = filters.ground.pieces if filters.ground else ((0, 0),)
    values = shelf_values(words, pieces, filters.since, filters.until)
    asked = _OF_CITY.bindparams(shelf_city=jurisdiction_id, **values)
    return asked.columns(column("span"), column("queries")).subquery("shelves")


def shelf_values(
    words: str, pieces: Iterable[Range], since: date | None, until: date | None
) -> dict[str, Any]:
    """The values of `SHELVES`, for a ground of whole cells (level, code) and days, inclusive."""
    wide: list[Range] = []
    near: dict[int, set[int] | None] = {}
    for level, code in pieces:
        if level < SHELF_LEVEL:
            wide.append((level, code))
        elif level < SPOT_LEVEL:
            near[code >> 2 * (level - SHELF_LEVEL)] = None
        else:
            spots = near.setdefault(code >> 2 * (level - SHELF_LEVEL), set())
            if spots is not None:
                spots.add(code >> 2 * (level - SPOT_LEVEL))
    cells = [piece_range(*piece, SHELF_LEVEL) for piece in wide]
    waiting = [piece_range(*piece, FINEST) for piece in wide]
    return {
        "words": words,
        "first_span": _span_of(since, -_DAYS_BEFORE) if since else 0,
        "last_span": _span_of(until, _DAYS_AFTER) if until else LATEST_SPAN,
        "wide_low": [cell(SHELF_LEVEL, low) for low, _ in cells],
        "wide_high": [cell(SHELF_LEVEL, high) for _, high in cells],
        "waiting_low": [low for low, _ in waiting],
        "waiting_high": [high for _, high in waiting],
        "near": list(near),
        "spots": [_narrowed(spots) for spots in near.values()],
    }


def _span_of(day: date, later: int) -> int:
    days = (day - _EPOCH).days + later
    return max(0, days * _SECONDS_A_DAY) >> SPAN_BITS


def _narrowed(spots: set[int] | None) -> str:
    """The end of a query for the words in these spots of a shelf, or (None) in all of it."""
    return f" & ({' | '.join(f'#{spot}' for spot in sorted(spots))})" if spots else ""
