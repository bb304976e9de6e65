"""People without an account: lines of the city's lists on the roll, found by their number, never there twice."""

from __future__ import annotations

from typing import Any

import pytest

from tests.accounts.making import make_account
from tests.eligibility.making import DIGESTS, prove_by_list, set_rules, upload
from tests.polling.making import announce, clerk, hand_out, within
from tests.processes.making import day, make_process, open_process
from tests.proposals.making import person, submit
from tests.stakeholders.making import CITY
from tests.voting.making import ANNOUNCED_ON, OPENS_ON, TITLES, change, reload
from tests.voting.making import announce as announce_vote
from ucc_participate.eligibility.models import Method, Rules
from ucc_participate.kernel.errors import Invalid
from ucc_participate.polling import queries
from ucc_participate.processes.models import ProcessState
from ucc_participate.processes.queries import process_to_change
from ucc_participate.voting import operations
from ucc_participate.voting.models import Channel, Vote

ONLY_LISTS = Rules(methods=(Method.LIST,))


def open_vote(perform: Any, now: Any, rules: Rules, numbers: list[str], *, proved: str) -> Vote:
    """An open vote of a process with these rules and this list; one account has proved it by the number ``proved``."""
    process = make_process(perform, now, ProcessState.PUBLISHED)
    set_rules(perform, process, rules, now=now)
    open_process(perform, process, now=now)
    process = perform(lambda session: process_to_change(session, process.public_id, actor=CITY))
    upload(perform, process, [(number, 1990) for number in numbers], now=now)
    _author, actor = person(perform, "Author", now=now)
    proposals = [submit(perform, process, actor, now=day(now, 8), title=title) for title in TITLES]
    account = make_account(perform, "proved@city.example", now=now)
    prove_by_list(perform, process, account, proved, now=day(now, 9), year=1990)
    vote = announce_vote(perform, process, proposals, start=now, now=day(now, ANNOUNCED_ON))
    change(perform, vote, operations.open_vote, now=day(now, OPENS_ON))
    return vote


def put(perform, vote, now):
    def work(session, found, **who):
        return operations.put_lists_on_roll(session, found, reason="They have no account.", **who)

    return within(perform, vote, work, now=now)


def voter(read, vote, number):
    line = DIGESTS("number", vote.process.public_id, number)
    return read(lambda session: queries.voter_by_line(session, vote, line) or queries.voter_by_use(session, vote, line))


def test_lines_nobody_claimed_get_slots_once_and_vote_on_paper(perform, read, now, entries, drift):
    vote, then = open_vote(perform, now, ONLY_LISTS, ["101", "102", "103"], proved="101"), day(now, OPENS_ON)
    assert reload(read, vote).roll_size == 1
    assert put(perform, vote, then) == 2
    told = entries(vote.ref)[-1]
    assert (told.type, told.payload["slots"], told.payload["reason"]) == ("roll.extended", 3, "They have no account.")
    with pytest.raises(Invalid, match="on the roll already"):
        put(perform, vote, then)
    assert voter(read, vote, "101").account is not None
    assert voter(read, vote, "102").account is None
    assert voter(read, vote, "777") is None
    _account, official = clerk(perform, then, "Omid")
    hand_out(perform, vote, announce(perform, vote, now), voter(read, vote, "102").entry.slot, actor=official, now=then)
    entry = voter(read, vote, "102").entry
    assert (entry.has_voted, entry.channel) == (True, Channel.PAPER)
    assert drift() == []


def test_whoever_claims_a_line_later_is_not_put_on_the_roll_twice(perform, now):
    vote, then = open_vote(perform, now, ONLY_LISTS, ["101", "102"], proved="101"), day(now, OPENS_ON)
    put(perform, vote, then)
    late = make_account(perform, "late@city.example", now=then)
    prove_by_list(perform, vote.process, late, "102", now=then, year=1990)
    with pytest.raises(Invalid, match="by the city’s list"):
        change(perform, vote, operations.extend_roll, late, now=then, reason="Came late to it.")


@pytest.mark.parametrize(
    "rules",
    [Rules(methods=(Method.LIST, Method.CLERK)), Rules(methods=(Method.LIST,), min_age=16)],
    ids=["beside other ways", "with ages"],
)
def test_a_list_alone_puts_nobody_on_the_roll(perform, now, rules):
    vote = open_vote(perform, now, rules, ["101", "102"], proved="101")
    with pytest.raises(Invalid, match="one way to prove"):
        put(perform, vote, day(now, OPENS_ON))
