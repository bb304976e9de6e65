"""A city that votes, made through the product's own operations, for whatever is to go wrong in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.accounts.making import CITY, acting
from tests.eligibility.making import NOBODY_CHECKED, set_rules
from tests.processes.making import day, invite_every_sector, make_process, open_process
from tests.proposals.making import answer, official, person, submit
from tests.stakeholders.making import make_account, make_delegate
from ucc_participate.accounts.models import Account
from ucc_participate.accounts.operations import create_account
from ucc_participate.kernel.identity import Actor, Role
from ucc_participate.processes.models import Process, ProcessState
from ucc_participate.processes.queries import process_to_change
from ucc_participate.proposals.models import Proposal
from ucc_participate.voting import operations, queries
from ucc_participate.voting.building import OptionLine
from ucc_participate.voting.models import Franchise, Vote

RULES = {
    "ballot": "approval",
    "min_choices": 1,
    "max_choices": 2,
    "tie": "option_order",
    "method": "greedy",
    "budget": 100,
    "currency": "IRR",
    "skip": True,
    "threshold": 0,
}
OPTIONS = [OptionLine("a", "Garden", 60), OptionLine("b", "Workshop", 70), OptionLine("c", "Archive", 30)]
CHOICES = [["a"], ["b"], ["c"], ["a", "b"], ["a", "c"], ["b", "c"], []]
ANNOUNCED, OPENED, CLOSED = 30, 35, 42
"""Days after the beginning of the process."""


@dataclass(frozen=True)
class City:
    """An open vote: ``residents`` are on its roll when it is secret, ``organisations`` with a delegate when it is not.

    ``then``: a moment at which it takes ballots.
    """

    process: Process
    vote_id: str
    residents: list[Account]
    organisations: list[tuple[Any, Actor]]
    then: datetime
    closes_at: datetime


def make_residents(perform: Any, count: int, *, now: datetime) -> list[Account]:
    def work(session: Any) -> list[Account]:
        return [
            create_account(
                session,
                email=f"resident{number}@city.example",
                display_name=f"Resident {number}",
                locale="en",
                actor=CITY,
                now=now,
            )
            for number in range(count)
        ]

    made: list[Account] = perform(work)
    return made


def begin(perform: Any, start: datetime, *, residents: int = 0) -> tuple[Process, list[Account], list[Any]]:
    """An open process with invited organisations, and residents."""
    process = make_process(perform, start, ProcessState.PUBLISHED)
    set_rules(perform, process, NOBODY_CHECKED, now=start)
    open_process(perform, process, now=start)
    invited = invite_every_sector(perform, process, now=day(start, 1))
    return process, make_residents(perform, residents, now=start), invited


def announce(perform: Any, process: Process, start: datetime, franchise: Franchise) -> Vote:
    def work(session: Any) -> Vote:
        found = process_to_change(session, process.public_id, actor=CITY)
        return operations.announce_vote(
            session,
            found,
            actor=CITY,
            now=day(start, ANNOUNCED),
            title={"en": "Priorities"},
            franchise=franchise,
            rules=RULES,
            options=OPTIONS,
            opens_at=day(start, OPENED),
            closes_at=day(start, CLOSED),
        )

    vote: Vote = perform(work)
    perform(lambda s: operations.open_vote(s, to_change(s, vote.public_id), actor=CITY, now=day(start, OPENED)))
    return vote


def to_change(session: Any, vote_id: str) -> Vote:
    return queries.vote_to_change(session, vote_id)


def voting_city(perform: Any, start: datetime, *, residents: int, franchise: Franchise = Franchise.INDIVIDUAL) -> City:
    """``start``: when the process begins; the vote is open from 35 to 42 days later."""
    process, people, invited = begin(perform, start, residents=residents)
    spoken: list[tuple[Any, Actor]] = []
    for organisation, account in zip(invited, people, strict=False):
        if franchise is Franchise.ORGANISATION:
            make_delegate(perform, organisation, account, now=start)
            roles = frozenset({Role.RESIDENT, Role.DELEGATE})
            actor = Actor(account.key, account.id, roles, frozenset({organisation.public_id}))
            spoken.append((organisation, actor))
    vote = announce(perform, process, start, franchise)
    return City(process, vote.public_id, people, spoken, day(start, OPENED + 1), day(start, CLOSED))


def cast(session: Any, city: City, account: Account, choices: Sequence[str], key: str, *, now: datetime) -> Any:
    """One unit of work: this resident's secret ballot."""
    vote = queries.vote_to_cast_in(session, city.vote_id)
    return operations.cast_ballot(session, vote, actor=acting(account), now=now, choices=choices, idempotency_key=key)


def cast_openly(session: Any, city: City, number: int, choices: Sequence[str], key: str, *, now: datetime) -> Any:
    """One unit of work: the ballot of the organisation with this number."""
    vote = queries.vote_to_cast_in(session, city.vote_id)
    organisation, actor = city.organisations[number]
    found = queries.organisation_on_roll(session, vote, organisation.public_id)
    return operations.cast_open_ballot(session, vote, found, actor=actor, now=now, choices=choices, idempotency_key=key)


@dataclass(frozen=True)
class History:
    """A process in which everything has happened: an answered proposal, a secret vote and an open one, both closed."""

    process: Process
    proposal: Proposal
    author: tuple[Account, Actor]
    secret: City
    openly: City
    ended: datetime


def whole_history(perform: Any, start: datetime, *, residents: int = 12) -> History:
    """Residents, delegates, author and official are on the roll; all residents vote, the first of them twice."""
    process, people, invited = begin(perform, start, residents=residents)
    author = person(perform, "Author", now=start)
    proposal = submit(perform, process, author[1], now=day(start, 8))
    answer(perform, proposal, official(perform, now=start), now=day(start, 9))
    spoken = [
        (each, speaking_for(perform, each, f"delegate{at}@city.example", start)) for at, each in enumerate(invited)
    ]
    secret, openly = (announce(perform, process, start, franchise) for franchise in Franchise)
    then, ended = day(start, OPENED + 1), day(start, CLOSED)
    of_residents = City(process, secret.public_id, people, [], then, ended)
    of_organisations = City(process, openly.public_id, [], spoken, then, ended)
    for number, account in enumerate([*people, people[0]]):
        choices = CHOICES[number % len(CHOICES)]
        key = f"{number:022d}"
        perform(lambda s, a=account, c=choices, k=key: cast(s, of_residents, a, c, k, now=then))
    for number in range(len(spoken)):
        choices = CHOICES[number]
        perform(lambda s, n=number, c=choices: cast_openly(s, of_organisations, n, c, "k" * 22, now=then))
    for city in (of_residents, of_organisations):
        close(perform, city)
    return History(process, proposal, author, of_residents, of_organisations, ended)


def speaking_for(perform: Any, organisation: Any, email: str, now: datetime) -> Actor:
    account = make_account(perform, email, now=now, name="Delegate")
    make_delegate(perform, organisation, account, now=now)
    roles = frozenset({Role.RESIDENT, Role.DELEGATE})
    return Actor(account.key, account.id, roles, frozenset({organisation.public_id}), account.display_name)


def close(perform: Any, city: City) -> None:
    perform(lambda s: operations.close_vote(s, to_change(s, city.vote_id), actor=CITY, now=city.closes_at))


def slot_of(session: Any, vote: Vote, account_id: int) -> str:
    entry = queries.roll_entry_of(session, vote, account_id=account_id)
    assert entry is not None
    return entry.slot_ref(vote)
