"""Who may change a text that was sent, write along, endorse, and propose amendments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from ...kernel.decision import ALLOWED, Decision, Denied, first_refusal
from ...kernel.errors import Conflict, Forbidden, NotFound
from ...kernel.identity import Actor, Role
from ...moderation.models import Standing
from ...processes.models import Capability, Process, ProcessState
from ..models import Amendment, CoAuthor, Proposal, ProposalRule, ProposalState
from . import writing
from .authors import is_author, is_first_author
from .moderating import is_not_hidden, is_shown

_SUBMITTED_ONLY = {
    ProposalState.DRAFT: _l("A draft has not been sent yet."),
    ProposalState.ANSWERED: _l("The city has answered this text. It stays as it is."),
    ProposalState.WITHDRAWN: _l("This proposal has been withdrawn."),
}

_HIDDEN_CHANGE = _l("Moderation has hidden this change. You can appeal.")
_OWN = _l("It is your own proposal: others endorse it.")
_MADE_OF_OWN = _l("Your own proposal has gone into it: others endorse it.")
_CARRIED_ON = _l("This proposal was merged or split. Go on with what came of it; the way there is on its page.")


def can_change_text(actor: Actor, proposal: Proposal, *, now: datetime) -> Decision:
    """By its authors, until it is answered or on a ballot, while proposals or the discussion are open."""
    return first_refusal(
        [
            writing.can_view(actor, proposal, now=now),
            ALLOWED if is_author(actor, proposal) else Denied(writing.AUTHORS_ONLY),
            is_not_hidden(proposal),
            *_text_is_open(proposal, now),
        ]
    )


def must_say_what_changed(proposal: Proposal, *, now: datetime) -> bool:
    """Whether a new text is an explicit version: somebody endorses the old one, or proposals are closed."""
    return proposal.endorsements > 0 or not proposal.process.allows(Capability.PROPOSE, now)


def can_send(actor: Actor, proposal: Proposal, *, now: datetime, waiting: int = 0) -> Decision:
    """A draft, by who began it, once everybody who was asked to write along has answered (``waiting`` 0)."""
    others = _l("Not everybody whom you asked to write along has answered. Wait, or take the invitation back.")
    return first_refusal(
        [
            writing.can_edit(actor, proposal, now=now),
            ALLOWED if is_first_author(actor, proposal) else Denied(_l("Who began the draft sends it.")),
            Denied(others, Conflict) if waiting else ALLOWED,
        ]
    )


def can_invite(actor: Actor, proposal: Proposal, *, now: datetime) -> Decision:
    """Ask others to write along, and take that back: who began it, as long as the text may change."""
    first: Decision = ALLOWED if is_first_author(actor, proposal) else Denied(_l("Who began it invites co-authors."))
    open_ = _is_running(proposal) if proposal.is_draft else [is_shown(proposal), *_text_is_open(proposal, now)]
    return first_refusal([writing.can_view(actor, proposal, now=now), first, *open_])


def can_answer_invitation(actor: Actor, invitation: CoAuthor, *, now: datetime) -> Decision:
    """Whom it is for: the account that was asked, a delegate of the organisation, or whoever holds the link of a mail
    that went to an address without an account. Needs ``proposal`` with ``process``, and ``organisation``."""
    organisation = invitation.organisation
    is_meant = (
        organisation.public_id in actor.delegations
        if organisation is not None
        else invitation.account_id in (None, actor.account_id)
    )
    proposal = invitation.proposal
    return first_refusal(
        [
            writing.is_resident(actor),
            ALLOWED if is_meant else Denied(_l("This invitation is for somebody else."), Forbidden),
            _not_the_first(actor, proposal),
            *(_is_running(proposal) if proposal.is_draft else [is_shown(proposal), *_text_is_open(proposal, now)]),
        ]
    )


def can_leave(actor: Actor, proposal: Proposal, *, now: datetime) -> Decision:
    """A co-author, at any time: nobody stands behind a text against their will."""
    writes: Decision = ALLOWED if is_author(actor, proposal) else Denied(writing.AUTHORS_ONLY)
    return first_refusal([writing.can_view(actor, proposal, now=now), writes, _not_the_first(actor, proposal)])


def can_endorse(
    actor: Actor,
    proposal: Proposal,
    *,
    now: datetime,
    organisation: str | None = None,
    sources: Sequence[Proposal] = (),
) -> Decision:
    """Residents and delegates for their organisation (public id), while proposals or the discussion are open.

    ``sources``: what it was merged or split from, with organisations; their authors do not endorse it either.
    """
    return first_refusal(
        [
            writing.is_resident(actor),
            writing.can_view(actor, proposal, now=now),
            _is_no_author(actor, proposal),
            *(_is_no_author(actor, source, _MADE_OF_OWN) for source in sources),
            writing.speaks_for(actor, organisation),
            is_shown(proposal),
            _is_submitted(proposal),
            _is_discussed(proposal, now),
        ]
    )


def can_take_endorsement_back(
    actor: Actor, proposal: Proposal, *, now: datetime, organisation: str | None = None
) -> Decision:
    """As long as one may endorse: what was counted for a ballot stays counted."""
    return first_refusal(
        [
            writing.is_resident(actor),
            writing.can_view(actor, proposal, now=now),
            writing.speaks_for(actor, organisation),
            _is_submitted(proposal),
            writing.is_on_no_ballot(proposal),
            _is_discussed(proposal, now),
        ]
    )


def can_set_rule(actor: Actor, process: Process, *, now: datetime, rule: ProposalRule | None = None) -> Decision:
    if not actor.has(Role.COORDINATOR):
        return Denied(_l("Only a coordinator of the city lays down what a proposal needs."))
    if process.status is ProcessState.CLOSED:
        return Denied(_l("This process is closed. Its record is complete."), Conflict)
    return ALLOWED


def can_amend(actor: Actor, proposal: Proposal, *, now: datetime) -> Decision:
    """Whoever may comment, but for its authors, who change the text themselves."""
    own: Decision = Denied(_l("It is your own proposal: change its text.")) if is_author(actor, proposal) else ALLOWED
    return first_refusal(
        [
            writing.is_resident(actor),
            writing.can_view(actor, proposal, now=now),
            own,
            is_shown(proposal),
            *_text_is_open(proposal, now),
        ]
    )


def can_answer_amendment(actor: Actor, proposal: Proposal, *, now: datetime) -> Decision:
    return can_change_text(actor, proposal, now=now)


def can_change_amendment(actor: Actor, amendment: Amendment, *, now: datetime) -> Decision:
    """Renew or take back one's own, while it waits; needs ``proposal`` with ``process``."""
    is_own = actor.account_id is not None and actor.account_id == amendment.author_id
    return first_refusal(
        [
            writing.can_view(actor, amendment.proposal, now=now),
            ALLOWED if is_own else Denied(_l("Only the person who proposed the change may do this.")),
            ALLOWED if amendment.is_open else Denied(_l("The authors have answered this change already."), Conflict),
            Denied(_HIDDEN_CHANGE, Conflict) if amendment.standing is Standing.HIDDEN else ALLOWED,
        ]
    )


