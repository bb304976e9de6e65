"""Opinion maps for tests, made through the domain's own operations."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.processes.making import day, make_process
from tests.stakeholders.making import CITY, acting, make_account, make_delegate, make_organisation
from ucc_participate.accounts.models import Account
from ucc_participate.kernel.identity import Actor
from ucc_participate.opinions import operations, queries
from ucc_participate.opinions.models import Answer, MapPlan, OpinionMap, Statement
from ucc_participate.opinions.operations import Voice
from ucc_participate.processes.models import Process, ProcessState
from ucc_participate.processes.queries import process_to_change
from ucc_participate.stakeholders.models import Organisation

TEXTS = [
    "The bazaar should be free of cars on Fridays.",
    "Young weavers need workshops in the evening.",
    "Entry to the museum should cost nothing.",
    "The river bank belongs to everybody, not to restaurants.",
    "Old houses must not be pulled down for car parks.",
    "Buses should run until midnight.",
    "Festivals should be held in the villages too.",
    "The city should pay artists who teach at schools.",
]
AGREE, DISAGREE, PASS = Answer.AGREE, Answer.DISAGREE, Answer.PASS


def plan(process: Process, now: datetime, **changes: Any) -> MapPlan:
    """From day 8 to 30 of the tests' timetable, in which proposing and discussing follow each other."""
    facts: dict[str, Any] = {
        "title": {"en": "The old town", "fa": "بافت تاریخی"},
        "question": {"en": "What should become of the old town?"},
        "opens_at": day(now, 8),
        "closes_at": day(now, 30),
    }
    return MapPlan(**facts | changes)


def make_map(perform: Any, process: Process, now: datetime, *, texts: list[str] = TEXTS, **changes: Any) -> OpinionMap:
    """Announced today with some statements of the city."""

    def work(session: Any) -> OpinionMap:
        locked = process_to_change(session, process.public_id, actor=CITY)
        return operations.announce_map(session, locked, plan(process, now, **changes), actor=CITY, now=now)

    made: OpinionMap = perform(work)
    if texts:
        change(perform, made, operations.seed_statements, texts, actor=CITY, now=now, language="en")
    return made


def open_process(perform: Any, now: datetime) -> Process:
    return make_process(perform, now, ProcessState.OPEN)


def change(
    perform: Any, found: OpinionMap, operation: Any, *args: Any, actor: Actor, now: datetime, **facts: Any
) -> Any:
    def work(session: Any) -> Any:
        locked = queries.map_to_change(session, found.process.public_id, found.public_id, actor=CITY)
        return operation(session, locked, *args, actor=actor, now=now, **facts)

    return perform(work)


def answer(
    perform: Any,
    found: OpinionMap,
    person: Account | Actor,
    number: int,
    said: Answer = AGREE,
    *,
    now: datetime,
    organisation: Organisation | None = None,
) -> None:
    actor = person if isinstance(person, Actor) else acting(person)
    voice = Voice(organisation)
    change(perform, found, operations.answer_statement, number, said, actor=actor, now=now, voice=voice)


def people(perform: Any, number: int, now: datetime, *, first: int = 0) -> list[Account]:
    return [
        make_account(perform, f"person{at}@city.example", now=now, name=f"Person {at}")
        for at in range(first, first + number)
    ]


def delegate_of(perform: Any, name: str, sector: Any, now: datetime, email: str) -> tuple[Account, Organisation, Actor]:
    """Somebody with a mandate: account, organisation, and the actor that they are."""
    organisation = make_organisation(perform, name, sector, now=now)
    account = make_account(perform, email, now=now, name=name)
    make_delegate(perform, organisation, account, now=now)
    actor = acting(account)
    return account, organisation, Actor(actor.key, actor.account_id, actor.roles, frozenset({organisation.public_id}))


def later(now: datetime, **units: float) -> datetime:
    return now + timedelta(**units)


def statement(read: Any, found: OpinionMap, number: int) -> Statement:
    found_one: Statement = read(lambda s: queries.statements_by_number(s, found, [number])[number])
    return found_one
