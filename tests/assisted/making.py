"""Sessions of clerks and what they write down, for tests, made through the domain's own operations."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.accounts.making import acting, make_account
from tests.processes.making import make_process
from ucc_participate.accounts.models import AboutYou, Account
from ucc_participate.assisted import operations, queries
from ucc_participate.assisted.entry import Entry, Person
from ucc_participate.assisted.models import AssistedItem, Intake
from ucc_participate.kernel.codes import Digests
from ucc_participate.kernel.identity import Actor, Role
from ucc_participate.processes.models import Process, ProcessState, WayIn
from ucc_participate.processes.queries import process_to_change
from ucc_participate.proposals.models import Content, Level, ProposalKind

DIGESTS = Digests("a secret that only tests know, long enough")
PROPOSING = timedelta(days=8)
TITLE = "A bench under the plane tree of the mosque"


def clerk(perform: Any, now: datetime, email: str = "clerk@example.org") -> tuple[Account, Actor]:
    account = make_account(perform, email, now=now, roles=(Role.CLERK,))
    return account, acting(account, Role.CLERK)


def open_process(perform: Any, now: datetime) -> Process:
    """A process that opened and takes proposals from its seventh day on; PROPOSING after ``now`` it does."""
    return make_process(perform, now, ProcessState.OPEN)


def begin(perform: Any, process: Process, actor: Actor, *, now: datetime, **changes: Any) -> Intake:
    facts: dict[str, Any] = {
        "way_in": WayIn.PAPER,
        "place": "Hall of the weavers",
        "held_on": now.date(),
        "today": now.date(),
        "needs_second": False,
    } | changes

    def work(session: Any) -> Intake:
        found = process_to_change(session, process.public_id, actor=actor)
        return operations.open_intake(session, found, actor=actor, now=now, **facts)

    made: Intake = perform(work)
    return made


def content(**changes: Any) -> Content:
    facts: dict[str, Any] = {
        "title": TITLE,
        "summary": "Old people rest there on their way to the bazaar.",
        "kind": ProposalKind.PROJECT,
        "level": Level.LOCAL,
        "objectives": ("OBJ-3",),
        "language": "en",
        "shows_name": False,
    }
    return Content(**facts | changes)


def entry(name: str = "", about: AboutYou | None = None, email: str | None = None, **changes: Any) -> Entry:
    return Entry(Person(name, email, about or AboutYou()), content(**changes))


def enter(
    perform: Any, process: Process, intake: Intake, given: Entry, actor: Actor, *, now: datetime, key: str | None = None
) -> tuple[AssistedItem, str]:
    def work(session: Any) -> tuple[AssistedItem, str]:
        found = process_to_change(session, process.public_id, actor=actor)
        sitting = queries.intake_to_change(session, found, intake.public_id)
        return operations.enter_item(
            session, sitting, given, currency="IRR", digests=DIGESTS, key=key, actor=actor, now=now
        )

    made: tuple[AssistedItem, str] = perform(work)
    return made


def change(perform: Any, item: AssistedItem, operation: Any, *args: Any, actor: Actor, now: datetime, **kw: Any) -> Any:
    """Run an operation on the item, loaded in the same unit of work."""
    return perform(
        lambda session: operation(session, queries.get_item(session, item.public_id), *args, actor=actor, now=now, **kw)
    )
