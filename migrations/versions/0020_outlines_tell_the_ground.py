"""Outlines tell how large a district is: the number that the page of districts reckons with

What was kept of them is stale: each city counts its revision up.
"""

from __future__ import annotations

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE jurisdictions SET revision = revision + 1")


def downgrade() -> None:
    op.execute("UPDATE jurisdictions SET revision = revision + 1")
