"""how people and organisations came: ways in, opened and attended invitations, posters and radio

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

OLD_CHANNELS = ('letter', 'email', 'phone', 'visit', 'meeting', 'other')
NEW_CHANNELS = ('letter', 'email', 'phone', 'visit', 'meeting', 'poster', 'radio', 'other')
WAYS_IN = ('internet', 'paper', 'workshop', 'phone', 'counter')


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def _allow_channels(values: tuple[str, ...]) -> None:
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.drop_constraint('channel', type_='check')
        batch_op.create_check_constraint('channel', _one_of('channel', values))


def upgrade() -> None:
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('attended_at', sa.DateTime(timezone=True), nullable=True))
    _allow_channels(NEW_CHANNELS)
    with op.batch_alter_table('participation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('way_in', sa.String(length=30), server_default='internet', nullable=False))
        batch_op.create_check_constraint('wayin', _one_of('way_in', WAYS_IN))
    with op.batch_alter_table('participation', schema=None) as batch_op:
        batch_op.alter_column('way_in', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('participation', schema=None) as batch_op:
        batch_op.drop_constraint('wayin', type_='check')
        batch_op.drop_column('way_in')
    op.execute("UPDATE invitation SET channel = 'other' WHERE channel IN ('poster', 'radio')")
    _allow_channels(OLD_CHANNELS)
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.drop_column('attended_at')
        batch_op.drop_column('opened_at')
