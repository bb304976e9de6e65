"""the register of promises, designation, readings of indicators, conferences

Revision ID: 0036
Revises: 0035
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('commitment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.Column('process_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('kind', sa.Enum('step', 'target', 'end', 'review', 'conference', 'report', name='commitmentkind', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('plan_version', sa.Integer(), nullable=True),
    sa.Column('initiative', sa.String(length=12), nullable=True),
    sa.Column('indicator', sa.String(length=12), nullable=True),
    sa.Column('year', sa.Integer(), nullable=True),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('of_title', sa.JSON(), nullable=False),
    sa.Column('owner', sa.String(length=220), nullable=False),
    sa.Column('planned_on', sa.Date(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('status', sa.Enum('promised', 'under_way', 'kept', 'not_kept', 'withdrawn', name='commitmentstate', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('evidence', sa.String(length=300), nullable=False),
    sa.Column('about', sa.String(length=120), nullable=True),
    sa.Column('settled_on', sa.Date(), nullable=True),
    sa.Column('moved_by', sa.String(length=220), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_commitment_process_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_commitment')),
    sa.UniqueConstraint('process_id', 'key', name=op.f('uq_commitment_process_id_key')),
    sa.UniqueConstraint('public_id', name=op.f('uq_commitment_public_id'))
    )
    with op.batch_alter_table('commitment', schema=None) as batch_op:
        batch_op.create_index('ix_commitment_due_on', ['due_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_commitment_process_id'), ['process_id'], unique=False)

    op.create_table('conference',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.Column('process_id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('place', sa.String(length=160), nullable=False),
    sa.Column('attendance', sa.Enum('in_person', 'online', 'absent', name='attendance', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('sent', sa.String(length=300), nullable=False),
    sa.Column('achievements', sa.JSON(), nullable=False),
    sa.Column('files', sa.JSON(), nullable=False),
    sa.Column('recorded_by', sa.String(length=220), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('year >= 1 AND year <= 4', name=op.f('ck_conference_year')),
    sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_conference_process_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conference')),
    sa.UniqueConstraint('process_id', 'year', name=op.f('uq_conference_process_id_year')),
    sa.UniqueConstraint('public_id', name=op.f('uq_conference_public_id'))
    )
    op.create_table('designation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('process_id', sa.Integer(), nullable=False),
    sa.Column('designated_on', sa.Date(), nullable=False),
    sa.Column('decision', sa.String(length=300), nullable=False),
    sa.Column('recorded_by', sa.String(length=220), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_designation_process_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_designation')),
    sa.UniqueConstraint('process_id', name=op.f('uq_designation_process_id'))
    )
    op.create_table('reading',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.Column('process_id', sa.Integer(), nullable=False),
    sa.Column('initiative', sa.String(length=12), nullable=False),
    sa.Column('indicator', sa.String(length=12), nullable=False),
    sa.Column('period', sa.Integer(), nullable=False),
    sa.Column('measured_on', sa.Date(), nullable=False),
    sa.Column('value', sa.Numeric(precision=18, scale=3), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('evidence', sa.String(length=300), nullable=False),
    sa.Column('files', sa.JSON(), nullable=False),
    sa.Column('late_by', sa.Integer(), nullable=False),
    sa.Column('signed_by', sa.String(length=220), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('corrects_id', sa.Integer(), nullable=True),
    sa.Column('because', sa.Text(), nullable=True),
    sa.CheckConstraint('late_by >= 0', name=op.f('ck_reading_late_by')),
    sa.CheckConstraint('period > 0', name=op.f('ck_reading_period')),
    sa.ForeignKeyConstraint(['corrects_id'], ['reading.id'], name=op.f('fk_reading_corrects_id')),
    sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_reading_process_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reading')),
    sa.UniqueConstraint('corrects_id', name=op.f('uq_reading_corrects_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_reading_public_id'))
    )
    with op.batch_alter_table('reading', schema=None) as batch_op:
        batch_op.create_index('ix_reading_indicator', ['process_id', 'indicator', 'period'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('reading', schema=None) as batch_op:
        batch_op.drop_index('ix_reading_indicator')

    op.drop_table('reading')
    op.drop_table('designation')
    op.drop_table('conference')
    with op.batch_alter_table('commitment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_commitment_process_id'))
        batch_op.drop_index('ix_commitment_due_on')

    op.drop_table('commitment')
