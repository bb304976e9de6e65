"""Initiatives: made from adopted proposals or added with a reason, written part by part, dropped and taken back."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.identity import Actor, new_public_id
from ...kernel.reasons import required_reason
from .. import linking, policies, queries
from ..events import InitiativeEvent, PlanEvent
from ..models import PART_OF, Basics, Beginnings, Initiative, InitiativeState, Origin, Part, Plan, Written
from ..models.written import REASON_LENGTH
from ..parts import Overtaken, mark_of, state_of
from ..recording import note_initiative, note_plan
from ..writing import write


def add_initiative(
    session: Session,
    plan: Plan,
    basics: Basics,
    beginnings: Beginnings,
    *,
    once: bool = False,
    actor: Actor,
    now: datetime,
) -> Initiative:
    """At the end of the plan. What the authors of its proposals said of needs, assets and people comes along.

    ``once``: the same twice is refused, as two presses of a button are one.
    """
    require(policies.can_edit_plan(actor, plan, now=now))
    number, place = queries.last_numbers(session, plan)
    initiative = Initiative(
        public_id=new_public_id(),
        plan_id=plan.id,
        plan=plan,
        number=number + 1,
        place=place + 1,
        origin=Origin.ADDED,
        status=InitiativeState.PLANNED,
        created_at=now,
        changed_at=now,
        **_blank(),
    )
    write(session, initiative, basics)
    write(session, initiative, beginnings)
    linking.inherit(session, initiative, [source.proposal for source in initiative.sources])
    if once and _told(initiative) in [_told(known) for known in queries.initiatives_of(session, plan)]:
        raise Invalid(_l("This initiative is in the plan already."), field="title")
    session.add(initiative)
    note_initiative(session, InitiativeEvent.ADDED, initiative, actor=actor, now=now)
    return initiative


def _told(initiative: Initiative) -> dict[str, object]:
    """What is said of an initiative when it comes into the plan."""
    return state_of(initiative, Part.BASICS) | state_of(initiative, Part.BEGINNINGS)


def _blank() -> dict[str, object]:
    """Everything that is written later, empty: its first entry tells the whole state."""
    texts: dict[str, object] = {name: {} for name in ("access", "enters", "effects", "particulars", "partner_search")}
    lists: dict[str, object] = {name: [] for name in ("steps", "sources", "uses", "partners", "costs", "indicators")}
    return texts | lists | {"sdgs": ("11",), "beneficiaries": (), "owner": ""}


def revise_initiative(
    session: Session, initiative: Initiative, told: Written, *, seen: str | None = None, actor: Actor, now: datetime
) -> None:
    """Write one part; saying the same again changes nothing.

    ``seen``: the mark of this part as it was on the page; raises Overtaken when somebody saved another since.
    """
    require(policies.can_edit_plan(actor, initiative.plan, now=now))
    if seen is not None and seen != mark_of(state_of(initiative, PART_OF[type(told)])):
        raise Overtaken()
    before = initiative.public_payload()
    write(session, initiative, told)
    if initiative.public_payload() != before:
        initiative.changed_at = now
        note_initiative(session, InitiativeEvent.REVISED, initiative, actor=actor, now=now)


def drop_initiative(session: Session, initiative: Initiative, *, reason: str, actor: Actor, now: datetime) -> None:
    """It stays to be read, with the reason; its proposals are on the work list again."""
    require(policies.can_edit_plan(actor, initiative.plan, now=now))
    initiative.move_to(InitiativeState.DROPPED)
    initiative.dropped_because, initiative.restored_because = required_reason(reason, REASON_LENGTH), None
    initiative.changed_at = now
    note_initiative(session, InitiativeEvent.DROPPED, initiative, actor=actor, now=now)


def restore_initiative(session: Session, initiative: Initiative, *, reason: str, actor: Actor, now: datetime) -> None:
    """Back into the plan, at the place where it was."""
    require(policies.can_edit_plan(actor, initiative.plan, now=now))
    initiative.move_to(InitiativeState.PLANNED)
    initiative.dropped_because, initiative.restored_because = None, required_reason(reason, REASON_LENGTH)
    initiative.changed_at = now
    note_initiative(session, InitiativeEvent.RESTORED, initiative, actor=actor, now=now)


def move_initiative(session: Session, plan: Plan, public_id: str, *, is_up: bool, actor: Actor, now: datetime) -> None:
    """One place up or down among those that are planned. Raises Conflict at the end; the plan must be locked."""
    require(policies.can_edit_plan(actor, plan, now=now))
    order = list(queries.initiatives_of(session, plan))
    at = next((place for place, each in enumerate(order) if each.public_id == public_id), None)
    other = None if at is None else at + (-1 if is_up else 1)
    if at is None or other is None or not 0 <= other < len(order):
        raise Conflict(_l("It stands at the end of the list already."))
    order[at], order[other] = order[other], order[at]
    for place, initiative in enumerate(order, 1):
        initiative.place = place
    note_plan(session, PlanEvent.REVISED, plan, actor=actor, now=now, order=[each.ref for each in order])
