"""Another text for what was sent: its authors publish it as a version."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from ...kernel.decision import require
from ...kernel.identity import Actor
from .. import policies
from ..company import tell_supporters
from ..models import LONGEST_TITLE, Content, Proposal
from ..particulars import require_answers
from ..versioning import checked_change, publish, require_newest, values_of


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
    network: str | None = None,
) -> bool:
    """Publish another text; False when it says the same. Who proposes stays as it was sent.

    While nobody endorses it and proposals are open, freely; later with ``change``, what is different, and everybody who
    endorses it is told by mail (``address``: the proposal's page). Moderation may hold it back
    (versioning.publish). Raises Overtaken, or Invalid naming a field.
    """
    require(policies.can_change_text(actor, proposal, now=now))
    require_newest(session, proposal, content, based_on)
    said = checked_change(change, is_required=policies.must_say_what_changed(proposal, now=now))
    values = values_of(session, proposal, content, longest_title=LONGEST_TITLE)
    changed = publish(session, proposal, values, actor=actor, now=now, change=said, network=network)
    if changed:
        require_answers(session, proposal)
        tell_supporters(session, proposal, change=said or "", address=address, now=now)
    return changed
