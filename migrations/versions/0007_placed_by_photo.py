"""Let a report say that its place came from its photo

The camera's own position is neither typed nor the phone's location at the time of reporting: a crew
that does not find the hole wants to know.
"""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_BEFORE = "placed_by IN ('pin', 'device', 'typed', 'described', 'imported')"
_SINCE = "placed_by IN ('pin', 'device', 'photo', 'typed', 'described', 'imported')"


def upgrade() -> None:
    op.drop_constraint(op.f("ck_reports_placed_by"), "reports")
    op.create_check_constraint(op.f("ck_reports_placed_by"), "reports", _SINCE)


def downgrade() -> None:
    op.execute("UPDATE reports SET placed_by = 'pin' WHERE placed_by = 'photo'")
    op.drop_constraint(op.f("ck_reports_placed_by"), "reports")
    op.create_check_constraint(op.f("ck_reports_placed_by"), "reports", _BEFORE)
