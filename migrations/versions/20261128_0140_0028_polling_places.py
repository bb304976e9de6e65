"""polling places: slots without an account, paper, kiosks

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

CHANNELS = ("internet", "paper", "kiosk")
STATES = ("open", "counted", "agreed", "entered")
INVALIDITIES = ("unclear", "too_many", "signed", "not_ours", "surplus")
MISHAPS = ("returned", "replaced")
REASONS = ("wrong_person", "left", "marked_wrongly", "damaged")


def upgrade() -> None:
    with op.batch_alter_table("vote", schema=None) as batch_op:
        batch_op.add_column(sa.Column("awaits_paper", sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table("vote", schema=None) as batch_op:
        batch_op.alter_column("awaits_paper", server_default=None)
    with op.batch_alter_table("roll_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("line", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("channel", sa.String(length=30), server_default="internet", nullable=False))
        batch_op.create_check_constraint("channel", f"channel IN {CHANNELS}")
        batch_op.create_unique_constraint(batch_op.f("uq_roll_entry_vote_id_line"), ["vote_id", "line"])
    with op.batch_alter_table("roll_entry", schema=None) as batch_op:
        batch_op.alter_column("channel", server_default=None)
    op.create_table(
        "polling_place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("vote_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("location", sa.String(length=300), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("printed", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_polling_place_order")),
        sa.ForeignKeyConstraint(["vote_id"], ["vote.id"], name=op.f("fk_polling_place_vote_id_vote")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_polling_place")),
        sa.UniqueConstraint("public_id", name=op.f("uq_polling_place_public_id")),
    )
    op.create_index(op.f("ix_polling_place_vote_id"), "polling_place", ["vote_id"])
    op.create_table(
        "ballot_box",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("handed_out", sa.Integer(), nullable=False),
        sa.Column("spoiled", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=True),
        sa.Column("blank", sa.Integer(), nullable=True),
        sa.Column("invalid", sa.JSON(), nullable=False),
        sa.Column("differences", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("batch", sa.String(length=12), nullable=True),
        sa.Column("batch_sha256", sa.String(length=64), nullable=True),
        sa.CheckConstraint(f"state IN {STATES}", name=op.f("ck_ballot_box_boxstate")),
        sa.ForeignKeyConstraint(["place_id"], ["polling_place.id"], name=op.f("fk_ballot_box_place_id_polling_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot_box")),
        sa.UniqueConstraint("place_id", "number", name=op.f("uq_ballot_box_place_id_number")),
    )
    op.create_table(
        "typist",
        sa.Column("box_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("is_done", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_typist_account_id_account")),
        sa.ForeignKeyConstraint(["box_id"], ["ballot_box.id"], name=op.f("fk_typist_box_id_ballot_box")),
        sa.PrimaryKeyConstraint("box_id", "side", name=op.f("pk_typist")),
        sa.UniqueConstraint("box_id", "account_id", name=op.f("uq_typist_box_id_account_id")),
    )
    op.create_table(
        "typed_paper",
        sa.Column("box_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("choices", sa.LargeBinary(), nullable=True),
        sa.Column("invalid", sa.String(length=30), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(f"invalid IN {INVALIDITIES}", name=op.f("ck_typed_paper_invalidity")),
        sa.ForeignKeyConstraint(["box_id"], ["ballot_box.id"], name=op.f("fk_typed_paper_box_id_ballot_box")),
        sa.PrimaryKeyConstraint("box_id", "side", "number", name=op.f("pk_typed_paper")),
    )
    op.create_table(
        "paper_mishap",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("box_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.Column("roll_entry_id", sa.Integer(), nullable=True),
        sa.Column("asked_by", sa.String(length=120), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.String(length=120), nullable=True),
        sa.CheckConstraint(f"kind IN {MISHAPS}", name=op.f("ck_paper_mishap_mishap")),
        sa.CheckConstraint(f"reason IN {REASONS}", name=op.f("ck_paper_mishap_mishapreason")),
        sa.ForeignKeyConstraint(["box_id"], ["ballot_box.id"], name=op.f("fk_paper_mishap_box_id_ballot_box")),
        sa.ForeignKeyConstraint(
            ["roll_entry_id"], ["roll_entry.id"], name=op.f("fk_paper_mishap_roll_entry_id_roll_entry")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_mishap")),
        sa.UniqueConstraint("public_id", name=op.f("uq_paper_mishap_public_id")),
    )
    op.create_index(op.f("ix_paper_mishap_box_id"), "paper_mishap", ["box_id"])
    op.create_table(
        "code_letters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("vote_id", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["vote_id"], ["vote.id"], name=op.f("fk_code_letters_vote_id_vote")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_letters")),
        sa.UniqueConstraint("public_id", name=op.f("uq_code_letters_public_id")),
    )
    op.create_index(op.f("ix_code_letters_vote_id"), "code_letters", ["vote_id"])
    op.create_table(
        "voting_code",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("letters_id", sa.Integer(), nullable=False),
        sa.Column("roll_entry_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["letters_id"], ["code_letters.id"], name=op.f("fk_voting_code_letters_id_code_letters")
        ),
        sa.ForeignKeyConstraint(
            ["roll_entry_id"], ["roll_entry.id"], name=op.f("fk_voting_code_roll_entry_id_roll_entry")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_voting_code")),
    )
    op.create_index(op.f("ix_voting_code_letters_id"), "voting_code", ["letters_id"])
    op.create_index(op.f("ix_voting_code_roll_entry_id"), "voting_code", ["roll_entry_id"])
    op.create_table(
        "kiosk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("idle_minutes", sa.Integer(), nullable=False),
        sa.Column("wrong_codes", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["place_id"], ["polling_place.id"], name=op.f("fk_kiosk_place_id_polling_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kiosk")),
        sa.UniqueConstraint("public_id", name=op.f("uq_kiosk_public_id")),
        sa.UniqueConstraint("token", name=op.f("uq_kiosk_token")),
    )
    op.create_index(op.f("ix_kiosk_place_id"), "kiosk", ["place_id"])
    op.create_table(
        "kiosk_turn",
        sa.Column("roll_entry_id", sa.Integer(), nullable=False),
        sa.Column("kiosk_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("has_cast", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosk.id"], name=op.f("fk_kiosk_turn_kiosk_id_kiosk")),
        sa.ForeignKeyConstraint(
            ["roll_entry_id"], ["roll_entry.id"], name=op.f("fk_kiosk_turn_roll_entry_id_roll_entry")
        ),
        sa.PrimaryKeyConstraint("roll_entry_id", name=op.f("pk_kiosk_turn")),
        sa.UniqueConstraint("token", name=op.f("uq_kiosk_turn_token")),
    )
    op.create_index(op.f("ix_kiosk_turn_kiosk_id"), "kiosk_turn", ["kiosk_id"])


def downgrade() -> None:
    for table in (
        "kiosk_turn",
        "kiosk",
        "voting_code",
        "code_letters",
        "paper_mishap",
        "typed_paper",
        "typist",
        "ballot_box",
        "polling_place",
    ):
        op.drop_table(table)
    op.execute("DELETE FROM ballot_link WHERE roll_entry_id IN (SELECT id FROM roll_entry WHERE line IS NOT NULL)")
    op.execute("DELETE FROM roll_entry WHERE line IS NOT NULL")
    with op.batch_alter_table("roll_entry", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_roll_entry_vote_id_line"), type_="unique")
        batch_op.drop_constraint("channel", type_="check")
        batch_op.drop_column("channel")
        batch_op.drop_column("line")
    with op.batch_alter_table("vote", schema=None) as batch_op:
        batch_op.drop_column("awaits_paper")
