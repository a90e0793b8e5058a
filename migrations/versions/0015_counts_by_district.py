"""Count a category's reports by district from an index alone"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

NAME = "ix_reports_counts"
PUBLIC = sa.text("visibility = 'public'")


def upgrade() -> None:
    op.drop_index(NAME, "reports")
    columns = ["jurisdiction_id", "category_id", "area_id", "status"]
    op.create_index(NAME, "reports", columns, postgresql_where=PUBLIC)


def downgrade() -> None:
    op.drop_index(NAME, "reports")
    columns = ["jurisdiction_id", "category_id", "status"]
    op.create_index(NAME, "reports", columns, postgresql_where=PUBLIC)
