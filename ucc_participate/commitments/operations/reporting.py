"""The review of each year and the report of the fourth: that they are begun, and that the report is handed in."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...dossier.models import Dossier, Purpose
from ...dossier.recording import named
from ...kernel.decision import require
from ...kernel.errors import Conflict, NotFound
from ...kernel.identity import Actor
from ...processes.models import Process
from .. import policies, queries
from ..events import CommitmentEvent
from ..models import Commitment, CommitmentKind, CommitmentState
from ..recording import note


def begin_review(
    session: Session, process: Process, review: Process, *, year: int, actor: Actor, now: datetime
) -> Commitment:
    """Note that ``review``, a new process, is the consultation of this year (rule L4). Raises Conflict for a second."""
    duty = _duty(session, process, CommitmentKind.REVIEW, year, actor=actor, now=now)
    if duty.about is not None:
        raise Conflict(_l("The review of this year is prepared already."))
    _begin(session, duty, review.ref, actor=actor, now=now)
    return duty


def begin_report(session: Session, process: Process, dossier: Dossier, *, actor: Actor, now: datetime) -> None:
    """Note that the monitoring report is being written (rule K5). Raises Conflict for a second."""
    duty = _duty(session, process, CommitmentKind.REPORT, 4, actor=actor, now=now)
    if duty.about is not None:
        raise Conflict(_l("The report is begun already."))
    _begin(session, duty, dossier.ref, actor=actor, now=now)


def hand_in_report(session: Session, dossier: Dossier, *, today: date, actor: Actor, now: datetime) -> None:
    """The report is handed in when it is frozen; inside the freezing of the dossier (hook ``ucc.dossier_frozen``).

    Where one was begun from the register, another one, such as on the first two years, settles nothing.
    """
    duty = queries.duty(session, dossier.process, CommitmentKind.REPORT, 4)
    if dossier.purpose is not Purpose.REPORT or duty is None or duty.status is CommitmentState.KEPT:
        return
    if duty.about not in (None, dossier.ref):
        return
    duty.move_to(CommitmentState.KEPT, on=today)
    duty.about, duty.moved_by, duty.changed_at = dossier.ref, named(session, actor), now
    note(session, CommitmentEvent.MOVED, duty, actor=actor, now=now)


def _duty(
    session: Session, process: Process, kind: CommitmentKind, year: int, *, actor: Actor, now: datetime
) -> Commitment:
    require(policies.can_keep_register(actor, process, now=now))
    if queries.designation_of(session, process) is None:
        raise Conflict(policies.NOT_DESIGNATED)
    found = queries.duty(session, process, kind, year)
    if found is None:
        raise NotFound()
    return found


def _begin(session: Session, duty: Commitment, ref: str, *, actor: Actor, now: datetime) -> None:
    if duty.status is not CommitmentState.UNDER_WAY:
        duty.move_to(CommitmentState.UNDER_WAY, on=now.date())
    duty.about, duty.moved_by, duty.changed_at = ref, named(session, actor), now
    note(session, CommitmentEvent.MOVED, duty, actor=actor, now=now)
