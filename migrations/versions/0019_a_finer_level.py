"""A finer level of counts: other numbers for cells, and all counts to be made anew

Crowded places are told from a few cells instead of from all their reports. The number of a cell had
no room for the codes of that level.

Reports are vacuumed after 1 % of changes, not 20: what a tile reads of them it reads from an index
alone, as long as their pages are known to hold nothing else.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

STATUSES = ("open", "in_progress", "fixed", "wont_fix")
# What appends deltas (migration 0012).
FUNCTIONS = (
    "count_added_reports",
    "count_removed_reports",
    "count_changed_report",
    "count_regrouped_category",
    "count_rezoned_city",
)
# Shares of the table.
VACUUMED_AFTER = {
    "autovacuum_vacuum_scale_factor": 0.01,
    "autovacuum_vacuum_insert_scale_factor": 0.01,
}


def upgrade() -> None:
    begin_anew(coarser=18, level=19)
    settings = ", ".join(f"{name} = {share}" for name, share in VACUUMED_AFTER.items())
    op.execute(f"ALTER TABLE reports SET ({settings})")


def downgrade() -> None:
    op.execute(f"ALTER TABLE reports RESET ({', '.join(VACUUMED_AFTER)})")
    begin_anew(coarser=19, level=18)


def begin_anew(*, coarser: int, level: int) -> None:
    """Deltas have codes of `level` instead of `coarser`, and every report becomes a change that
    waits, as in migration 0018: counts are right at once, and `prepare` adds them, or counts anew
    where they are too many."""
    before, after = (f"morton >> {2 * (30 - one)}" for one in (coarser, level))
    op.execute("SELECT pg_advisory_xact_lock(7205004)")  # as folds take it
    # Whoever has changed a report is waited for; who comes later appends a delta of its own.
    op.execute("LOCK TABLE reports, categories, jurisdictions IN SHARE ROW EXCLUSIVE MODE")
    for name in FUNCTIONS:
        defined = op.get_bind().execute(
            sa.text("SELECT pg_get_functiondef(CAST(:name AS regproc))"), {"name": name}
        )
        text = defined.scalar_one()
        if before not in text:
            raise RuntimeError(f"{name} does not say {before}")
        op.get_bind().exec_driver_sql(text.replace(before, after))
    op.execute("TRUNCATE map_cells, map_deltas")
    op.execute("ANALYZE map_cells")
    op.execute(
        f"""
        INSERT INTO map_deltas (jurisdiction_id, category_id, group_id, department_id, area_id,
            day, code, {", ".join(STATUSES)})
        SELECT reports.jurisdiction_id, reports.category_id, categories.group_id,
               reports.department_id, reports.area_id,
               (reports.created_at AT TIME ZONE jurisdictions.time_zone)::date,
               {after}, {", ".join(f"(reports.status = '{status}')::int" for status in STATUSES)}
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
