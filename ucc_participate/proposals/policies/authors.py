"""Whose proposal it is: pure, from the row and the actor alone."""

from __future__ import annotations

from ...kernel.identity import Actor
from ..models import Proposal


def is_first_author(actor: Actor, proposal: Proposal) -> bool:
    """Who began it: sends it, takes it back, asks others to write along."""
    return actor.account_id is not None and actor.account_id == proposal.author_id


def is_author(actor: Actor, proposal: Proposal) -> bool:
    """Who began it, a co-author who has accepted, or a delegate of an organisation that has."""
    if actor.account_id is None:
        return False
    if is_first_author(actor, proposal):
        return True
    marks = {f"a:{actor.account_id}", *(f"o:{one}" for one in actor.delegations)}
    return not marks.isdisjoint(proposal.co_authors or ())
