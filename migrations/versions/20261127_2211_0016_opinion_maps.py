"""opinions: maps, statements, who answers and what, counts, what is shown while a map is open

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "opinion_map",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("question", sa.JSON(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "adding",
            sa.Enum("everybody", "city", name="adding", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column(
            "showing",
            sa.Enum(
                "answered", "closed", "always", name="showing", native_enum=False, create_constraint=True, length=30
            ),
            nullable=False,
        ),
        sa.Column("least_answered", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("running", "closed", name="mapstate", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_opinion_map_order")),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_opinion_map_process_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion_map")),
        sa.UniqueConstraint("public_id", name=op.f("uq_opinion_map_public_id")),
    )
    with op.batch_alter_table("opinion_map", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_opinion_map_process_id"), ["process_id"], unique=False)

    op.create_table(
        "opinion_analysis",
        sa.Column("map_id", sa.Integer(), nullable=False),
        sa.Column("shown", sa.JSON(), nullable=True),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waiting", sa.JSON(), nullable=False),
        sa.Column("waiting_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["map_id"], ["opinion_map.id"], name=op.f("fk_opinion_analysis_map_id")),
        sa.PrimaryKeyConstraint("map_id", name=op.f("pk_opinion_analysis")),
    )
    op.create_table(
        "opinion_participant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("map_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column(
            "sector",
            sa.Enum(
                "public",
                "private",
                "civil_society",
                name="sector",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_opinion_participant_account_id")),
        sa.ForeignKeyConstraint(["map_id"], ["opinion_map.id"], name=op.f("fk_opinion_participant_map_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion_participant")),
        sa.UniqueConstraint("map_id", "account_id", name=op.f("uq_opinion_participant_map_id_account_id")),
    )
    with op.batch_alter_table("opinion_participant", schema=None) as batch_op:
        batch_op.create_index("ix_opinion_participant_account", ["account_id"], unique=False)

    op.create_table(
        "opinion_statement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("map_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("folded", sa.String(length=600), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("author_name", sa.String(length=160), nullable=True),
        sa.Column("speaks_for", sa.String(length=30), nullable=True),
        sa.Column(
            "sector",
            sa.Enum(
                "public",
                "private",
                "civil_society",
                name="sector",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column("is_seed", sa.Boolean(), nullable=False),
        sa.Column(
            "standing",
            sa.Enum("shown", "held", "hidden", name="standing", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_opinion_statement_author_id")),
        sa.ForeignKeyConstraint(["map_id"], ["opinion_map.id"], name=op.f("fk_opinion_statement_map_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion_statement")),
        sa.UniqueConstraint("map_id", "number", name=op.f("uq_opinion_statement_map_id_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_opinion_statement_public_id")),
    )
    with op.batch_alter_table("opinion_statement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_opinion_statement_author_id"), ["author_id"], unique=False)

    op.create_table(
        "opinion_answer",
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column(
            "answer",
            sa.Enum("agree", "disagree", "pass", name="answer", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["opinion_participant.id"], name=op.f("fk_opinion_answer_participant_id")
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["opinion_statement.id"], name=op.f("fk_opinion_answer_statement_id")
        ),
        sa.PrimaryKeyConstraint("participant_id", "statement_id", name=op.f("pk_opinion_answer")),
    )
    with op.batch_alter_table("opinion_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_opinion_answer_statement_id"), ["statement_id"], unique=False)

    op.create_table(
        "opinion_statement_count",
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["opinion_statement.id"], name=op.f("fk_opinion_statement_count_statement_id")
        ),
        sa.PrimaryKeyConstraint("statement_id", name=op.f("pk_opinion_statement_count")),
    )


def downgrade() -> None:
    for table in (
        "opinion_statement_count",
        "opinion_answer",
        "opinion_statement",
        "opinion_participant",
        "opinion_analysis",
        "opinion_map",
    ):
        op.drop_table(table)
