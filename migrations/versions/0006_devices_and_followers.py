"""My reports: devices that hold reports, confirmed contacts, one-time links, followers, texts

A report belongs to the browsers in `report_devices`. Letters can be texts to a phone, and are
counted once an event and reader. Phone numbers that were given with their country's code are
written as E.164, so that a link asked for by phone finds them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    # What takes long comes first, before anything that people read is locked until the end.
    op.execute(
        "UPDATE reporters SET phone = '+' || regexp_replace(phone, '[^0-9]', '', 'g')"
        " WHERE phone ~ '^[+].*[^0-9]'"
    )
    op.create_index(
        "ix_reporters_email",
        "reporters",
        [sa.text("lower(email)")],
        postgresql_where=sa.text("email <> ''"),
    )
    op.create_index(
        "ix_reporters_phone", "reporters", ["phone"], postgresql_where=sa.text("phone <> ''")
    )
    op.create_table(
        "report_devices",
        sa.Column("report_id", sa.BigInteger(), nullable=False),
        sa.Column("browser_hash", sa.Text(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_report_devices_report_id_reports")
        ),
        sa.PrimaryKeyConstraint("report_id", "browser_hash", name=op.f("pk_report_devices")),
    )
    op.create_index("ix_report_devices_browser", "report_devices", ["browser_hash"])
    op.create_table(
        "confirmed_contacts",
        sa.Column("browser_hash", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=False),
        sa.CheckConstraint("kind IN ('email', 'phone')", name=op.f("ck_confirmed_contacts_kind")),
        sa.PrimaryKeyConstraint(
            "browser_hash", "kind", "contact", name=op.f("pk_confirmed_contacts")
        ),
    )
    op.create_table(
        "one_time_links",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("wants_account", sa.Boolean(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.CheckConstraint("kind IN ('email', 'phone')", name=op.f("ck_one_time_links_kind")),
        sa.CheckConstraint(
            "(token_hash IS NULL) = (expires_at IS NULL)", name=op.f("ck_one_time_links_expires")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_links_token_hash")),
    )
    op.create_index("ix_one_time_links_contact", "one_time_links", ["contact", "created_at"])
    op.add_column("people", sa.Column("email_confirmed_at", MOMENT, nullable=True))
    op.add_column("reports", sa.Column("withdrawn_at", MOMENT, nullable=True))
    op.add_column(
        "supporters", sa.Column("follows", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.add_column("supporters", sa.Column("language", sa.Text(), nullable=True))
    op.add_column("supporters", sa.Column("unfollow_secret", sa.Text(), nullable=True))
    op.create_unique_constraint(
        op.f("uq_supporters_unfollow_secret"), "supporters", ["unfollow_secret"]
    )
    op.create_index(
        "ix_supporters_followed",
        "supporters",
        ["browser_hash"],
        postgresql_where=sa.text("follows"),
    )
    op.add_column("letters", sa.Column("medium", sa.Text(), server_default="mail", nullable=False))
    op.create_check_constraint(op.f("ck_letters_medium"), "letters", "medium IN ('mail', 'text')")
    op.add_column("letters", sa.Column("unsubscribe", sa.Text(), server_default="", nullable=False))
    op.add_column("letters", sa.Column("event_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_letters_event_id_report_events"),
        "letters",
        "report_events",
        ["event_id"],
        ["id"],
    )
    op.create_index(
        "uq_letters_event",
        "letters",
        ["event_id", "recipient"],
        unique=True,
        postgresql_where=sa.text("recipient <> ''"),
    )


def downgrade() -> None:
    op.drop_index("uq_letters_event", table_name="letters")
    op.drop_column("letters", "event_id")
    op.drop_column("letters", "unsubscribe")
    op.drop_constraint(op.f("ck_letters_medium"), "letters")
    op.drop_column("letters", "medium")
    op.drop_index("ix_reporters_phone", table_name="reporters")
    op.drop_index("ix_reporters_email", table_name="reporters")
    op.drop_index("ix_supporters_followed", table_name="supporters")
    for name in ("unfollow_secret", "language", "follows"):
        op.drop_column("supporters", name)
    op.drop_column("reports", "withdrawn_at")
    op.drop_column("people", "email_confirmed_at")
    for name in ("one_time_links", "confirmed_contacts", "report_devices"):
        op.drop_table(name)
