"""Freezing a dossier as it is handed in, and opening it again with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...audit.log import settle
from ...audit.reading import head
from ...kernel.decision import require
from ...kernel.errors import Conflict
from ...kernel.identity import Actor
from .. import policies, queries
from ..blockers import Blocker, Rooms
from ..events import AnswerEvent, DossierEvent
from ..models import AnswerState, Dossier, DossierState
from ..recording import checked_reason, note
from ..sections import sections_of


class Blocked(Conflict):
    """Something stands in the way that nobody has passed over with a reason. ``blockers``: all of it."""

    def __init__(self, blockers: list[Blocker]) -> None:
        super().__init__(_l("Something is missing. The dossier is not frozen."))
        self.blockers = blockers


def freeze_dossier(
    session: Session, dossier: Dossier, rooms: Rooms, *, reasons: Mapping[str, str], actor: Actor, now: datetime
) -> None:
    """Fix every final text at the size that the log has now, and make the texts public.

    ``reasons``: by code of a blocker, why it is passed over; they are published. Raises Blocked, Invalid for a reason
    that is too short.
    """
    require(policies.can_freeze(actor, dossier, now=now))
    found = list(rooms.blockers(session, dossier, now))
    given = {code: reason for code, reason in reasons.items() if reason.strip()}
    if any(not each.can_override or each.code not in given for each in found):
        raise Blocked(found)
    dossier.overrides = [
        {"code": each.code, "reason": checked_reason(given[each.code], field=each.code)} for each in found
    ]
    settle(session)
    size = head(session.connection()).size
    dossier.status, dossier.frozen_at, dossier.frozen_size = DossierState.FROZEN, now, size
    _freeze_answers(session, dossier, actor=actor, now=now)
    note(session, DossierEvent.FROZEN, dossier, actor=actor, now=now, payload=dossier.public_payload())
    rooms.tell(session, dossier, actor=actor, now=now, size=size)


def unfreeze_dossier(session: Session, dossier: Dossier, *, reason: str, actor: Actor, now: datetime) -> None:
    """Open it again: what was handed in stays in the log and in its files, the texts are final and can be opened."""
    require(policies.can_unfreeze(actor, dossier, now=now))
    told = {"reason": checked_reason(reason)}
    dossier.status, dossier.frozen_at, dossier.frozen_size = DossierState.DRAFT, None, None
    dossier.overrides = []
    for answer in queries.answers_of(session, dossier).values():
        if answer.state is AnswerState.FROZEN:
            answer.move_to(AnswerState.FINAL)
    note(session, DossierEvent.UNFROZEN, dossier, actor=actor, now=now, payload=dossier.public_payload() | told)


def _freeze_answers(session: Session, dossier: Dossier, *, actor: Actor, now: datetime) -> None:
    """What the form asks for; drafts in other languages stay what they are, and nobody can write them.

    A final text of a section that the form does not have is kept beside it: it is not handed in, and nobody's business.
    """
    asked = {section.id for section in sections_of(dossier.form.content) if section.is_answered}
    for answer in queries.answers_of(session, dossier).values():
        if answer.state is AnswerState.FINAL and answer.section in asked:
            answer.move_to(AnswerState.FROZEN)
            answer.frozen_once = True
            note(session, AnswerEvent.FROZEN, answer, actor=actor, now=now, payload=answer.public_payload())
