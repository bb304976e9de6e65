"""population tables, and which one a process is measured against

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'population',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('public_id', sa.String(length=12), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('source', sa.String(length=300), nullable=False),
        sa.Column('year', sa.Integer(), nullable=False),
        sa.Column('url', sa.String(length=2000), nullable=True),
        sa.Column('lines', sa.JSON(), nullable=False),
        sa.Column('sectors', sa.JSON(), nullable=False),
        sa.Column('sha256', sa.String(length=64), nullable=False),
        sa.Column('added_by', sa.String(length=160), nullable=False),
        sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_population')),
        sa.UniqueConstraint('number', name=op.f('uq_population_number')),
        sa.UniqueConstraint('public_id', name=op.f('uq_population_public_id')),
    )
    op.create_table(
        'yardstick',
        sa.Column('process_id', sa.Integer(), nullable=False),
        sa.Column('population_id', sa.Integer(), nullable=False),
        sa.Column('chosen_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['population_id'], ['population.id'], name=op.f('fk_yardstick_population_id_population')),
        sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_yardstick_process_id_process')),
        sa.PrimaryKeyConstraint('process_id', name=op.f('pk_yardstick')),
    )


def downgrade() -> None:
    op.drop_table('yardstick')
    op.drop_table('population')
