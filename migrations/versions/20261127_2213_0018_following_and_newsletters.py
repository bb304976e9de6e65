"""outreach: following anything, news at once, newsletters; outbox: mails to many after mails to one

Revision ID: 0018
Revises: 0017
"""

import json
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

OLD_KINDS = {"phase", "answer", "vote"}
NEW_KINDS = ["version", "comment", "merged", "meeting", "minutes", "newsletter"]
MOMENT = sa.DateTime(timezone=True)


def _kinds_of(*values: str, name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


def upgrade() -> None:
    _follow_subjects()
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_bulk", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.drop_index("ix_outbox_message_due")
        batch_op.create_index("ix_outbox_message_due", ["state", "is_bulk", "send_at"], unique=False)
    with op.batch_alter_table("reminder_wish", schema=None) as batch_op:
        batch_op.add_column(sa.Column("at_once", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("told", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_digest", sa.Boolean(), nullable=False, server_default=sa.true()))
    for table, column in (("outbox_message", "is_bulk"), ("reminder_wish", "at_once"), ("told", "is_digest")):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column(column, server_default=None)
    _change_kinds(lambda kinds: [*kinds, *NEW_KINDS] if set(kinds) >= OLD_KINDS else kinds)
    _make_newsletters()


def _follow_subjects() -> None:
    """What was followed until now are processes."""
    op.create_table(
        "following_new",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=True),
        sa.Column("since", MOMENT, nullable=False),
    )
    op.execute(
        "INSERT INTO following_new (account_id, subject, process_id, since) "
        "SELECT following.account_id, 'process/' || process.public_id, process.id, following.since "
        "FROM following JOIN process ON process.id = following.process_id"
    )
    op.drop_table("following")
    op.create_table(
        "following",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=True),
        sa.Column("since", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_following_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_following_process_id")),
        sa.PrimaryKeyConstraint("account_id", "subject", name=op.f("pk_following")),
    )
    op.execute("INSERT INTO following SELECT account_id, subject, process_id, since FROM following_new")
    op.drop_table("following_new")
    with op.batch_alter_table("following", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_following_subject"), ["subject"], unique=False)
        batch_op.create_index(batch_op.f("ix_following_process_id"), ["process_id"], unique=False)


def _change_kinds(change: Callable[[list[str]], list[str]]) -> None:
    """Who wanted to be told of everything wants the new kinds, too; who chose some of the kinds keeps that choice."""
    connection = op.get_bind()
    wishes = sa.table("reminder_wish", sa.column("account_id"), sa.column("kinds", sa.JSON()))
    for account_id, kinds in connection.execute(sa.select(wishes.c.account_id, wishes.c.kinds)).all():
        known = json.loads(kinds) if isinstance(kinds, str) else kinds
        connection.execute(wishes.update().where(wishes.c.account_id == account_id).values(kinds=change(known)))


def _make_newsletters() -> None:
    op.create_table(
        "newsletter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("segment", sa.JSON(), nullable=False),
        sa.Column("status", _kinds_of("draft", "sending", "stopped", "sent", name="newsletterstate"), nullable=False),
        sa.Column("written_by", sa.String(length=120), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("addressed", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(status = 'draft') = (sent_at IS NULL)", name=op.f("ck_newsletter_sent")),
        sa.CheckConstraint("(sent_at IS NULL) = (addressed IS NULL)", name=op.f("ck_newsletter_counted")),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_newsletter_process_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_newsletter")),
        sa.UniqueConstraint("public_id", name=op.f("uq_newsletter_public_id")),
    )
    with op.batch_alter_table("newsletter", schema=None) as batch_op:
        batch_op.create_index("ix_newsletter_process_id", ["process_id", "id"], unique=False)
    op.create_table(
        "newsletter_recipient",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("newsletter_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("state", _kinds_of("waiting", "queued", "left_out", name="recipientstate"), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "(account_id IS NULL) <> (organisation_id IS NULL)", name=op.f("ck_newsletter_recipient_one")
        ),
        sa.ForeignKeyConstraint(
            ["newsletter_id"],
            ["newsletter.id"],
            name=op.f("fk_newsletter_recipient_newsletter_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_newsletter_recipient_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_newsletter_recipient_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_newsletter_recipient")),
        sa.UniqueConstraint(
            "newsletter_id", "account_id", name=op.f("uq_newsletter_recipient_newsletter_id_account_id")
        ),
        sa.UniqueConstraint(
            "newsletter_id", "organisation_id", name=op.f("uq_newsletter_recipient_newsletter_id_organisation_id")
        ),
        sa.UniqueConstraint("newsletter_id", "address", name=op.f("uq_newsletter_recipient_newsletter_id_address")),
        info={"housekeeping": "sending is not an act of anybody; that it was decided is in the log"},
    )
    with op.batch_alter_table("newsletter_recipient", schema=None) as batch_op:
        batch_op.create_index("ix_newsletter_recipient_turn", ["newsletter_id", "state", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_newsletter_recipient_account_id"), ["account_id"], unique=False)


def downgrade() -> None:
    """Older versions know newsletters only from the log, and that processes are followed."""
    op.drop_table("newsletter_recipient")
    op.drop_table("newsletter")
    _change_kinds(lambda kinds: [kind for kind in kinds if kind in OLD_KINDS])
    with op.batch_alter_table("told", schema=None) as batch_op:
        batch_op.drop_column("is_digest")
    with op.batch_alter_table("reminder_wish", schema=None) as batch_op:
        batch_op.drop_column("at_once")
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_message_due")
        batch_op.create_index("ix_outbox_message_due", ["state", "send_at"], unique=False)
        batch_op.drop_column("is_bulk")
    op.create_table(
        "following_old",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
    )
    op.execute(
        "INSERT INTO following_old SELECT account_id, process_id, since FROM following WHERE subject LIKE 'process/%'"
    )
    op.drop_table("following")
    op.create_table(
        "following",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_following_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_following_process_id")),
        sa.PrimaryKeyConstraint("account_id", "process_id", name=op.f("pk_following")),
    )
    op.execute("INSERT INTO following SELECT account_id, process_id, since FROM following_old")
    op.drop_table("following_old")
