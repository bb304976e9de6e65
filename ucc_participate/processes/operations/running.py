"""Publishing, opening, extending and closing a process, and the gates on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...audit.log import record
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.identity import Actor
from .. import policies, queries
from ..events import GateEvent, ProcessEvent
from ..models import Gate, GateOverride, PhaseKind, Process, ProcessState
from ..timetable import shifted
from .recording import record_state

CountUnanswered = Callable[[Session, Process], int]


class GateClosed(Conflict):
    """Something is missing, and nobody gave a reason to go on without it. ``gate`` says where."""

    def __init__(self, gate: Gate, reason: Any) -> None:
        super().__init__(reason)
        self.gate = gate


def publish_process(session: Session, process: Process, *, actor: Actor, now: datetime) -> None:
    """Let everybody read the process; everything that rule P5 asks for must be there."""
    require(policies.can_publish(actor, process, now=now))
    process.move_to(ProcessState.PUBLISHED, at=now)
    record_state(session, ProcessEvent.PUBLISHED, process, actor=actor, now=now)


def open_process(
    session: Session, process: Process, *, reasons: Mapping[Gate, str], actor: Actor, now: datetime
) -> None:
    """Open a published process. Raises GateClosed when a sector has nobody invited and no reason is given."""
    require(policies.can_open(actor, process, now=now))
    everybody = not queries.sectors_without_invitation(session, process)
    _pass_gate(session, process, Gate.SECTOR_INVITED, everybody, reasons, actor=actor, now=now)
    process.move_to(ProcessState.OPEN, at=now)
    record_state(session, ProcessEvent.OPENED, process, actor=actor, now=now)


def extend_phase(
    session: Session, process: Process, kind: PhaseKind, *, ends_at: datetime, reason: str, actor: Actor, now: datetime
) -> None:
    """Give a phase more time, for a reason that is published. Phases in its way move later and keep their length."""
    phase = process.phase_of(kind)
    if phase is None:
        raise Invalid(_l("This process has no such phase."))
    require(policies.can_extend(actor, process, now=now, phase=phase))
    if ends_at <= phase.ends_at:
        raise Invalid(_l("A phase can be extended, never shortened. Choose a later day."), field="ends_on")
    moved = shifted(process.phases, phase, ends_at)
    phase.ends_at, phase.extended_because = ends_at, reason
    for other in process.phases:
        if other.kind in moved:
            other.starts_at, other.ends_at = moved[other.kind]
    record_state(session, ProcessEvent.PHASE_EXTENDED, process, actor=actor, now=now)


def close_process(
    session: Session,
    process: Process,
    *,
    unanswered: CountUnanswered,
    reasons: Mapping[Gate, str],
    actor: Actor,
    now: datetime,
) -> None:
    """Close an open process for good.

    Raises GateClosed when proposals have no answer (``unanswered`` counts them) or a sector has nobody who took part,
    and no reason is given for going on.
    """
    require(policies.can_close(actor, process, now=now))
    all_answered = unanswered(session, process) == 0
    everybody = not queries.sectors_without_participants(session, process)
    _pass_gate(session, process, Gate.ALL_ANSWERED, all_answered, reasons, actor=actor, now=now)
    _pass_gate(session, process, Gate.SECTOR_PARTICIPATED, everybody, reasons, actor=actor, now=now)
    process.move_to(ProcessState.CLOSED, at=now)
    record_state(session, ProcessEvent.CLOSED, process, actor=actor, now=now)


def _pass_gate(
    session: Session,
    process: Process,
    gate: Gate,
    is_met: bool,
    reasons: Mapping[Gate, str],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    if is_met:
        return
    reason = reasons.get(gate, "").strip()
    if not reason:
        raise GateClosed(gate, _l("Something is missing here. To go on without it, give the reason; it is published."))
    by = (actor.name or actor.key)[:160]
    session.add(GateOverride(process_id=process.id, gate=gate, reason=reason, by=by, at=now))
    payload = {"gate": gate.value, "reason": reason}
    event = GateEvent.OVERRIDDEN
    record(session, event, actor=actor, subject=process.ref, process=process.ref, payload=payload, now=now)
