"""what the city has: why a resource does not count, files of needs and assets, the needs that matter most

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

SECTORS = ("public", "private", "civil_society")


def upgrade() -> None:
    with op.batch_alter_table("resource", schema=None) as batch_op:
        batch_op.add_column(sa.Column("void_because", sa.Text(), nullable=True))
    with op.batch_alter_table("inventory_item", schema=None) as batch_op:
        batch_op.add_column(sa.Column("files", sa.JSON(), nullable=True))
    op.create_table(
        "need_choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column(
            "sector",
            sa.Enum(*SECTORS, name="sector", native_enum=False, create_constraint=True, length=30),
            nullable=True,
        ),
        sa.Column("needs", sa.Text(), nullable=False),
        sa.Column("is_untold", sa.Boolean(), nullable=False),
        sa.Column("is_untold_by_sector", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_need_choice_account_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_need_choice_organisation_id")),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_need_choice_process_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_choice")),
        sa.UniqueConstraint("process_id", "organisation_id", name=op.f("uq_need_choice_process_id_organisation_id")),
    )
    with op.batch_alter_table("need_choice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_need_choice_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_need_choice_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(
            "uq_need_choice_resident",
            ["process_id", "account_id"],
            unique=True,
            sqlite_where=sa.text("organisation_id IS NULL"),
            postgresql_where=sa.text("organisation_id IS NULL"),
        )
    op.create_table(
        "need_ranking",
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_need_ranking_process_id")),
        sa.PrimaryKeyConstraint("process_id", name=op.f("pk_need_ranking")),
    )


def downgrade() -> None:
    op.drop_table("need_ranking")
    with op.batch_alter_table("need_choice", schema=None) as batch_op:
        batch_op.drop_index("uq_need_choice_resident")
        batch_op.drop_index(batch_op.f("ix_need_choice_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_need_choice_account_id"))
    op.drop_table("need_choice")
    with op.batch_alter_table("inventory_item", schema=None) as batch_op:
        batch_op.drop_column("files")
    with op.batch_alter_table("resource", schema=None) as batch_op:
        batch_op.drop_column("void_because")
