"""The job queue"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Procrastinate's own schema (MIT licence), kept here as it was at 3.10.0 so that this migration
# means the same whatever version is installed; a newer library brings a further migration.
SCHEMA = Path(__file__).parent.parent / "sql" / "procrastinate_3_10_0.sql"


def upgrade() -> None:
    op.get_bind().exec_driver_sql(SCHEMA.read_text().replace("%", "%%"))


def downgrade() -> None:
    op.execute("""
        DO $$ DECLARE thing record; BEGIN
            FOR thing IN SELECT relname FROM pg_class
                WHERE relkind = 'r' AND relname LIKE 'procrastinate\\_%'
            LOOP EXECUTE format('DROP TABLE %I CASCADE', thing.relname); END LOOP;
            FOR thing IN SELECT oid::regprocedure AS signature FROM pg_proc
                WHERE proname LIKE 'procrastinate\\_%'
            LOOP EXECUTE 'DROP FUNCTION ' || thing.signature || ' CASCADE'; END LOOP;
            FOR thing IN SELECT typname FROM pg_type
                WHERE typname LIKE 'procrastinate\\_%' AND typtype IN ('e', 'c')
            LOOP EXECUTE format('DROP TYPE IF EXISTS %I CASCADE', thing.typname); END LOOP;
        END $$
    """)
