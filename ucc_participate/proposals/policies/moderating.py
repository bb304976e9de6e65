"""Who reads a proposal that is held back or hidden: its authors, and those who judge."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from ...kernel.decision import ALLOWED, Decision, Denied
from ...kernel.errors import Conflict
from ...kernel.identity import Actor, Role
from ...moderation.models import Standing
from ..models import Amendment, Proposal
from .authors import is_author

HIDDEN = _l("Moderation has hidden this proposal. Its authors can appeal.")
NOT_SHOWN = _l("Moderation withholds this proposal.")
READ_FIRST = _l("Moderation withholds this change. The authors answer it once everybody can read it.")


def reads_text(actor: Actor, proposal: Proposal) -> bool:
    """Whether the actor reads what the proposal says."""
    if not proposal.is_concealed or actor.has(Role.COORDINATOR, Role.MODERATOR):
        return True
    return is_author(actor, proposal)


def knows_of(actor: Actor, proposal: Proposal) -> bool:
    """What is held back does not exist for others; that something is hidden, everybody may know."""
    return proposal.standing is not Standing.HELD or reads_text(actor, proposal)


def is_not_hidden(proposal: Proposal) -> Decision:
    """A hidden text does not come back by being changed; one that is held may be put right by its authors."""
    return Denied(HIDDEN, Conflict) if proposal.standing is Standing.HIDDEN else ALLOWED


def is_shown(proposal: Proposal) -> Decision:
    """What others do to a text they must be able to read."""
    return Denied(NOT_SHOWN, Conflict) if proposal.is_concealed else ALLOWED


def reads_amendment(actor: Actor, amendment: Amendment) -> bool:
    """What is held or hidden is read by who proposed it and by those who judge; the authors wait for it."""
    is_own = actor.account_id is not None and actor.account_id == amendment.author_id
    return not amendment.is_concealed or is_own or actor.has(Role.COORDINATOR, Role.MODERATOR)


def may_be_taken_over(amendment: Amendment) -> Decision:
    return Denied(READ_FIRST, Conflict) if amendment.is_concealed else ALLOWED
