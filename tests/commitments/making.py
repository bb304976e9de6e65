"""Frozen plans for tests: rows of the plan as the freezing leaves them, promises through the room's own operation."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tests.accounts.making import make_account
from tests.processes.making import make_process
from tests.stakeholders.making import CITY, acting, drift_faults
from ucc_participate.commitments import operations, queries
from ucc_participate.commitments.models import Attendance, Commitment, Reading
from ucc_participate.kernel.identity import Actor, Role
from ucc_participate.plan.models import Plan, PlanState, PlanVersion, Stage, Vocabulary
from ucc_participate.plan.years import Calendar
from ucc_participate.processes.models import Process, ProcessState
from ucc_participate.processes.queries import process_to_change

BEGINS = date(2027, 11, 1)
KILNS, SCHOOL = "kilns0000001", "school000001"
VISITS, TRAINED = "visits000001", "trained00001"


def indicator(known: str, kind: str, title: str, **changes: Any) -> dict[str, Any]:
    facts = {
        "id": known,
        "kind": kind,
        "title": {"en": title, "fa": f"«{title}»"},
        "unit": {"en": "people", "fa": "نفر"},
        "baseline": "100",
        "target": "500",
        "frequency": "yearly",
        "data_source": {"en": "Tickets"},
        "responsible": "Museum office",
    }
    return facts | changes


def initiative(number: int, title: str, **changes: Any) -> dict[str, Any]:
    facts = {
        "number": number,
        "kind": "project",
        "level": "local",
        "title": {"en": title, "fa": f"«{title}»"},
        "summary": {"en": f"{title} in one sentence."},
        "steps": [],
        "owner": "Culture office",
        "starts_on": None,
        "ends_on": None,
        "status": "planned",
        "indicators": [],
    }
    return facts | changes


def content(**changes: Any) -> dict[str, Any]:
    """Two initiatives; the first has two steps and an indicator that is read each year."""
    kilns = initiative(
        1,
        "Kilns",
        steps=[
            {"title": {"en": "Buy the house"}, "due_on": "2028-05-01"},
            {"title": {"en": "Light the kiln"}, "due_on": "2029-05-01"},
        ],
        indicators=[indicator(VISITS, "output", "Visits")],
    )
    school = initiative(
        2,
        "School",
        level="international",
        ends_on="2029-10-31",
        indicators=[indicator(TRAINED, "impact", "Trained", target=None)],
    )
    return {"plan": {"begins_on": BEGINS.isoformat()}, "initiatives": {KILNS: kilns, SCHOOL: school}} | changes


def freeze(perform: Any, process: Process, now: datetime, told: dict[str, Any] | None = None) -> None:
    """The next version of the plan of the process, with the hook that the freezing calls."""

    def work(session: Any) -> None:
        here = process_to_change(session, process.public_id, actor=CITY)
        plan = session.query(Plan).filter_by(process_id=here.id).one_or_none() or _plan(here, now)
        session.add(plan)
        session.flush()
        number = session.query(PlanVersion).filter_by(plan_id=plan.id).count() + 1
        version = PlanVersion(
            plan_id=plan.id,
            number=number,
            stage=Stage.SUBMITTED,
            content=told or content(),
            sha256="0" * 64,
            overrides={},
            fixed_by="Leila Moradi",
            fixed_at=now,
        )
        session.add(version)
        session.flush()
        plan.process = here
        operations.enter_promises(session, plan, version, actor=CITY, now=now)

    perform(work)


def _plan(process: Process, now: datetime) -> Plan:
    return Plan(
        public_id="plan00000001",
        process_id=process.id,
        begins_on=BEGINS,
        calendar=Calendar.GREGORIAN,
        currency="IRR",
        vocabulary=Vocabulary.HANDBOOK_2013,
        status=PlanState.FROZEN,
        created_at=now,
        published_at=now,
        frozen_at=now,
    )


def frozen_process(perform: Any, now: datetime) -> Process:
    process = make_process(perform, now, ProcessState.OPEN)
    freeze(perform, process, now)
    return process


def official(
    perform: Any, now: datetime, *, name: str = "Leila Moradi", function: str = "Head of the culture office"
) -> Actor:
    facts: dict[str, Any] = {"roles": (Role.COORDINATOR,), "display_name": name, "function": function}
    address = f"{name.split(maxsplit=1)[0].lower()}@city.example"
    return acting(make_account(perform, address, now=now, **facts), Role.COORDINATOR)


def act(perform: Any, process: Process, operation: Any, *args: Any, actor: Actor, now: datetime, **kw: Any) -> Any:
    """``operation(session, process, …, today=)`` on the day of ``now``."""

    def work(session: Any) -> Any:
        here = process_to_change(session, process.public_id, actor=CITY)
        return operation(session, here, *args, today=now.date(), actor=actor, now=now, **kw)

    return perform(work)


def designate(perform: Any, process: Process, *, on: date = BEGINS, actor: Actor, now: datetime) -> Any:
    facts: dict[str, Any] = {"designated_on": on, "decision": "Letter CLT/2027/118 of UNESCO", "stored": None}
    return act(perform, process, operations.record_designation, actor=actor, now=now, **facts)


def move(
    perform: Any,
    process: Process,
    commitment: Commitment,
    told: Any,
    *,
    actor: Actor,
    now: datetime,
    stored: Any = None,
) -> None:
    def work(session: Any, here: Process, **facts: Any) -> None:
        found = queries.commitment_to_change(session, here, commitment.public_id)
        operations.move_commitment(session, found, told, stored=stored, **facts)

    act(perform, process, work, actor=actor, now=now)


def read_off(
    perform: Any, process: Process, period: int, value: Any, *, actor: Actor, now: datetime, indicator: str = VISITS
) -> Reading:
    told = operations.Read(Decimal(str(value)), now.date(), "Ticket register", "")
    made: Reading = act(
        perform, process, operations.enter_reading, indicator, period, told, stored=None, actor=actor, now=now
    )
    return made


def correct(
    perform: Any, process: Process, wrong: Reading, value: Any, because: str, *, actor: Actor, now: datetime
) -> Reading:
    told = operations.Read(Decimal(str(value)), now.date(), "Ticket register, counted again", "")

    def work(session: Any, here: Process, **facts: Any) -> Any:
        found = queries.get_reading(session, here, wrong.public_id)
        return operations.correct_reading(session, found, told, because=because, stored=None, **facts)

    made: Reading = act(perform, process, work, actor=actor, now=now)
    return made


def conference(perform: Any, process: Process, year: int, *, actor: Actor, now: datetime, **changes: Any) -> Any:
    facts: dict[str, Any] = {
        "held_on": now.date(),
        "place": "Łódź",
        "attendance": Attendance.IN_PERSON,
        "sent": "Culture office",
        "achievements": {"en": "The kiln burns again."},
    }
    told = operations.Told(**(facts | changes))
    return act(perform, process, operations.record_conference, year, told, stored=None, actor=actor, now=now)


def register(read: Any, process: Process) -> dict[str, Commitment]:
    """By the part of the key after the initiative: ``step:…`` by its title, else kind and year."""

    def work(session: Any) -> dict[str, Commitment]:
        found = {}
        for each in queries.register_of(session, process):
            name = each.title.get("en") if each.kind.value == "step" else each.kind.value
            about = each.of_title.get("en") if each.kind.value in ("target", "end") else each.year
            found[f"{name}" if each.kind.value == "step" else f"{name} {about}"] = each
        return found

    found: dict[str, Commitment] = read(work)
    return found


def own_faults(app: Any) -> list[str]:
    """Where tables and log differ, but for the plan: its rows are laid down by hand here, without entries."""
    plan = ("plan/", "initiative/", "plan_version/")
    return [fault for fault in drift_faults(app) if not fault.startswith(plan)]
