"""seats of evaluators by link, their questions and the city's answers

Revision ID: 0037
Revises: 0036
Create Date: 2026-11-28 07:45:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evaluator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("office", sa.String(length=160), nullable=False),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("invited_by", sa.String(length=120), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("came_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_evaluator_process_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluator")),
        sa.UniqueConstraint("public_id", name=op.f("uq_evaluator_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_evaluator_token_hash")),
    )
    op.create_index("ix_evaluator_process", "evaluator", ["process_id", "id"])
    op.create_table(
        "evaluator_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("evaluator_id", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("put_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.String(length=220), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_evaluator_question_answered")),
        sa.ForeignKeyConstraint(["evaluator_id"], ["evaluator.id"], name=op.f("fk_evaluator_question_evaluator_id")),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_evaluator_question_process_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluator_question")),
        sa.UniqueConstraint("public_id", name=op.f("uq_evaluator_question_public_id")),
    )
    op.create_index("ix_evaluator_question_process", "evaluator_question", ["process_id", "id"])
    op.create_index(op.f("ix_evaluator_question_evaluator_id"), "evaluator_question", ["evaluator_id"])


def downgrade() -> None:
    op.drop_table("evaluator_question")
    op.drop_table("evaluator")
