"""Words of reports by place and time"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

SEARCHED = sa.text("visibility = 'public' AND content <> 'held'")


def upgrade() -> None:
    # A shelf (`publicmap/shelves.py`) in front of each word of `searchable_words`, and the spot as
    # one word more: letters and digits alone, so that each is one word of the `simple` parser.
    # Built-in functions alone, so that an index may rest on it. Its cost, which a function that is
    # written out in place of its call would lose, keeps PostgreSQL from reading reports one by one.
    op.execute(
        r"""
        CREATE FUNCTION shelved_words(
            words text, address text, morton bigint, created_at timestamptz
        ) RETURNS tsvector
        LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 10000 AS $$
        DECLARE
            seconds bigint := floor(extract(epoch FROM created_at AT TIME ZONE 'UTC'));
            span text := ' s' || (greatest(0, seconds) >> 24);
            plain text := regexp_replace(
                regexp_replace(
                    translate(normalize(lower(words || ' ' || address), NFD), 'łđøı', 'ldoi'),
                    '[\u0300-\u036f]', '', 'g'),
                '[^[\:alnum\:]]+', ' ', 'g');
        BEGIN
            RETURN to_tsvector('simple',
                replace(' ' || btrim(plain), ' ', span || 'c' || (morton >> 36) || 'x')
                || span || 'k' || (morton >> 32));
        END $$
        """
    )
    op.drop_index("ix_reports_words", "reports")
    # Without a list of what is to be added later: each of a thousand shelves would look through it.
    op.create_index(
        "ix_reports_words",
        "reports",
        [sa.text("shelved_words(words, address, morton, created_at)")],
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
        postgresql_where=SEARCHED,
    )


def downgrade() -> None:
    op.drop_index("ix_reports_words", "reports")
    op.execute("DROP FUNCTION shelved_words(text, text, bigint, timestamptz)")
    op.create_index(
        "ix_reports_words",
        "reports",
        [sa.text("searchable_words(words, address)")],
        postgresql_using="gin",
        postgresql_where=SEARCHED,
    )
