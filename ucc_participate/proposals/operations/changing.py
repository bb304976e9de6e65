"""Another text for what was sent: its authors publish it as a version."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from ...kernel.decision import require
from ...kernel.identity import Actor
from .. import policies
from ..company import tell_supporters
from ..content import public_values
from ..models import LONGEST_TITLE, Content, Proposal
from ..versioning import checked_change, publish, require_newest


def change_text(
    session: Session,
    proposal: Proposal,
    content: Content,
    *,
    actor: Actor,
    now: datetime,
    address: str,
    change: str = "",
    based_on: int | None = None,
) -> bool:
    """Publish another text; False when it says the same. Who proposes stays as it was sent.

    While nobody endorses it and proposals are open, freely; later with ``change``, what is different, and everybody who
    endorses it is told by mail (``address``: the proposal's page). Raises Overtaken, or Invalid naming a field.
    """
    require(policies.can_change_text(actor, proposal, now=now))
    require_newest(proposal, content, based_on)
    said = checked_change(change, is_required=policies.must_say_what_changed(proposal, now=now))
    values = public_values(content, longest_title=LONGEST_TITLE)
    changed = publish(session, proposal, values, actor=actor, now=now, change=said)
    if changed:
        tell_supporters(session, proposal, change=said or "", address=address, now=now)
    return changed
