"""amendments: how each stands before moderation

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("amendment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("standing", sa.String(length=30), server_default="shown", nullable=False))
        batch_op.create_check_constraint("standing", "standing IN ('shown', 'held', 'hidden')")
    with op.batch_alter_table("amendment", schema=None) as batch_op:
        batch_op.alter_column("standing", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("amendment", schema=None) as batch_op:
        batch_op.drop_constraint("standing", type_="check")
        batch_op.drop_column("standing")
