"""Rules for what shows before a person has looked; words that were changed, photos that are hidden"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "moderation_rules",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("jurisdiction_id", sa.BigInteger(), nullable=False),
        sa.Column("category_id", sa.BigInteger(), nullable=True),
        sa.Column("group_id", sa.BigInteger(), nullable=True),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "category_id IS NULL OR group_id IS NULL", name=op.f("ck_moderation_rules_one_subject")
        ),
        sa.CheckConstraint(
            "policy IN ('at_once', 'hold_content', 'hold_all')",
            name=op.f("ck_moderation_rules_policy"),
        ),
        sa.ForeignKeyConstraint(
            ["jurisdiction_id"],
            ["jurisdictions.id"],
            name=op.f("fk_moderation_rules_jurisdiction_id_jurisdictions"),
        ),
        sa.ForeignKeyConstraint(
            ["category_id"],
            ["categories.id"],
            name=op.f("fk_moderation_rules_category_id_categories"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["category_groups.id"],
            name=op.f("fk_moderation_rules_group_id_category_groups"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_rules")),
        sa.UniqueConstraint(
            "jurisdiction_id",
            "category_id",
            "group_id",
            name=op.f("uq_moderation_rules_jurisdiction_id_category_id_group_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.add_column(
        "reports", sa.Column("content", sa.Text(), server_default="shown", nullable=False)
    )
    op.create_check_constraint(
        op.f("ck_reports_content"), "reports", "content IN ('shown', 'held')"
    )
    op.add_column("reports", sa.Column("redacted_for", sa.Text()))
    op.create_index(
        "ix_reports_to_check",
        "reports",
        ["jurisdiction_id", "created_at", "id"],
        postgresql_where=sa.text(
            "visibility = 'held' OR visibility = 'public' AND content = 'held'"
        ),
    )
    op.add_column("photos", sa.Column("hidden_for", sa.Text()))
    op.add_column("photos", sa.Column("uploader", sa.Text()))


def downgrade() -> None:
    # Older programs know nothing of what waits or was hidden: rather unseen than seen too early.
    op.execute(
        "UPDATE reports SET visibility = 'held' WHERE visibility = 'public' AND content = 'held'"
    )
    op.execute(
        "UPDATE reports SET visibility = 'hidden' WHERE visibility = 'public' AND id IN"
        " (SELECT report_id FROM photos WHERE hidden_for IS NOT NULL)"
    )
    op.drop_column("photos", "uploader")
    op.drop_column("photos", "hidden_for")
    op.drop_index("ix_reports_to_check", table_name="reports")
    op.drop_column("reports", "redacted_for")
    op.drop_constraint(op.f("ck_reports_content"), "reports")
    op.drop_column("reports", "content")
    op.drop_table("moderation_rules")
