"""giving and taking: good practices, exchanges, signed files of other cities

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('known_origin',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('origin', sa.String(length=200), nullable=False),
    sa.Column('vkey', sa.String(length=400), nullable=False),
    sa.Column('compared_by', sa.String(length=220), nullable=False),
    sa.Column('compared_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_known_origin')),
    sa.UniqueConstraint('origin', name=op.f('uq_known_origin_origin'))
    )
    op.create_table('share',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.Column('process_id', sa.Integer(), nullable=False),
    sa.Column('origin_id', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('city', sa.String(length=160), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used', sa.JSON(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['origin_id'], ['known_origin.id'], name=op.f('fk_share_origin_id')),
    sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_share_process_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_share')),
    sa.UniqueConstraint('public_id', name=op.f('uq_share_public_id'))
    )
    with op.batch_alter_table('share', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_share_process_id'), ['process_id'], unique=False)
    op.create_table('exchange',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.Column('process_id', sa.Integer(), nullable=False),
    sa.Column('city_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('visit', 'trainees', 'residency', 'joint_project', 'advice', 'material', 'meeting', name='exchangekind', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('direction', sa.Enum('given', 'received', 'mutual', name='direction', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('what', sa.JSON(), nullable=False),
    sa.Column('result', sa.JSON(), nullable=False),
    sa.Column('people', sa.Integer(), nullable=True),
    sa.Column('is_void', sa.Boolean(), nullable=False),
    sa.Column('corrected_because', sa.Text(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('people IS NULL OR people >= 0', name=op.f('ck_exchange_people')),
    sa.ForeignKeyConstraint(['city_id'], ['partner_city.id'], name=op.f('fk_exchange_city_id')),
    sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_exchange_process_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exchange')),
    sa.UniqueConstraint('public_id', name=op.f('uq_exchange_public_id'))
    )
    with op.batch_alter_table('exchange', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_exchange_city_id'), ['city_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_exchange_process_id'), ['process_id'], unique=False)
    op.create_table('practice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.Column('process_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('parts', sa.JSON(), nullable=False),
    sa.Column('areas', sa.Text(), nullable=False),
    sa.Column('objectives', sa.Text(), nullable=False),
    sa.Column('initiative_id', sa.Integer(), nullable=True),
    sa.Column('status', sa.Enum('draft', 'published', 'withdrawn', name='practicestate', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['initiative_id'], ['initiative.id'], name=op.f('fk_practice_initiative_id')),
    sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_practice_process_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_practice')),
    sa.UniqueConstraint('public_id', name=op.f('uq_practice_public_id'))
    )
    with op.batch_alter_table('practice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_practice_initiative_id'), ['initiative_id'], unique=False)
        batch_op.create_index('ix_practice_process', ['process_id', 'status', 'id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('practice', schema=None) as batch_op:
        batch_op.drop_index('ix_practice_process')
        batch_op.drop_index(batch_op.f('ix_practice_initiative_id'))
    op.drop_table('practice')
    with op.batch_alter_table('exchange', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_exchange_process_id'))
        batch_op.drop_index(batch_op.f('ix_exchange_city_id'))
    op.drop_table('exchange')
    with op.batch_alter_table('share', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_share_process_id'))
    op.drop_table('share')
    op.drop_table('known_origin')
