"""The temporary table that rows of an import go through, so that all are compared at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.reports.import_mapping import ImportMapping
from civicmap.domain.reports.import_rows import ImportedReport, Row, RowFault, RowSkipped
from civicmap.domain.reports.numbers import new_number
from civicmap.foundation.bulk_copy import copy_rows
from civicmap.foundation.geo import Point, look_swapped, morton
from civicmap.foundation.locales import N_, gettext

BATCH = 5_000
_COLUMNS = (
    "line", "external_id", "number", "category", "department", "department_name", "status",
    "created_at", "closed_at", "point", "morton", "address", "words", "outcome",
)  # fmt: skip


@dataclass
class ImportOutcome:
    """`read` rows were `added` (also `by_status`), `there_already`, `skipped` or `faults`."""

    read: int = 0
    added: int = 0
    there_already: int = 0
    skipped: int = 0
    faults: list[RowFault] = field(default_factory=list)
    by_status: dict[str, int] = field(default_factory=dict)
    departments: list[str] = field(default_factory=list)


class ImportTable:
    """`import_rows` in the database: one row for each report that may be written."""

    def __init__(self, session: Session, city: City, mapping: ImportMapping) -> None:
        self.session = session
        self.city = city
        self.mapping = mapping
        self.outcome = ImportOutcome()
        self.parameters = {"city": city.id, "source": mapping.source}

    def run(self, statement: str, **values: object) -> None:
        self.session.execute(text(statement), {**self.parameters, **values})

    def ask(self, statement: str) -> Sequence[Any]:
        return self.session.execute(text(statement), self.parameters).all()

    def count(self, statement: str) -> int:
        return int(self.session.execute(text(statement), self.parameters).scalar_one())

    def stage(self, rows: Iterable[Row]) -> None:
        """Copy the good rows into `import_rows`."""
        self.drop()
        self.run("""
            CREATE TEMPORARY TABLE import_rows (
                line bigint PRIMARY KEY, external_id text, number text, category text,
                department text, department_name text, status text,
                created_at timestamptz, closed_at timestamptz, point geometry(Point, 4326),
                morton bigint, address text, words text, outcome text,
                department_id bigint, area_id bigint, area_slugs text[], reason jsonb
            ) ON COMMIT DROP
        """)
        good = self._good(rows)
        while batch := list(islice(good, BATCH)):
            self._copy(batch)
        self.run("ANALYZE import_rows")

    def drop(self) -> None:
        """Leave nothing in the connection, which others will use."""
        self.run("DROP TABLE IF EXISTS import_rows, import_pieces, import_written")

    def _good(self, rows: Iterable[Row]) -> Iterator[ImportedReport]:
        for row in rows:
            self.outcome.read += 1
            if isinstance(row, RowFault):
                self.outcome.faults.append(row)
            elif isinstance(row, RowSkipped):
                self.outcome.skipped += 1
            else:
                yield row

    def _copy(self, batch: Iterable[ImportedReport]) -> None:
        prefix = self.city.number_prefix
        copy_rows(
            self.session,
            "import_rows",
            _COLUMNS,
            (
                (
                    row.line,
                    row.external_id,
                    new_number(prefix),
                    row.category,
                    row.department,
                    row.department_name,
                    row.status,
                    row.created_at.isoformat(),
                    row.closed_at.isoformat() if row.closed_at else None,
                    f"SRID=4326;POINT({row.point.longitude!r} {row.point.latitude!r})",
                    morton(row.point),
                    row.address,
                    row.words,
                    row.outcome,
                )
                for row in batch
            ),
        )

    def draw_again(self) -> bool:
        """Give other numbers to the rows whose number was taken; whether there are any."""
        taken = self.ask("""
            SELECT line FROM import_rows JOIN reports USING (number)
            WHERE NOT EXISTS (
                SELECT FROM import_written WHERE import_written.line = import_rows.line
            )
        """)
        for (line,) in taken:
            self.run(
                "UPDATE import_rows SET number = :number WHERE line = :line",
                number=new_number(self.city.number_prefix),
                line=line,
            )
        return bool(taken)

    def drop_what_is_there(self) -> None:
        self.outcome.there_already = self.count("""
            WITH there AS (
                DELETE FROM import_rows USING reports
                WHERE reports.jurisdiction_id = :city AND reports.source = :source
                    AND reports.external_id = import_rows.external_id
                RETURNING import_rows.line
            ) SELECT count(*) FROM there
        """)

    def is_anything_left(self) -> bool:
        return self.count("SELECT count(*) FROM import_rows") > 0

    def refuse_outside(self) -> None:
        """Rows outside the boundary are faults. The boundary is cut up first: asking a piece of a
        few corners is a hundred times quicker than asking a coast."""
        self.run("""
            CREATE TEMPORARY TABLE import_pieces ON COMMIT DROP AS
            SELECT NULL::bigint AS area_id, ST_Subdivide(boundary, 64) AS piece
            FROM jurisdictions WHERE id = :city
            UNION ALL
            SELECT id, ST_Subdivide(boundary, 64) FROM areas WHERE jurisdiction_id = :city
        """)
        self.run("CREATE INDEX ON import_pieces USING gist (piece)")
        self.run("ANALYZE import_pieces")
        outside = self.ask("""
            DELETE FROM import_rows
            WHERE NOT EXISTS (
                SELECT FROM import_pieces
                WHERE area_id IS NULL AND ST_Covers(piece, import_rows.point)
            )
            RETURNING line, external_id, ST_Y(point), ST_X(point)
        """)
        said = gettext(N_("It is outside %(city)s.")) % {"city": self.city.display_name}
        swapped = gettext(N_("Its latitude and longitude are swapped."))
        for line, external_id, latitude, longitude in outside:
            is_swapped = look_swapped(Point(latitude, longitude), self.city.box)
            reason = swapped if is_swapped else said
            self.outcome.faults.append(RowFault(line, reason, external_id))

    def find_areas(self) -> None:
        """The areas of every row, the smallest first."""
        self.run("""
            UPDATE import_rows SET area_id = found.ids[1], area_slugs = found.slugs
            FROM (
                SELECT line,
                       array_agg(areas.id ORDER BY square_metres, areas.id) AS ids,
                       array_agg(areas.slug ORDER BY square_metres, areas.id) AS slugs
                FROM (
                    SELECT DISTINCT line, import_pieces.area_id FROM import_rows
                    JOIN import_pieces ON import_pieces.area_id IS NOT NULL
                        AND ST_Covers(piece, import_rows.point)
                ) AS covering JOIN areas ON areas.id = covering.area_id
                GROUP BY line
            ) AS found WHERE found.line = import_rows.line
        """)
