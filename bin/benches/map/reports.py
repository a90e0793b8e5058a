"""The statement that scatters reports over the cities, and the days they fall on.

A report's number n decides everything about it: `bench.drawn(n, salt)` are 63 bits that look random
and are the same every time. They are numbered in the order of their days, as if they had come in
one after the other, so their rows lie in the table as a city's do: by time, all places mixed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate
from math import cos, pi

YEARS = 8
YEARLY_GROWTH = 1.18
WEEKDAYS = (1.15, 1.1, 1.05, 1.05, 1.0, 0.65, 0.55)
EVENTS = 20_000  # as many of the newest reports have the event of their coming in

FUNCTIONS = """
CREATE FUNCTION bench.drawn(n bigint, salt int) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS 'SELECT hashint8extended(n, salt) & 9223372036854775807';
CREATE FUNCTION bench.share(n bigint, salt int) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS 'SELECT ((hashint8extended(n, salt) >> 11) + 4503599627370496.5) / 9007199254740992';

-- As civicmap.foundation.geo.morton; degrees.
CREATE FUNCTION bench.morton(longitude float8, latitude float8) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    x bigint := floor((longitude + 180) / 360 * 1073741824);
    y bigint := floor((1 - asinh(tan(radians(latitude))) / pi()) / 2 * 1073741824);
BEGIN
    x := (x | (x << 16)) & 281470681808895;
    x := (x | (x << 8)) & 71777214294589695;
    x := (x | (x << 4)) & 1085102592571150095;
    x := (x | (x << 2)) & 3689348814741910323;
    x := (x | (x << 1)) & 6148914691236517205;
    y := (y | (y << 16)) & 281470681808895;
    y := (y | (y << 8)) & 71777214294589695;
    y := (y | (y << 4)) & 1085102592571150095;
    y := (y | (y << 2)) & 3689348814741910323;
    y := (y | (y << 1)) & 6148914691236517205;
    RETURN x | (y << 1);
END $$;

-- Six letters as a report's number has them, different for each n below 244 million.
CREATE FUNCTION bench.number(prefix text, n bigint) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    letters constant text := '234679ACDEFGHJKMNPQRTWXYZ';
    mixed bigint := n * 98764321 % 244140625;
BEGIN
    RETURN prefix || '-' || substr(letters, (mixed / 9765625)::int + 1, 1)
        || substr(letters, (mixed / 390625 % 25)::int + 1, 1)
        || substr(letters, (mixed / 15625 % 25)::int + 1, 1)
        || substr(letters, (mixed / 625 % 25)::int + 1, 1) || '-'
        || substr(letters, (mixed / 25 % 25)::int + 1, 1)
        || substr(letters, (mixed % 25)::int + 1, 1);
