"""Who hands in, who reads the dossier as it is handed in, who evaluates it."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from ..dossier.models import Dossier
from ..kernel.decision import ALLOWED, Decision, Denied, first_refusal
from ..kernel.errors import Conflict, NotFound
from ..kernel.identity import Actor, Role
from ..processes import policies as processes
from ..processes.models import Process
from .models import Evaluator, Question

SEAT = "evaluator:"
COORDINATORS_ONLY = _l("Only a coordinator of the city invites evaluators and answers them.")


def has_seat(actor: Actor) -> bool:
    """Whether somebody acts from an evaluator's seat, by link, and not from an account."""
    return actor.key.startswith(SEAT) and actor.has(Role.EVALUATOR)


def can_hand_in(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """See the files as they are handed in, how people are reached among them: the city's staff and its evaluators."""
    reads = processes.can_read_desk(actor, Process, now=now)
    account = Denied(None, NotFound) if has_seat(actor) else ALLOWED
    return first_refusal([processes.can_view(actor, process, now=now), account, reads])


def can_read_dossier(actor: Actor, dossier: Dossier, *, now: datetime) -> Decision:
    """Everybody once it is frozen; staff and evaluators before. Needs ``process`` loaded."""
    reads = dossier.is_frozen or actor.is_staff or actor.is_system or actor.has(Role.EVALUATOR)
    return first_refusal(
        [processes.can_view(actor, dossier.process, now=now), ALLOWED if reads else Denied(None, NotFound)]
    )


def can_recount(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """Have the votes counted again by the server: evaluators and staff. Others take the record and count themselves."""
    counts = actor.is_staff or actor.is_system or actor.has(Role.EVALUATOR)
    return first_refusal([processes.can_view(actor, process, now=now), ALLOWED if counts else Denied(None, NotFound)])


def can_invite_evaluators(actor: Actor, process: Process, *, now: datetime) -> Decision:
    coordinates = ALLOWED if actor.has(Role.COORDINATOR) or actor.is_system else Denied(COORDINATORS_ONLY)
    return first_refusal([processes.can_view(actor, process, now=now), coordinates])


def can_revoke_evaluator(actor: Actor, evaluator: Evaluator, *, now: datetime) -> Decision:
    """Needs ``process`` loaded."""
    stands = ALLOWED if evaluator.may_read(now) else Denied(_l("This invitation has ended already."), Conflict)
    return first_refusal([can_invite_evaluators(actor, evaluator.process, now=now), stands])


def can_ask(actor: Actor, evaluator: Evaluator, *, now: datetime) -> Decision:
    """From the seat itself, while it stands; needs ``process`` loaded."""
    mine = ALLOWED if actor.key == evaluator.key and has_seat(actor) else Denied(None, NotFound)
    stands = ALLOWED if evaluator.may_read(now) else Denied(_l("Your invitation has ended."))
    return first_refusal([mine, stands, processes.can_view(actor, evaluator.process, now=now)])


def can_answer_question(actor: Actor, question: Question, *, now: datetime) -> Decision:
    """Once; needs ``process`` loaded."""
    answered = Denied(_l("This question has been answered."), Conflict) if question.answer is not None else ALLOWED
    return first_refusal([can_invite_evaluators(actor, question.process, now=now), answered])
