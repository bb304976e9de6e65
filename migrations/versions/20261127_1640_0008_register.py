"""register: tags as data, several creative fields, size

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TAGS = [
    ("women_led", "women", "به رهبری زنان", "Led by women", "Dirigée par des femmes"),
    ("womens_group", "women", "گروه زنان", "Women’s group", "Groupe de femmes"),
    ("youth_led", "youth", "به رهبری جوانان", "Led by young people", "Dirigée par des jeunes"),
    ("youth_group", "youth", "گروه جوانان", "Youth group", "Groupe de jeunes"),
    ("people_with_disabilities", None, "افراد دارای معلولیت", "People with disabilities", "Personnes handicapées"),
    ("minorities", None, "اقلیت‌ها", "Minorities", "Minorités"),
]
FIELDS = ("crafts", "design", "film", "gastronomy", "literature", "media_arts", "music", "architecture")
SECTORS = ("public", "private", "civil_society")
OUTCOMES = ("registered", "known", "no_stakeholder", "unfit")
AS_TEXT = {"native_enum": False, "create_constraint": True, "length": 30}
SIZES = ("alone", "few", "small", "middle", "large")


def upgrade() -> None:
    tag = op.create_table(
        "organisation_tag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column(
            "counts_as",
            sa.Enum("women", "youth", name="countsas", **AS_TEXT),
            nullable=True,
        ),
        sa.Column("added_by", sa.String(length=120), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_tag")),
        sa.UniqueConstraint("code", name=op.f("uq_organisation_tag_code")),
    )
    rows = [
        {"code": code, "counts_as": counts_as, "title": {"fa": fa, "en": en, "fr": fr}}
        for code, counts_as, fa, en, fr in TAGS
    ]
    op.bulk_insert(tag, rows)
    op.create_table(
        "nomination",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("waiting_key", sa.String(length=330), nullable=True),
        sa.Column("sector", sa.Enum(*SECTORS, name="sector", **AS_TEXT), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("nominated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Enum(*OUTCOMES, name="nominationoutcome", **AS_TEXT), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("answered_by", sa.String(length=120), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(outcome IS NULL) = (waiting_key IS NOT NULL)", name=op.f("ck_nomination_answered")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_nomination_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nomination")),
        sa.UniqueConstraint("public_id", name=op.f("uq_nomination_public_id")),
        sa.UniqueConstraint("waiting_key", name=op.f("uq_nomination_waiting_key")),
    )
    op.create_index("ix_nomination_organisation_id", "nomination", ["organisation_id"])
    op.create_table(
        "nomination_voice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("nomination_id", sa.Integer(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=40), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["nomination_id"], ["nomination.id"], name=op.f("fk_nomination_voice_nomination_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nomination_voice")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_nomination_voice_idempotency_key")),
    )
    op.create_index("ix_nomination_voice_nomination_id", "nomination_voice", ["nomination_id"])
    size = sa.Enum(*SIZES, name="sizeband", **AS_TEXT)
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("creative_fields", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("tags", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("size", size, nullable=True))
    op.execute("UPDATE organisation SET creative_fields = '|' || creative_field || '|' WHERE creative_field IS NOT NULL")
    op.execute(
        "UPDATE organisation SET tags = CASE WHEN is_womens_group AND is_youth_group"
        " THEN '|womens_group|youth_group|' WHEN is_womens_group THEN '|womens_group|' ELSE '|youth_group|' END"
        " WHERE is_womens_group OR is_youth_group"
    )
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.alter_column("creative_fields", server_default=None)
        batch_op.alter_column("tags", server_default=None)
        batch_op.drop_constraint("creativefield", type_="check")
        batch_op.drop_column("creative_field")


def downgrade() -> None:
    """Of several creative fields the first one in the order of the vocabulary stays, and of the tags two."""
    op.drop_table("nomination_voice")
    op.drop_table("nomination")
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("creative_field", sa.String(length=30), nullable=True))
        batch_op.create_check_constraint("creativefield", f"creative_field IN {FIELDS!r}")
    for field in reversed(FIELDS):
        op.execute(
            f"UPDATE organisation SET creative_field = '{field}' WHERE creative_fields LIKE '%|{field}|%'"  # noqa: S608
        )
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_constraint("sizeband", type_="check")
        batch_op.drop_column("size")
        batch_op.drop_column("tags")
        batch_op.drop_column("creative_fields")
    op.drop_table("organisation_tag")
