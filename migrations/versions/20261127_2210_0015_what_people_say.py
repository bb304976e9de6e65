"""moderation: rules, cases, flags, decisions, appeals, blocks; how each proposal stands

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "moderation_block",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column(
            "reason",
            sa.Enum(
                "spam",
                "insult",
                "personal_data",
                "unlawful",
                "off_topic",
                "other",
                name="reason",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("blocked_by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_because", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_moderation_block_account_id")),
        sa.ForeignKeyConstraint(["blocked_by_id"], ["account.id"], name=op.f("fk_moderation_block_blocked_by_id")),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_moderation_block_process_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_block")),
        sa.UniqueConstraint("public_id", name=op.f("uq_moderation_block_public_id")),
    )
    with op.batch_alter_table("moderation_block", schema=None) as batch_op:
        batch_op.create_index("ix_moderation_block_account", ["account_id", "process_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_moderation_block_process_id"), ["process_id"], unique=False)

    op.create_table(
        "moderation_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("held_because", sa.Text(), nullable=False),
        sa.Column(
            "waits_for",
            sa.Enum(
                "held", "flagged", "appealed", name="waiting", native_enum=False, create_constraint=True, length=30
            ),
            nullable=True,
        ),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("flags", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("is_burst", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_moderation_case_author_id")),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_moderation_case_process_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_case")),
        sa.UniqueConstraint("public_id", name=op.f("uq_moderation_case_public_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_moderation_case_ref")),
    )
    with op.batch_alter_table("moderation_case", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_moderation_case_author_id"), ["author_id"], unique=False)
        batch_op.create_index("ix_moderation_case_queue", ["process_id", "waiting_since", "id"], unique=False)

    op.create_table(
        "moderation_notice",
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("told_until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_moderation_notice_process_id")),
        sa.PrimaryKeyConstraint("process_id", name=op.f("pk_moderation_notice")),
        info={"housekeeping": "mails only"},
    )
    op.create_table(
        "moderation_post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("ref", sa.String(length=60), nullable=True),
        sa.Column("place", sa.String(length=60), nullable=True),
        sa.Column("is_cleared", sa.Boolean(), nullable=False),
        sa.Column("fingerprint", sa.String(length=32), nullable=True),
        sa.Column("network", sa.String(length=32), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_moderation_post_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_moderation_post_process_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_post")),
        info={"housekeeping": "limits and repetition only; the contribution itself is in the log"},
    )
    with op.batch_alter_table("moderation_post", schema=None) as batch_op:
        batch_op.create_index("ix_moderation_post_account", ["process_id", "account_id", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_moderation_post_ref"), ["ref"], unique=False)
        batch_op.create_index("ix_moderation_post_time", ["process_id", "at"], unique=False)

    op.create_table(
        "moderation_rules",
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column(
            "mode",
            sa.Enum("after", "before", name="mode", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("first_posts", sa.Integer(), nullable=False),
        sa.Column("per_hour", sa.Integer(), nullable=False),
        sa.Column("per_day", sa.Integer(), nullable=False),
        sa.Column("per_place", sa.Integer(), nullable=False),
        sa.Column("most_links", sa.Integer(), nullable=False),
        sa.Column("notice_hours", sa.Integer(), nullable=False),
        sa.Column("policy", sa.JSON(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_moderation_rules_process_id")),
        sa.PrimaryKeyConstraint("process_id", name=op.f("pk_moderation_rules")),
    )
    op.create_table(
        "moderation_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column(
            "act",
            sa.Enum(
                "published",
                "refused",
                "hidden",
                "restored",
                "kept",
                name="act",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "reason",
            sa.Enum(
                "spam",
                "insult",
                "personal_data",
                "unlawful",
                "off_topic",
                "other",
                name="reason",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("waited_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["moderation_case.id"], name=op.f("fk_moderation_decision_case_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["account.id"], name=op.f("fk_moderation_decision_decided_by_id")),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_moderation_decision_process_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_decision")),
        sa.UniqueConstraint("public_id", name=op.f("uq_moderation_decision_public_id")),
    )
    with op.batch_alter_table("moderation_decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_moderation_decision_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_moderation_decision_decided_by_id"), ["decided_by_id"], unique=False)
        batch_op.create_index("ix_moderation_decision_process", ["process_id", "at"], unique=False)

    op.create_table(
        "moderation_flag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column(
            "reason",
            sa.Enum(
                "spam",
                "insult",
                "personal_data",
                "unlawful",
                "off_topic",
                "other",
                name="reason",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("network", sa.String(length=32), nullable=True),
        sa.Column("is_decided", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_moderation_flag_account_id")),
        sa.ForeignKeyConstraint(["case_id"], ["moderation_case.id"], name=op.f("fk_moderation_flag_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_flag")),
        sa.UniqueConstraint("case_id", "account_id", name=op.f("uq_moderation_flag_case_id_account_id")),
    )
    with op.batch_alter_table("moderation_flag", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_moderation_flag_account_id"), ["account_id"], unique=False)
        batch_op.create_index("ix_moderation_flag_network", ["network", "at"], unique=False)

    op.create_table(
        "moderation_shingle",
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("shingle", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("post_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["moderation_post.id"], name=op.f("fk_moderation_shingle_post_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_moderation_shingle_process_id")),
        sa.PrimaryKeyConstraint("process_id", "shingle", "post_id", name=op.f("pk_moderation_shingle")),
        info={"housekeeping": "repetition only, removed after a week"},
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("moderation_shingle", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_moderation_shingle_post_id"), ["post_id"], unique=False)

    op.create_table(
        "moderation_appeal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("upheld", "overturned", name="appealoutcome", native_enum=False, create_constraint=True, length=30),
            nullable=True,
        ),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_moderation_appeal_account_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["account.id"], name=op.f("fk_moderation_appeal_decided_by_id")),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["moderation_decision.id"], name=op.f("fk_moderation_appeal_decision_id")
        ),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_moderation_appeal_process_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_appeal")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_moderation_appeal_decision_id")),
    )
    with op.batch_alter_table("moderation_appeal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_moderation_appeal_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_moderation_appeal_decided_by_id"), ["decided_by_id"], unique=False)
        batch_op.create_index("ix_moderation_appeal_process", ["process_id", "at"], unique=False)

    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.add_column(sa.Column("standing", sa.String(length=30), server_default="shown", nullable=False))
        batch_op.create_check_constraint("standing", "standing IN ('shown', 'held', 'hidden')")
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.alter_column("standing", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.drop_constraint("standing", type_="check")
        batch_op.drop_column("standing")
    with op.batch_alter_table("moderation_appeal", schema=None) as batch_op:
        batch_op.drop_index("ix_moderation_appeal_process")
        batch_op.drop_index(batch_op.f("ix_moderation_appeal_decided_by_id"))
        batch_op.drop_index(batch_op.f("ix_moderation_appeal_account_id"))

    op.drop_table("moderation_appeal")
    with op.batch_alter_table("moderation_shingle", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_moderation_shingle_post_id"))

    op.drop_table("moderation_shingle")
    with op.batch_alter_table("moderation_flag", schema=None) as batch_op:
        batch_op.drop_index("ix_moderation_flag_network")
        batch_op.drop_index(batch_op.f("ix_moderation_flag_account_id"))

    op.drop_table("moderation_flag")
    with op.batch_alter_table("moderation_decision", schema=None) as batch_op:
        batch_op.drop_index("ix_moderation_decision_process")
        batch_op.drop_index(batch_op.f("ix_moderation_decision_decided_by_id"))
        batch_op.drop_index(batch_op.f("ix_moderation_decision_case_id"))

    op.drop_table("moderation_decision")
    op.drop_table("moderation_rules")
    with op.batch_alter_table("moderation_post", schema=None) as batch_op:
        batch_op.drop_index("ix_moderation_post_time")
        batch_op.drop_index(batch_op.f("ix_moderation_post_ref"))
        batch_op.drop_index("ix_moderation_post_account")

    op.drop_table("moderation_post")
    op.drop_table("moderation_notice")
    with op.batch_alter_table("moderation_case", schema=None) as batch_op:
        batch_op.drop_index("ix_moderation_case_queue")
        batch_op.drop_index(batch_op.f("ix_moderation_case_author_id"))

    op.drop_table("moderation_case")
    with op.batch_alter_table("moderation_block", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_moderation_block_process_id"))
        batch_op.drop_index("ix_moderation_block_account")

    op.drop_table("moderation_block")
