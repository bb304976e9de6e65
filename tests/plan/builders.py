"""Plans and initiatives for tests, made through the domain's own operations."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from tests.processes.making import day
from tests.proposals.making import answer, official, person, proposing_process, submit
from tests.stakeholders.making import CITY
from ucc_participate.kernel.identity import Actor
from ucc_participate.plan import operations, queries
from ucc_participate.plan.models import (
    Basics,
    Beginnings,
    Initiative,
    InitiativeKind,
    Level,
    Plan,
    PlanSettings,
    PlanState,
)
from ucc_participate.plan.years import Calendar
from ucc_participate.processes.models import Process
from ucc_participate.processes.queries import process_to_change
from ucc_participate.proposals.models import Proposal

BEGINS = date(2027, 10, 1)
SETTINGS = PlanSettings(begins_on=BEGINS, calendar=Calendar.JALALI, currency="IRR")
BASICS = Basics(
    kind=InitiativeKind.PROJECT,
    level=Level.LOCAL,
    title={"en": "A school of the loom", "fa": "مدرسهٔ دار قالی"},
    summary={"en": "Evening lessons in the workshops of the bazaar."},
    objectives=("OBJ-2",),
    areas=("AREA-6",),
)
ADDED = Beginnings(added_because="The council decided it in spring, before the process began.")
WHY = "The council has taken the money for it out of the budget."


def change_process(perform: Any, process: Process, operation: Any, *args: Any, actor: Actor, now: datetime) -> Any:
    def work(session: Any) -> Any:
        found = process_to_change(session, process.public_id, actor=CITY)
        return operation(session, found, *args, actor=actor, now=now)

    return perform(work)


def begin(perform: Any, process: Process, *, actor: Actor, now: datetime, settings: PlanSettings = SETTINGS) -> Plan:
    made: Plan = change_process(perform, process, operations.begin_plan, settings, actor=actor, now=now)
    return made


def change_plan(
    perform: Any, process: Process, operation: Any, *args: Any, actor: Actor, now: datetime, **kw: Any
) -> Any:
    """Run an operation on the plan, loaded and locked in the same unit of work."""

    def work(session: Any) -> Any:
        found = process_to_change(session, process.public_id, actor=CITY)
        return operation(session, queries.plan_to_change(session, found), *args, actor=actor, now=now, **kw)

    return perform(work)


def add(
    perform: Any,
    process: Process,
    *,
    actor: Actor,
    now: datetime,
    basics: Basics = BASICS,
    sources: list[Proposal] | None = None,
    beginnings: Beginnings = ADDED,
) -> Initiative:
    told = Beginnings({each.public_id: "" for each in sources}) if sources else beginnings
    made: Initiative = change_plan(perform, process, operations.add_initiative, basics, told, actor=actor, now=now)
    return made


def change(
    perform: Any, process: Process, made: Initiative, operation: Any, *args: Any, actor: Actor, now: datetime, **kw: Any
) -> Any:
    """Run an operation on the initiative, loaded and locked in the same unit of work."""

    def work(session: Any) -> Any:
        found = process_to_change(session, process.public_id, actor=CITY)
        mine = queries.initiative_to_change(session, found, made.public_id)
        return operation(session, mine, *args, actor=actor, now=now, **kw)

    return perform(work)


def reload(read: Any, process: Process, made: Initiative) -> Initiative:
    """The initiative with every part, as it is now."""

    def query(session: Any) -> Any:
        session.expire_all()
        return session.scalar(queries._one(process, made.public_id))

    found: Initiative = read(query)
    return found


def show(perform: Any, process: Process, *, actor: Actor, now: datetime) -> None:
    """Lay the draft open, as consulting does: every state is told from then on."""
    from ucc_participate.plan import recording
    from ucc_participate.plan.events import PlanEvent

    def work(session: Any, plan: Plan, *, actor: Actor, now: datetime) -> None:
        plan.move_to(PlanState.CONSULTED, at=now)
        recording.note_plan(session, PlanEvent.CONSULTED, plan, actor=actor, now=now)
        recording.tell_all(session, queries.initiatives_of(session, plan, with_dropped=True), actor=actor, now=now)

    change_plan(perform, process, work, actor=actor, now=now)


def freeze(perform: Any, process: Process, *, actor: Actor, now: datetime) -> None:
    from ucc_participate.plan import recording
    from ucc_participate.plan.events import PlanEvent

    def work(session: Any, plan: Plan, *, actor: Actor, now: datetime) -> None:
        plan.move_to(PlanState.FROZEN, at=now)
        recording.note_plan(session, PlanEvent.FROZEN, plan, actor=actor, now=now)

    change_plan(perform, process, work, actor=actor, now=now)


def answered_process(perform: Any, now: datetime, **changes: Any) -> tuple[Process, Actor, list[Proposal], datetime]:
    """A process with an official and two adopted proposals, and the moment after the answers."""
    process, then = proposing_process(perform, now, **changes)
    leila = official(perform, now=now)
    _account, sara = person(perform, "Sara", now=now)
    made = [submit(perform, process, sara, now=then, title=f"Evening workshops number {number}") for number in (1, 2)]
    later = day(now, 9)
    for proposal in made:
        answer(perform, proposal, leila, now=later)
    return process, leila, made, later
