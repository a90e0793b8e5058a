"""Take over a city's streets and houses from a file, all at once or not at all.

Rows go through COPY into temporary tables; the boundary, and which pieces make up one street, are
decided for all of them together. The old streets go and the new ones come in one transaction: who
searches meanwhile finds the old ones.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count, islice
from typing import Any

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from civicmap.domain.addresses.models import AddressImport, AddressPoint, Street, StreetName
from civicmap.domain.addresses.rows import HouseRow, Row, RowFault, StreetRow
from civicmap.domain.addresses.spelling import kind_of_street, number_key, spellings
from civicmap.domain.jurisdictions.queries import City
from civicmap.foundation.bulk_copy import copy_rows
from civicmap.foundation.clock import now
from civicmap.foundation.errors import InvalidInput
from civicmap.foundation.locales import N_, gettext

BATCH = 5_000
MOST_FAULTS = 100_000
# Pieces of one name that lie further apart than this (degrees, about a kilometre) are two streets.
APART = 0.015
_ONE_IMPORT_AT_A_TIME = 7_205_003  # key of an advisory lock


@dataclass
class ImportOutcome:
    """`read` rows gave `streets` (and named places) and `houses`; `outside` lie beyond the city."""

    read: int = 0
    streets: int = 0
    houses: int = 0
    outside: int = 0
    faults: list[RowFault] = field(default_factory=list)


def import_addresses(
    session: Session,
    *,
    city: City,
    rows: Iterable[Row],
    source: str,
    credit: str,
    on_step: Callable[[str], None] = lambda _: None,
) -> ImportOutcome:
    """Replace the streets and houses of a city by those of `rows`.

    `source` is the file's name, `credit` whom it asks to be named beside what is found. A bad row
    is among the outcome's `faults`. Raises InvalidInput when nothing lies inside the city; then
    what was there stays.
    """
    session.execute(select(func.pg_advisory_xact_lock(_ONE_IMPORT_AT_A_TIME)))
    table = _ImportTables(session, city)
    table.stage(rows)
    on_step(gettext(N_("Leaving out what is outside the city")))
    table.refuse_outside()
    if not table.is_anything_left():
        table.drop()
        raise InvalidInput(
            N_("Nothing in this file lies inside %(city)s: nothing was changed."),
            field="file",
            city=city.display_name,
        )
    on_step(gettext(N_("Putting streets together")))
    table.make_streets()
    on_step(gettext(N_("Writing streets and houses")))
    remove_addresses(session, jurisdiction_id=city.id)
    table.write()
    table.drop()
    outcome = table.outcome
    _keep_import(session, city, outcome, source, credit)
    return outcome


def remove_addresses(session: Session, *, jurisdiction_id: int) -> None:
    """Forget a city's streets and houses."""
    for model in (AddressPoint, StreetName, Street, AddressImport):
        session.execute(delete(model).where(model.jurisdiction_id == jurisdiction_id))


def _keep_import(
    session: Session, city: City, outcome: ImportOutcome, source: str, credit: str
) -> None:
    row = {
        "source": source,
        "credit": credit,
        "imported_at": now(),
        "streets": outcome.streets,
        "houses": outcome.houses,
    }
    statement = insert(AddressImport).values(jurisdiction_id=city.id, **row)
    session.execute(statement.on_conflict_do_update(index_elements=["jurisdiction_id"], set_=row))


_STREET_COLUMNS = ("place", "group_key", "kind", "way", "name", "names", "others", "shape")
_HOUSE_COLUMNS = (
    "id", "group_key", "way", "street", "names", "number", "number_key", "postcode", "point",
)  # fmt: skip
_TABLES = "incoming_streets, incoming_houses, incoming_pieces, incoming_parts, made_streets"


