"""Beginning a plan, and what is said of it as a whole."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.identity import Actor, new_public_id
from ...processes.models import Process
from ...resources.models import ResourceKind
from .. import policies, queries
from ..events import PlanEvent
from ..models import Level, Plan, PlanSettings, PlanState
from ..models.written import TEXT_LENGTH
from ..parts import Overtaken, mark_of
from ..recording import note_plan
from ..writing import texts

LEVELS = frozenset(Level)
PROVIDED = _l(
    "People or money are written down for the plan already. In another currency or calendar these lines would be wrong:"
    " say first that they do not count any more."
)


def begin_plan(session: Session, process: Process, told: PlanSettings, *, actor: Actor, now: datetime) -> Plan:
    """One plan for each process. Raises Conflict when there is one; ``process`` must be locked."""
    require(policies.can_begin_plan(actor, process, now=now))
    if queries.plan_of(session, process) is not None:
        raise Conflict(_l("This process has an action plan already."))
    plan = Plan(
        public_id=new_public_id(), process_id=process.id, process=process, status=PlanState.DRAFT, created_at=now
    )
    _write(plan, told)
    session.add(plan)
    note_plan(session, PlanEvent.BEGUN, plan, actor=actor, now=now)
    return plan


def revise_plan(
    session: Session, plan: Plan, told: PlanSettings, *, seen: str | None = None, actor: Actor, now: datetime
) -> None:
    """``seen``: the mark of the state that was on the page; raises Overtaken when it is another by now.

    Amounts that stand in the plan, and people and money that are written down for it, keep their meaning: raises
    Invalid for another currency or calendar then.
    """
    require(policies.can_edit_plan(actor, plan, now=now))
    before = plan.public_payload()
    if seen is not None and seen != mark_of(before):
        raise Overtaken()
    if queries.has_costs(session, plan):
        _keep_amounts_true(plan, told)
    _keep_resources_true(queries.kinds_provided(session, plan), plan, told)
    _write(plan, told)
    if plan.public_payload() != before:
        note_plan(session, PlanEvent.REVISED, plan, actor=actor, now=now)


def _keep_amounts_true(plan: Plan, told: PlanSettings) -> None:
    if told.currency != plan.currency:
        raise Invalid(
            _l("Amounts stand in the plan already. In another currency they would be wrong: remove them first."),
            field="currency",
        )
    if told.calendar is not plan.calendar:
        raise Invalid(
            _l("Amounts stand in the plan already. In another calendar their years would be wrong: remove them first."),
            field="calendar",
        )


def _keep_resources_true(kinds: Collection[ResourceKind], plan: Plan, told: PlanSettings) -> None:
    if told.currency != plan.currency and ResourceKind.MONEY in kinds:
        raise Invalid(PROVIDED, field="currency")
    if told.calendar is not plan.calendar and kinds:
        raise Invalid(PROVIDED, field="calendar")


def _write(plan: Plan, told: PlanSettings) -> None:
    plan.begins_on, plan.calendar, plan.vocabulary = told.begins_on, told.calendar, told.vocabulary
    plan.currency = _currency(told.currency)
    plan.vision = texts(told.vision, max_length=TEXT_LENGTH)
    plan.gap_plan = texts(told.gap_plan, max_length=TEXT_LENGTH)
    plan.limits = {level: most for level, most in sorted(told.limits.items()) if level in LEVELS and most > 0}


def _currency(code: str) -> str:
    if len(code) != 3 or not code.isascii() or not code.isalpha():
        raise Invalid(_l("Choose the currency."), field="currency")
    return code.upper()
