"""Order the worklist by due date, and draw it

Department staff begin with what is due first; operators and administrators see every department,
held reports included, which the public indexes leave out.
"""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE INDEX ix_reports_due ON reports"
        " (department_id, coalesce(fix_by, '9999-12-31 00:00:00+00'::timestamptz), id)"
        " WHERE status IN ('open', 'in_progress')"
    )
    op.execute(
        "CREATE INDEX ix_reports_city_due ON reports"
        " (jurisdiction_id, coalesce(fix_by, '9999-12-31 00:00:00+00'::timestamptz), id)"
        " WHERE status IN ('open', 'in_progress')"
    )
    op.execute(
        "CREATE INDEX ix_reports_city_recent ON reports (jurisdiction_id, created_at DESC, id DESC)"
    )
    op.create_index("ix_reports_city_map", "reports", ["jurisdiction_id", "morton"])


def downgrade() -> None:
    op.drop_index("ix_reports_city_map", table_name="reports")
    op.drop_index("ix_reports_city_recent", table_name="reports")
    op.drop_index("ix_reports_city_due", table_name="reports")
    op.drop_index("ix_reports_due", table_name="reports")
