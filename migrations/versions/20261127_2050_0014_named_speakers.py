"""outreach: whom an invited organisation names to speak for it, as a note of its own kind

Revision ID: 0014
Revises: 0013
"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

OLD_KINDS = ("reason", "attendance", "call")
NEW_KINDS = (*OLD_KINDS, "delegate")


def _allow(kinds: tuple[str, ...]) -> None:
    with op.batch_alter_table("invitation_note", schema=None) as batch_op:
        batch_op.drop_constraint("notekind", type_="check")
        batch_op.create_check_constraint("notekind", f"kind IN ({', '.join(map(repr, kinds))})")


def upgrade() -> None:
    _allow(NEW_KINDS)


def downgrade() -> None:
    """Older versions know no such note: it stays as one of the staff's."""
    op.execute("UPDATE invitation_note SET kind = 'call' WHERE kind = 'delegate'")
    _allow(OLD_KINDS)
