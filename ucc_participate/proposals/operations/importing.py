"""Taking over the plan of a city as proposals of a process that was held elsewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from ...audit.log import record
from ...kernel.decision import require
from ...kernel.identity import Actor, new_public_id
from ...kernel.text import clean_line, fold
from ...processes.events import ProcessEvent
from ...processes.models import Process, ProcessState
from ...processes.policies import can_create
from .. import asking, policies, queries
from ..models import FieldKind, Imported, Particulars, Proposal, Question
from ..plans import QUESTIONS, Action, Plan
from ..taking_over import take_over


def open_elsewhere(session: Session, title: str, source: str, *, actor: Actor, now: datetime) -> Process:
    """A closed process that was held elsewhere, to import into. ``source``: what it is read from, shown with it."""
    require(can_create(actor, Process, now=now))
    made = Process(
        public_id=new_public_id(),
        title={"en": clean_line(title, max_length=200)},
        purpose={"en": f"A process held elsewhere, imported from {clean_line(source, max_length=300)}."},
        scope={},
        open_questions={},
        promise={},
        decision_maker={},
        responsible="",
        targets={},
        min_open_days=21,
        is_imported=True,
        status=ProcessState.CLOSED,
        created_at=now,
        closed_at=now,
        phases=[],
        documents=[],
    )
    session.add(made)
    session.flush()
    for event in (ProcessEvent.CREATED, ProcessEvent.CLOSED):
        payload = made.public_payload()
        record(session, event, actor=actor, subject=made.ref, process=made.ref, payload=payload, now=now)
    return made


def import_plan(
    session: Session, process: Process, plan: Plan, *, actor: Actor, now: datetime, named: str | None = None
) -> list[Proposal]:
    """Every action becomes a proposal, in the order of the table; categories become questions of the process.

    What is known by its address already is taken no second time. ``named``: in whose name they stand, a public body.
    """
    require(policies.can_take_plan(actor, process, now=now))
    known = queries.given_sources(session, process)
    plan = replace(plan, actions=[action for action in plan.actions if action.source not in known])
    codes = _questions(session, process, plan, actor=actor, now=now)
    found = queries.current_map(session)
    districts = {fold(name): code for code, name in found.names.items()} if found is not None else {}
    rows = [replace(_row(action, codes, districts), author_name=named) for action in plan.actions]
    return take_over(session, process, rows, actor=actor, now=now)


def _questions(session: Session, process: Process, plan: Plan, *, actor: Actor, now: datetime) -> dict[str, str]:
    """Codes of the questions under which a table's own columns are kept; those of an earlier import are used again."""
    known = {next(iter(one.label.values()), ""): one.code for one in queries.fields_of(session, process)}
    codes: dict[str, str] = {}
    for name in QUESTIONS:
        label = plan.heads.get(name)
        if label is None or not any(name in action.answers for action in plan.actions):
            continue
        if label not in known:
            asked = Question(kind=FieldKind.SHORT_TEXT, label={"en": label})
            known[label] = asking.make_field(session, process, asked, actor=actor, now=now).code
        codes[name] = known[label]
    return codes


def _row(action: Action, codes: dict[str, str], districts: dict[str, str]) -> Imported:
    """A district that is on no map stays as the place in words."""
    answers = {codes[name]: answer for name, answer in action.answers.items()}
    district = districts.get(fold(action.district)) if action.district else None
    place = action.district if action.district and district is None else None
    return replace(action.proposal, place=place, particulars=Particulars(fields=answers, district=district))
