"""Who reads a proposal that is held back or hidden: its authors, and those who judge."""

from __future__ import annotations

from ...kernel.identity import Actor, Role
from ...moderation.models import Standing
from ..models import Proposal
from .authors import is_author


def reads_text(actor: Actor, proposal: Proposal) -> bool:
    """Whether the actor reads what the proposal says."""
    if not proposal.is_concealed or actor.has(Role.COORDINATOR, Role.MODERATOR):
        return True
    return is_author(actor, proposal)


def knows_of(actor: Actor, proposal: Proposal) -> bool:
    """What is held back does not exist for others; that something is hidden, everybody may know."""
    return proposal.standing is not Standing.HELD or reads_text(actor, proposal)
