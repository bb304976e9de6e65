"""eligibility: rules, lists, codes, proofs; text messages in the outbox

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('proof_attempt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proof_attempt')),
    info={'housekeeping': 'throttling only'}
    )
    with op.batch_alter_table('proof_attempt', schema=None) as batch_op:
        batch_op.create_index('ix_proof_attempt_key', ['key', 'at'], unique=False)

    op.create_table('code_batch',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.Column('process_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=160), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('expires_on', sa.Date(), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_code_batch_process_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_code_batch')),
    sa.UniqueConstraint('public_id', name=op.f('uq_code_batch_public_id'))
    )
    with op.batch_alter_table('code_batch', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_code_batch_process_id'), ['process_id'], unique=False)

    op.create_table('eligibility_rules',
    sa.Column('process_id', sa.Integer(), nullable=False),
    sa.Column('methods', sa.JSON(), nullable=False),
    sa.Column('unchecked_because', sa.Text(), nullable=True),
    sa.Column('min_age', sa.Integer(), nullable=True),
    sa.Column('guardian_below', sa.Integer(), nullable=True),
    sa.Column('set_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_eligibility_rules_process_id')),
    sa.PrimaryKeyConstraint('process_id', name=op.f('pk_eligibility_rules'))
    )
    op.create_table('eligible_list',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.Column('process_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=160), nullable=False),
    sa.Column('asks_for', sa.String(length=80), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('lines', sa.Integer(), nullable=False),
    sa.Column('uploaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_eligible_list_process_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_eligible_list')),
    sa.UniqueConstraint('public_id', name=op.f('uq_eligible_list_public_id'))
    )
    with op.batch_alter_table('eligible_list', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_eligible_list_process_id'), ['process_id'], unique=False)

    op.create_table('guardian_consent',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('process_id', sa.Integer(), nullable=False),
    sa.Column('guardian', sa.String(length=160), nullable=False),
    sa.Column('recorded_by', sa.String(length=120), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_guardian_consent_account_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_guardian_consent_process_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_guardian_consent')),
    sa.UniqueConstraint('public_id', name=op.f('uq_guardian_consent_public_id'))
    )
    with op.batch_alter_table('guardian_consent', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_guardian_consent_account_id'), ['account_id'], unique=False)

    op.create_table('phone_challenge',
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('phone', sa.String(length=64), nullable=False),
    sa.Column('code', sa.String(length=64), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_phone_challenge_account_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('account_id', name=op.f('pk_phone_challenge')),
    info={'housekeeping': 'an unanswered message proves nothing'}
    )
    op.create_table('verification',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('process_id', sa.Integer(), nullable=True),
    sa.Column('method', sa.Enum('list', 'code', 'sms', 'clerk', name='method', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('used', sa.String(length=64), nullable=True),
    sa.Column('birth_year', sa.Integer(), nullable=True),
    sa.Column('verified_by', sa.String(length=120), nullable=False),
    sa.Column('verified_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_by', sa.String(length=120), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_because', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_verification_account_id')),
    sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_verification_process_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_verification')),
    sa.UniqueConstraint('public_id', name=op.f('uq_verification_public_id')),
    sa.UniqueConstraint('used', name=op.f('uq_verification_used'))
    )
    with op.batch_alter_table('verification', schema=None) as batch_op:
        batch_op.create_index('ix_verification_account', ['account_id', 'process_id'], unique=False)

    op.create_table('eligible_list_line',
    sa.Column('list_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=64), nullable=False),
    sa.Column('with_year', sa.String(length=64), nullable=True),
    sa.ForeignKeyConstraint(['list_id'], ['eligible_list.id'], name=op.f('fk_eligible_list_line_list_id')),
    sa.PrimaryKeyConstraint('list_id', 'number', name=op.f('pk_eligible_list_line'))
    )
    op.create_table('personal_code',
    sa.Column('code', sa.String(length=64), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['code_batch.id'], name=op.f('fk_personal_code_batch_id')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_personal_code'))
    )
    with op.batch_alter_table('personal_code', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_personal_code_batch_id'), ['batch_id'], unique=False)

    with op.batch_alter_table('outbox_message', schema=None) as batch_op:
        batch_op.add_column(sa.Column('medium', sa.String(length=30), server_default='mail', nullable=False))
        batch_op.create_check_constraint('medium', "medium IN ('mail', 'sms')")
    with op.batch_alter_table('outbox_message', schema=None) as batch_op:
        batch_op.alter_column('medium', server_default=None)
    # What was promised to people in processes that are under way stays as it was: nobody was checked there.
    op.execute(
        "INSERT INTO eligibility_rules (process_id, methods, unchecked_because) "
        "SELECT id, '[]', 'This process began before eligibility was checked here.' FROM process "
        "WHERE status IN ('published', 'open')"
    )



def downgrade() -> None:
    op.execute("DELETE FROM outbox_message WHERE medium = 'sms'")
    with op.batch_alter_table('outbox_message', schema=None) as batch_op:
        batch_op.drop_constraint('medium', type_='check')
        batch_op.drop_column('medium')

    with op.batch_alter_table('personal_code', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_personal_code_batch_id'))

    op.drop_table('personal_code')
    op.drop_table('eligible_list_line')
    with op.batch_alter_table('verification', schema=None) as batch_op:
        batch_op.drop_index('ix_verification_account')

    op.drop_table('verification')
    op.drop_table('phone_challenge')
    with op.batch_alter_table('guardian_consent', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_guardian_consent_account_id'))

    op.drop_table('guardian_consent')
    with op.batch_alter_table('eligible_list', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_eligible_list_process_id'))

    op.drop_table('eligible_list')
    op.drop_table('eligibility_rules')
    with op.batch_alter_table('code_batch', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_code_batch_process_id'))

    op.drop_table('code_batch')
    with op.batch_alter_table('proof_attempt', schema=None) as batch_op:
        batch_op.drop_index('ix_proof_attempt_key')

    op.drop_table('proof_attempt')
