"""Proposals for tests, made through the domain's own operations."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from tests.processes.making import day, make_process
from tests.stakeholders.making import CITY, acting, make_account
from ucc_participate.accounts.models import Account
from ucc_participate.accounts.operations import create_account
from ucc_participate.audit.log import record
from ucc_participate.kernel.identity import Actor, Role
from ucc_participate.processes.events import ProcessEvent
from ucc_participate.processes.models import Process, ProcessState
from ucc_participate.processes.queries import process_to_change
from ucc_participate.proposals import operations, queries
from ucc_participate.proposals.models import Content, Level, Outcome, Proposal, ProposalKind

REASON = "The council has set money aside for this in the budget of next year."
PAGE = "http://city.example/p/x/proposals/y"
CONTENT = Content(
    title="Evening workshops for young weavers",
    summary="Open the weaving workshops of the bazaar to young people on three evenings a week.",
    body="## Why\n\nThe looms stand still after five o’clock.",
    kind=ProposalKind.PROJECT,
    level=Level.LOCAL,
    objectives=("OBJ-2", "OBJ-1"),
    areas=("AREA-6",),
    dimensions=("social",),
    for_whom=("youth", "women"),
    place="The old bazaar",
    cost=2_500_000_000,
    language="en",
)


def content(**changes: Any) -> Content:
    return replace(CONTENT, **changes)


def proposing_process(perform: Any, now: datetime, **changes: Any) -> tuple[Process, datetime]:
    """An open process, and a moment in which it takes proposals."""
    return make_process(perform, now, ProcessState.OPEN, **changes), day(now, 8)


def process_from_elsewhere(perform: Any, now: datetime) -> Process:
    """A closed process that was held elsewhere, as an import of a vote makes one."""

    def work(session: Any) -> Process:
        made = Process(
            public_id="elsewhere",
            title={"en": "Elsewhere 2024"},
            is_imported=True,
            status=ProcessState.CLOSED,
            created_at=now,
            phases=[],
            documents=[],
        )
        session.add(made)
        session.flush()
        record(
            session,
            ProcessEvent.CREATED,
            actor=CITY,
            subject=made.ref,
            process=made.ref,
            now=now,
            payload=made.public_payload(),
        )
        return made

    made: Process = perform(work)
    return made


def person(perform: Any, name: str, *, now: datetime) -> tuple[Account, Actor]:
    account = make_account(perform, f"{name.lower()}@city.example", now=now, name=name)
    return account, acting(account)


def official(
    perform: Any, *, now: datetime, name: str = "Leila Moradi", function: str | None = "Head of culture"
) -> Actor:
    """A coordinator who says what office they hold, unless ``function`` is None."""
    email = f"{name.replace(' ', '.').lower()}@city.example"

    def work(session: Any) -> Account:
        return create_account(
            session, email=email, display_name=name, locale="en", function=function, actor=CITY, now=now
        )

    return acting(perform(work), Role.COORDINATOR)


def submit(perform: Any, process: Process, actor: Actor, *, now: datetime, **changes: Any) -> Proposal:
    """A proposal that was sent, as in CONTENT but for ``changes``."""

    def work(session: Any) -> Proposal:
        found = process_to_change(session, process.public_id, actor=actor)
        return operations.submit_proposal(session, found, content(**changes), actor=actor, now=now, currency="IRR")

    made: Proposal = perform(work)
    return made


def draft(
    perform: Any, process: Process, actor: Actor, *, now: datetime, key: str | None = None, **changes: Any
) -> Proposal:
    def work(session: Any) -> Proposal:
        found = process_to_change(session, process.public_id, actor=actor)
        return operations.draft_proposal(
            session, found, content(**changes), actor=actor, now=now, currency="IRR", key=key
        )

    made: Proposal = perform(work)
    return made


def change(perform: Any, proposal: Proposal, operation: Any, *args: Any, actor: Actor, now: datetime, **kw: Any) -> Any:
    """Run an operation on the proposal, loaded in the same unit of work."""

    def work(session: Any) -> Any:
        process = process_to_change(session, proposal.process.public_id, actor=CITY)
        found = queries.proposal_to_change(session, process, proposal.public_id, actor=actor, now=now)
        return operation(session, found, *args, actor=actor, now=now, **kw)

    return perform(work)


def answer(
    perform: Any,
    proposal: Proposal,
    actor: Actor,
    *,
    now: datetime,
    outcome: Outcome = Outcome.ADOPTED,
    reason: str = REASON,
) -> None:
    change(
        perform,
        proposal,
        operations.answer_proposal,
        actor=actor,
        now=now,
        outcome=outcome,
        reason=reason,
        address=PAGE,
    )


def reload(read: Any, proposal: Proposal) -> Proposal:
    """The proposal as it is now."""
    found: Proposal = read(lambda session: queries.by_ids(session, [proposal.id])[proposal.id])
    return found
