"""Indexes that map tiles are read from alone, and the search for words of reports"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

PUBLIC = sa.text("visibility = 'public'")
TOLD = ["number", "status", "department_id", "area_id"]


def upgrade() -> None:
    # As `reports/queries/public/words.py` does to what is typed: letters lose their marks, and what
    # is neither letter nor digit parts words. Built-in functions alone, so that an index may rest
    # on it.
    op.execute(
        r"""
        CREATE FUNCTION searchable_words(words text, address text) RETURNS tsvector
        LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN to_tsvector('simple', regexp_replace(
            regexp_replace(
                translate(normalize(lower(words || ' ' || address), NFD), 'łđøı', 'ldoi'),
                '[\u0300-\u036f]', '', 'g'),
            '[^[\:alnum\:]]+', ' ', 'g'))
        """
    )
    op.create_index(
        "ix_reports_words",
        "reports",
        [sa.text("searchable_words(words, address)")],
        postgresql_using="gin",
        postgresql_where=sa.text("visibility = 'public' AND content <> 'held'"),
    )
    op.drop_index("ix_reports_map", "reports")
    op.create_index(
        "ix_reports_map",
        "reports",
        ["jurisdiction_id", "morton"],
        postgresql_where=PUBLIC,
        postgresql_include=["category_id", "created_at", *TOLD],
    )
    op.create_index(
        "ix_reports_category_map",
        "reports",
        ["category_id", "morton"],
        postgresql_where=PUBLIC,
        postgresql_include=["jurisdiction_id", "created_at", *TOLD],
    )
    op.drop_index("ix_reports_recent", "reports")
    op.create_index(
        "ix_reports_recent",
        "reports",
        ["jurisdiction_id", sa.text("created_at DESC"), sa.text("id DESC")],
        postgresql_where=PUBLIC,
        postgresql_include=["category_id", "morton", *TOLD],
    )


def downgrade() -> None:
    op.drop_index("ix_reports_words", "reports")
    op.execute("DROP FUNCTION searchable_words(text, text)")
    op.drop_index("ix_reports_category_map", "reports")
    for name, columns in (
        ("ix_reports_map", ["jurisdiction_id", "morton"]),
        (
            "ix_reports_recent",
            ["jurisdiction_id", sa.text("created_at DESC"), sa.text("id DESC")],
        ),
    ):
        op.drop_index(name, "reports")
        op.create_index(name, "reports", columns, postgresql_where=PUBLIC)
