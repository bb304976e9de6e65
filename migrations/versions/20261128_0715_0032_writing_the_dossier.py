"""writing the dossier: fields that are no text, comments on answers, reasons for passing over what is missing

Revision ID: 0032
Revises: 0031
Create Date: 2026-11-28 07:15:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answer_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=220), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.String(length=220), nullable=True),
        sa.ForeignKeyConstraint(["answer_id"], ["dossier_answer.id"], name=op.f("fk_answer_comment_answer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_comment")),
        sa.UniqueConstraint("public_id", name=op.f("uq_answer_comment_public_id")),
    )
    with op.batch_alter_table("answer_comment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_comment_answer_id"), ["answer_id"], unique=False)
    with op.batch_alter_table("dossier_answer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("fields", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("frozen_once", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("dossier_answer", schema=None) as batch_op:
        batch_op.alter_column("frozen_once", server_default=None)
    with op.batch_alter_table("dossier", schema=None) as batch_op:
        batch_op.add_column(sa.Column("overrides", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("dossier", schema=None) as batch_op:
        batch_op.alter_column("overrides", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("dossier", schema=None) as batch_op:
        batch_op.drop_column("overrides")
    with op.batch_alter_table("dossier_answer", schema=None) as batch_op:
        batch_op.drop_column("frozen_once")
        batch_op.drop_column("fields")
    op.drop_table("answer_comment")
