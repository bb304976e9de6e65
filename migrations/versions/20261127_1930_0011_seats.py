"""seats: how many delegates must agree on an organisation's ballot, and ballots that wait for their agreement

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Until now each delegate could cast the ballot alone: 1 everywhere, in votes that are open as well."""
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ballot_confirmations", sa.Integer(), server_default="1", nullable=False))
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.alter_column("ballot_confirmations", server_default=None)
        batch_op.create_check_constraint("confirmed", "ballot_confirmations >= 1")
    with op.batch_alter_table("roll_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("confirmations", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("has_lapsed", sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table("roll_entry", schema=None) as batch_op:
        batch_op.alter_column("confirmations", server_default=None)
        batch_op.alter_column("has_lapsed", server_default=None)
    op.create_table(
        "ballot_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vote_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("choices", sa.LargeBinary(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["vote_id"], ["vote.id"], name=op.f("fk_ballot_proposal_vote_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_ballot_proposal_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot_proposal")),
        sa.UniqueConstraint("vote_id", "organisation_id", name=op.f("uq_ballot_proposal_vote_id_organisation_id")),
    )
    op.create_index("ix_ballot_proposal_vote_id", "ballot_proposal", ["vote_id"])
    op.create_table(
        "ballot_confirmation",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["ballot_proposal.id"], name=op.f("fk_ballot_confirmation_proposal_id")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_ballot_confirmation_account_id")),
        sa.PrimaryKeyConstraint("proposal_id", "account_id", name=op.f("pk_ballot_confirmation")),
    )
    op.create_index("ix_ballot_confirmation_account_id", "ballot_confirmation", ["account_id"])


def downgrade() -> None:
    """Ballots that wait are dropped: without agreement they counted for nothing."""
    op.drop_table("ballot_confirmation")
    op.drop_table("ballot_proposal")
    with op.batch_alter_table("roll_entry", schema=None) as batch_op:
        batch_op.drop_column("has_lapsed")
        batch_op.drop_column("confirmations")
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_constraint("confirmed", type_="check")
        batch_op.drop_column("ballot_confirmations")
