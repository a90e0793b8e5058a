"""Counts of two subjects: other numbers for facets, and all counts to be made anew

A city has 15 bits of such a number and a subject in a month 27, so that ids beyond are refused here
and not counted under another's.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

INDEX = "ix_map_cells_categories"
STATUSES = ("open", "in_progress", "fixed", "wont_fix")
LARGEST = {"jurisdictions": (1 << 15) - 1} | dict.fromkeys(
    ("category_groups", "categories", "departments", "areas"), (1 << 27) - 1
)


def upgrade() -> None:
    for table, largest in LARGEST.items():
        op.create_check_constraint("id_in_facet", table, f"id BETWEEN 1 AND {largest}")
    begin_anew(city_bits=48, kind_bits=42)


def downgrade() -> None:
    for table in LARGEST:
        op.drop_constraint("id_in_facet", table, type_="check")
    begin_anew(city_bits=32, kind_bits=28)


def begin_anew(*, city_bits: int, kind_bits: int) -> None:
    """Every report becomes a change that waits, as in migration 0012: counts are right at once, and
    `prepare` adds them, or counts anew where they are too many."""
    op.execute("SELECT pg_advisory_xact_lock(7205004)")  # as folds take it
    # Whoever has changed a report is waited for; who comes later appends a delta of its own.
    op.execute("LOCK TABLE reports, categories, jurisdictions IN SHARE ROW EXCLUSIVE MODE")
    op.execute("TRUNCATE map_cells, map_deltas")
    op.drop_index(INDEX, "map_cells")
    kinds = (1 << city_bits - kind_bits) - 1
    op.create_index(
        INDEX,
        "map_cells",
        [sa.text(f"(facet >> {city_bits})"), "cell"],
        postgresql_where=sa.text(f"(facet >> {kind_bits} & {kinds}) = 2"),
    )
    op.execute("ANALYZE map_cells")
    op.execute(
        f"""
        INSERT INTO map_deltas (jurisdiction_id, category_id, group_id, department_id, area_id,
            day, code, {", ".join(STATUSES)})
        SELECT reports.jurisdiction_id, reports.category_id, categories.group_id,
               reports.department_id, reports.area_id,
               (reports.created_at AT TIME ZONE jurisdictions.time_zone)::date,
               reports.morton >> 24,
               {", ".join(f"(reports.status = '{status}')::int" for status in STATUSES)}
          FROM reports
          JOIN jurisdictions ON jurisdictions.id = reports.jurisdiction_id
          JOIN categories ON categories.id = reports.category_id
         WHERE reports.visibility = 'public'
        """  # noqa: S608 - constants of this file
    )
    op.execute(
        "UPDATE map_state SET generation = generation + 1,"
        " epoch = greatest(epoch + 1, extract(epoch FROM now())::bigint)"
    )
