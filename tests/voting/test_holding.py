"""Lots, the roll after freezing, closing that waits, canvass, certification: the state, and the entry of the log."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.processes.making import day
from tests.stakeholders.making import ACTORS, CITY, make_account
from tests.voting.making import (
    BY_VOTES,
    CLOSES_ON,
    GREEDY,
    OPENS_ON,
    announce,
    cast,
    change,
    codes,
    lines,
    make_vote,
    reload,
    residents,
    voting_process,
)
from ucc_participate.accounts.events import AccountEvent
from ucc_participate.accounts.models import Account
from ucc_participate.audit import canonical
from ucc_participate.audit.log import record
from ucc_participate.kernel.errors import Conflict, Forbidden, Invalid
from ucc_participate.vocabularies.uccn import Sector
from ucc_participate.voting import jobs, operations, queries, sectors
from ucc_participate.voting.models import Ballot, Vote, VoteState
from ucc_participate.voting.operations import closing
from ucc_participate.voting.rules import lots

BY_LOT = BY_VOTES | {"tie": "lot"}
LOTTERY = "the numbers of the national lottery of 12 May"
PUBLIC, PRIVATE, CIVIL = Sector


@pytest.fixture
def after(now):
    return day(now, CLOSES_ON)


@pytest.fixture
def tick(app, clock):
    """``tick(moment)``: what the clock does then."""

    def run(moment):
        clock.at = moment
        with app.app_context():
            jobs.open_and_close()

    return run


def types(told):
    return [entry.type for entry in told]


def as_it_is(read: Any, vote: Vote) -> Any:
    """The vote now; results and draws are what the test says."""
    return reload(read, vote)


def secret_of(read, vote):
    return read(lambda session: queries.lot_secret(session, vote))


def closed_by_lot(perform, now, *, public_value=LOTTERY, votes=((0,), (1,), (2,)), **rules):
    """A vote of a few people, closed, all options equal."""
    people = residents(perform, len(votes), now=now)
    vote = make_vote(perform, now, VoteState.OPEN, rules=BY_LOT | rules, public_value=public_value)
    for (_account, actor), chosen in zip(people, votes, strict=True):
        cast(perform, vote, actor, [codes(vote)[at] for at in chosen], now=day(now, OPENS_ON))
    change(perform, vote, operations.close_vote, now=day(now, CLOSES_ON))
    return vote


# --- lots


def test_a_lot_is_sealed_at_the_announcement_and_its_secret_is_told_nowhere(perform, read, now, entries):
    vote = make_vote(perform, now, VoteState.ANNOUNCED, rules=BY_LOT, public_value=f" {LOTTERY} ")
    secret = secret_of(read, vote)
    sealed = as_it_is(read, vote).rules["lot"]
    assert sealed == {"sha256": hashlib.sha256(secret).hexdigest(), "public_value": LOTTERY}
    assert len(secret) == 32
    [entry] = entries(vote.ref)
    assert entry.payload["rules"]["lot"] == sealed
    assert secret.hex() not in str(entry.payload)


def test_a_closed_vote_waits_for_the_public_value_and_nothing_of_the_result_is_stored(
    perform, read, now, entries, after, tick
):
    vote = as_it_is(read, closed_by_lot(perform, now))
    assert (vote.status, vote.result, vote.tallied_at, vote.lot_draw) == (VoteState.CLOSED, None, None, None)
    assert types(entries(vote.ref))[-1] == "vote.closed"
    with pytest.raises(Conflict):
        queries.result_of(vote, actor=ACTORS["coordinator"], now=after)
    with pytest.raises(Conflict):
        change(perform, vote, operations.tally_vote, now=after)
    tick(after)
    assert as_it_is(read, vote).result is None


def test_the_draw_tells_all_that_repeats_it_and_the_count_follows_at_once(perform, read, now, entries, after, drift):
    vote = closed_by_lot(perform, now)
    secret = secret_of(read, vote)
    change(perform, vote, operations.draw_lot, now=after, public_value="7 14 21")
    vote = as_it_is(read, vote)
    draw = vote.lot_draw
    commitments = sorted(read(lambda session: list(session.scalars(select(Ballot.commitment)))))
    assert draw["snapshot"] == hashlib.sha256("".join(f"{each}\n" for each in commitments).encode()).hexdigest()
    text = canonical.dumps(
        {"public_value": "7 14 21", "secret": secret.hex(), "snapshot": draw["snapshot"], "vote": vote.ref}
    )
    seed = hashlib.sha256(b"ucc-lot-1\0" + text).digest()
    assert (draw["secret"], draw["seed"]) == (secret.hex(), seed.hex())
    by_ticket = sorted(codes(vote), key=lambda code: hashlib.sha256(seed + code.encode()).hexdigest())
    assert draw["order"] == by_ticket
    assert vote.result["winners"] == by_ticket[:1]
    told = entries(vote.ref)
    assert types(told)[-3:] == ["vote.closed", "vote.lot_drawn", "vote.tallied"]
    assert told[-2].payload == draw
    assert drift() == []


def test_a_lot_is_drawn_once_after_the_closing_by_a_coordinator(perform, now, after):
    vote = make_vote(perform, now, VoteState.ANNOUNCED, rules=BY_LOT, public_value=LOTTERY)
    with pytest.raises(Conflict):
        change(perform, vote, operations.draw_lot, now=after, public_value="7")
    vote = closed_by_lot(perform, now)
    for who in ("resident", "clerk", "moderator", "evaluator"):
        with pytest.raises(Forbidden):
            change(perform, vote, operations.draw_lot, actor=ACTORS[who], now=after, public_value="7")
    with pytest.raises(Invalid) as refused:
        change(perform, vote, operations.draw_lot, now=after, public_value="  ")
    assert refused.value.field == "public_value"
    change(perform, vote, operations.draw_lot, now=after, public_value="7")
    with pytest.raises(Conflict):
        change(perform, vote, operations.draw_lot, now=after, public_value="8")


def test_without_a_public_value_the_lot_is_drawn_with_the_count(perform, read, now, entries):
    vote = as_it_is(read, closed_by_lot(perform, now, public_value=""))
    assert types(entries(vote.ref))[-2:] == ["vote.lot_drawn", "vote.tallied"]
    assert vote.lot_draw["order"] == list(lots.draw(vote.lot_draw["seed"], codes(vote)))


# --- the roll


@pytest.mark.parametrize(
    ("sizes", "groups"),
    [
        ((20, 30, 40), {"public", "private", "civil_society"}),
        ((3, 30, 40), {"public+private", "civil_society"}),
        ((3, 40, 30), {"public+civil_society", "private"}),
        ((3, 4, 40), {"public+private+civil_society"}),
        ((9, 9, 40), {"public+private", "civil_society"}),
        ((0, 10, 40), {"public+private", "civil_society"}),
        ((1, 2, 3), {"public+private+civil_society"}),
    ],
)
def test_sectors_under_ten_go_together_with_the_next_smallest(sizes, groups):
    made = sectors.grouped(dict(zip(Sector, sizes, strict=True)))
    assert set(made.values()) == groups
    assert all(sector.value in group.split("+") for sector, group in made.items())


def test_where_sectors_decide_the_roll_says_what_each_is_counted_in(perform, read, now, entries):
    residents(perform, 11, now=now, sector=PRIVATE)
    residents_of_none = 10
    for at in range(residents_of_none):
        make_account(perform, f"none{at}@city.example", now=now)
    vote = make_vote(perform, now, VoteState.OPEN, rules=BY_VOTES | {"decides": "double_majority"})
    frozen = entries(vote.ref)[1].payload
    assert frozen["sector_groups"] == {
        "public": "public+private",
        "private": "public+private",
        "civil_society": "civil_society",
    }
    assert frozen["by_sector"] == {"public+private": 11, "civil_society": 11}
    late = make_account(perform, "late@city.example", now=now)
    change(perform, vote, operations.extend_roll, late, now=day(now, OPENS_ON), reason="The counter was closed.")
    entry = read(lambda session: queries.roll_entry_of(session, vote, account_id=late.id))
    assert entry.sector_group == "civil_society"


def test_somebody_who_may_still_vote_is_not_taken_off_the_roll(perform, now, entries):
    [(account, _actor)] = residents(perform, 1, now=now)
    vote = make_vote(perform, now, VoteState.OPEN)
    with pytest.raises(Invalid) as refused:
        change(perform, vote, operations.reduce_roll, account, now=day(now, OPENS_ON), reason="Nobody likes them.")
    assert refused.value.field == "email"
    assert types(entries(vote.ref))[-1] == "vote.opened"


def test_who_lost_the_right_to_vote_is_taken_off_and_a_ballot_that_was_cast_stays(perform, read, now, entries, drift):
    (account, actor), (other, other_actor) = residents(perform, 2, now=now)
    vote = make_vote(perform, now, VoteState.OPEN)
    during = day(now, OPENS_ON)
    cast(perform, vote, actor, codes(vote)[:1], now=during)
    for each in (account, other):
        perform(lambda session, each=each: _deactivate(session, each))
        each.is_active = False
    had_voted = [
        change(perform, vote, operations.reduce_roll, each, now=during, reason="Moved to another city.")
        for each in (account, other)
    ]
    assert had_voted == [True, False]
    told = entries(vote.ref)
    slot = read(lambda session: queries.roll_entry_of(session, vote, account_id=other.id)).slot
    assert (told[-1].type, told[-1].payload) == (
        "roll.reduced",
        {"slots": 3, "by_sector": {}, "slot": slot, "reason": "Moved to another city."},
    )
    for who in (actor, other_actor):
        with pytest.raises(Forbidden):
            cast(perform, vote, who, codes(vote)[1:2], now=during)
    assert drift() == []
    change(perform, vote, operations.close_vote, now=day(now, CLOSES_ON))
    assert as_it_is(read, vote).result["ballots"] == 1


def _deactivate(session, account):
    """The account is closed, and with it the right to vote."""
    session.get_one(Account, account.id).is_active = False
    record(session, AccountEvent.UPDATED, actor=CITY, subject=f"account/{account.public_id}", now=account.created_at)


# --- one way


def test_what_is_closed_never_opens_and_what_is_open_never_changes_its_rules(perform, read, now, after):
    vote = closed_by_lot(perform, now, public_value="")
    for operation, facts in (
        (operations.open_vote, {}),
        (operations.close_vote, {}),
        (operations.extend_vote, {"closes_at": after + timedelta(days=1)}),
    ):
        with pytest.raises(Conflict):
            change(perform, vote, operation, now=after, **facts)
    assert as_it_is(read, vote).rules_sha256 == vote.rules_sha256
    with pytest.raises(Conflict):
        Vote(status=VoteState.CLOSED).move_to(VoteState.OPEN)
    with pytest.raises(Conflict):
        Vote(status=VoteState.OPEN).move_to(VoteState.ANNOUNCED)


def test_an_option_that_could_never_be_paid_is_refused_by_name(perform, now):
    process, proposals = voting_process(perform, now)
    dear = max(proposals, key=lambda each: each.cost or 0)
    with pytest.raises(Invalid) as refused:
        announce(
            perform, process, [], start=now, options=lines(proposals), rules=GREEDY | {"budget": (dear.cost or 0) - 1}
        )
    assert refused.value.field == "options"
    assert "costs more than the whole budget" in str(refused.value.reason)


# --- closing a large vote


def test_a_large_vote_is_committed_to_in_portions_before_it_closes(perform, read, now, tick, entries, monkeypatch):
    monkeypatch.setattr(closing, "BATCH_MOST", 3)
    people = residents(perform, 13, now=now)
    vote = make_vote(perform, now, VoteState.OPEN)
    for _account, actor in people:
        cast(perform, vote, actor, codes(vote)[:1], now=day(now, OPENS_ON))
    with pytest.raises(Conflict):
        change(perform, vote, operations.batch_at_the_end, now=day(now, CLOSES_ON) - timedelta(seconds=1))
    tick(day(now, CLOSES_ON))
    told = entries(vote.ref)
    batches = [len(entry.payload["commitments"]) for entry in told if entry.type == "ballots.batched"]
    assert (sum(batches), max(batches)) == (13, 3)
    assert types(told)[-3:] == ["ballots.unlinked", "vote.closed", "vote.tallied"]
    assert as_it_is(read, vote).result["ballots"] == 13


def test_a_closed_vote_that_was_not_counted_is_counted_when_nothing_is_awaited(perform, read, now, monkeypatch, tick):
    """As after a server that died between, or once the last box of paper is in."""
    monkeypatch.setattr(Vote, "must_wait", lambda vote: True)
    vote = closed_by_lot(perform, now, public_value="")
    tick(day(now, CLOSES_ON))
    assert as_it_is(read, vote).result is None
    monkeypatch.undo()
    tick(day(now, CLOSES_ON))
    assert as_it_is(read, vote).result["ballots"] == 3


# --- certification


def test_a_result_is_certified_when_the_days_of_checking_are_over(perform, read, now, entries, after, drift):
    vote = closed_by_lot(perform, now, public_value="", canvass_days=3)
    assert as_it_is(read, vote).canvass_ends_at == after + timedelta(days=3)
    early = after + timedelta(days=3) - timedelta(seconds=1)
    with pytest.raises(Conflict):
        change(perform, vote, operations.certify_vote, now=early, by="Mina Rahimi, head of culture")
    then = after + timedelta(days=3)
    for who in ("resident", "clerk", "moderator", "evaluator"):
        with pytest.raises(Forbidden):
            change(perform, vote, operations.certify_vote, actor=ACTORS[who], now=then, by="Somebody else")
    change(perform, vote, operations.certify_vote, now=then, by="Mina Rahimi, head of culture")
    found = as_it_is(read, vote)
    entry = entries(vote.ref)[-1]
    digest = hashlib.sha256(canonical.dumps(found.result)).hexdigest()
    assert (entry.type, entry.payload["result_sha256"]) == ("vote.certified", digest)
    assert entry.payload["by"] == "Mina Rahimi, head of culture"
    assert drift() == []
    with pytest.raises(Conflict):
        change(perform, vote, operations.certify_vote, now=then, by="Mina Rahimi, head of culture")


def test_a_vote_that_names_no_days_of_checking_is_not_certified(perform, now, after):
    vote = closed_by_lot(perform, now, public_value="")
    with pytest.raises(Conflict):
        change(perform, vote, operations.certify_vote, now=after + timedelta(days=30), by="Mina Rahimi")
