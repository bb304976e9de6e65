"""the action plan and the dossier: initiatives, indicators, resources, partner cities, answers, citations

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

revision = '0029'
down_revision = '0028'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('form_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('purpose', sa.Enum('application', 'report', name='purpose', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('based_on', sa.String(length=40), nullable=True),
    sa.Column('changed_because', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_form_version')),
    sa.UniqueConstraint('code', name=op.f('uq_form_version_code'))
    )
    op.create_table('dossier',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.Column('process_id', sa.Integer(), nullable=False),
    sa.Column('form_id', sa.Integer(), nullable=False),
    sa.Column('purpose', sa.Enum('application', 'report', name='purpose', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('submits_in', sa.String(length=2), nullable=False),
    sa.Column('national_deadline', sa.Date(), nullable=True),
    sa.Column('unesco_deadline', sa.Date(), nullable=True),
    sa.Column('status', sa.Enum('draft', 'frozen', name='dossierstate', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('frozen_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('frozen_size', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['form_id'], ['form_version.id'], name=op.f('fk_dossier_form_id')),
    sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_dossier_process_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dossier')),
    sa.UniqueConstraint('public_id', name=op.f('uq_dossier_public_id'))
    )
    with op.batch_alter_table('dossier', schema=None) as batch_op:
        batch_op.create_index('ix_dossier_process', ['process_id', 'id'], unique=False)
    op.create_table('management_body',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.Column('process_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.JSON(), nullable=False),
    sa.Column('duties', sa.JSON(), nullable=False),
    sa.Column('rhythm', sa.Integer(), nullable=False),
    sa.Column('since', sa.Date(), nullable=True),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_management_body_process_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_management_body')),
    sa.UniqueConstraint('public_id', name=op.f('uq_management_body_public_id'))
    )
    with op.batch_alter_table('management_body', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_management_body_process_id'), ['process_id'], unique=False)
    op.create_table('partner_city',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.Column('process_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=160), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('creative_field', sa.Enum('crafts', 'design', 'film', 'gastronomy', 'literature', 'media_arts', 'music', 'architecture', name='creativefield', native_enum=False, create_constraint=True, length=30), nullable=True),
    sa.Column('since', sa.Integer(), nullable=True),
    sa.Column('cooperation', sa.Text(), nullable=False),
    sa.Column('about', sa.Text(), nullable=False),
    sa.Column('contact', sa.Text(), nullable=False),
    sa.Column('status', sa.Enum('sought', 'contacted', 'agreed', 'active', 'ended', name='partnerstate', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_partner_city_process_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partner_city')),
    sa.UniqueConstraint('public_id', name=op.f('uq_partner_city_public_id'))
    )
    with op.batch_alter_table('partner_city', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_partner_city_process_id'), ['process_id'], unique=False)
    op.create_table('plan',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.Column('process_id', sa.Integer(), nullable=False),
    sa.Column('begins_on', sa.Date(), nullable=False),
    sa.Column('calendar', sa.Enum('jalali', 'gregorian', name='calendar', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('vocabulary', sa.Enum('2013', 'now', name='vocabulary', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('vision', sa.JSON(), nullable=False),
    sa.Column('gap_plan', sa.JSON(), nullable=False),
    sa.Column('limits', sa.JSON(), nullable=False),
    sa.Column('status', sa.Enum('draft', 'consulted', 'frozen', name='planstate', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('frozen_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('comments_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_plan_process_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan')),
    sa.UniqueConstraint('process_id', name=op.f('uq_plan_process_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_plan_public_id'))
    )
    op.create_table('resource',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.Column('process_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('people', 'money', name='resourcekind', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('source', sa.JSON(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('certainty', sa.Enum('secured', 'expected', name='certainty', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('basis', sa.Text(), nullable=False),
    sa.Column('initiative', sa.String(length=12), nullable=True),
    sa.Column('is_void', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('amount > 0', name=op.f('ck_resource_amount')),
    sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_resource_process_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_resource')),
    sa.UniqueConstraint('public_id', name=op.f('uq_resource_public_id'))
    )
    with op.batch_alter_table('resource', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_resource_process_id'), ['process_id'], unique=False)
    op.create_table('body_member',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('body_id', sa.Integer(), nullable=False),
    sa.Column('function', sa.JSON(), nullable=False),
    sa.Column('sector', sa.Enum('public', 'private', 'civil_society', name='sector', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('person', sa.String(length=160), nullable=True),
    sa.Column('sex', sa.String(length=10), nullable=True),
    sa.Column('since', sa.Date(), nullable=True),
    sa.Column('until', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['body_id'], ['management_body.id'], name=op.f('fk_body_member_body_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_body_member_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_body_member'))
    )
    with op.batch_alter_table('body_member', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_body_member_body_id'), ['body_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_body_member_organisation_id'), ['organisation_id'], unique=False)
    op.create_table('dossier_answer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('dossier_id', sa.Integer(), nullable=False),
    sa.Column('section', sa.String(length=20), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('paragraphs', sa.JSON(), nullable=False),
    sa.Column('state', sa.Enum('draft', 'in_review', 'final', 'frozen', name='answerstate', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('of_number', sa.Integer(), nullable=True),
    sa.Column('assigned_to_id', sa.Integer(), nullable=True),
    sa.Column('changed_by', sa.String(length=220), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['assigned_to_id'], ['account.id'], name=op.f('fk_dossier_answer_assigned_to_id')),
    sa.ForeignKeyConstraint(['dossier_id'], ['dossier.id'], name=op.f('fk_dossier_answer_dossier_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dossier_answer')),
    sa.UniqueConstraint('dossier_id', 'section', 'language', name=op.f('uq_dossier_answer_dossier_id_section_language'))
    )
    with op.batch_alter_table('dossier_answer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_dossier_answer_assigned_to_id'), ['assigned_to_id'], unique=False)
    op.create_table('initiative',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('project', 'innovation', 'policy', name='initiativekind', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('level', sa.Enum('local', 'international', name='level', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('summary', sa.JSON(), nullable=False),
    sa.Column('description', sa.JSON(), nullable=False),
    sa.Column('objectives', sa.Text(), nullable=False),
    sa.Column('areas', sa.Text(), nullable=False),
    sa.Column('creative_fields', sa.Text(), nullable=False),
    sa.Column('beneficiaries', sa.Text(), nullable=False),
    sa.Column('sdgs', sa.Text(), nullable=False),
    sa.Column('access', sa.JSON(), nullable=False),
    sa.Column('enters', sa.JSON(), nullable=False),
    sa.Column('effects', sa.JSON(), nullable=False),
    sa.Column('particulars', sa.JSON(), nullable=False),
    sa.Column('steps', sa.JSON(), nullable=False),
    sa.Column('owner', sa.String(length=220), nullable=False),
    sa.Column('partner_search', sa.JSON(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('origin', sa.Enum('adopted', 'added', name='origin', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('added_because', sa.Text(), nullable=True),
    sa.Column('dropped_because', sa.Text(), nullable=True),
    sa.Column('status', sa.Enum('planned', 'dropped', name='initiativestate', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('starts_on IS NULL OR ends_on IS NULL OR starts_on <= ends_on', name=op.f('ck_initiative_days')),
    sa.ForeignKeyConstraint(['plan_id'], ['plan.id'], name=op.f('fk_initiative_plan_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_initiative')),
    sa.UniqueConstraint('plan_id', 'number', name=op.f('uq_initiative_plan_id_number')),
    sa.UniqueConstraint('public_id', name=op.f('uq_initiative_public_id'))
    )
    op.create_table('plan_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('stage', sa.Enum('consulted', 'voted', 'submitted', name='stage', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('overrides', sa.JSON(), nullable=False),
    sa.Column('fixed_by', sa.String(length=220), nullable=False),
    sa.Column('fixed_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('number > 0', name=op.f('ck_plan_version_number')),
    sa.ForeignKeyConstraint(['plan_id'], ['plan.id'], name=op.f('fk_plan_version_plan_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_version')),
    sa.UniqueConstraint('plan_id', 'number', name=op.f('uq_plan_version_plan_id_number'))
    )
    op.create_table('answer_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('answer_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('by', sa.String(length=220), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('number > 0', name=op.f('ck_answer_version_number')),
    sa.ForeignKeyConstraint(['answer_id'], ['dossier_answer.id'], name=op.f('fk_answer_version_answer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_answer_version')),
    sa.UniqueConstraint('answer_id', 'number', name=op.f('uq_answer_version_answer_id_number'))
    )
    op.create_table('citation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('answer_id', sa.Integer(), nullable=False),
    sa.Column('paragraph', sa.String(length=12), nullable=False),
    sa.Column('subject', sa.String(length=120), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('added_by', sa.String(length=220), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['answer_id'], ['dossier_answer.id'], name=op.f('fk_citation_answer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_citation')),
    sa.UniqueConstraint('answer_id', 'paragraph', 'subject', name=op.f('uq_citation_answer_id_paragraph_subject'))
    )
    with op.batch_alter_table('citation', schema=None) as batch_op:
        batch_op.create_index('ix_citation_subject', ['subject'], unique=False)
    op.create_table('indicator',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.Column('initiative_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('output', 'impact', name='indicatorkind', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('unit', sa.JSON(), nullable=False),
    sa.Column('baseline', sa.Numeric(precision=18, scale=3), nullable=True),
    sa.Column('target', sa.Numeric(precision=18, scale=3), nullable=True),
    sa.Column('frequency', sa.Enum('quarterly', 'half_yearly', 'yearly', 'once', name='frequency', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('data_source', sa.JSON(), nullable=False),
    sa.Column('responsible', sa.String(length=220), nullable=False),
    sa.ForeignKeyConstraint(['initiative_id'], ['initiative.id'], name=op.f('fk_indicator_initiative_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_indicator')),
    sa.UniqueConstraint('public_id', name=op.f('uq_indicator_public_id'))
    )
    with op.batch_alter_table('indicator', schema=None) as batch_op:
        batch_op.create_index('ix_indicator_initiative', ['initiative_id', 'id'], unique=False)
    op.create_table('initiative_cost',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('initiative_id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('amount >= 0', name=op.f('ck_initiative_cost_amount')),
    sa.ForeignKeyConstraint(['initiative_id'], ['initiative.id'], name=op.f('fk_initiative_cost_initiative_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_initiative_cost')),
    sa.UniqueConstraint('initiative_id', 'year', name=op.f('uq_initiative_cost_initiative_id_year'))
    )
    op.create_table('initiative_partner',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('initiative_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('city_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=220), nullable=True),
    sa.ForeignKeyConstraint(['city_id'], ['partner_city.id'], name=op.f('fk_initiative_partner_city_id')),
    sa.ForeignKeyConstraint(['initiative_id'], ['initiative.id'], name=op.f('fk_initiative_partner_initiative_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_initiative_partner_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_initiative_partner')),
    sa.UniqueConstraint('initiative_id', 'city_id', name=op.f('uq_initiative_partner_initiative_id_city_id')),
    sa.UniqueConstraint('initiative_id', 'organisation_id', name=op.f('uq_initiative_partner_initiative_id_organisation_id'))
    )
    with op.batch_alter_table('initiative_partner', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_initiative_partner_city_id'), ['city_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_initiative_partner_organisation_id'), ['organisation_id'], unique=False)
    op.create_table('initiative_source',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('initiative_id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('how', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['initiative_id'], ['initiative.id'], name=op.f('fk_initiative_source_initiative_id')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_initiative_source_proposal_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_initiative_source')),
    sa.UniqueConstraint('initiative_id', 'proposal_id', name=op.f('uq_initiative_source_initiative_id_proposal_id'))
    )
    with op.batch_alter_table('initiative_source', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_initiative_source_proposal_id'), ['proposal_id'], unique=False)
    op.create_table('initiative_use',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('initiative_id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['initiative_id'], ['initiative.id'], name=op.f('fk_initiative_use_initiative_id')),
    sa.ForeignKeyConstraint(['item_id'], ['inventory_item.id'], name=op.f('fk_initiative_use_item_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_initiative_use')),
    sa.UniqueConstraint('initiative_id', 'item_id', name=op.f('uq_initiative_use_initiative_id_item_id'))
    )
    with op.batch_alter_table('initiative_use', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_initiative_use_item_id'), ['item_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('initiative_use', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_initiative_use_item_id'))
    op.drop_table('initiative_use')
    with op.batch_alter_table('initiative_source', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_initiative_source_proposal_id'))
    op.drop_table('initiative_source')
    with op.batch_alter_table('initiative_partner', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_initiative_partner_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_initiative_partner_city_id'))
    op.drop_table('initiative_partner')
    op.drop_table('initiative_cost')
    with op.batch_alter_table('indicator', schema=None) as batch_op:
        batch_op.drop_index('ix_indicator_initiative')
    op.drop_table('indicator')
    with op.batch_alter_table('citation', schema=None) as batch_op:
        batch_op.drop_index('ix_citation_subject')
    op.drop_table('citation')
    op.drop_table('answer_version')
    op.drop_table('plan_version')
    op.drop_table('initiative')
    with op.batch_alter_table('dossier_answer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_dossier_answer_assigned_to_id'))
    op.drop_table('dossier_answer')
    with op.batch_alter_table('body_member', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_body_member_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_body_member_body_id'))
    op.drop_table('body_member')
    with op.batch_alter_table('resource', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_resource_process_id'))
    op.drop_table('resource')
    op.drop_table('plan')
    with op.batch_alter_table('partner_city', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_partner_city_process_id'))
    op.drop_table('partner_city')
    with op.batch_alter_table('management_body', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_management_body_process_id'))
    op.drop_table('management_body')
    with op.batch_alter_table('dossier', schema=None) as batch_op:
        batch_op.drop_index('ix_dossier_process')
    op.drop_table('dossier')
    op.drop_table('form_version')
