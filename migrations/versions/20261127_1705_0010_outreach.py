"""outreach: codes of invitations, their reminders, the log of outreach, who is told what

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

WAYS_IN = ("internet", "paper", "workshop", "phone", "counter")


def upgrade() -> None:
    op.create_table(
        "contact_stop",
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_contact_stop")),
        info={"housekeeping": "that somebody wants no mails is nobody else’s business"},
    )
    op.create_table(
        "activity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "visit",
                "workshop",
                "meeting",
                "poster",
                "radio",
                "press",
                "call",
                "social_media",
                name="activitykind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("district", sa.String(length=80), nullable=True),
        sa.Column("group", sa.String(length=40), nullable=False),
        sa.Column("group_words", sa.String(length=120), nullable=True),
        sa.Column("reached", sa.Integer(), nullable=True),
        sa.Column(
            "counted",
            sa.Enum("counted", "estimated", name="counted", native_enum=False, create_constraint=True, length=30),
            nullable=True,
        ),
        sa.Column("done", sa.Text(), nullable=False),
        sa.Column("gap", sa.Text(), nullable=True),
        sa.Column("is_void", sa.Boolean(), nullable=False),
        sa.Column("corrected_because", sa.Text(), nullable=True),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("recorded_by", sa.String(length=120), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(reached IS NULL) = (counted IS NULL)", name=op.f("ck_activity_known")),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_activity_process_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
        sa.UniqueConstraint("public_id", "number", name=op.f("uq_activity_public_id_number")),
    )
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.create_index("ix_activity_list", ["process_id", "is_current", "held_on", "id"], unique=False)

    op.create_table(
        "following",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_following_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_following_process_id")),
        sa.PrimaryKeyConstraint("account_id", "process_id", name=op.f("pk_following")),
    )
    op.create_table(
        "invitation_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "letter",
                "email",
                "phone",
                "visit",
                "meeting",
                "poster",
                "radio",
                "other",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("remind_after_days", sa.Integer(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_invitation_batch_process_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation_batch")),
        sa.UniqueConstraint("public_id", name=op.f("uq_invitation_batch_public_id")),
    )
    with op.batch_alter_table("invitation_batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_batch_process_id"), ["process_id"], unique=False)

    op.create_table(
        "reminder_wish",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=True),
        sa.Column("quiet_until", sa.Integer(), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_reminder_wish_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_reminder_wish")),
    )
    op.create_table(
        "told",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_told_account_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("account_id", "key", name=op.f("pk_told")),
        info={"housekeeping": "sending is not an act of anybody"},
    )
    with op.batch_alter_table("told", schema=None) as batch_op:
        batch_op.create_index("ix_told_account_at", ["account_id", "told_at"], unique=False)

    op.create_table(
        "invitation_code",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=False),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["invitation_batch.id"], name=op.f("fk_invitation_code_batch_id")),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitation.id"], name=op.f("fk_invitation_code_invitation_id")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_invitation_code")),
    )
    with op.batch_alter_table("invitation_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_code_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitation_code_invitation_id"), ["invitation_id"], unique=False)

    op.create_table(
        "invitation_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "reason", "attendance", "call", name="notekind", native_enum=False, create_constraint=True, length=30
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", sa.String(length=120), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitation.id"], name=op.f("fk_invitation_note_invitation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation_note")),
    )
    with op.batch_alter_table("invitation_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_note_invitation_id"), ["invitation_id"], unique=False)

    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("answered_through", sa.String(length=30), nullable=True))
        batch_op.create_check_constraint("wayin", f"answered_through IN ({', '.join(map(repr, WAYS_IN))})")
        batch_op.add_column(sa.Column("reminders", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.alter_column("reminders", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_constraint("wayin", type_="check")
        batch_op.drop_column("reminded_at")
        batch_op.drop_column("reminders")
        batch_op.drop_column("answered_through")

    with op.batch_alter_table("invitation_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_note_invitation_id"))

    op.drop_table("invitation_note")
    with op.batch_alter_table("invitation_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_code_invitation_id"))
        batch_op.drop_index(batch_op.f("ix_invitation_code_batch_id"))

    op.drop_table("invitation_code")
    with op.batch_alter_table("told", schema=None) as batch_op:
        batch_op.drop_index("ix_told_account_at")

    op.drop_table("told")
    op.drop_table("reminder_wish")
    with op.batch_alter_table("invitation_batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_batch_process_id"))

    op.drop_table("invitation_batch")
    op.drop_table("following")
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.drop_index("ix_activity_list")

    op.drop_table("activity")
    op.drop_table("contact_stop")
