"""What becomes of codes and notes when two entries of the register are merged: they follow the invitation.

The survivor has an invitation of its own by now (processes/merging.py): letters that are on their way open that one.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, aliased

from ..kernel.identity import Actor
from ..processes.models import Invitation, Process, ProcessState
from ..stakeholders.lineage import Holding, MergePart
from ..stakeholders.models import Organisation
from .models import InvitationCode, InvitationNote


def _current(merged: Organisation) -> Any:
    """SQL: its invitations to processes that are not closed."""
    rows = select(Invitation.id).join(Process, Process.id == Invitation.process_id)
    return rows.where(Invitation.organisation_id == merged.id, Process.status != ProcessState.CLOSED)


def _holdings(session: Session, merged: Organisation) -> list[Holding]:
    codes, notes = (
        session.scalar(select(func.count()).where(model.invitation_id.in_(_current(merged)))) or 0
        for model in (InvitationCode, InvitationNote)
    )
    return [
        Holding(_l("Codes in its letters"), codes, _l("Open the invitation of the survivor.")),
        Holding(_l("Notes beside its invitations"), notes, _l("Move to the survivor.")),
    ]


def _move(session: Session, merged: Organisation, survivor: Organisation, *, actor: Actor, now: datetime) -> None:
    theirs, own = aliased(Invitation), aliased(Invitation)
    pairs = select(theirs.id, own.id).join(own, own.process_id == theirs.process_id)
    pairs = pairs.where(theirs.id.in_(_current(merged)), own.organisation_id == survivor.id)
    for old, new in session.execute(pairs).all():
        for model in (InvitationCode, InvitationNote):
            moved = update(model).where(model.invitation_id == old).values(invitation_id=new)
            session.execute(moved.execution_options(synchronize_session=False))


PART = MergePart(_holdings, move=_move)
