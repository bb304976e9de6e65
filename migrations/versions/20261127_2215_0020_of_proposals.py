"""particulars of proposals: own questions, place, files, links, given figures; needs and assets; districts; words

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

from ucc_participate.proposals.search import words_of

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

BLOCK = 500
COLUMNS = {
    "fields": sa.JSON(),
    "latitude": sa.Integer(),
    "longitude": sa.Integer(),
    "district": sa.String(length=30),
    "needs": sa.JSON(),
    "assets": sa.JSON(),
    "attachments": sa.JSON(),
    "given": sa.JSON(),
}


def choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


def upgrade() -> None:
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        for name, kind in COLUMNS.items():
            batch_op.add_column(sa.Column(name, kind, nullable=True))
    op.create_table(
        "proposal_field",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column(
            "kind",
            choice("fieldkind", "short_text", "long_text", "number", "choice", "choices", "date", "yes_no"),
            nullable=False,
        ),
        sa.Column("label", sa.JSON(), nullable=False),
        sa.Column("hint", sa.JSON(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("state", choice("fieldstate", "asked", "retired", "removed"), nullable=False),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_proposal_field_process_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_field")),
        sa.UniqueConstraint("process_id", "code", name=op.f("uq_proposal_field_process_id_code")),
    )
    op.create_table(
        "district_map",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("districts", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_district_map")),
        sa.UniqueConstraint("public_id", name=op.f("uq_district_map_public_id")),
    )
    op.create_table(
        "inventory_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("kind", choice("itemkind", "need", "heritage", "creative"), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=160), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("author_name", sa.String(length=220), nullable=True),
        sa.Column("status", choice("itemstate", "suggested", "listed", "declined", "retired"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_inventory_item_author_id")),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_inventory_item_process_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inventory_item")),
        sa.UniqueConstraint("public_id", name=op.f("uq_inventory_item_public_id")),
    )
    with op.batch_alter_table("inventory_item", schema=None) as batch_op:
        batch_op.create_index("ix_inventory_item_process", ["process_id", "status", "id"], unique=False)
        batch_op.create_index(op.f("ix_inventory_item_author_id"), ["author_id"], unique=False)
    op.create_table(
        "proposal_word",
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(length=60), nullable=False),
        sa.Column("proposals", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_proposal_word_process_id")),
        sa.PrimaryKeyConstraint("process_id", "word", name=op.f("pk_proposal_word")),
        sqlite_with_rowid=False,
    )
    _count_words()


def _count_words() -> None:
    """The words of what is public already, as ``proposals.search`` counts those that come."""
    connection, last = op.get_bind(), 0
    read = sa.text(
        "SELECT id, process_id, number, title, summary, body, place FROM proposal"
        f" WHERE number IS NOT NULL AND id > :last ORDER BY id LIMIT {BLOCK}"
    )
    add = sa.text(
        "INSERT INTO proposal_word (process_id, word, proposals) VALUES (:process_id, :word, 1)"
        " ON CONFLICT (process_id, word) DO UPDATE SET proposals = proposal_word.proposals + 1"
    )
    while rows := connection.execute(read, {"last": last}).all():
        last = rows[-1].id
        texts = [(row.process_id, (row.title, row.summary, row.body, row.place or "", str(row.number))) for row in rows]
        connection.execute(
            add, [{"process_id": process_id, "word": word} for process_id, told in texts for word in words_of(*told)]
        )


def downgrade() -> None:
    op.drop_table("proposal_word")
    with op.batch_alter_table("inventory_item", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_inventory_item_author_id"))
        batch_op.drop_index("ix_inventory_item_process")
    op.drop_table("inventory_item")
    op.drop_table("district_map")
    op.drop_table("proposal_field")
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        for name in reversed(COLUMNS):
            batch_op.drop_column(name)
