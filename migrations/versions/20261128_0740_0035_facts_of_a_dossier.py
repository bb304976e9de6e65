"""facts of a dossier, fixed when it is frozen

Revision ID: 0035
Revises: 0034
Create Date: 2026-11-28 07:40:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fixed_fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("fixed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_fixed_fact_size")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_fixed_fact_dossier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fixed_fact")),
        sa.UniqueConstraint("dossier_id", "code", name=op.f("uq_fixed_fact_dossier_id_code")),
    )


def downgrade() -> None:
    op.drop_table("fixed_fact")
