"""The public round of comments on the draft plan: opened, made longer, ended."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.i18n import lazy_end, lazy_number
from ...kernel.identity import Actor
from .. import policies, queries
from ..events import PlanEvent
from ..models import Plan, PlanState, PlanVersion, Stage
from ..recording import note_plan, tell_all
from .fixing import fix

LEAST_DAYS = 7
"""How long people have at least."""


def consult_plan(
    session: Session, plan: Plan, *, until: datetime, note: str = "", actor: Actor, now: datetime
) -> PlanVersion:
    """Fix the draft as people read it and take comments on it until then. Raises Invalid when that is too soon."""
    require(policies.can_consult_plan(actor, plan, now=now))
    if until < now + timedelta(days=LEAST_DAYS):
        raise Invalid(
            _l("People need at least %(days)s days to read and to comment.", days=lazy_number(LEAST_DAYS)),
            field="until",
        )
    initiatives = queries.initiatives_of(session, plan, with_dropped=True)
    planned = [each for each in initiatives if each.is_planned]
    if not planned:
        raise Conflict(_l("There is no initiative in the plan yet that people could comment on."))
    was_public = plan.is_public
    plan.move_to(PlanState.CONSULTED, at=now)
    plan.comments_until = until
    note_plan(session, PlanEvent.CONSULTED, plan, actor=actor, now=now)
    if not was_public:
        tell_all(session, initiatives, actor=actor, now=now)
    return fix(session, plan, planned, Stage.CONSULTED, note=note, actor=actor, now=now)


def extend_round(session: Session, plan: Plan, *, until: datetime, actor: Actor, now: datetime) -> None:
    """A round can be made longer and never shorter."""
    require(policies.can_edit_plan(actor, plan, now=now))
    if plan.status is not PlanState.CONSULTED or plan.comments_until is None:
        raise Conflict(_l("No comments are taken on this plan now."))
    if until <= plan.comments_until or until <= now:
        raise Invalid(_l("Choose a later day: a round can be made longer and never shorter."), field="until")
    plan.comments_until = until
    note_plan(session, PlanEvent.REVISED, plan, actor=actor, now=now)


def end_round(session: Session, plan: Plan, *, actor: Actor, now: datetime) -> None:
    """Go on writing after the round; not before its announced end."""
    require(policies.can_edit_plan(actor, plan, now=now))
    if plan.comments_until is not None and now < plan.comments_until:
        until = lazy_end(plan.comments_until)
        raise Conflict(_l("Comments on the draft are taken until %(moment)s.", moment=until))
    plan.move_to(PlanState.DRAFT, at=now)
    note_plan(session, PlanEvent.REVISED, plan, actor=actor, now=now)
