"""assisted participation

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('intake',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.Column('process_id', sa.Integer(), nullable=False),
    sa.Column('way_in', sa.Enum('internet', 'paper', 'workshop', 'phone', 'counter', name='wayin', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('place', sa.String(length=160), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('needs_second', sa.Boolean(), nullable=False),
    sa.Column('clerk_id', sa.Integer(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('items', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['clerk_id'], ['account.id'], name=op.f('fk_intake_clerk_id')),
    sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_intake_process_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_intake')),
    sa.UniqueConstraint('public_id', name=op.f('uq_intake_public_id'))
    )
    with op.batch_alter_table('intake', schema=None) as batch_op:
        batch_op.create_index('ix_intake_process', ['process_id', 'id'], unique=False)

    op.create_table('assisted_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.Column('intake_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.Enum('waiting', 'entered', 'withdrawn', name='itemstate', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('code', sa.String(length=64), nullable=False),
    sa.Column('idempotency_key', sa.String(length=40), nullable=True),
    sa.Column('entered_by', sa.String(length=120), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('checked_by', sa.String(length=120), nullable=True),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_reason', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_assisted_item_account_id')),
    sa.ForeignKeyConstraint(['intake_id'], ['intake.id'], name=op.f('fk_assisted_item_intake_id')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_assisted_item_proposal_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assisted_item')),
    sa.UniqueConstraint('code', name=op.f('uq_assisted_item_code')),
    sa.UniqueConstraint('intake_id', 'idempotency_key', name=op.f('uq_assisted_item_intake_id_idempotency_key')),
    sa.UniqueConstraint('intake_id', 'number', name=op.f('uq_assisted_item_intake_id_number')),
    sa.UniqueConstraint('proposal_id', name=op.f('uq_assisted_item_proposal_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_assisted_item_public_id'))
    )
    with op.batch_alter_table('assisted_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assisted_item_account_id'), ['account_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('assisted_item', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_assisted_item_account_id'))

    op.drop_table('assisted_item')
    with op.batch_alter_table('intake', schema=None) as batch_op:
        batch_op.drop_index('ix_intake_process')

    op.drop_table('intake')
