"""An answer to a category's question may be hidden, like a photo"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("report_answers", sa.Column("hidden_for", sa.Text()))


def downgrade() -> None:
    # As in 0009: rather unseen than seen by everybody again.
    op.execute(
        "UPDATE reports SET visibility = 'hidden' WHERE visibility = 'public' AND id IN"
        " (SELECT report_id FROM report_answers WHERE hidden_for IS NOT NULL)"
    )
    op.drop_column("report_answers", "hidden_for")