END $$;
"""

# OFFSET 0 keeps the planner from working out a draw again wherever it is used.
REPORTS = """
WITH moments AS (
    SELECT n, day + interval '4 hours' + interval '17 hours'
        * (n - first + 0.5) / (last - first + 1) AS at
    FROM bench.days, generate_series(first, last) AS n WHERE chunk = %(chunk)s OFFSET 0
), drawn AS (
    SELECT n, at, extract(epoch FROM %(until)s - at)::float8 / 86400 AS age,
        bench.share(n, 1) AS sort, 2 * pi() * bench.share(n, 2) AS around,
        bench.share(n, 3) AS out, bench.share(n, 4) AS settled,
        bench.drawn(n, 5) AS word_bits, bench.drawn(n, 6) AS place_bits,
        bench.share(n, 7) + bench.share(n, 8) - 1 AS along,
        bench.share(n, 9) + bench.share(n, 10) - 1 AS across,
        bench.drawn(n, 11) %% 1000 AS rare, bench.share(n, 12) AS slow
    FROM moments OFFSET 0
), thrown AS (
    -- Metres around the centre of the city: around a hot spot, at a house of a street (every 150 m
    -- a street, every 12 m a house), anywhere, or at exactly the place where others are.
    SELECT drawn.*, c.*, u.category_id, u.department_id, u.name,
        CASE WHEN sort < 0.60 THEN s.x + s.sigma * sqrt(-2 * ln(out)) * cos(around)
            WHEN sort < 0.85 THEN street_x * cos(angle) - street_y * sin(angle)
            WHEN sort < 0.95 THEN 1.2 * radius * sqrt(out) * cos(around)
            ELSE s.pile_x END AS x0,
        CASE WHEN sort < 0.60 THEN s.y + s.sigma * sqrt(-2 * ln(out)) * sin(around)
            WHEN sort < 0.85 THEN street_x * sin(angle) + street_y * cos(angle)
            WHEN sort < 0.95 THEN 1.2 * radius * sqrt(out) * sin(around)
            ELSE s.pile_y END AS y0
    FROM drawn
    JOIN bench.city_draw w ON w.slot = (place_bits & 4095)
    JOIN bench.cities c ON c.city = w.city
    JOIN bench.spots s ON s.city = w.city AND s.slot = (place_bits >> 12 & 511)
    JOIN bench.subjects u ON u.city = w.city AND u.slot = (place_bits >> 21 & 2047)
    CROSS JOIN LATERAL (
        SELECT 150 * round(0.9 * radius * across / 150) + 10 * out - 5 AS off_street,
            12 * round(0.9 * radius * along / 12) AS on_street
    ) AS house
    CROSS JOIN LATERAL (
        SELECT CASE WHEN place_bits >> 32 & 1 = 0 THEN off_street ELSE on_street END AS street_x,
            CASE WHEN place_bits >> 32 & 1 = 0 THEN on_street ELSE off_street END AS street_y
    ) AS street
    OFFSET 0
), reached AS (
    SELECT thrown.*, sqrt(x0 * x0 + y0 * y0) AS far,
        0.99 * radius * (1 + second * sin(2 * atan2(y0, x0) + turned_2)
            + third * sin(3 * atan2(y0, x0) + turned_3)) AS reach
    FROM thrown OFFSET 0
), inside AS (
    -- What fell outside comes back in, on the same side of the city.
    SELECT reached.*, x0 * pulled AS x, y0 * pulled AS y
    FROM reached CROSS JOIN LATERAL (
        SELECT CASE WHEN far > reach THEN reach * sqrt(slow) / far ELSE 1 END AS pulled
    ) AS pull OFFSET 0
), turned AS (
    -- Column and row of the hexagon of the area, in fractions.
    SELECT inside.*, (sqrt(3) * east - north) / 3 / hexagon AS q, north * 2 / 3 / hexagon AS r
    FROM inside CROSS JOIN LATERAL (
        SELECT x * cos(angle) + y * sin(angle) AS east, y * cos(angle) - x * sin(angle) AS north
    ) AS axes OFFSET 0
), rounded AS (
    SELECT turned.*, round(q) AS q0, round(r) AS r0, round(-q - r) AS s0,
        abs(round(q) - q) AS off_q, abs(round(r) - r) AS off_r, abs(round(-q - r) + q + r) AS off_s
    FROM turned OFFSET 0
), placed AS (
    SELECT rounded.*,
        (CASE WHEN off_q > off_r AND off_q > off_s THEN -s0 - r0 ELSE q0 END)::bigint AS column_no,
        (CASE WHEN off_q > off_r AND off_q > off_s THEN r0 WHEN off_r > off_s THEN -q0 - s0
            ELSE r0 END)::bigint AS row_no,
        round((longitude + x / longitude_m)::numeric, 6)::float8 AS lon,
        round((latitude + y / 111320)::numeric, 6)::float8 AS lat,
        CASE WHEN settled < 0.05 + 0.7 * exp(-age / 20) THEN 'open'
            WHEN settled < 0.075 + 0.8 * exp(-age / 60) THEN 'in_progress'
            WHEN settled < 0.92 THEN 'fixed' ELSE 'wont_fix' END AS status,
        least(at + interval '1 day' * (0.1 - 12 * ln(slow)), %(until)s) AS moved
    FROM rounded OFFSET 0
)
INSERT INTO reports (id, jurisdiction_id, number, category_id, department_id, area_id, status,
    visibility, kind, channel, words, language, point, morton, address, placed_by, routing_reason,
    supporter_count, created_at, updated_at, status_since, department_since, fix_by, closed_at,
    version, content)
SELECT n, id, bench.number(prefix, n), category_id, department_id, area_id, status,
    CASE WHEN rare < 5 THEN 'held' WHEN rare < 10 THEN 'hidden' ELSE 'public' END,
    CASE WHEN rare < 960 THEN 'problem' ELSE 'proposal' END,
    CASE WHEN rare %% 10 < 7 THEN 'web' ELSE 'phone' END,
    placed.name || ', ' || streets.name || '. ' || tails.words, placed.language,
    ST_SetSRID(ST_MakePoint(lon, lat), 4326), bench.morton(lon, lat),
    streets.name || ' ' || 1 + (word_bits >> 15 & 127), 'pin', '{}', greatest(rare - 900, 0),
    at, moved, moved, at, at + interval '14 days',
    CASE WHEN status IN ('fixed', 'wont_fix') THEN moved END,
    1, CASE WHEN rare IN (20, 21) THEN 'held' ELSE 'shown' END
FROM placed
JOIN bench.streets ON streets.language = placed.language AND streets.slot = (word_bits & 511)
JOIN bench.tails ON tails.language = placed.language AND tails.slot = (word_bits >> 11 & 15)
LEFT JOIN bench.hexagons h ON h.city = placed.city AND h.q = column_no AND h.r = row_no
"""

NEWEST_EVENTS = """
INSERT INTO report_events (report_id, at, kind, is_public, actor, words, old, new, version)
SELECT id, created_at, 'reported', true, 'reporter', '', '{}', '{}', 1
FROM reports WHERE id > %(reports)s - %(events)s ORDER BY id
"""


def days(reports: int, last: date, chunk: int) -> Iterator[tuple[date, int, int, int]]:
    """(day, first and last number of its reports, chunk of about `chunk` reports they go in).

    Eight years up to `last`, more every year, more in spring and after the winter, fewer at
    weekends.
    """
    count = 365 * YEARS + 2
    all_days = [last - timedelta(days=count - 1 - n) for n in range(count)]
    weights = [
        YEARLY_GROWTH ** (n / 365)
        * WEEKDAYS[day.weekday()]
        * (1 + 0.22 * cos(2 * pi * (day.timetuple().tm_yday - 95) / 365))
        for n, day in enumerate(all_days)
    ]
    whole = sum(weights)
    begun = 0
    for day, until in zip(all_days, accumulate(weights), strict=True):
        ended = reports if day == last else round(reports * until / whole)
        if ended > begun:
            yield day, begun + 1, ended, begun // chunk
        begun = ended
