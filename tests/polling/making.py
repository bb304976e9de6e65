"""Polling places for tests, made through the domain's own operations."""

from __future__ import annotations

from typing import Any

from tests.accounts.making import acting, make_account
from tests.processes.making import day
from tests.stakeholders.making import CITY
from tests.voting.making import CLOSES_ON, OPENS_ON
from ucc_participate.accounts.models import Account
from ucc_participate.kernel.codes import Digests
from ucc_participate.kernel.identity import Actor, Role
from ucc_participate.polling import operations, queries
from ucc_participate.polling.keyboard import read_paper
from ucc_participate.polling.models import BallotBox, PollingPlace
from ucc_participate.voting import queries as voting
from ucc_participate.voting.models import RollEntry, Vote

DIGESTS = Digests("a secret that only tests know, long enough")


def clerk(perform: Any, now: Any, name: str, role: Role = Role.CLERK) -> tuple[Account, Actor]:
    account = make_account(perform, f"{name}@clerks.example", now=now, display_name=name, roles=(role,))
    return account, acting(account, role)


def within(perform: Any, vote: Vote, work: Any, *, now: Any, actor: Actor = CITY) -> Any:
    """``work(session, vote, actor=…, now=…)`` with the vote locked."""
    return perform(lambda session: work(session, voting.vote_to_change(session, vote.public_id), actor=actor, now=now))


def announce(perform: Any, vote: Vote, start: Any, *, boxes: int = 1, **changes: Any) -> PollingPlace:
    """A place that is open from the second to the last day of the vote."""
    facts: dict[str, Any] = {
        "name": "Library",
        "location": "Bazaar street 4, lift at the back",
        "opens_at": day(start, OPENS_ON),
        "closes_at": day(start, CLOSES_ON),
        "printed": 100,
    } | changes
    now = facts.pop("now", day(start, OPENS_ON))

    def work(session: Any, found: Vote, **who: Any) -> PollingPlace:
        return operations.announce_place(session, found, boxes=boxes, **facts, **who)

    made: PollingPlace = within(perform, vote, work, now=now)
    return made


def entry_of(read: Any, vote: Vote, actor: Actor) -> RollEntry:
    found: RollEntry = read(lambda session: voting.roll_entry_of(session, vote, account_id=actor.account_id or 0))
    return found


def hand_out(perform: Any, vote: Vote, place: PollingPlace, slot: int, *, actor: Actor, now: Any, box: int = 1) -> None:
    def work(session: Any, found: Vote, **who: Any) -> None:
        at = queries.box_to_change(session, found, place.public_id, box)
        operations.hand_out_paper(session, found, at, voting.slot_to_use(session, found, slot), **who)

    within(perform, vote, work, now=now, actor=actor)


def in_box(
    perform: Any, vote: Vote, place: PollingPlace, operation: Any, *args: Any, actor: Actor, now: Any, **facts: Any
) -> Any:
    """Run an operation on the first box, locked. ``number=`` for another one."""
    number = facts.pop("number", 1)

    def work(session: Any, found: Vote, **who: Any) -> Any:
        return operation(session, queries.box_to_change(session, found, place.public_id, number), *args, **facts, **who)

    return within(perform, vote, work, now=now, actor=actor)


def type_all(
    perform: Any, vote: Vote, place: PollingPlace, lines: list[str], *, actor: Actor, now: Any, number: int = 1
) -> None:
    """One clerk types the papers of a box, from the first on."""

    def work(session: Any, box: BallotBox, **who: Any) -> None:
        papers = {at: read_paper(box.place.vote, typed) for at, typed in enumerate(lines, start=1)}
        operations.type_papers(session, box, papers, **who)

    in_box(perform, vote, place, work, actor=actor, now=now, number=number)


def letters(perform: Any, vote: Vote, slots: list[int], *, now: Any) -> list[str]:
    def work(session: Any, found: Vote, **who: Any) -> list[str]:
        entries = [voting.slot_to_use(session, found, slot) for slot in slots]
        return operations.issue_letters(session, found, entries, digests=DIGESTS, **who)

    made: list[str] = within(perform, vote, work, now=now)
    return made


def box_of(read: Any, vote: Vote, place: PollingPlace, number: int = 1) -> BallotBox:
    found: BallotBox = read(lambda session: queries.get_box(session, vote, place.public_id, number))
    return found
