"""Take over reports from another system, many at once.

Rows go through COPY into a temporary table; what is there already, what lies outside, who answers
and in which area is decided for all of them together. Nothing follows from an import: no letters,
no deadlines, because it is history. Each report says in its timeline that it was taken over.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from civicmap.domain.categories.queries import list_all_categories
from civicmap.domain.departments.models import Department
from civicmap.domain.jurisdictions.actions.revision import touch_city
from civicmap.domain.jurisdictions.queries import City, list_areas
from civicmap.domain.reports.import_mapping import ImportMapping
from civicmap.domain.reports.import_rows import Row, RowFault
from civicmap.domain.reports.import_table import ImportOutcome, ImportTable
from civicmap.domain.routing.queries import load_router
from civicmap.foundation.clock import now
from civicmap.foundation.locales import N_, gettext

MANY = 1_000  # from here on the planner should hear of it
_ONE_IMPORT_AT_A_TIME = 7_205_002  # key of an advisory lock


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
    table = ImportTable(session, city, mapping)
    table.stage(rows)
    on_step(gettext(N_("Comparing with what is there")))
    table.drop_what_is_there()
    if table.is_anything_left():
        on_step(gettext(N_("Finding places and districts")))
        table.refuse_outside()
        _find_departments(table)
        table.find_areas()
        _route(table)
        on_step(gettext(N_("Writing reports and their history")))
        _write(table)
    table.drop()
    table.outcome.faults.sort(key=lambda fault: fault.line)
    return table.outcome


def _find_departments(table: ImportTable) -> None:
    """Add the departments that rows name; a code without a name anywhere is a fault."""
    missing = table.ask("""
        SELECT department, max(nullif(department_name, '')) FROM import_rows
        WHERE department IS NOT NULL AND NOT EXISTS (
            SELECT FROM departments
            WHERE jurisdiction_id = :city AND code = import_rows.department
        ) GROUP BY department ORDER BY department
    """)
    for code, name in missing:
        if name is None:
            continue
        table.session.add(
            Department(
                jurisdiction_id=table.city.id, code=code, names={table.mapping.language: name}
            )
        )
        table.outcome.departments.append(code)
    table.session.flush()
    table.run("""
        UPDATE import_rows SET department_id = departments.id,
            reason = jsonb_build_object('kind', 'imported', 'department', department)
        FROM departments
        WHERE departments.jurisdiction_id = :city AND code = import_rows.department
    """)
    unknown = table.ask("""
        DELETE FROM import_rows WHERE department IS NOT NULL AND department_id IS NULL
        RETURNING line, external_id, department
    """)
    message = gettext(N_("There is no department “%(code)s”, and the file does not name it."))
    table.outcome.faults += [
        RowFault(line, message % {"code": code}, external_id) for line, external_id, code in unknown
    ]


def _route(table: ImportTable) -> None:
    """Rows that name no department go by the city's rules: once for each kind of row."""
    kinds = table.ask("""
        SELECT DISTINCT category, coalesce(area_slugs, '{}') FROM import_rows
        WHERE department IS NULL
    """)
    if not kinds:
        return
    router = load_router(table.session, table.city.id)
    areas = {area.slug: area for area in list_areas(table.session, table.city.id)}
    categories = {row.key: row for row in list_all_categories(table.session)}
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
    table.run(
        """
        UPDATE import_rows SET department_id = routes.department, reason = routes.reason
        FROM jsonb_to_recordset(cast(:routes AS jsonb))
            AS routes(category text, slugs text[], department bigint, reason jsonb)
        WHERE import_rows.department IS NULL AND import_rows.category = routes.category
            AND coalesce(area_slugs, '{}') = routes.slugs
        """,
        routes=json.dumps(routed),
    )


def _write(table: ImportTable) -> None:
    """Insert the reports, and what happened to each: reported, dealt with, taken over."""
    table.run("""
        CREATE TEMPORARY TABLE import_written ON COMMIT DROP AS
        SELECT 0::bigint AS id, * FROM import_rows WITH NO DATA
    """)
    _insert(table)
    # A number may be drawn twice, or by somebody who sends a report at this moment.
    while table.draw_again():
        _insert(table)
    table.run(
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
    counted = table.ask("SELECT status, count(*) FROM import_written GROUP BY status")
    table.outcome.by_status = dict(counted)
    table.outcome.added = sum(table.outcome.by_status.values())
    if table.outcome.added or table.outcome.departments:
        touch_city(table.session, jurisdiction_id=table.city.id)
    if table.outcome.added >= MANY:
        table.run("ANALYZE reports")
        table.run("ANALYZE report_events")


def _insert(table: ImportTable) -> None:
    """Write what is not written yet, but for rows whose number is taken."""
    table.session.execute(
        text("""
            WITH written AS (
                INSERT INTO reports (
                    jurisdiction_id, number, category_id, department_id, area_id, status,
                    visibility, content, kind, channel, words, language, point, morton, address,
                    placed_by, routing_reason, supporter_count, photo_count, created_at,
                    updated_at, status_since, department_since, responded_at, closed_at,
                    version, source, external_id
                )
                SELECT :city, row.number, categories.id, row.department_id, row.area_id,
                    row.status, :visibility, :content, 'problem', 'import', row.words, :language,
                    row.point, row.morton, row.address, 'imported', row.reason, 0, 0,
                    row.created_at, coalesce(row.closed_at, row.created_at),
                    coalesce(row.closed_at, row.created_at), row.created_at, row.closed_at,
                    row.closed_at, CASE row.status WHEN 'open' THEN 2 ELSE 3 END,
                    :source, row.external_id
                FROM import_rows AS row JOIN categories ON categories.key = row.category
                WHERE NOT EXISTS (SELECT FROM import_written WHERE line = row.line)
                ORDER BY row.created_at, row.line
                ON CONFLICT (number) DO NOTHING
                RETURNING id, external_id
            )
            INSERT INTO import_written SELECT written.id, import_rows.* FROM written
            JOIN import_rows ON import_rows.external_id = written.external_id
        """),
        {
            **table.parameters,
            "visibility": "held" if table.mapping.visibility == "held" else "public",
            "content": "held" if table.mapping.visibility == "words_held" else "shown",
            "language": table.mapping.language,
        },
    )
