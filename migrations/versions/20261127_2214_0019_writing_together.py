"""authors: versions of proposals, co-authors, endorsements and how many are needed, amendments

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

COUNTS = ("text_version", "resident_endorsements", "organisation_endorsements")
ROLES = ("visitor", "resident", "delegate", "clerk", "moderator", "coordinator", "evaluator", "system")
MOMENT = sa.DateTime(timezone=True)


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    """Every proposal that there is has one text, no co-author and no endorsement."""
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.add_column(sa.Column("text_version", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("co_authors", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("resident_endorsements", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("organisation_endorsements", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("supported_at", MOMENT, nullable=True))
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        for name in (*COUNTS, "co_authors"):
            batch_op.alter_column(name, server_default=None)
    _make_versions()
    _make_co_authors()
    _make_endorsements()
    _make_amendments()


def _make_versions() -> None:
    op.create_table(
        "proposal_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("by_role", _choice("role", *ROLES), nullable=False),
        sa.Column("change", sa.String(300), nullable=True),
        sa.Column("amendment", sa.Integer(), nullable=True),
        sa.Column("credit", sa.String(160), nullable=True),
        sa.Column("credit_id", sa.Integer(), nullable=True),
        sa.Column("published_at", MOMENT, nullable=False),
        _to("proposal_version", "proposal_id", "proposal"),
        _to("proposal_version", "credit_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_version")),
        sa.UniqueConstraint("proposal_id", "number", name=op.f("uq_proposal_version_proposal_id_number")),
    )
    op.create_index("ix_proposal_version_credit_id", "proposal_version", ["credit_id"])


def _make_co_authors() -> None:
    op.create_table(
        "co_author",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(16), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("email", sa.String(254), nullable=True),
        sa.Column("name", sa.String(160), nullable=True),
        sa.Column(
            "state", _choice("coauthorstate", "invited", "accepted", "declined", "withdrawn", "left"), nullable=False
        ),
        sa.Column("invited_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        _to("co_author", "proposal_id", "proposal"),
        _to("co_author", "account_id", "account"),
        _to("co_author", "organisation_id", "organisation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_co_author")),
        sa.UniqueConstraint("code", name=op.f("uq_co_author_code")),
        sa.UniqueConstraint("proposal_id", "number", name=op.f("uq_co_author_proposal_id_number")),
    )
    op.create_index("ix_co_author_account_id", "co_author", ["account_id"])
    op.create_index("ix_co_author_organisation_id", "co_author", ["organisation_id"])


def _make_endorsements() -> None:
    op.create_table(
        "endorsement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        _to("endorsement", "proposal_id", "proposal"),
        _to("endorsement", "account_id", "account"),
        _to("endorsement", "organisation_id", "organisation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endorsement")),
        sa.UniqueConstraint("proposal_id", "organisation_id", name=op.f("uq_endorsement_organisation")),
    )
    op.create_index("ix_endorsement_account_id", "endorsement", ["account_id"])
    op.create_index("ix_endorsement_organisation_id", "endorsement", ["organisation_id"])
    op.create_index(
        "uq_endorsement_resident",
        "endorsement",
        ["proposal_id", "account_id"],
        unique=True,
        sqlite_where=sa.text("organisation_id IS NULL"),
        postgresql_where=sa.text("organisation_id IS NULL"),
    )
    op.create_table(
        "proposal_rule",
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("is_needed_for_ballot", sa.Boolean(), nullable=False),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.CheckConstraint("needed >= 0", name=op.f("ck_proposal_rule_needed")),
        _to("proposal_rule", "process_id", "process"),
        sa.PrimaryKeyConstraint("process_id", name=op.f("pk_proposal_rule")),
    )
    op.create_table(
        "endorsement_count",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("residents", sa.Integer(), nullable=False),
        sa.Column("organisations", sa.Integer(), nullable=False),
        sa.Column("is_reached", sa.Boolean(), nullable=False),
        sa.Column("told_at", MOMENT, nullable=False),
        _to("endorsement_count", "proposal_id", "proposal"),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_endorsement_count")),
    )


def _make_amendments() -> None:
    op.create_table(
        "amendment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("author_name", sa.String(160), nullable=True),
        sa.Column("idempotency_key", sa.String(40), nullable=True),
        sa.Column("field", _choice("amendedfield", "summary", "body"), nullable=False),
        sa.Column("old_text", sa.Text(), nullable=False),
        sa.Column("new_text", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("state", _choice("amendmentstate", "proposed", "accepted", "declined", "withdrawn"), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        _to("amendment", "proposal_id", "proposal"),
        _to("amendment", "author_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendment")),
        sa.UniqueConstraint("proposal_id", "number", name=op.f("uq_amendment_proposal_id_number")),
        sa.UniqueConstraint("author_id", "idempotency_key", name=op.f("uq_amendment_author_id_idempotency_key")),
    )


def downgrade() -> None:
    """Older versions know the newest text alone; who wrote along, endorsed or amended is in the log."""
    for table in ("amendment", "endorsement_count", "proposal_rule", "endorsement", "co_author", "proposal_version"):
        op.drop_table(table)
    op.execute("DELETE FROM proposal_tag WHERE tag = 'support:reached'")
    op.execute("DELETE FROM proposal_count WHERE tag = 'support:reached'")
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        for name in (*COUNTS, "co_authors", "supported_at"):
            batch_op.drop_column(name)
