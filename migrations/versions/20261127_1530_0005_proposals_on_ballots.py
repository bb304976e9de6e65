"""proposals on ballots: since when a proposal cannot be withdrawn

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.add_column(sa.Column("on_ballot_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE proposal SET on_ballot_at = (SELECT min(vote.created_at) FROM vote_option"
        " JOIN vote ON vote.id = vote_option.vote_id WHERE vote_option.proposal_id = proposal.id)"
    )


def downgrade() -> None:
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.drop_column("on_ballot_at")
