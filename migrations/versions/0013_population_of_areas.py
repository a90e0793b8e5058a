"""How many people live in a district

Outlines say it too, so that what was kept of them is stale: each city counts its revision up.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("areas", sa.Column("population", sa.BigInteger()))
    op.create_check_constraint("population", "areas", "population >= 0")
    op.execute("UPDATE jurisdictions SET revision = revision + 1")


def downgrade() -> None:
    op.drop_column("areas", "population")
    op.execute("UPDATE jurisdictions SET revision = revision + 1")
