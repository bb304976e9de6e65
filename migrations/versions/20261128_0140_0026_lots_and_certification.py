"""votes: weights, sealed lots, certification; rolls: groups of sectors, weights, who was struck off

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

VOTE = {
    "weights": sa.JSON(),
    "lot_secret": sa.LargeBinary(),
    "lot_draw": sa.JSON(),
    "lot_drawn_at": sa.DateTime(timezone=True),
    "tallied_at": sa.DateTime(timezone=True),
    "certified_at": sa.DateTime(timezone=True),
    "certified_by": sa.String(length=200),
}


def upgrade() -> None:
    for name, kind in VOTE.items():
        op.add_column("vote", sa.Column(name, kind, nullable=True))
    op.add_column("ballot", sa.Column("sector", sa.String(length=40), nullable=True))
    op.create_index("ix_ballot_commitment", "ballot", ["vote_id", "commitment"])
    op.add_column("roll_entry", sa.Column("sector_group", sa.String(length=40), nullable=True))
    op.add_column("roll_entry", sa.Column("struck_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("roll_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("weight", sa.Integer(), server_default="1", nullable=False))
    with op.batch_alter_table("roll_entry", schema=None) as batch_op:
        batch_op.alter_column("weight", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("roll_entry", schema=None) as batch_op:
        for name in ("weight", "struck_at", "sector_group"):
            batch_op.drop_column(name)
    op.drop_index("ix_ballot_commitment", "ballot")
    op.drop_column("ballot", "sector")  # not in a batch: SQLite would write the table anew, with row ids
    with op.batch_alter_table("vote", schema=None) as batch_op:
        for name in reversed(VOTE):
            batch_op.drop_column(name)
