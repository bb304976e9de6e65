"""exchange: entries of the register that were merged, tables that were brought

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

FATES = ("refused", "alike", "double", "merged", "changed", "new", "unchanged")


def upgrade() -> None:
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_organisation_merged_into_id"), "organisation", ["merged_into_id"], ["id"]
        )
        batch_op.create_index(batch_op.f("ix_organisation_merged_into_id"), ["merged_into_id"], unique=False)
    op.create_table(
        "organisation_merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("merged_id", sa.Integer(), nullable=False),
        sa.Column("survivor_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("merged_by", sa.String(length=120), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["merged_id"], ["organisation.id"], name=op.f("fk_organisation_merge_merged_id")),
        sa.ForeignKeyConstraint(["survivor_id"], ["organisation.id"], name=op.f("fk_organisation_merge_survivor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_merge")),
        sa.UniqueConstraint("merged_id", name=op.f("uq_organisation_merge_merged_id")),
    )
    op.create_index("ix_organisation_merge_survivor_id", "organisation_merge", ["survivor_id"])
    op.create_table(
        "register_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("file_name", sa.String(length=160), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("identified_by", sa.String(length=200), nullable=False),
        sa.Column(
            "status",
            sa.Enum("waiting", "done", name="importstate", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("ignored", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("brought_by", sa.String(length=120), nullable=False),
        sa.Column("brought_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_by", sa.String(length=120), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_import")),
        sa.UniqueConstraint("public_id", name=op.f("uq_register_import_public_id")),
    )
    op.create_index("ix_register_import_brought_at", "register_import", ["brought_at"])
    op.create_table(
        "register_import_row",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "fate",
            sa.Enum(*FATES, name="fate", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("says", sa.JSON(), nullable=False),
        sa.Column("given", sa.JSON(), nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=True),
        sa.ForeignKeyConstraint(
            ["import_id"], ["register_import.id"], name=op.f("fk_register_import_row_import_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("import_id", "place", name=op.f("pk_register_import_row")),
    )


def downgrade() -> None:
    """Merged entries become entries like others again, under their old addresses; what moved stays with the others."""
    op.drop_table("register_import_row")
    op.drop_table("register_import")
    op.drop_table("organisation_merge")
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisation_merged_into_id"))
        batch_op.drop_constraint(batch_op.f("fk_organisation_merged_into_id"), type_="foreignkey")
        batch_op.drop_column("merged_into_id")