def _text_is_open(proposal: Proposal, now: datetime) -> list[Decision]:
    return [_is_submitted(proposal), writing.is_on_no_ballot(proposal), _is_discussed(proposal, now)]


def _is_submitted(proposal: Proposal) -> Decision:
    reason = _CARRIED_ON if proposal.is_carried_on else _SUBMITTED_ONLY.get(proposal.status)
    return ALLOWED if reason is None else Denied(reason, NotFound if proposal.is_draft else Conflict)


def _is_discussed(proposal: Proposal, now: datetime) -> Decision:
    process = proposal.process
    if process.allows(Capability.PROPOSE, now) or process.allows(Capability.COMMENT, now):
        return ALLOWED
    return Denied(_l("Proposals and their discussion are not open now."), Conflict)


def _is_running(proposal: Proposal) -> list[Decision]:
    return [writing.is_running(proposal.process)]


def _is_no_author(actor: Actor, proposal: Proposal, reason: Any = _OWN) -> Decision:
    of_it = proposal.organisation is not None and proposal.organisation.public_id in actor.delegations
    return Denied(reason) if is_author(actor, proposal) or of_it else ALLOWED


def _not_the_first(actor: Actor, proposal: Proposal) -> Decision:
    return Denied(_l("You began it: you are its author.")) if is_first_author(actor, proposal) else ALLOWED
