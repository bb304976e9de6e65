"""personal data: last use of accounts, looks of staff, what erasing leaves to do, whose messages wait or were sent

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account_use",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("last_used_on", sa.Date(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_use_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_account_use")),
    )
    # Nobody knows when they were used last: the time before somebody is asked begins today.
    op.execute("INSERT INTO account_use (account_id, last_used_on) SELECT id, CURRENT_DATE FROM account WHERE is_active")
    op.create_table(
        "data_look",
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("page", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("actor", "subject", "page", name=op.f("pk_data_look")),
    )
    op.create_table(
        "leftover",
        sa.Column("task", sa.String(length=200), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("task", name=op.f("pk_leftover")),
    )
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("owner", sa.String(length=80), nullable=True))
        batch_op.create_index(batch_op.f("ix_outbox_message_owner"), ["owner"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_message_owner"))
        batch_op.drop_column("owner")
    op.drop_table("leftover")
    op.drop_table("data_look")
    op.drop_table("account_use")
