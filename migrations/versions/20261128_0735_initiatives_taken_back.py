"""why a dropped initiative was taken back into the plan

Revision ID: initiatives
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

revision = 'initiatives'
down_revision = '0029'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('initiative') as batch:
        batch.add_column(sa.Column('restored_because', sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('initiative') as batch:
        batch.drop_column('restored_because')
