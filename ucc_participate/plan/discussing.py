"""The round of comments on the draft plan: one discussion for the whole, one for each initiative."""

from __future__ import annotations

from datetime import datetime

from flask import Flask, url_for
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from sqlalchemy.orm import Session

from ..deliberation.subjects import Discussed, Topic, register
from ..deliberation.views.blueprint import Place
from ..deliberation.views.panels import panel
from ..kernel.i18n import LOCALES
from ..kernel.identity import Actor
from ..processes.models import Process
from . import policies, queries
from .models import Initiative, Plan, PlanState

NO_ROUND = _l("The draft of the plan takes no comments now.")
WHOLE = _l("The action plan as a whole")


def init_app(app: Flask) -> None:
    register(app, "plan", PLAN)
    register(app, "initiative", INITIATIVE)


def plan_panel(plan: Plan) -> Markup | None:
    """The discussion of the whole plan; ``process`` has its phases loaded. None before it is public."""
    return (
        panel(Place(_topic(plan, plan.ref, WHOLE), PLAN, _of_plan(plan.process, plan.ref))) if plan.is_public else None
    )


def initiative_panel(initiative: Initiative) -> Markup | None:
    """The discussion of one initiative; its plan's process has its phases loaded. None before the plan is public."""
    if not initiative.plan.is_public:
        return None
    topic = _about(initiative)
    return panel(Place(topic, INITIATIVE, _of_initiative(topic.process, initiative.ref)))


def _load_plan(session: Session, ref: str, actor: Actor, now: datetime) -> Topic | None:
    plan = queries.plan_to_discuss(session, ref.partition("/")[2])
    if plan is None or not plan.is_public or not policies.can_view_plan(actor, plan, now=now):
        return None
    return _topic(plan, plan.ref, WHOLE)


def _load_initiative(session: Session, ref: str, actor: Actor, now: datetime) -> Topic | None:
    found = queries.initiative_to_discuss(session, ref.partition("/")[2])
    if found is None or not found.plan.is_public or not policies.can_view_plan(actor, found.plan, now=now):
        return None
    return _about(found)


def _about(initiative: Initiative) -> Topic:
    language = next((locale for locale in LOCALES if locale in initiative.title), LOCALES[0])
    return _topic(initiative.plan, initiative.ref, initiative.title.get(language, ""), language)


def _topic(plan: Plan, ref: str, title: object, language: str = LOCALES[0]) -> Topic:
    """A round has its own end; outside a round nothing can be said, what was said stays readable.

    The city answers until the plan is frozen: what is said in the last hour of a round is answered too.
    """
    is_on = plan.status is PlanState.CONSULTED
    return Topic(
        ref=ref,
        process=plan.process,
        title=title,
        language=language,
        refusal=None if is_on else NO_ROUND,
        until=plan.comments_until,
        takes_answers=plan.is_public and not plan.is_frozen,
    )


def _of_plan(process: Process, ref: str) -> str:
    return url_for("plan.show", process_id=process.public_id)


def _of_initiative(process: Process, ref: str) -> str:
    return url_for("plan.initiative", process_id=process.public_id, public_id=ref.partition("/")[2])


PLAN = Discussed(_l("Action plan"), _load_plan, _of_plan)
INITIATIVE = Discussed(_l("Initiative"), _load_initiative, _of_initiative)
