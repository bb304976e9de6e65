"""meetings

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column(
            "mode",
            sa.Enum("in_person", "online", "both", name="mode", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("district", sa.String(length=80), nullable=True),
        sa.Column("latitude", sa.Integer(), nullable=True),
        sa.Column("longitude", sa.Integer(), nullable=True),
        sa.Column("link", sa.String(length=2000), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("has_hours", sa.Boolean(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("is_for_women", sa.Boolean(), nullable=False),
        sa.Column("is_for_youth", sa.Boolean(), nullable=False),
        sa.Column("accessibility", sa.Text(), nullable=False),
        sa.Column("childcare", sa.Text(), nullable=False),
        sa.Column("agenda", sa.JSON(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "announced",
                "held",
                "minutes_draft",
                "minutes_final",
                "cancelled",
                name="meetingstate",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("short_notice_because", sa.Text(), nullable=True),
        sa.Column("moved_because", sa.Text(), nullable=True),
        sa.Column("cancelled_because", sa.Text(), nullable=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counts", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("speaking", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=True),
        sa.Column("source_url", sa.String(length=2000), nullable=True),
        sa.Column("reported", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("last_attendance", sa.Integer(), nullable=False),
        sa.Column("last_voice", sa.Integer(), nullable=False),
        sa.Column("last_hands", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_meeting_on_map")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_meeting_order")),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_meeting_process_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("process_id", "source", name=op.f("uq_meeting_process_id_source")),
        sa.UniqueConstraint("public_id", name=op.f("uq_meeting_public_id")),
    )
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.create_index("ix_meeting_list", ["process_id", "starts_at", "id"], unique=False)

    op.create_table(
        "meeting_rules",
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("notice_days", sa.Integer(), nullable=False),
        sa.Column("objection_days", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_meeting_rules_process_id")),
        sa.PrimaryKeyConstraint("process_id", name=op.f("pk_meeting_rules")),
    )
    op.create_table(
        "attendance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=80), nullable=True),
        sa.Column(
            "way",
            sa.Enum(
                "code", "form", "clerk", name="attendanceway", native_enum=False, create_constraint=True, length=30
            ),
            nullable=False,
        ),
        sa.Column("has_account", sa.Boolean(), nullable=False),
        sa.Column("took_part_before", sa.Boolean(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=True),
        sa.Column("noted_by", sa.String(length=120), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_attendance_account_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_attendance_meeting_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_attendance_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
        sa.UniqueConstraint("meeting_id", "account_id", name=op.f("uq_attendance_meeting_id_account_id")),
        sa.UniqueConstraint("meeting_id", "key", name=op.f("uq_attendance_meeting_id_key")),
        sa.UniqueConstraint("meeting_id", "number", name=op.f("uq_attendance_meeting_id_number")),
    )
    with op.batch_alter_table("attendance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attendance_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attendance_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "decision_link",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_decision_link_meeting_id")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_decision_link_proposal_id")),
        sa.PrimaryKeyConstraint("meeting_id", "number", "proposal_id", name=op.f("pk_decision_link")),
        info={"housekeeping": "follows from the minutes, whose entry says it"},
    )
    with op.batch_alter_table("decision_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_link_proposal_id"), ["proposal_id"], unique=False)

    op.create_table(
        "meeting_invitation",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("by_mail", sa.Boolean(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_invitation_meeting_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_meeting_invitation_organisation_id")
        ),
        sa.PrimaryKeyConstraint("meeting_id", "organisation_id", name=op.f("pk_meeting_invitation")),
    )
    op.create_table(
        "meeting_registration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "coming",
                "waiting",
                "withdrawn",
                name="registrationstate",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("needs", sa.Text(), nullable=False),
        sa.Column("wants_childcare", sa.Boolean(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_meeting_registration_account_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_registration_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_registration")),
        sa.UniqueConstraint("meeting_id", "account_id", name=op.f("uq_meeting_registration_meeting_id_account_id")),
    )
    with op.batch_alter_table("meeting_registration", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_registration_account_id"), ["account_id"], unique=False)
        batch_op.create_index("ix_meeting_registration_state", ["meeting_id", "state", "id"], unique=False)

    op.create_table(
        "meeting_told",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_meeting_told_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_told_meeting_id")),
        sa.PrimaryKeyConstraint("meeting_id", "account_id", "starts_at", name=op.f("pk_meeting_told")),
        info={"housekeeping": "reminding is not an act of anybody"},
    )
    op.create_table(
        "minutes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("draft", "final", name="minutesstate", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("decisions", sa.JSON(), nullable=False),
        sa.Column("objections_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_minutes_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes")),
        sa.UniqueConstraint("meeting_id", "number", name=op.f("uq_minutes_meeting_id_number")),
    )
    op.create_table(
        "minutes_desk",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("decisions", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_minutes_desk_meeting_id")),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("pk_minutes_desk")),
        info={"housekeeping": "unpublished text of the staff"},
    )
    op.create_table(
        "show_of_hands",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=300), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("typed", sa.JSON(), nullable=False),
        sa.Column("by_phone", sa.JSON(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_show_of_hands_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_show_of_hands")),
        sa.UniqueConstraint("meeting_id", "number", name=op.f("uq_show_of_hands_meeting_id_number")),
        info={"housekeeping": "a question in the room; its result is in the log"},
    )
    op.create_table(
        "speaking_turn",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
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
        sa.Column(
            "sex",
            sa.Enum("female", "male", "other", name="sex", native_enum=False, create_constraint=True, length=30),
            nullable=True,
        ),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_speaking_turn_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_speaking_turn")),
        info={"housekeeping": "taps in the room; their sums are in the entry that it was held"},
    )
    with op.batch_alter_table("speaking_turn", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_speaking_turn_meeting_id"), ["meeting_id"], unique=False)

    op.create_table(
        "hand",
        sa.Column("show_id", sa.Integer(), nullable=False),
        sa.Column("attendance_id", sa.Integer(), nullable=False),
        sa.Column("option", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["attendance_id"], ["attendance.id"], name=op.f("fk_hand_attendance_id")),
        sa.ForeignKeyConstraint(["show_id"], ["show_of_hands.id"], name=op.f("fk_hand_show_id")),
        sa.PrimaryKeyConstraint("show_id", "attendance_id", name=op.f("pk_hand")),
        info={"housekeeping": "counted when the question is closed, then gone"},
    )
    op.create_table(
        "minutes_voice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("minutes_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "objection", "confirmation", name="voicekind", native_enum=False, create_constraint=True, length=30
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.String(length=120), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_minutes_voice_account_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_minutes_voice_meeting_id")),
        sa.ForeignKeyConstraint(["minutes_id"], ["minutes.id"], name=op.f("fk_minutes_voice_minutes_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_minutes_voice_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_voice")),
        sa.UniqueConstraint("meeting_id", "number", name=op.f("uq_minutes_voice_meeting_id_number")),
        sa.UniqueConstraint("minutes_id", "account_id", name=op.f("uq_minutes_voice_minutes_id_account_id")),
    )
    with op.batch_alter_table("minutes_voice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_minutes_voice_account_id"), ["account_id"], unique=False)

    with op.batch_alter_table("intake", schema=None) as batch_op:
        batch_op.add_column(sa.Column("meeting_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_intake_meeting_id"), ["meeting_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_intake_meeting_id"), "meeting", ["meeting_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("intake", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_intake_meeting_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_intake_meeting_id"))
        batch_op.drop_column("meeting_id")

    with op.batch_alter_table("minutes_voice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_minutes_voice_account_id"))

    op.drop_table("minutes_voice")
    op.drop_table("hand")
    with op.batch_alter_table("speaking_turn", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_speaking_turn_meeting_id"))

    op.drop_table("speaking_turn")
    op.drop_table("show_of_hands")
    op.drop_table("minutes_desk")
    op.drop_table("minutes")
    op.drop_table("meeting_told")
    with op.batch_alter_table("meeting_registration", schema=None) as batch_op:
        batch_op.drop_index("ix_meeting_registration_state")
        batch_op.drop_index(batch_op.f("ix_meeting_registration_account_id"))

    op.drop_table("meeting_registration")
    op.drop_table("meeting_invitation")
    with op.batch_alter_table("decision_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_link_proposal_id"))

    op.drop_table("decision_link")
    with op.batch_alter_table("attendance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attendance_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_attendance_account_id"))

    op.drop_table("attendance")
    op.drop_table("meeting_rules")
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.drop_index("ix_meeting_list")

    op.drop_table("meeting")
