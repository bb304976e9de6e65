"""What the city does with a map: announce it, revise it before it opens, close it when its time is over."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.identity import Actor, new_public_id
from ...processes.models import Process
from .. import policies, queries
from ..events import OpinionMapEvent
from ..models import MapPlan, OpinionMap
from ..recording import record_map

LARGEST_SEED = 2**31


def announce_map(session: Session, process: Process, plan: MapPlan, *, actor: Actor, now: datetime) -> OpinionMap:
    """Announce a map; the seed of its analysis is drawn here and published. Raises Invalid for times that do not fit.

    The process must have been loaded by ``processes.queries.process_to_change``.
    """
    require(policies.can_announce(actor, process, now=now))
    made = OpinionMap(
        public_id=new_public_id(),
        process_id=process.id,
        process=process,
        seed=secrets.randbelow(LARGEST_SEED),
        result=None,
        created_at=now,
    )
    _take_over(made, plan, now)
    session.add(made)
    session.flush()
    record_map(session, OpinionMapEvent.ANNOUNCED, made, actor=actor, now=now)
    return made


def revise_map(session: Session, opinion_map: OpinionMap, plan: MapPlan, *, actor: Actor, now: datetime) -> None:
    """Until the map opens. Raises Invalid as above."""
    require(policies.can_revise(actor, opinion_map, now=now))
    before = opinion_map.public_payload()
    _take_over(opinion_map, plan, now)
    if opinion_map.public_payload() != before:
        record_map(session, OpinionMapEvent.REVISED, opinion_map, actor=actor, now=now)


def close_map(
    session: Session, opinion_map: OpinionMap, result: dict[str, Any], *, actor: Actor, now: datetime, mark: str
) -> None:
    """Freeze a result that was found outside (it takes seconds); ``mark``: of the answers (queries.mark_of_answers).

    Raises Conflict when the answers are others by now: somebody was erased, a statement hidden.
    """
    require(policies.can_close(actor, opinion_map, now=now))
    if queries.mark_of_answers(session, opinion_map) != mark:
        raise Conflict(_l("The answers have changed meanwhile."))
    opinion_map.close(result, at=now)
    record_map(session, OpinionMapEvent.CLOSED, opinion_map, actor=actor, now=now)


def _take_over(opinion_map: OpinionMap, plan: MapPlan, now: datetime) -> None:
    if plan.closes_at <= plan.opens_at:
        raise Invalid(_l("The map must close after it opens."), field="closes_at")
    if plan.closes_at <= now:
        raise Invalid(_l("This moment has passed."), field="closes_at")
    if not policies.fits_phases(opinion_map.process, plan.opens_at, plan.closes_at):
        reason = _l("From its opening to its closing the process must be in phases in which people discuss.")
        raise Invalid(reason, field="opens_at")
    for name in MapPlan.__slots__:
        setattr(opinion_map, name, getattr(plan, name))