class _ImportTables:
    """What comes in, in temporary tables of this transaction."""

    def __init__(self, session: Session, city: City) -> None:
        self.session = session
        self.city = city
        self.outcome = ImportOutcome()

    def run(self, statement: str, **values: object) -> int:
        """Execute; how many rows it touched."""
        done = self.session.execute(text(statement), {"city": self.city.id, **values})
        return int(getattr(done, "rowcount", 0))

    def drop(self) -> None:
        """Leave nothing in the connection, which others will use."""
        self.run(f"DROP TABLE IF EXISTS {_TABLES}")

    def stage(self, rows: Iterable[Row]) -> None:
        self.drop()
        self.run("""
            CREATE TEMPORARY TABLE incoming_streets (
                place text, group_key text, kind text, way text, name text, names jsonb,
                others jsonb, shape geometry(Geometry, 4326)
            ) ON COMMIT DROP
        """)
        self.run("""
            CREATE TEMPORARY TABLE incoming_houses (
                id bigint, group_key text, way text, street text, names jsonb, number text,
                number_key text, postcode text, point geometry(Point, 4326)
            ) ON COMMIT DROP
        """)
        good, ids = self._good(rows), count(1)
        while batch := list(islice(good, BATCH)):
            streets = (_street(row) for row in batch if isinstance(row, StreetRow))
            copy_rows(self.session, "incoming_streets", _STREET_COLUMNS, streets)
            houses = (_house(next(ids), row) for row in batch if isinstance(row, HouseRow))
            copy_rows(self.session, "incoming_houses", _HOUSE_COLUMNS, houses)
        self.run("ANALYZE incoming_streets")
        self.run("ANALYZE incoming_houses")

    def _good(self, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            self.outcome.read += 1
            if not isinstance(row, RowFault):
                yield row
            elif len(self.outcome.faults) < MOST_FAULTS:
                self.outcome.faults.append(row)

    def is_anything_left(self) -> bool:
        return bool(
            self.session.scalar(
                text("""
                    SELECT EXISTS (SELECT FROM incoming_houses)
                        OR EXISTS (SELECT FROM incoming_streets)
                """)
            )
        )

    def refuse_outside(self) -> None:
        """The boundary is cut up first: asking a piece of a few corners is a hundred times quicker
        than asking a coast. Streets that lead out of the city are cut at its boundary."""
        self.run("""
            CREATE TEMPORARY TABLE incoming_pieces ON COMMIT DROP AS
            SELECT ST_Subdivide(boundary, 64) AS piece FROM jurisdictions WHERE id = :city
        """)
        self.run("CREATE INDEX ON incoming_pieces USING gist (piece)")
        self.run("ANALYZE incoming_pieces")
        self.outcome.outside = self.run("""
            DELETE FROM incoming_houses WHERE NOT EXISTS (
                SELECT FROM incoming_pieces WHERE ST_Covers(piece, point))
        """)
        self.outcome.outside += self.run("""
            DELETE FROM incoming_streets WHERE NOT EXISTS (
                SELECT FROM incoming_pieces WHERE ST_Intersects(piece, shape))
        """)
        self.run("""
            UPDATE incoming_streets SET shape = (
                SELECT ST_CollectionExtract(
                    ST_Collect(ST_Intersection(piece, shape)), ST_Dimension(shape) + 1)
                FROM incoming_pieces WHERE ST_Intersects(piece, shape))
            WHERE NOT EXISTS (SELECT FROM incoming_pieces WHERE ST_Covers(piece, shape))
        """)
        self.run("DELETE FROM incoming_streets WHERE ST_IsEmpty(shape)")

    def make_streets(self) -> None:
        """Pieces and houses of one name that lie together are a street."""
        self.run(
            """
            CREATE TEMPORARY TABLE incoming_parts ON COMMIT DROP AS
            SELECT *, ST_ClusterDBSCAN(shape, eps := :apart, minpoints := 1)
                OVER (PARTITION BY group_key) AS cluster
            FROM (
                SELECT group_key, kind, way, name, names, others, shape, NULL::bigint AS house
                FROM incoming_streets
                UNION ALL
                SELECT group_key, 'street', way, street, names, '[]', point, id
                FROM incoming_houses
            ) AS parts
            """,
            apart=APART,
        )
        self.run("""
            CREATE TEMPORARY TABLE made_streets ON COMMIT DROP AS
            SELECT nextval(pg_get_serial_sequence('streets', 'id')) AS id, grouped.*,
                ST_ClosestPoint(shape, ST_Centroid(shape)) AS middle
            FROM (
                SELECT group_key, cluster, min(kind) AS kind, min(way) AS way,
                    coalesce(mode() WITHIN GROUP (ORDER BY name) FILTER (WHERE house IS NULL),
                        mode() WITHIN GROUP (ORDER BY name)) AS name,
                    (array_agg(names ORDER BY length(names::text) DESC))[1] AS names,
                    jsonb_agg(DISTINCT others) FILTER (WHERE others <> '[]') AS others,
                    jsonb_agg(DISTINCT name) AS written,
                    coalesce(
                        ST_CollectionHomogenize(ST_Collect(shape) FILTER (WHERE house IS NULL)),
                        ST_CollectionHomogenize(ST_Collect(shape))) AS shape
                FROM incoming_parts GROUP BY group_key, cluster
            ) AS grouped
        """)
        self.run("ANALYZE made_streets")

    def write(self) -> None:
        self.outcome.streets = self.run("""
            INSERT INTO streets (id, jurisdiction_id, kind, kind_of_way, name, names, area_id,
                shape, middle_latitude, middle_longitude, house_count)
            SELECT made.id, :city, kind, way, made.name, made.names, (
                    SELECT areas.id FROM areas
                    WHERE jurisdiction_id = :city AND ST_Covers(boundary, middle)
                    ORDER BY square_metres, areas.id LIMIT 1
                ), shape::geography, ST_Y(middle), ST_X(middle), 0
            FROM made_streets AS made ORDER BY made.id
        """)
        # Two entrances of one house are one house, unless they lie apart.
        self.outcome.houses = self.run("""
            INSERT INTO address_points
                (jurisdiction_id, street_id, number, number_key, postcode, point)
            SELECT DISTINCT ON (made.id, number_key, ST_SnapToGrid(point, 0.0003))
                :city, made.id, number, number_key, postcode, point::geography
            FROM incoming_houses
            JOIN incoming_parts AS parts ON parts.house = incoming_houses.id
            JOIN made_streets AS made
                ON made.group_key = parts.group_key AND made.cluster = parts.cluster
            WHERE number_key <> ''
            ORDER BY made.id, number_key, ST_SnapToGrid(point, 0.0003), incoming_houses.id
        """)
        self.run("""
            UPDATE streets SET house_count = counted.houses
            FROM (SELECT street_id, count(*) AS houses FROM address_points
                  WHERE jurisdiction_id = :city GROUP BY street_id) AS counted
            WHERE counted.street_id = streets.id
        """)
        made = self.session.execute(
            text("SELECT id, name, names, others, written FROM made_streets ORDER BY id")
        )
        for batch in iter(lambda: made.fetchmany(BATCH), []):
            rows = [row for one in batch for row in self._names(one)]
            self.session.execute(insert(StreetName), rows)
        for table in ("streets", "street_names", "address_points"):
            self.run(f"ANALYZE {table}")

    def _names(self, made: Any) -> Iterator[dict[str, object]]:
        """A row for each different spelling; the names it is called by before those it was."""
        known = [made.name, *made.names.values(), *made.written]
        known += [other for others in made.others or () for other in others]
        said_as: dict[str, str] = {}
        for name in known:
            for key in spellings(name):
                said_as.setdefault(key, name)
        for key, said in said_as.items():
            yield {
                "street_id": made.id,
                "jurisdiction_id": self.city.id,
                "key": f" {key}",
                "said": said,
            }


def _street(row: StreetRow) -> tuple[object, ...]:
    way = kind_of_street(row.name)
    if row.kind == "place":
        lon, lat = row.lines[0][0]
        shape = f"SRID=4326;POINT({lon!r} {lat!r})"
    else:
        lines = (
            "(" + ",".join(f"{lon!r} {lat!r}" for lon, lat in line) + ")" for line in row.lines
        )
        shape = f"SRID=4326;MULTILINESTRING({','.join(lines)})"
    return (
        row.where, _group(row.name, way, row.kind), row.kind, way, row.name, _json(row.names),
        _json(row.others), shape,
    )  # fmt: skip


def _house(number: int, row: HouseRow) -> tuple[object, ...]:
    way = kind_of_street(row.street)
    point = f"SRID=4326;POINT({row.point.longitude!r} {row.point.latitude!r})"
    return (
        number, _group(row.street, way, "street"), way, row.street, _json(row.names), row.number,
        number_key(row.number), row.postcode, point,
    )  # fmt: skip


def _group(name: str, way: str, kind: str) -> str:
    """What pieces of one street share: "ul. Polna" and "Polna" do, "plac Wolności" is another."""
    key = next(iter(spellings(name)), "") or name.casefold()
    return f"{kind}/{'' if way == 'street' else way}/{key}"


def _json(value: Mapping[str, str] | tuple[str, ...]) -> str:
    return json.dumps(value, ensure_ascii=False)
