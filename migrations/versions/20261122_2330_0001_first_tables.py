"""first tables

Revision ID: 0001
Revises: 
"""

import sqlalchemy as sa
from alembic import op

from ucc_participate.audit.models import append_only_statements, drop_append_only_statements
from ucc_participate.proposals import search

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('account',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('display_name', sa.String(length=80), nullable=False),
    sa.Column('function', sa.String(length=120), nullable=True),
    sa.Column('password_hash', sa.String(length=200), nullable=True),
    sa.Column('locale', sa.String(length=2), nullable=False),
    sa.Column('calendar', sa.String(length=10), nullable=True),
    sa.Column('session_version', sa.Integer(), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('email', name=op.f('uq_account_email')),
    sa.UniqueConstraint('public_id', name=op.f('uq_account_public_id'))
    )
    op.create_table('log_checkpoint',
    sa.Column('size', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('root', sa.LargeBinary(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('size', name=op.f('pk_log_checkpoint')),
    info={'housekeeping': "the log's own tables"}
    )
    op.create_table('log_entry',
    sa.Column('position', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('entry', sa.LargeBinary(), nullable=False),
    sa.Column('leaf', sa.LargeBinary(), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('process', sa.String(length=60), nullable=True),
    sa.Column('type', sa.String(length=60), nullable=False),
    sa.PrimaryKeyConstraint('position', name=op.f('pk_log_entry')),
    info={'housekeeping': "the log's own tables"}
    )
    with op.batch_alter_table('log_entry', schema=None) as batch_op:
        batch_op.create_index('ix_log_entry_process', ['process', 'position'], unique=False)
        batch_op.create_index('ix_log_entry_subject', ['subject', 'position'], unique=False)

    op.create_table('log_head',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('root', sa.LargeBinary(), nullable=False),
    sa.Column('frontier', sa.LargeBinary(), nullable=False),
    sa.Column('last_time', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_log_head')),
    info={'housekeeping': "the log's own tables"}
    )
    op.create_table('log_opening',
    sa.Column('position', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('process', sa.String(length=60), nullable=True),
    sa.Column('schema', sa.String(length=60), nullable=False),
    sa.Column('salt', sa.LargeBinary(), nullable=True),
    sa.Column('fields', sa.Text(), nullable=True),
    sa.Column('kept', sa.Text(), nullable=True),
    sa.Column('withheld', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('position', name=op.f('pk_log_opening')),
    info={'housekeeping': "the log's own tables"}
    )
    with op.batch_alter_table('log_opening', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_log_opening_process'), ['process'], unique=False)
        batch_op.create_index('ix_log_opening_subject', ['subject', 'position'], unique=False)

    op.create_table('log_pseudonym',
    sa.Column('person', sa.String(length=80), nullable=False),
    sa.Column('scope', sa.String(length=80), nullable=False),
    sa.Column('pseudonym', sa.String(length=32), nullable=False),
    sa.PrimaryKeyConstraint('person', 'scope', name=op.f('pk_log_pseudonym')),
    sa.UniqueConstraint('pseudonym', name=op.f('uq_log_pseudonym_pseudonym')),
    info={'housekeeping': "the log's own tables"}
    )
    op.create_table('log_queue',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('draft', sa.Text(), nullable=False),
    sa.Column('salt', sa.LargeBinary(), nullable=True),
    sa.Column('fields', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_log_queue')),
    info={'housekeeping': "the log's own tables"}
    )
    op.create_table('log_subject',
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('commitment', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('subject', name=op.f('pk_log_subject')),
    info={'housekeeping': "the log's own tables"}
    )
    op.create_table('log_tile',
    sa.Column('level', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('hashes', sa.LargeBinary(), nullable=False),
    sa.Column('root', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('level', 'number', name=op.f('pk_log_tile')),
    info={'housekeeping': "the log's own tables"}
    )
    op.create_table('organisation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.Column('name', sa.String(length=160), nullable=False),
    sa.Column('sort_key', sa.String(length=330).with_variant(sa.String(length=330, collation='C'), 'postgresql'), nullable=False),
    sa.Column('folded', sa.String(length=330), nullable=False),
    sa.Column('sector', sa.Enum('public', 'private', 'civil_society', name='sector', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('subtype', sa.String(length=30), nullable=False),
    sa.Column('creative_field', sa.Enum('crafts', 'design', 'film', 'gastronomy', 'literature', 'media_arts', 'music', 'architecture', name='creativefield', native_enum=False, create_constraint=True, length=30), nullable=True),
    sa.Column('is_womens_group', sa.Boolean(), nullable=False),
    sa.Column('is_youth_group', sa.Boolean(), nullable=False),
    sa.Column('identified_by', sa.String(length=200), nullable=False),
    sa.Column('website', sa.String(length=300), nullable=True),
    sa.Column('contact_name', sa.String(length=120), nullable=True),
    sa.Column('contact_email', sa.String(length=254), nullable=True),
    sa.Column('contact_phone', sa.String(length=30), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('registered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation')),
    sa.UniqueConstraint('public_id', name=op.f('uq_organisation_public_id'))
    )
    with op.batch_alter_table('organisation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_organisation_folded'), ['folded'], unique=False)
        batch_op.create_index('ix_organisation_list', ['sort_key', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_organisation_sector'), ['sector'], unique=False)

    op.create_table('outbox_message',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('to', sa.String(length=254), nullable=False),
    sa.Column('locale', sa.String(length=2), nullable=False),
    sa.Column('template', sa.String(length=60), nullable=False),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'sent', 'failed', name='messagestate', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('send_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('error', sa.String(length=200), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox_message')),
    info={'housekeeping': 'sending is not an act of anybody; the act that wrote the message is in the log'}
    )
    with op.batch_alter_table('outbox_message', schema=None) as batch_op:
        batch_op.create_index('ix_outbox_message_due', ['state', 'send_at'], unique=False)

    op.create_table('process',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('creative_field', sa.Enum('crafts', 'design', 'film', 'gastronomy', 'literature', 'media_arts', 'music', 'architecture', name='creativefield', native_enum=False, create_constraint=True, length=30), nullable=True),
    sa.Column('purpose', sa.JSON(), nullable=False),
    sa.Column('scope', sa.JSON(), nullable=False),
    sa.Column('open_questions', sa.JSON(), nullable=False),
    sa.Column('promise_level', sa.Enum('inform', 'consult', 'involve', 'collaborate', 'empower', name='promiselevel', native_enum=False, create_constraint=True, length=30), nullable=True),
    sa.Column('promise', sa.JSON(), nullable=False),
    sa.Column('decision_maker', sa.JSON(), nullable=False),
    sa.Column('responsible', sa.String(length=160), nullable=False),
    sa.Column('min_open_days', sa.Integer(), nullable=False),
    sa.Column('answers_due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('targets', sa.JSON(), nullable=False),
    sa.Column('is_imported', sa.Boolean(), nullable=False),
    sa.Column('status', sa.Enum('draft', 'published', 'open', 'closed', name='processstate', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_process')),
    sa.UniqueConstraint('public_id', name=op.f('uq_process_public_id'))
    )
    op.create_table('sign_in_attempt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_attempt')),
    info={'housekeeping': 'throttling only'}
    )
    with op.batch_alter_table('sign_in_attempt', schema=None) as batch_op:
        batch_op.create_index('ix_sign_in_attempt_key', ['key', 'at'], unique=False)

    op.create_table('consent',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('terms_version', sa.String(length=20), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_consent_account_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consent')),
    sa.UniqueConstraint('account_id', 'terms_version', name=op.f('uq_consent_account_id_terms_version'))
    )
    op.create_table('delegate',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('mandate', sa.String(length=200), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('granted_by', sa.String(length=120), nullable=False),
    sa.Column('granted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_by', sa.String(length=120), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_delegate_account_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_delegate_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delegate')),
    sa.UniqueConstraint('public_id', name=op.f('uq_delegate_public_id'))
    )
    with op.batch_alter_table('delegate', schema=None) as batch_op:
        batch_op.create_index('ix_delegate_account', ['account_id', 'organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_delegate_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('gate_override',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('process_id', sa.Integer(), nullable=False),
    sa.Column('gate', sa.Enum('sector_invited', 'sector_participated', 'all_answered', name='gate', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('by', sa.String(length=160), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_gate_override_process_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_gate_override'))
    )
    with op.batch_alter_table('gate_override', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_gate_override_process_id'), ['process_id'], unique=False)

    op.create_table('invitation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('process_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('organisation_state', sa.JSON(), nullable=False),
    sa.Column('channel', sa.Enum('letter', 'email', 'phone', 'visit', 'meeting', 'other', name='channel', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('status', sa.Enum('invited', 'answered', 'declined', name='invitationstate', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('invited_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_invitation_organisation_id')),
    sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_invitation_process_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation')),
    sa.UniqueConstraint('process_id', 'organisation_id', name=op.f('uq_invitation_process_id_organisation_id'))
    )
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invitation_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_invitation_process_id'), ['process_id'], unique=False)

    op.create_table('participation',
    sa.Column('process_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('joined_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_participation_account_id')),
    sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_participation_process_id')),
    sa.PrimaryKeyConstraint('process_id', 'account_id', name=op.f('pk_participation'))
    )
    op.create_table('phase',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('process_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('invite', 'propose', 'discuss', 'answer', 'vote', 'report', name='phasekind', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('extended_because', sa.Text(), nullable=True),
    sa.CheckConstraint('starts_at < ends_at', name=op.f('ck_phase_order')),
    sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_phase_process_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_phase')),
    sa.UniqueConstraint('process_id', 'kind', name=op.f('uq_phase_process_id_kind'))
    )
    with op.batch_alter_table('phase', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_phase_process_id'), ['process_id'], unique=False)

    op.create_table('process_document',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.Column('process_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=160), nullable=False),
    sa.Column('stored_name', sa.String(length=80), nullable=False),
    sa.Column('media_type', sa.String(length=80), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_process_document_process_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_process_document')),
    sa.UniqueConstraint('public_id', name=op.f('uq_process_document_public_id'))
    )
    with op.batch_alter_table('process_document', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_process_document_process_id'), ['process_id'], unique=False)

    op.create_table('profile',
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('sex', sa.Enum('female', 'male', 'other', name='sex', native_enum=False, create_constraint=True, length=30), nullable=True),
    sa.Column('birth_band', sa.Integer(), nullable=True),
    sa.Column('district', sa.String(length=80), nullable=True),
    sa.Column('sector', sa.Enum('public', 'private', 'civil_society', name='sector', native_enum=False, create_constraint=True, length=30), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_profile_account_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('account_id', name=op.f('pk_profile'))
    )
    op.create_table('proposal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.Column('process_id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('author_name', sa.String(length=160), nullable=True),
    sa.Column('sector', sa.Enum('public', 'private', 'civil_society', name='sector', native_enum=False, create_constraint=True, length=30), nullable=True),
    sa.Column('number', sa.Integer(), nullable=True),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('summary', sa.String(length=600), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('kind', sa.Enum('project', 'innovation', 'policy', name='proposalkind', native_enum=False, create_constraint=True, length=30), nullable=True),
    sa.Column('level', sa.Enum('local', 'international', name='level', native_enum=False, create_constraint=True, length=30), nullable=True),
    sa.Column('objectives', sa.JSON(), nullable=False),
    sa.Column('areas', sa.JSON(), nullable=False),
    sa.Column('dimensions', sa.JSON(), nullable=False),
    sa.Column('for_whom', sa.JSON(), nullable=False),
    sa.Column('place', sa.String(length=160), nullable=True),
    sa.Column('cost', sa.BigInteger(), nullable=True),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('status', sa.Enum('draft', 'submitted', 'answered', 'withdrawn', name='proposalstate', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('idempotency_key', sa.String(length=40), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.Enum('adopted', 'partly_adopted', 'not_adopted', 'out_of_scope', name='outcome', native_enum=False, create_constraint=True, length=30), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('answered_by', sa.String(length=220), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['account.id'], name=op.f('fk_proposal_author_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_proposal_organisation_id')),
    sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_proposal_process_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proposal')),
    sa.UniqueConstraint('author_id', 'idempotency_key', name=op.f('uq_proposal_author_id_idempotency_key')),
    sa.UniqueConstraint('process_id', 'number', name=op.f('uq_proposal_process_id_number')),
    sa.UniqueConstraint('public_id', name=op.f('uq_proposal_public_id'))
    )
    with op.batch_alter_table('proposal', schema=None) as batch_op:
        batch_op.create_index('ix_proposal_author', ['author_id', 'id'], unique=False)

    op.create_table('proposal_count',
    sa.Column('process_id', sa.Integer(), nullable=False),
    sa.Column('tag', sa.String(length=40), nullable=False),
    sa.Column('proposals', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_proposal_count_process_id')),
    sa.PrimaryKeyConstraint('process_id', 'tag', name=op.f('pk_proposal_count')),
    info={'housekeeping': 'follows from the proposals'},
    sqlite_with_rowid=False
    )
    op.create_table('proposal_tag',
    sa.Column('process_id', sa.Integer(), nullable=False),
    sa.Column('tag', sa.String(length=40), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_proposal_tag_process_id')),
    sa.PrimaryKeyConstraint('process_id', 'tag', 'number', name=op.f('pk_proposal_tag')),
    info={'housekeeping': 'follows from the proposals'},
    sqlite_with_rowid=False
    )
    op.create_table('role_grant',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.Enum('visitor', 'resident', 'delegate', 'clerk', 'moderator', 'coordinator', 'evaluator', 'system', name='role', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('granted_by', sa.String(length=120), nullable=False),
    sa.Column('granted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_by', sa.String(length=120), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_role_grant_account_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role_grant'))
    )
    with op.batch_alter_table('role_grant', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_role_grant_account_id'), ['account_id'], unique=False)

    op.create_table('sign_in_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('purpose', sa.Enum('sign_up', 'sign_in', 'change_email', name='linkpurpose', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('next_url', sa.String(length=500), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_sign_in_link_account_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_link')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_sign_in_link_token_hash')),
    info={'housekeeping': 'an unused link changes nothing'}
    )
    with op.batch_alter_table('sign_in_link', schema=None) as batch_op:
        batch_op.create_index('ix_sign_in_link_email', ['email', 'created_at'], unique=False)

    op.create_table('vote',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.Column('process_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('franchise', sa.Enum('individual', 'organisation', name='franchise', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('rules', sa.JSON(), nullable=False),
    sa.Column('rules_sha256', sa.String(length=64), nullable=False),
    sa.Column('opens_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('status', sa.Enum('announced', 'open', 'closed', name='votestate', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('roll_size', sa.Integer(), nullable=True),
    sa.Column('result', sa.JSON(), nullable=True),
    sa.Column('snapshot', sa.LargeBinary(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('opens_at < closes_at', name=op.f('ck_vote_order')),
    sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_vote_process_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_vote')),
    sa.UniqueConstraint('public_id', name=op.f('uq_vote_public_id'))
    )
    with op.batch_alter_table('vote', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_vote_process_id'), ['process_id'], unique=False)

    op.create_table('ballot',
    sa.Column('key', sa.String(length=32), nullable=False),
    sa.Column('vote_id', sa.Integer(), nullable=False),
    sa.Column('choices', sa.LargeBinary(), nullable=False),
    sa.Column('salt', sa.LargeBinary(), nullable=False),
    sa.Column('commitment', sa.String(length=64), nullable=False),
    sa.Column('group_codes', sa.Integer(), nullable=False),
    sa.Column('channel', sa.String(length=10), nullable=False),
    sa.Column('is_batched', sa.Boolean(), nullable=False),
    sa.Column('is_superseded', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['vote_id'], ['vote.id'], name=op.f('fk_ballot_vote_id')),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_ballot')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('ballot', schema=None) as batch_op:
        batch_op.create_index('ix_ballot_pending', ['vote_id', 'is_batched'], unique=False)

    op.create_table('open_ballot',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('vote_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('delegate_account_id', sa.Integer(), nullable=False),
    sa.Column('choices', sa.LargeBinary(), nullable=False),
    sa.Column('idempotency_key', sa.String(length=40), nullable=False),
    sa.Column('cast_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['delegate_account_id'], ['account.id'], name=op.f('fk_open_ballot_delegate_account_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_open_ballot_organisation_id')),
    sa.ForeignKeyConstraint(['vote_id'], ['vote.id'], name=op.f('fk_open_ballot_vote_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_open_ballot')),
    sa.UniqueConstraint('vote_id', 'organisation_id', name=op.f('uq_open_ballot_vote_id_organisation_id'))
    )
    with op.batch_alter_table('open_ballot', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_open_ballot_vote_id'), ['vote_id'], unique=False)

    op.create_table('roll_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('vote_id', sa.Integer(), nullable=False),
    sa.Column('slot', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('sector', sa.Enum('public', 'private', 'civil_society', name='sector', native_enum=False, create_constraint=True, length=30), nullable=True),
    sa.Column('has_voted', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_roll_entry_account_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_roll_entry_organisation_id')),
    sa.ForeignKeyConstraint(['vote_id'], ['vote.id'], name=op.f('fk_roll_entry_vote_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roll_entry')),
    sa.UniqueConstraint('vote_id', 'account_id', name=op.f('uq_roll_entry_vote_id_account_id')),
    sa.UniqueConstraint('vote_id', 'organisation_id', name=op.f('uq_roll_entry_vote_id_organisation_id')),
    sa.UniqueConstraint('vote_id', 'slot', name=op.f('uq_roll_entry_vote_id_slot'))
    )
    with op.batch_alter_table('roll_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_roll_entry_vote_id'), ['vote_id'], unique=False)

    op.create_table('vote_option',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('vote_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=60), nullable=False),
    sa.Column('title', sa.String(length=400), nullable=False),
    sa.Column('cost', sa.BigInteger(), nullable=True),
    sa.Column('proposal_id', sa.Integer(), nullable=True),
    sa.Column('proposal_ref', sa.String(length=40), nullable=True),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_vote_option_proposal_id')),
    sa.ForeignKeyConstraint(['vote_id'], ['vote.id'], name=op.f('fk_vote_option_vote_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_vote_option')),
    sa.UniqueConstraint('vote_id', 'code', name=op.f('uq_vote_option_vote_id_code')),
    sa.UniqueConstraint('vote_id', 'position', name=op.f('uq_vote_option_vote_id_position'))
    )
    with op.batch_alter_table('vote_option', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_vote_option_vote_id'), ['vote_id'], unique=False)

    op.create_table('ballot_link',
    sa.Column('roll_entry_id', sa.Integer(), nullable=False),
    sa.Column('ballot_key', sa.String(length=32), nullable=False),
    sa.Column('idempotency_key', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['ballot_key'], ['ballot.key'], name=op.f('fk_ballot_link_ballot_key')),
    sa.ForeignKeyConstraint(['roll_entry_id'], ['roll_entry.id'], name=op.f('fk_ballot_link_roll_entry_id')),
    sa.PrimaryKeyConstraint('roll_entry_id', name=op.f('pk_ballot_link')),
    sa.UniqueConstraint('ballot_key', name=op.f('uq_ballot_link_ballot_key'))
    )
    for statement in append_only_statements(op.get_bind().dialect.name):
        op.execute(statement)
    for statement in search.create_statements(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    for statement in drop_append_only_statements(op.get_bind().dialect.name):
        op.execute(statement)
    for statement in search.drop_statements(op.get_bind().dialect.name):
        op.execute(statement)
    op.drop_table('ballot_link')
    with op.batch_alter_table('vote_option', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_vote_option_vote_id'))

    op.drop_table('vote_option')
    with op.batch_alter_table('roll_entry', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_roll_entry_vote_id'))

    op.drop_table('roll_entry')
    with op.batch_alter_table('open_ballot', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_open_ballot_vote_id'))

    op.drop_table('open_ballot')
    with op.batch_alter_table('ballot', schema=None) as batch_op:
        batch_op.drop_index('ix_ballot_pending')

    op.drop_table('ballot')
    with op.batch_alter_table('vote', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_vote_process_id'))

    op.drop_table('vote')
    with op.batch_alter_table('sign_in_link', schema=None) as batch_op:
        batch_op.drop_index('ix_sign_in_link_email')

    op.drop_table('sign_in_link')
    with op.batch_alter_table('role_grant', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_role_grant_account_id'))

    op.drop_table('role_grant')
    op.drop_table('proposal_tag')
    op.drop_table('proposal_count')
    with op.batch_alter_table('proposal', schema=None) as batch_op:
        batch_op.drop_index('ix_proposal_author')

    op.drop_table('proposal')
    op.drop_table('profile')
    with op.batch_alter_table('process_document', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_process_document_process_id'))

    op.drop_table('process_document')
    with op.batch_alter_table('phase', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_phase_process_id'))

    op.drop_table('phase')
    op.drop_table('participation')
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_invitation_process_id'))
        batch_op.drop_index(batch_op.f('ix_invitation_organisation_id'))

    op.drop_table('invitation')
    with op.batch_alter_table('gate_override', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_gate_override_process_id'))

    op.drop_table('gate_override')
    with op.batch_alter_table('delegate', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_delegate_organisation_id'))
        batch_op.drop_index('ix_delegate_account')

    op.drop_table('delegate')
    op.drop_table('consent')
    with op.batch_alter_table('sign_in_attempt', schema=None) as batch_op:
        batch_op.drop_index('ix_sign_in_attempt_key')

    op.drop_table('sign_in_attempt')
    op.drop_table('process')
    with op.batch_alter_table('outbox_message', schema=None) as batch_op:
        batch_op.drop_index('ix_outbox_message_due')

    op.drop_table('outbox_message')
    with op.batch_alter_table('organisation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_organisation_sector'))
        batch_op.drop_index('ix_organisation_list')
        batch_op.drop_index(batch_op.f('ix_organisation_folded'))

    op.drop_table('organisation')
    op.drop_table('log_tile')
    op.drop_table('log_subject')
    op.drop_table('log_queue')
    op.drop_table('log_pseudonym')
    with op.batch_alter_table('log_opening', schema=None) as batch_op:
        batch_op.drop_index('ix_log_opening_subject')
        batch_op.drop_index(batch_op.f('ix_log_opening_process'))

    op.drop_table('log_opening')
    op.drop_table('log_head')
    with op.batch_alter_table('log_entry', schema=None) as batch_op:
        batch_op.drop_index('ix_log_entry_subject')
        batch_op.drop_index('ix_log_entry_process')

    op.drop_table('log_entry')
    op.drop_table('log_checkpoint')
    op.drop_table('account')
