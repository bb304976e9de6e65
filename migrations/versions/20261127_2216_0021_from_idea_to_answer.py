"""proposals: merging and splitting with lineage, appraisal, minority statements

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

OLD_OUTCOMES = ("adopted", "partly_adopted", "not_adopted", "out_of_scope")
NEW_OUTCOMES = (*OLD_OUTCOMES, "merged", "split")


def _allow(outcomes: tuple[str, ...]) -> None:
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.drop_constraint("outcome", type_="check")
        batch_op.create_check_constraint("outcome", f"outcome IN ({', '.join(map(repr, outcomes))})")


def upgrade() -> None:
    op.create_table(
        "answering_rules",
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("publishes_scores", sa.Boolean(), nullable=False),
        sa.Column("dissent_days", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_answering_rules_process_id")),
        sa.PrimaryKeyConstraint("process_id", name=op.f("pk_answering_rules")),
    )
    op.create_table(
        "appraisal_criterion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("lowest", sa.Integer(), nullable=False),
        sa.Column("highest", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("lowest < highest", name=op.f("ck_appraisal_criterion_scale")),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_appraisal_criterion_process_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appraisal_criterion")),
        sa.UniqueConstraint("public_id", name=op.f("uq_appraisal_criterion_public_id")),
    )
    with op.batch_alter_table("appraisal_criterion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appraisal_criterion_process_id"), ["process_id"], unique=False)

    op.create_table(
        "dissent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column(
            "about",
            sa.Enum(
                "answer",
                "merge",
                "decision",
                "process",
                name="dissentabout",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("author_name", sa.String(length=160), nullable=True),
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
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "standing",
            sa.Enum("shown", "held", "hidden", name="standing", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_dissent_author_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_dissent_organisation_id")),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_dissent_process_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dissent")),
        sa.UniqueConstraint("public_id", name=op.f("uq_dissent_public_id")),
    )
    with op.batch_alter_table("dissent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dissent_author_id"), ["author_id"], unique=False)
        batch_op.create_index("ix_dissent_subject", ["process_id", "subject"], unique=False)

    op.create_table(
        "regrouping",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("merge", "split", name="lineagekind", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "asked", "done", "dropped", name="regroupingstate", native_enum=False, create_constraint=True, length=30
            ),
            nullable=False,
        ),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("override_reason", sa.Text(), nullable=True),
        sa.Column("asked_by", sa.String(length=40), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_by", sa.String(length=220), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_regrouping_process_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regrouping")),
        sa.UniqueConstraint("public_id", name=op.f("uq_regrouping_public_id")),
    )
    with op.batch_alter_table("regrouping", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_regrouping_process_id"), ["process_id"], unique=False)

    op.create_table(
        "appraisal",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column(
            "feasibility",
            sa.Enum(
                "feasible",
                "with_changes",
                "not_feasible",
                name="feasibility",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=True),
        sa.Column("legal", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.String(length=40), nullable=False),
        sa.Column("published", sa.JSON(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_appraisal_proposal_id")),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_appraisal")),
    )
    op.create_table(
        "appraisal_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("assigned_by", sa.String(length=40), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("conflict", sa.Text(), nullable=True),
        sa.Column("excluded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_appraisal_task_account_id")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_appraisal_task_proposal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appraisal_task")),
        sa.UniqueConstraint("proposal_id", "account_id", name=op.f("uq_appraisal_task_proposal_id_account_id")),
    )
    with op.batch_alter_table("appraisal_task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appraisal_task_account_id"), ["account_id"], unique=False)

    op.create_table(
        "proposal_lineage",
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("result_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("merge", "split", name="lineagekind", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=220), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "consent",
            sa.Enum("agreed", "reasoned", name="consent", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.CheckConstraint("source_id <> result_id", name=op.f("ck_proposal_lineage_not_itself")),
        sa.ForeignKeyConstraint(["result_id"], ["proposal.id"], name=op.f("fk_proposal_lineage_result_id")),
        sa.ForeignKeyConstraint(["source_id"], ["proposal.id"], name=op.f("fk_proposal_lineage_source_id")),
        sa.PrimaryKeyConstraint("source_id", "result_id", name=op.f("pk_proposal_lineage")),
    )
    with op.batch_alter_table("proposal_lineage", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposal_lineage_result_id"), ["result_id"], unique=False)

    op.create_table(
        "regrouping_consent",
        sa.Column("regrouping_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("is_given", sa.Boolean(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_regrouping_consent_account_id")),
        sa.ForeignKeyConstraint(["regrouping_id"], ["regrouping.id"], name=op.f("fk_regrouping_consent_regrouping_id")),
        sa.PrimaryKeyConstraint("regrouping_id", "account_id", name=op.f("pk_regrouping_consent")),
    )
    with op.batch_alter_table("regrouping_consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_regrouping_consent_account_id"), ["account_id"], unique=False)

    op.create_table(
        "regrouping_source",
        sa.Column("regrouping_id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_regrouping_source_proposal_id")),
        sa.ForeignKeyConstraint(["regrouping_id"], ["regrouping.id"], name=op.f("fk_regrouping_source_regrouping_id")),
        sa.PrimaryKeyConstraint("regrouping_id", "proposal_id", name=op.f("pk_regrouping_source")),
    )
    with op.batch_alter_table("regrouping_source", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_regrouping_source_proposal_id"), ["proposal_id"], unique=False)

    op.create_table(
        "appraisal_score",
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["appraisal_criterion.id"], name=op.f("fk_appraisal_score_criterion_id")
        ),
        sa.ForeignKeyConstraint(["task_id"], ["appraisal_task.id"], name=op.f("fk_appraisal_score_task_id")),
        sa.PrimaryKeyConstraint("task_id", "criterion_id", name=op.f("pk_appraisal_score")),
    )
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "origin",
                sa.Enum("merge", "split", name="lineagekind", native_enum=False, create_constraint=True, length=30),
                nullable=True,
            )
        )
        batch_op.add_column(sa.Column("proposers", sa.JSON(), nullable=True))
    _allow(NEW_OUTCOMES)


def downgrade() -> None:
    """Older versions know no merging: what was merged or split stays with its reason, as out of scope."""
    op.execute("UPDATE proposal SET outcome = 'out_of_scope' WHERE outcome IN ('merged', 'split')")
    _allow(OLD_OUTCOMES)
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.drop_constraint("lineagekind", type_="check")
        batch_op.drop_column("proposers")
        batch_op.drop_column("origin")

    op.drop_table("appraisal_score")
    with op.batch_alter_table("regrouping_source", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_regrouping_source_proposal_id"))

    op.drop_table("regrouping_source")
    with op.batch_alter_table("regrouping_consent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_regrouping_consent_account_id"))

    op.drop_table("regrouping_consent")
    with op.batch_alter_table("proposal_lineage", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proposal_lineage_result_id"))

    op.drop_table("proposal_lineage")
    with op.batch_alter_table("appraisal_task", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appraisal_task_account_id"))

    op.drop_table("appraisal_task")
    op.drop_table("appraisal")
    with op.batch_alter_table("regrouping", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_regrouping_process_id"))

    op.drop_table("regrouping")
    with op.batch_alter_table("dissent", schema=None) as batch_op:
        batch_op.drop_index("ix_dissent_subject")
        batch_op.drop_index(batch_op.f("ix_dissent_author_id"))

    op.drop_table("dissent")
    with op.batch_alter_table("appraisal_criterion", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appraisal_criterion_process_id"))

    op.drop_table("appraisal_criterion")
    op.drop_table("answering_rules")
