"""Votes for tests, made through the domain's own operations, in whatever state a test needs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from tests.eligibility.making import NOBODY_CHECKED, set_rules
from tests.processes.making import day, invite_every_sector, make_process, open_process
from tests.proposals.making import person, submit
from tests.stakeholders.making import CITY, make_account, make_delegate, set_quorum
from ucc_participate.accounts.models import AboutYou, Account
from ucc_participate.accounts.operations import update_profile
from ucc_participate.accounts.queries import get_account
from ucc_participate.kernel.identity import Actor, Role, new_pseudonym, new_public_id
from ucc_participate.processes.models import Process, ProcessState
from ucc_participate.processes.queries import process_to_change
from ucc_participate.proposals.models import Proposal
from ucc_participate.stakeholders.models import Organisation
from ucc_participate.voting import operations, queries
from ucc_participate.voting.building import OptionLine
from ucc_participate.voting.models import Franchise, Vote, VoteState
from ucc_participate.voting.operations import CastBallot

TITLES = ("Evening workshops for young weavers", "Archive of old carpet patterns", "Benches under the plane trees")
BY_VOTES = {
    "method": "votes",
    "ballot": "approval",
    "min_choices": 1,
    "max_choices": 2,
    "winners": 1,
    "currency": "IRR",
}
GREEDY = {
    "method": "greedy",
    "ballot": "approval",
    "min_choices": 1,
    "max_choices": None,
    "budget": 3_000_000_000,
    "currency": "IRR",
}
ANNOUNCED_ON, OPENS_ON, CLOSES_ON = 34, 36, 40
"""Days after the process opened; its voting phase is from day 35 to day 42."""


def voting_process(perform: Any, now: datetime) -> tuple[Process, list[Proposal]]:
    """An open process with three proposals that may go on a ballot."""
    process = make_process(perform, now, ProcessState.PUBLISHED)
    set_rules(perform, process, NOBODY_CHECKED, now=now)
    open_process(perform, process, now=now)
    _account, author = person(perform, f"Author-{new_public_id()}", now=now)
    then = day(now, 8)
    return process, [submit(perform, process, author, now=then, title=title) for title in TITLES]


def lines(proposals: Sequence[Proposal]) -> list[OptionLine]:
    return [OptionLine(each.public_id, each.title, each.cost, each.id, each.ref) for each in proposals]


def announce(
    perform: Any,
    process: Process,
    proposals: Sequence[Proposal],
    *,
    start: datetime,
    actor: Actor = CITY,
    **changes: Any,
) -> Vote:
    """A vote over the proposals by BY_VOTES, open from day 36 to 40, but for ``changes``. ``start``: the first day."""
    facts: dict[str, Any] = {
        "title": {"en": "Which ideas first?", "fa": "کدام پیشنهاد نخست؟"},
        "franchise": Franchise.INDIVIDUAL,
        "rules": BY_VOTES,
        "options": lines(proposals),
        "opens_at": day(start, OPENS_ON),
        "closes_at": day(start, CLOSES_ON),
        "now": day(start, ANNOUNCED_ON),
    } | changes

    def work(session: Any) -> Vote:
        found = process_to_change(session, process.public_id, actor=actor)
        announced = operations.announce_vote(session, found, actor=actor, **facts)
        return queries.get_vote(session, announced.public_id)

    made: Vote = perform(work)
    return made


def change(perform: Any, vote: Vote, operation: Any, *args: Any, actor: Actor = CITY, now: datetime, **kw: Any) -> Any:
    """Run an operation on the vote, loaded and locked in the same unit of work."""
    return perform(
        lambda session: operation(
            session, queries.vote_to_change(session, vote.public_id), *args, actor=actor, now=now, **kw
        )
    )


def make_vote(perform: Any, start: datetime, state: VoteState, **changes: Any) -> Vote:
    """A vote of a process of its own, in this state; whoever has an account is on the roll."""
    process, proposals = voting_process(perform, start)
    vote = announce(perform, process, proposals, start=start, **changes)
    if state is not VoteState.ANNOUNCED:
        change(perform, vote, operations.open_vote, now=day(start, OPENS_ON))
    if state is VoteState.CLOSED:
        change(perform, vote, operations.close_vote, now=day(start, CLOSES_ON))
    return vote


def make_open_vote_of_organisations(
    perform: Any, start: datetime, *, quorum: int = 1, **changes: Any
) -> tuple[Vote, list[Organisation], list[Actor]]:
    """An open vote of three organisations, one a sector, and a delegate of each. ``quorum``: of the first one."""
    process, proposals = voting_process(perform, start)
    organisations = invite_every_sector(perform, process, now=start)
    delegates = [
        delegate(perform, each, f"delegate{at}@city.example", now=start) for at, each in enumerate(organisations)
    ]
    if quorum > 1:
        set_quorum(perform, organisations[0], quorum, now=start)
    vote = announce(perform, process, proposals, start=start, franchise=Franchise.ORGANISATION, **changes)
    change(perform, vote, operations.open_vote, now=day(start, OPENS_ON))
    return vote, organisations, delegates


def delegate(
    perform: Any, organisation: Organisation, email: str, *, now: datetime, ends_on: date | None = None
) -> Actor:
    account = make_account(perform, email, now=now, name="Delegate")
    make_delegate(perform, organisation, account, now=now, ends_on=ends_on)
    return speaking_for(account, organisation)


def speaking_for(account: Account, *organisations: Organisation) -> Actor:
    """The account as somebody who acts for these organisations."""
    roles = frozenset({Role.RESIDENT, Role.DELEGATE})
    public_ids = frozenset(each.public_id for each in organisations)
    return Actor(f"account:{account.id}", account.id, roles, public_ids, account.display_name)


def residents(perform: Any, number: int, *, now: datetime, **stated: Any) -> list[tuple[Account, Actor]]:
    """So many people with accounts; ``stated``: what all of them say of themselves."""
    made = [person(perform, f"Resident{at}", now=now) for at in range(number)]
    if stated:
        for account, actor in made:
            describe(perform, account, actor, now=now, **stated)
    return made


def describe(perform: Any, account: Account, actor: Actor, *, now: datetime, **stated: Any) -> None:
    """Let the person say of themselves what is ``stated``: sex, birth_year, district, sector."""

    def work(session: Any) -> None:
        found = get_account(session, account.public_id)
        update_profile(session, found, about=AboutYou(**stated), actor=actor, now=now)

    perform(work)


def codes(vote: Vote) -> list[str]:
    """The ids of the options, in ballot order."""
    return [option.code for option in vote.options]


def cast(
    perform: Any, vote: Vote, actor: Actor, choices: Sequence[str], *, now: datetime, key: str | None = None
) -> CastBallot:
    """A secret ballot. ``key``: of the form that was sent; one of its own unless given."""

    def work(session: Any) -> CastBallot:
        found = queries.vote_to_cast_in(session, vote.public_id)
        facts: dict[str, Any] = {"choices": choices, "idempotency_key": key or new_pseudonym()}
        return operations.cast_ballot(session, found, actor=actor, now=now, **facts)

    made: CastBallot = perform(work)
    return made


def cast_openly(
    perform: Any,
    vote: Vote,
    organisation: Organisation,
    actor: Actor,
    choices: Sequence[str],
    *,
    now: datetime,
    key: str | None = None,
) -> Any:
    """An organisation's ballot on the record."""

    def work(session: Any) -> Any:
        found = queries.vote_to_cast_in(session, vote.public_id)
        facts: dict[str, Any] = {"choices": choices, "idempotency_key": key or new_pseudonym()}
        return operations.cast_open_ballot(session, found, organisation, actor=actor, now=now, **facts)

    return perform(work)


