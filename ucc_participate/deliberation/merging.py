"""What becomes of an organisation's comments when two entries of the register are merged: they stay as said."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..stakeholders.lineage import Holding, MergePart
from ..stakeholders.models import Organisation
from .models import Comment


def _holdings(session: Session, merged: Organisation) -> list[Holding]:
    count = session.scalar(select(func.count()).where(Comment.organisation_id == merged.id)) or 0
    kept = _l("They keep the name they were written under, and count for the entry that stays.")
    return [Holding(_l("Comments"), count, kept)]


PART = MergePart(_holdings)
