"""votes: drafts of ballots

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ballot_draft",
        sa.Column("roll_entry_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("typed", sa.JSON(), nullable=False),
        sa.Column("stamp", sa.String(length=16), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_ballot_draft_account_id_account")),
        sa.ForeignKeyConstraint(
            ["roll_entry_id"], ["roll_entry.id"], name=op.f("fk_ballot_draft_roll_entry_id_roll_entry")
        ),
        sa.PrimaryKeyConstraint("roll_entry_id", "account_id", name=op.f("pk_ballot_draft")),
    )
    op.create_index(op.f("ix_ballot_draft_account_id"), "ballot_draft", ["account_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_ballot_draft_account_id"), table_name="ballot_draft")
    op.drop_table("ballot_draft")