def agree(
    perform: Any, vote: Vote, organisation: Organisation, actor: Actor, choices: Sequence[str], *, now: datetime
) -> Any:
    """A delegate presses the button beside the ballot that waits, having seen these choices."""

    def work(session: Any) -> Any:
        found = queries.vote_to_cast_in(session, vote.public_id)
        facts: dict[str, Any] = {"choices": choices, "idempotency_key": new_pseudonym()}
        return operations.agree_on_ballot(session, found, organisation, actor=actor, now=now, **facts)

    return perform(work)


def take_back(perform: Any, vote: Vote, organisation: Organisation, actor: Actor, *, now: datetime) -> Any:
    """A delegate takes back the agreement with the ballot that waits."""

    def work(session: Any) -> Any:
        found = queries.vote_to_cast_in(session, vote.public_id)
        return operations.withdraw_agreement(session, found, organisation, actor=actor, now=now)

    return perform(work)


def reload(read: Any, vote: Vote) -> Vote:
    """The vote as it is now, with options and process."""
    found: Vote = read(lambda session: queries.get_vote(session, vote.public_id))
    return found


def result_of(read: Any, vote: Vote) -> dict[str, Any]:
    """The published result of a closed vote."""
    result = reload(read, vote).result
    assert result is not None
    return result
