"""Who may say on what a paragraph rests: coordinators and whoever the text is given to, until the dossier is frozen."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from ..dossier import policies as dossiers
from ..dossier.models import Answer, Dossier
from ..kernel.decision import ALLOWED, Decision, Denied, first_refusal
from ..kernel.errors import Conflict
from ..kernel.identity import Actor, Role

WRITERS_ONLY = _l("Only coordinators and whoever this text is given to say what it rests on.")
FROZEN = _l("This dossier is frozen. What its texts rest on is fixed with it.")


def can_read_citations(actor: Actor, dossier: Dossier, *, now: datetime) -> Decision:
    """The city’s staff and evaluators; needs ``process`` loaded."""
    return dossiers.can_read(actor, dossier, now=now)


def can_cite(actor: Actor, answer: Answer, *, now: datetime) -> Decision:
    """A final text can still be given what it rests on; needs ``dossier`` with ``process`` loaded."""
    mine = actor.is_staff and actor.account_id == answer.assigned_to_id is not None
    coordinates = actor.has(Role.COORDINATOR) or actor.is_system
    return first_refusal(
        [
            dossiers.can_read(actor, answer.dossier, now=now),
            ALLOWED if mine or coordinates else Denied(WRITERS_ONLY),
            Denied(FROZEN, Conflict) if answer.dossier.is_frozen else ALLOWED,
        ]
    )
