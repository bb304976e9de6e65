"""Who flags, judges and appeals: role × authorship × standing, the first refusal wins.

Moderators and coordinators judge. Clerks do not: they write down what people bring, which would make them judges of
their own handwriting. Evaluators read the counts.
"""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from ..kernel.decision import ALLOWED, Decision, Denied, first_refusal
from ..kernel.errors import Conflict, NotFound, SignInNeeded
from ..kernel.identity import Actor, Role
from ..processes.models import Process
from ..processes.policies import can_view
from .kinds import Contribution
from .models import Act, Appeal, Block, Standing
from .models import Decision as Judgement

SIGN_IN = _l("Sign in first: pointing something out has a name, which only moderators see.")
MODERATORS_ONLY = _l("Only moderators and coordinators of the city judge what people write.")
OWN = _l("This is your own contribution. Another moderator judges it.")
OWN_ORGANISATION = _l("You speak for the organisation that wrote this. Another moderator judges it.")
NOT_THE_SAME = _l("You made this decision. The appeal goes to another moderator.")
AUTHORS_ONLY = _l("Only its author can appeal.")


def can_flag(actor: Actor, contribution: Contribution, *, now: datetime) -> Decision:
    """Anybody signed in, once for each contribution: not one's own, and only what everybody can read.

    Visitors cannot: a flag without an account costs nothing, so that a machine could fill the queue with them.
    """
    return first_refusal(
        [
            can_view(actor, contribution.process, now=now),
            ALLOWED if actor.is_signed_in else Denied(SIGN_IN, SignInNeeded),
            ALLOWED if contribution.standing is Standing.SHOWN else Denied(None, NotFound),
            Denied(_l("This is your own contribution.")) if _wrote(actor, contribution) else ALLOWED,
        ]
    )


def can_read_queue(actor: Actor, process: Process, *, now: datetime) -> Decision:
    return first_refusal([can_view(actor, process, now=now), _judges(actor)])


def can_read_figures(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """The counts of the desk: those who judge, and evaluators."""
    seen = ALLOWED if actor.has(Role.EVALUATOR) else _judges(actor)
    return first_refusal([can_view(actor, process, now=now), seen])


def can_set_rules(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """A coordinator, at any time: a wave of spam does not wait for the next process. Each change is in the log."""
    alone = ALLOWED if actor.has(Role.COORDINATOR) else Denied(_l("Only a coordinator of the city may do this."))
    return first_refusal([can_view(actor, process, now=now), alone])


def can_judge(actor: Actor, contribution: Contribution, *, now: datetime) -> Decision:
    """Nobody judges what they or their organisation wrote."""
    return first_refusal(
        [
            can_view(actor, contribution.process, now=now),
            _judges(actor),
            Denied(OWN) if _wrote(actor, contribution) else ALLOWED,
            Denied(OWN_ORGANISATION) if contribution.organisation in actor.delegations else ALLOWED,
        ]
    )


def can_act(actor: Actor, contribution: Contribution, act: Act, *, now: datetime) -> Decision:
    """As can_judge, and the act fits how the contribution stands."""
    fits = contribution.standing in _FROM[act]
    return first_refusal(
        [
            can_judge(actor, contribution, now=now),
            ALLOWED if fits else Denied(_l("Somebody has decided this meanwhile. Look at it again."), Conflict),
        ]
    )


_FROM = {
    Act.HIDDEN: {Standing.SHOWN},
    Act.KEPT: {Standing.SHOWN},
    Act.PUBLISHED: {Standing.HELD},
    Act.REFUSED: {Standing.HELD},
    Act.RESTORED: {Standing.HIDDEN},
}


def can_see_own(actor: Actor, contribution: Contribution, *, now: datetime) -> Decision:
    """The page on which an author reads what was decided; moderators read it too."""
    if _wrote(actor, contribution) or _judges(actor):
        return ALLOWED
    return Denied(None, NotFound)


def can_appeal(
    actor: Actor, contribution: Contribution, judgement: Judgement, appeal: Appeal | None, *, now: datetime
) -> Decision:
    """An author, once for each decision, while the contribution is hidden."""
    return first_refusal(
        [
            ALLOWED if _wrote(actor, contribution) else Denied(AUTHORS_ONLY),
            Denied(_l("You have appealed already. A decision has one appeal."), Conflict) if appeal else ALLOWED,
            ALLOWED
            if judgement.withholds and contribution.standing is Standing.HIDDEN
            else Denied(_l("Your contribution is not hidden any more."), Conflict),
        ]
    )


def can_decide_appeal(
    actor: Actor, contribution: Contribution, judgement: Judgement, appeal: Appeal, *, now: datetime
) -> Decision:
    """Another moderator than the one whose decision it is about."""
    is_same = actor.account_id is not None and actor.account_id == judgement.decided_by_id
    return first_refusal(
        [
            can_judge(actor, contribution, now=now),
            Denied(NOT_THE_SAME) if is_same else ALLOWED,
            Denied(_l("This appeal has been decided."), Conflict) if appeal.outcome else ALLOWED,
        ]
    )


def can_block(actor: Actor, process: Process, account_id: int, *, now: datetime) -> Decision:
    own = actor.account_id == account_id
    return first_refusal(
        [can_read_queue(actor, process, now=now), Denied(_l("You cannot block yourself.")) if own else ALLOWED]
    )


def can_end_block(actor: Actor, process: Process, block: Block, *, now: datetime) -> Decision:
    over = Denied(_l("This block is over already."), Conflict)
    own = actor.account_id is not None and actor.account_id == block.account_id
    return first_refusal(
        [
            can_read_queue(actor, process, now=now),
            Denied(_l("Another moderator ends a block of yours.")) if own else ALLOWED,
            ALLOWED if block.holds(now) else over,
        ]
    )


def _judges(actor: Actor) -> Decision:
    return ALLOWED if actor.has(Role.COORDINATOR, Role.MODERATOR) else Denied(MODERATORS_ONLY)


def _wrote(actor: Actor, contribution: Contribution) -> bool:
    return actor.account_id is not None and actor.account_id in contribution.author_ids
