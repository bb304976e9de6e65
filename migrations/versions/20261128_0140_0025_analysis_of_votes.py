"""votes: what is found in their ballots, and the districts of their breakdown

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("vote", schema=None) as batch_op:
        batch_op.add_column(sa.Column("districts", sa.JSON(), server_default="[]", nullable=False))
    with op.batch_alter_table("vote", schema=None) as batch_op:
        batch_op.alter_column("districts", server_default=None)
    op.create_table(
        "vote_analysis",
        sa.Column("vote_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("result_sha256", sa.String(length=64), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["vote_id"], ["vote.id"], name=op.f("fk_vote_analysis_vote_id")),
        sa.PrimaryKeyConstraint("vote_id", name=op.f("pk_vote_analysis")),
    )


def downgrade() -> None:
    op.drop_table("vote_analysis")
    with op.batch_alter_table("vote", schema=None) as batch_op:
        batch_op.drop_column("districts")
