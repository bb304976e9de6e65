"""why a dropped initiative was taken back into the plan

Revision ID: 0034
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('initiative') as batch:
        batch.add_column(sa.Column('restored_because', sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('initiative') as batch:
        batch.drop_column('restored_because')
