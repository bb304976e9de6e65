"""deliberation: discussions with comments, translations, drafts and marks; guests from other cities

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('comment_draft',
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('place', sa.String(length=80), nullable=False),
    sa.Column('stance', sa.Enum('for', 'against', 'question', 'remark', name='stance', native_enum=False, create_constraint=True, length=30), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('kept_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_comment_draft_account_id')),
    sa.PrimaryKeyConstraint('account_id', 'place', name=op.f('pk_comment_draft')),
    info={'housekeeping': 'a draft is nobody’s business'}
    )
    op.create_table('guest',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.Column('process_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('city', sa.String(length=80), nullable=False),
    sa.Column('country', sa.String(length=80), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=True),
    sa.Column('locale', sa.String(length=2), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('invited_by', sa.String(length=120), nullable=False),
    sa.Column('invited_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('came_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_guest_account_id')),
    sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_guest_process_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_guest')),
    sa.UniqueConstraint('account_id', name=op.f('uq_guest_account_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_guest_public_id')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_guest_token_hash'))
    )
    with op.batch_alter_table('guest', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_guest_process_id'), ['process_id'], unique=False)

    op.create_table('thread',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('process_id', sa.Integer(), nullable=False),
    sa.Column('subject', sa.String(length=80), nullable=False),
    sa.Column('for_count', sa.Integer(), nullable=False),
    sa.Column('against_count', sa.Integer(), nullable=False),
    sa.Column('question_count', sa.Integer(), nullable=False),
    sa.Column('remark_count', sa.Integer(), nullable=False),
    sa.Column('reply_count', sa.Integer(), nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_thread_process_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_thread')),
    sa.UniqueConstraint('subject', name=op.f('uq_thread_subject')),
    info={'housekeeping': 'follows from the comments, each of which is in the log'}
    )
    with op.batch_alter_table('thread', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_thread_process_id'), ['process_id'], unique=False)

    op.create_table('comment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.Column('process_id', sa.Integer(), nullable=False),
    sa.Column('thread_id', sa.Integer(), nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.Column('stance', sa.Enum('for', 'against', 'question', 'remark', name='stance', native_enum=False, create_constraint=True, length=30), nullable=True),
    sa.Column('voice', sa.Enum('resident', 'organisation', 'city', 'guest', name='voice', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('author_name', sa.String(length=220), nullable=True),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('sector', sa.Enum('public', 'private', 'civil_society', name='sector', native_enum=False, create_constraint=True, length=30), nullable=True),
    sa.Column('city', sa.String(length=80), nullable=True),
    sa.Column('country', sa.String(length=80), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('quote', sa.Text(), nullable=True),
    sa.Column('quoted', sa.String(length=40), nullable=True),
    sa.Column('quoted_edition', sa.Integer(), nullable=True),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('status', sa.Enum('posted', 'withdrawn', name='commentstate', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('standing', sa.Enum('shown', 'held', 'hidden', name='standing', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('turn', sa.Integer(), nullable=False),
    sa.Column('lot', sa.Integer(), nullable=False),
    sa.Column('idempotency_key', sa.String(length=40), nullable=True),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['account.id'], name=op.f('fk_comment_author_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_comment_organisation_id')),
    sa.ForeignKeyConstraint(['parent_id'], ['comment.id'], name=op.f('fk_comment_parent_id')),
    sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_comment_process_id')),
    sa.ForeignKeyConstraint(['thread_id'], ['thread.id'], name=op.f('fk_comment_thread_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comment')),
    sa.UniqueConstraint('author_id', 'idempotency_key', name=op.f('uq_comment_author_id_idempotency_key')),
    sa.UniqueConstraint('public_id', name=op.f('uq_comment_public_id'))
    )
    with op.batch_alter_table('comment', schema=None) as batch_op:
        batch_op.create_index('ix_comment_author', ['author_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_comment_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_comment_process_id'), ['process_id'], unique=False)
        batch_op.create_index('ix_comment_replies', ['parent_id', 'id'], unique=False)
        batch_op.create_index('ix_comment_side', ['thread_id', 'stance', 'turn', 'lot'], unique=False)

    op.create_table('comment_edition',
    sa.Column('comment_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('was_answered', sa.Boolean(), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['comment_id'], ['comment.id'], name=op.f('fk_comment_edition_comment_id')),
    sa.PrimaryKeyConstraint('comment_id', 'number', name=op.f('pk_comment_edition'))
    )
    op.create_table('comment_tally',
    sa.Column('comment_id', sa.Integer(), nullable=False),
    sa.Column('thread_id', sa.Integer(), nullable=False),
    sa.Column('stance', sa.Enum('for', 'against', 'question', 'remark', name='stance', native_enum=False, create_constraint=True, length=30), nullable=True),
    sa.Column('helpful', sa.Integer(), nullable=False),
    sa.Column('replies', sa.Integer(), nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['comment_id'], ['comment.id'], name=op.f('fk_comment_tally_comment_id')),
    sa.ForeignKeyConstraint(['thread_id'], ['thread.id'], name=op.f('fk_comment_tally_thread_id')),
    sa.PrimaryKeyConstraint('comment_id', name=op.f('pk_comment_tally')),
    info={'housekeeping': 'follows from replies and marks'}
    )
    with op.batch_alter_table('comment_tally', schema=None) as batch_op:
        batch_op.create_index('ix_comment_tally_helpful', ['thread_id', 'stance', 'helpful', 'comment_id'], unique=False)

    op.create_table('comment_translation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.Column('comment_id', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('translator_id', sa.Integer(), nullable=True),
    sa.Column('translator_name', sa.String(length=220), nullable=True),
    sa.Column('standing', sa.Enum('shown', 'held', 'hidden', name='standing', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['comment_id'], ['comment.id'], name=op.f('fk_comment_translation_comment_id')),
    sa.ForeignKeyConstraint(['translator_id'], ['account.id'], name=op.f('fk_comment_translation_translator_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comment_translation')),
    sa.UniqueConstraint('comment_id', 'language', name=op.f('uq_comment_translation_comment_id_language')),
    sa.UniqueConstraint('public_id', name=op.f('uq_comment_translation_public_id'))
    )
    with op.batch_alter_table('comment_translation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_comment_translation_translator_id'), ['translator_id'], unique=False)

    op.create_table('helpful_mark',
    sa.Column('comment_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_helpful_mark_account_id')),
    sa.ForeignKeyConstraint(['comment_id'], ['comment.id'], name=op.f('fk_helpful_mark_comment_id')),
    sa.PrimaryKeyConstraint('comment_id', 'account_id', name=op.f('pk_helpful_mark')),
    info={'housekeeping': 'a reader’s opinion, tied to no name anywhere else'}
    )
    with op.batch_alter_table('helpful_mark', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_helpful_mark_account_id'), ['account_id'], unique=False)

    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.add_column(sa.Column('guest_of', sa.String(length=12), nullable=True))



def downgrade() -> None:
    """Older versions know no guests: their accounts are closed, so that none becomes a resident."""
    op.execute("UPDATE account SET is_active = false WHERE guest_of IS NOT NULL")
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.drop_column('guest_of')

    with op.batch_alter_table('helpful_mark', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_helpful_mark_account_id'))

    op.drop_table('helpful_mark')
    with op.batch_alter_table('comment_translation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_comment_translation_translator_id'))

    op.drop_table('comment_translation')
    with op.batch_alter_table('comment_tally', schema=None) as batch_op:
        batch_op.drop_index('ix_comment_tally_helpful')

    op.drop_table('comment_tally')
    op.drop_table('comment_edition')
    with op.batch_alter_table('comment', schema=None) as batch_op:
        batch_op.drop_index('ix_comment_side')
        batch_op.drop_index('ix_comment_replies')
        batch_op.drop_index(batch_op.f('ix_comment_process_id'))
        batch_op.drop_index(batch_op.f('ix_comment_organisation_id'))
        batch_op.drop_index('ix_comment_author')

    op.drop_table('comment')
    with op.batch_alter_table('thread', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_thread_process_id'))

    op.drop_table('thread')
    with op.batch_alter_table('guest', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_guest_process_id'))

    op.drop_table('guest')
    op.drop_table('comment_draft')
