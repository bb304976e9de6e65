"""readiness: attachments of a dossier, and the days of its steps

Revision ID: 0033
Revises: 0032
Create Date: 2026-11-28 07:35:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

STATES = sa.Enum(
    "wanted", "asked", "received", "signed", "void",
    name="attachmentstate", native_enum=False, create_constraint=True, length=30,
)


def upgrade() -> None:
    op.create_table(
        "dossier_attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", STATES, nullable=False),
        sa.Column("asked_of", sa.String(length=220), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("signer", sa.String(length=220), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("responsible", sa.String(length=220), nullable=False),
        sa.Column("caption", sa.String(length=300), nullable=False),
        sa.Column("author", sa.String(length=160), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("void_because", sa.Text(), nullable=True),
        sa.Column("photo_id", sa.Integer(), nullable=True),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("picture", sa.JSON(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_dossier_attachment_number")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_dossier_attachment_dossier_id")),
        sa.ForeignKeyConstraint(["photo_id"], ["dossier_attachment.id"], name=op.f("fk_dossier_attachment_photo_id")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_dossier_attachment_document_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_attachment")),
        sa.UniqueConstraint("public_id", name=op.f("uq_dossier_attachment_public_id")),
        sa.UniqueConstraint(
            "dossier_id", "section", "number", name=op.f("uq_dossier_attachment_dossier_id_section_number")
        ),
    )
    with op.batch_alter_table("dossier_attachment", schema=None) as batch_op:
        batch_op.create_index("ix_dossier_attachment_dossier", ["dossier_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dossier_attachment_document_id"), ["document_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dossier_attachment_photo_id"), ["photo_id"], unique=False)
    op.create_table(
        "dossier_deadline",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("responsible", sa.String(length=220), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_dossier_deadline_dossier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_deadline")),
        sa.UniqueConstraint("dossier_id", "step", name=op.f("uq_dossier_deadline_dossier_id_step")),
    )


def downgrade() -> None:
    op.drop_table("dossier_deadline")
    op.drop_table("dossier_attachment")
