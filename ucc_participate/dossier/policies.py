"""Who may do what with forms and dossiers: coordinators decide, who a text is given to writes it, the desk reads."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from ..kernel.decision import ALLOWED, Decision, Denied, first_refusal
from ..kernel.errors import Conflict
from ..kernel.identity import Actor, Role
from ..processes import policies as processes
from ..processes.models import Process
from .models import Answer, AnswerState, Dossier, FormVersion

COORDINATORS_ONLY = _l("Only a coordinator of the city does this with the application.")
WRITERS_ONLY = _l("Only coordinators and whoever this text is given to write it.")
FROZEN = _l("This dossier is frozen as it is handed in. Open it again, with a reason, to change it.")
FINAL = _l("This text is final. Open it again to change it.")


def can_read(actor: Actor, dossier: Dossier, *, now: datetime) -> Decision:
    """The city’s staff and evaluators, drafts too; needs ``process`` loaded."""
    return first_refusal(
        [processes.can_view(actor, dossier.process, now=now), processes.can_read_desk(actor, Process, now=now)]
    )


def can_begin(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """At any time: what the process brings is written down while it runs and after."""
    return first_refusal([processes.can_view(actor, process, now=now), _coordinates(actor)])


def can_edit(actor: Actor, dossier: Dossier, *, now: datetime) -> Decision:
    """Deadlines, the form it stands on, who writes what."""
    return first_refusal([can_begin(actor, dossier.process, now=now), _is_open(dossier)])


def can_freeze(actor: Actor, dossier: Dossier, *, now: datetime) -> Decision:
    return can_edit(actor, dossier, now=now)


def can_unfreeze(actor: Actor, dossier: Dossier, *, now: datetime) -> Decision:
    frozen = ALLOWED if dossier.is_frozen else Denied(_l("This dossier is not frozen."), Conflict)
    return first_refusal([can_begin(actor, dossier.process, now=now), frozen])


def can_write(actor: Actor, dossier: Dossier, *, now: datetime, answer: Answer | None = None) -> Decision:
    """Change a text that is not final. ``answer``: None before anybody has written or been given it."""
    mine = answer is not None and actor.is_staff and actor.account_id == answer.assigned_to_id is not None
    allowed = ALLOWED if _coordinates(actor) or mine else Denied(WRITERS_ONLY)
    settled = answer is not None and answer.state in (AnswerState.FINAL, AnswerState.FROZEN)
    return first_refusal(
        [
            can_read(actor, dossier, now=now),
            allowed,
            _is_open(dossier),
            Denied(FINAL, Conflict) if settled else ALLOWED,
        ]
    )


def can_review(actor: Actor, dossier: Dossier, *, now: datetime) -> Decision:
    """Send back, make final, open again."""
    return can_edit(actor, dossier, now=now)


def can_comment(actor: Actor, dossier: Dossier, *, now: datetime) -> Decision:
    """The city’s staff among themselves, until it is frozen."""
    staff = ALLOWED if actor.is_staff or actor.is_system else Denied(_l("This page is for the city’s staff."))
    return first_refusal([processes.can_view(actor, dossier.process, now=now), staff, _is_open(dossier)])


def can_see_forms(actor: Actor, _forms: type[FormVersion], *, now: datetime) -> Decision:
    """The city’s staff and evaluators."""
    return processes.can_read_desk(actor, Process, now=now)


def can_correct(actor: Actor, _form: FormVersion | type[FormVersion], *, now: datetime) -> Decision:
    """Enter an edition of a form; what stands is never changed."""
    return _coordinates(actor)


def _coordinates(actor: Actor) -> Decision:
    return ALLOWED if actor.has(Role.COORDINATOR) or actor.is_system else Denied(COORDINATORS_ONLY)


def _is_open(dossier: Dossier) -> Decision:
    return Denied(FROZEN, Conflict) if dossier.is_frozen else ALLOWED
