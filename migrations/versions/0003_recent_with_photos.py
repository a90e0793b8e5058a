"""Find the newest reports with photos in one index range"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "reports", sa.Column("photo_count", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.execute("""
        UPDATE reports SET photo_count = counted.photos
        FROM (SELECT report_id, count(*) AS photos FROM photos
              WHERE event_id IS NULL AND report_id IS NOT NULL GROUP BY report_id) AS counted
        WHERE counted.report_id = reports.id
    """)
    op.create_index(
        "ix_reports_recent_photos",
        "reports",
        ["jurisdiction_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        postgresql_where=sa.text("visibility = 'public' AND photo_count > 0"),
    )


def downgrade() -> None:
    op.drop_index("ix_reports_recent_photos", table_name="reports")
    op.drop_column("reports", "photo_count")
