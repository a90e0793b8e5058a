"""The state of letters: waiting, sent, kept or failed"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("letters", sa.Column("state", sa.Text(), nullable=True))
    op.add_column("letters", sa.Column("failure", sa.Text(), nullable=True))
    op.execute(
        "UPDATE letters SET failure = '', "
        "state = CASE WHEN sent_at IS NULL THEN 'waiting' ELSE 'sent' END"
    )
    op.alter_column("letters", "state", nullable=False)
    op.alter_column("letters", "failure", nullable=False)
    op.create_check_constraint(
        op.f("ck_letters_state"), "letters", "state IN ('waiting', 'sent', 'kept', 'failed')"
    )
    op.create_check_constraint(
        op.f("ck_letters_sent"), "letters", "(state = 'sent') = (sent_at IS NOT NULL)"
    )
    op.create_check_constraint(
        op.f("ck_letters_failure"), "letters", "(state = 'failed') = (failure <> '')"
    )
    op.drop_index("ix_letters_waiting", table_name="letters")
    op.create_index(
        "ix_letters_waiting",
        "letters",
        ["created_at"],
        postgresql_where=sa.text("state = 'waiting'"),
    )


def downgrade() -> None:
    op.drop_index("ix_letters_waiting", table_name="letters")
    for name in ("failure", "sent", "state"):
        op.drop_constraint(op.f(f"ck_letters_{name}"), "letters")
    op.drop_column("letters", "failure")
    op.drop_column("letters", "state")
    op.create_index(
        "ix_letters_waiting", "letters", ["created_at"], postgresql_where=sa.text("sent_at IS NULL")
    )
