"""Streets, houses, and what foreign geocoders answered

The search for what is spelt alike stands on PostgreSQL's own extension pg_trgm, which the owner of
a database may add.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geography
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

WITHOUT_PG_TRGM = (
    "civicmap searches streets with PostgreSQL's extension pg_trgm, which cannot be added here: {why}\n"
    "Install PostgreSQL's contrib package if it is missing, let an administrator run\n"
    "    CREATE EXTENSION pg_trgm;\n"
    "in this database, and start again."
)


def upgrade() -> None:
    add_pg_trgm()
    op.create_table(
        "streets",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("jurisdiction_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("kind_of_way", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("names", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("area_id", sa.BigInteger(), nullable=True),
        sa.Column("shape", Geography("GEOMETRY", srid=4326, spatial_index=False), nullable=False),
        sa.Column("middle_latitude", sa.Double(), nullable=False),
        sa.Column("middle_longitude", sa.Double(), nullable=False),
        sa.Column("house_count", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('street', 'place')", name=op.f("ck_streets_kind")),
        sa.ForeignKeyConstraint(
            ["jurisdiction_id"],
            ["jurisdictions.id"],
            name=op.f("fk_streets_jurisdiction_id_jurisdictions"),
        ),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_streets_area_id_areas")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_streets")),
    )
    op.create_index("idx_streets_shape", "streets", ["shape"], postgresql_using="gist")
    op.create_index("ix_streets_jurisdiction_id", "streets", ["jurisdiction_id"])

    op.create_table(
        "street_names",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("street_id", sa.BigInteger(), nullable=False),
        sa.Column("jurisdiction_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["jurisdiction_id"],
            ["jurisdictions.id"],
            name=op.f("fk_street_names_jurisdiction_id_jurisdictions"),
        ),
        sa.ForeignKeyConstraint(
            ["street_id"],
            ["streets.id"],
            name=op.f("fk_street_names_street_id_streets"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_street_names")),
    )
    op.create_index("ix_street_names_street_id", "street_names", ["street_id"])
    op.create_index(
        "ix_street_names_key",
        "street_names",
        ["key"],
        postgresql_using="gin",
        postgresql_ops={"key": "gin_trgm_ops"},
    )

    op.create_table(
        "address_points",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("jurisdiction_id", sa.BigInteger(), nullable=False),
        sa.Column("street_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("number_key", sa.Text(), nullable=False),
        sa.Column("postcode", sa.Text(), nullable=False),
        sa.Column("point", Geography("POINT", srid=4326, spatial_index=False), nullable=False),
        sa.ForeignKeyConstraint(
            ["jurisdiction_id"],
            ["jurisdictions.id"],
            name=op.f("fk_address_points_jurisdiction_id_jurisdictions"),
        ),
        sa.ForeignKeyConstraint(
            ["street_id"],
            ["streets.id"],
            name=op.f("fk_address_points_street_id_streets"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_points")),
    )
    op.create_index(
        "idx_address_points_point", "address_points", ["point"], postgresql_using="gist"
    )
    op.create_index(
        "ix_address_points_number",
        "address_points",
        ["street_id", "number_key"],
        postgresql_ops={"number_key": "text_pattern_ops"},
    )
    op.create_index("ix_address_points_jurisdiction_id", "address_points", ["jurisdiction_id"])

    op.create_table(
        "address_imports",
        sa.Column("jurisdiction_id", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("credit", sa.Text(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("streets", sa.BigInteger(), nullable=False),
        sa.Column("houses", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["jurisdiction_id"],
            ["jurisdictions.id"],
            name=op.f("fk_address_imports_jurisdiction_id_jurisdictions"),
        ),
        sa.PrimaryKeyConstraint("jurisdiction_id", name=op.f("pk_address_imports")),
    )
    op.create_table(
        "geocoder_answers",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("places", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("kept_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_geocoder_answers")),
    )
    op.create_index("ix_geocoder_answers_kept_until", "geocoder_answers", ["kept_until"])
    op.create_table(
        "geocoder_states",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failures", sa.BigInteger(), nullable=False),
        sa.Column("rests_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_geocoder_states")),
    )


def add_pg_trgm() -> None:
    """Add the extension, or say who can."""
    try:
        op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except sa.exc.DBAPIError as error:
        why = str(error.orig).partition("\n")[0]
        raise SystemExit(WITHOUT_PG_TRGM.format(why=why)) from error


def downgrade() -> None:
    # The extension stays: somebody else may use it.
    for table in (
        "geocoder_states",
        "geocoder_answers",
        "address_imports",
        "address_points",
        "street_names",
        "streets",
    ):
        op.drop_table(table)
