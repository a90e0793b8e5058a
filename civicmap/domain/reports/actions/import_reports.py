"""Take over reports from another system, many at once.

Rows go through COPY into a temporary table; what is there already, what lies outside, who answers
and in which area is decided for all of them together. Nothing follows from an import: no letters,
no deadlines, because it is history. Each report says in its timeline that it was taken over.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from civicmap.domain.categories.queries import CategoryRow, list_all_categories
from civicmap.domain.departments.models import Department
from civicmap.domain.jurisdictions.actions import touch_city
from civicmap.domain.jurisdictions.queries import City, list_areas
from civicmap.domain.reports.import_mapping import ImportMapping
from civicmap.domain.reports.import_rows import ImportedReport, Row, RowFault, RowSkipped
from civicmap.domain.reports.numbers import new_number
from civicmap.domain.routing.queries import load_router
from civicmap.foundation.clock import now
from civicmap.foundation.geo import Point, look_swapped, morton
from civicmap.foundation.locales import N_, gettext

BATCH = 5_000
MANY = 1_000  # from here on the planner should hear of it
_ONE_IMPORT_AT_A_TIME = 7_205_002  # key of an advisory lock

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


def import_reports(
    session: Session,
    *,
    city: City,
    mapping: ImportMapping,
    rows: Iterable[Row],
    on_step: Callable[[str], None] = lambda _: None,
) -> ImportOutcome:
    """Take `rows` into a city; a row whose external id is there already changes nothing.

    Departments that the rows name and the city lacks are added. `on_step` hears what is being done
    once all rows are read, in the language of the person. Raises nothing for a bad row: it is among
    the outcome's `faults`.
    """
    session.execute(select(func.pg_advisory_xact_lock(_ONE_IMPORT_AT_A_TIME)))
    outcome = ImportOutcome()
    loading = _Import(session, city, mapping, outcome)
    loading.stage(rows)
    on_step(gettext(N_("Comparing with what is there")))
    loading.drop_what_is_there()
    if loading.is_anything_left():
        on_step(gettext(N_("Finding places and districts")))
        loading.refuse_outside()
        loading.find_departments()
        loading.find_areas()
        loading.route()
        on_step(gettext(N_("Writing reports and their history")))
        loading.write()
    outcome.faults.sort(key=lambda fault: fault.line)
    return outcome


class _Import:
    def __init__(
        self, session: Session, city: City, mapping: ImportMapping, outcome: ImportOutcome
    ) -> None:
        self._session = session
        self._city = city
        self._mapping = mapping
        self._outcome = outcome
        self._parameters = {"city": city.id, "source": mapping.source}

    def _run(self, statement: str, **values: object) -> None:
        self._session.execute(text(statement), {**self._parameters, **values})

    def _ask(self, statement: str) -> Sequence[Any]:
        return self._session.execute(text(statement), self._parameters).all()

    def _count(self, statement: str) -> int:
        return int(self._session.execute(text(statement), self._parameters).scalar_one())

    def stage(self, rows: Iterable[Row]) -> None:
        """Copy the good rows into `import_rows`."""
        self._run("DROP TABLE IF EXISTS import_rows, import_pieces, import_routes")
        self._run("""
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
        self._draw_free_numbers()
        self._run("ANALYZE import_rows")

    def _good(self, rows: Iterable[Row]) -> Iterator[ImportedReport]:
        for row in rows:
            self._outcome.read += 1
            if isinstance(row, RowFault):
                self._outcome.faults.append(row)
            elif isinstance(row, RowSkipped):
                self._outcome.skipped += 1
            else:
                yield row

    def _copy(self, batch: Iterable[ImportedReport]) -> None:
        prefix = self._city.number_prefix
        lines = "".join(
            "\t".join(
                "\\N" if value is None else _escaped(str(value))
                for value in (
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
            )
            + "\n"
            for row in batch
        )
        driver = self._session.connection().connection.cursor()
        try:
            driver.copy_expert(
                f"COPY import_rows ({', '.join(_COLUMNS)}) FROM STDIN", io.StringIO(lines)
            )
        finally:
            driver.close()

    def _draw_free_numbers(self) -> None:
        """Draw again where a number is taken by a report or by another row."""
        while True:
            taken = self._ask("""
                SELECT line FROM (
                    SELECT line, number, row_number() OVER (PARTITION BY number) AS place
                    FROM import_rows
                ) AS drawn
                WHERE place > 1
                    OR EXISTS (SELECT FROM reports WHERE reports.number = drawn.number)
            """)
            if not taken:
                return
            for (line,) in taken:
                self._run(
                    "UPDATE import_rows SET number = :number WHERE line = :line",
                    number=new_number(self._city.number_prefix),
                    line=line,
                )

    def drop_what_is_there(self) -> None:
        self._outcome.there_already = self._count("""
            WITH there AS (
                DELETE FROM import_rows USING reports
                WHERE reports.jurisdiction_id = :city AND reports.source = :source
                    AND reports.external_id = import_rows.external_id
                RETURNING import_rows.line
            ) SELECT count(*) FROM there
        """)

    def is_anything_left(self) -> bool:
        return self._count("SELECT count(*) FROM import_rows") > 0

    def refuse_outside(self) -> None:
        """Rows outside the boundary are faults. The boundary is cut up first: asking a piece of a
        few corners is a hundred times quicker than asking a coast."""
        self._run("""
            CREATE TEMPORARY TABLE import_pieces ON COMMIT DROP AS
            SELECT NULL::bigint AS area_id, ST_Subdivide(boundary, 64) AS piece
            FROM jurisdictions WHERE id = :city
            UNION ALL
            SELECT id, ST_Subdivide(boundary, 64) FROM areas WHERE jurisdiction_id = :city
        """)
        self._run("CREATE INDEX ON import_pieces USING gist (piece)")
        self._run("ANALYZE import_pieces")
        outside = self._ask("""
            DELETE FROM import_rows
            WHERE NOT EXISTS (
                SELECT FROM import_pieces
                WHERE area_id IS NULL AND ST_Covers(piece, import_rows.point)
            )
            RETURNING line, external_id, ST_Y(point), ST_X(point)
        """)
        said = gettext(N_("It is outside %(city)s.")) % {"city": self._city.display_name}
        swapped = gettext(N_("Its latitude and longitude are swapped."))
        for line, external_id, latitude, longitude in outside:
            is_swapped = look_swapped(Point(latitude, longitude), self._city.box)
            reason = swapped if is_swapped else said
            self._outcome.faults.append(RowFault(line, reason, external_id))

    def find_departments(self) -> None:
        """Add the departments that rows name; a code without a name anywhere is a fault."""
        missing = self._ask("""
            SELECT department, max(nullif(department_name, '')) FROM import_rows
            WHERE department IS NOT NULL AND NOT EXISTS (
                SELECT FROM departments
                WHERE jurisdiction_id = :city AND code = import_rows.department
            ) GROUP BY department ORDER BY department
        """)
        for code, name in missing:
            if name is None:
                continue
            self._session.add(
                Department(
                    jurisdiction_id=self._city.id, code=code, names={self._mapping.language: name}
                )
            )
            self._outcome.departments.append(code)
        self._session.flush()
        self._run("""
            UPDATE import_rows SET department_id = departments.id,
                reason = jsonb_build_object('kind', 'imported', 'department', department)
            FROM departments
            WHERE departments.jurisdiction_id = :city AND code = import_rows.department
        """)
        unknown = self._ask("""
            DELETE FROM import_rows WHERE department IS NOT NULL AND department_id IS NULL
            RETURNING line, external_id, department
        """)
        message = gettext(N_("There is no department “%(code)s”, and the file does not name it."))
        self._outcome.faults += [
            RowFault(line, message % {"code": code}, external_id)
            for line, external_id, code in unknown
        ]

    def find_areas(self) -> None:
        """The areas of every row, the smallest first."""
        self._run("""
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

    def route(self) -> None:
        """Rows that name no department go by the city's rules: once for each kind of row."""
        kinds = self._ask("""
            SELECT DISTINCT category, coalesce(area_slugs, '{}') FROM import_rows
            WHERE department IS NULL
        """)
        if not kinds:
            return
        router = load_router(self._session, self._city.id)
        areas = {area.slug: area for area in list_areas(self._session, self._city.id)}
        categories = self._categories()
        routed = []
        for category, slugs in kinds:
            route = router.find(categories[category], [areas[slug] for slug in slugs])
            routed.append(
                {
                    "category": category,
                    "slugs": slugs,
                    "department": route.department_id,
                    "reason": route.reason,
                }
            )
        self._run(
            """
            UPDATE import_rows SET department_id = routes.department, reason = routes.reason
            FROM jsonb_to_recordset(cast(:routes AS jsonb))
                AS routes(category text, slugs text[], department bigint, reason jsonb)
            WHERE import_rows.department IS NULL AND import_rows.category = routes.category
                AND coalesce(area_slugs, '{}') = routes.slugs
            """,
            routes=json.dumps(routed),
        )

    def _categories(self) -> dict[str, CategoryRow]:
        return {row.key: row for row in list_all_categories(self._session)}

    def write(self) -> None:
        """Insert the reports, and what happened to each: reported, dealt with, taken over."""
        self._session.execute(
            text("""
                CREATE TEMPORARY TABLE import_written ON COMMIT DROP AS
                WITH written AS (
                    INSERT INTO reports (
                        jurisdiction_id, number, category_id, department_id, area_id, status,
                        visibility, kind, channel, words, language, point, morton, address,
                        placed_by, routing_reason, supporter_count, photo_count, created_at,
                        updated_at, status_since, department_since, responded_at, closed_at,
                        version, source, external_id
                    )
                    SELECT :city, row.number, categories.id, row.department_id, row.area_id,
                        row.status, :visibility, 'problem', 'import', row.words, :language,
                        row.point, row.morton, row.address, 'imported', row.reason, 0, 0,
                        row.created_at, coalesce(row.closed_at, row.created_at),
                        coalesce(row.closed_at, row.created_at), row.created_at, row.closed_at,
                        row.closed_at, CASE row.status WHEN 'open' THEN 2 ELSE 3 END,
                        :source, row.external_id
                    FROM import_rows AS row JOIN categories ON categories.key = row.category
                    ORDER BY row.created_at, row.line
                    RETURNING id, external_id
                )
                SELECT written.id, import_rows.* FROM written
                JOIN import_rows ON import_rows.external_id = written.external_id
            """),
            {
                **self._parameters,
                "visibility": self._mapping.visibility,
                "language": self._mapping.language,
            },
        )
        self._run(
            """
            INSERT INTO report_events (
                report_id, at, kind, is_public, actor, department_id, words, old, new, version
            )
            SELECT id, created_at, 'reported', true, 'import', NULL, '', '{}'::jsonb,
                '{"channel": "import", "photos": 0}'::jsonb, 1 FROM import_written
            UNION ALL
            SELECT id, coalesce(closed_at, created_at), 'status_changed', true, 'import',
                department_id, CASE WHEN closed_at IS NULL THEN '' ELSE outcome END,
                '{"status": "open"}'::jsonb, jsonb_build_object('status', status), 2
            FROM import_written WHERE status <> 'open'
            UNION ALL
            SELECT id, :at, 'imported', true, 'import', NULL, '', '{}'::jsonb,
                jsonb_build_object('source', :source, 'external_id', external_id),
                CASE status WHEN 'open' THEN 2 ELSE 3 END
            FROM import_written
            ORDER BY 1, 10
            """,
            at=now(),
        )
        counted = self._ask("SELECT status, count(*) FROM import_written GROUP BY status")
        self._outcome.by_status = dict(counted)
        self._outcome.added = sum(self._outcome.by_status.values())
        self._run("DROP TABLE import_rows, import_pieces, import_written")
        if self._outcome.added or self._outcome.departments:
            touch_city(self._session, jurisdiction_id=self._city.id)
        if self._outcome.added >= MANY:
            self._run("ANALYZE reports")
            self._run("ANALYZE report_events")


def _escaped(value: str) -> str:
    """A value in COPY's text format."""
    return (
        value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    )
