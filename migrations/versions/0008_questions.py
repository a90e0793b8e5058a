"""Ask what a category needs to know, and keep the answers"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "category_questions",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column(
            "category_id",
            sa.BigInteger(),
            sa.ForeignKey("categories.id"),
            nullable=False,
            index=True,
        ),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("names", postgresql.JSONB(), nullable=False),
        sa.Column("hints", postgresql.JSONB(), nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("details", postgresql.JSONB(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('text', 'number', 'single', 'multiple', 'date', 'notice')", name="kind"
        ),
    )
    op.create_index(
        "ix_category_questions_asked",
        "category_questions",
        ["code"],
        unique=True,
        postgresql_where=sa.text("retired_at IS NULL"),
    )
    op.create_table(
        "report_answers",
        sa.Column("report_id", sa.BigInteger(), sa.ForeignKey("reports.id"), primary_key=True),
        sa.Column(
            "question_id",
            sa.BigInteger(),
            sa.ForeignKey("category_questions.id"),
            primary_key=True,
            index=True,
        ),
        sa.Column("given", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint("cardinality(given) > 0", name="given"),
    )


def downgrade() -> None:
    op.drop_table("report_answers")
    op.drop_table("category_questions")
