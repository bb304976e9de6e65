"""Votes that were really held, of the kinds whose counts hang on more than ticks: their records hold, and say so."""

from __future__ import annotations

import pytest

from tests.polling.making import announce as announce_place
from tests.polling.making import clerk, entry_of, hand_out, in_box, type_all, within
from tests.processes.making import day, invite_every_sector
from tests.voting.making import (
    CLOSES_ON,
    OPENS_ON,
    announce,
    cast,
    cast_openly,
    change,
    codes,
    delegate,
    describe,
    make_vote,
    reload,
    residents,
    voting_process,
)
from ucc_participate.accounts.queries import get_account
from ucc_participate.audit import log
from ucc_participate.audit.extension import audit_log
from ucc_participate.kernel.db import db
from ucc_participate.polling import operations as polling
from ucc_participate.record import exporting, verify
from ucc_participate.vocabularies.uccn import Sector
from ucc_participate.voting import operations
from ucc_participate.voting import queries as voting
from ucc_participate.voting.models import Franchise, Vote, VoteState

STV = {
    "method": "stv",
    "ballot": "ranked",
    "min_choices": 1,
    "max_choices": None,
    "winners": 2,
    "currency": "IRR",
    "tie": "lot",
    "canvass_days": 2,
}
BY_SECTORS = {
    "method": "votes",
    "ballot": "approval",
    "min_choices": 1,
    "max_choices": None,
    "winners": 1,
    "currency": "IRR",
    "decides": "sectors",
}


@pytest.fixture
def now(clock):
    return clock.now()


@pytest.fixture
def during(now):
    return day(now, OPENS_ON + 1)


@pytest.fixture
def after(now):
    return day(now, CLOSES_ON)


@pytest.fixture
def verified(app, read):
    """The report on the record of the vote's process."""

    def run(vote: Vote) -> verify.Report:
        process = reload(read, vote).process.public_id
        with app.app_context():
            log.sequence(db.engine)
            made = exporting.export(process)
            return verify.verify(str(made.path), [audit_log().signer.vkey], [])

    return run


def test_a_ranked_vote_with_a_lot_a_canvass_and_somebody_taken_off_the_roll(
    perform, verified, now, during, after, clock
):
    people = residents(perform, 12, now=now)
    vote = make_vote(perform, now, VoteState.ANNOUNCED, rules=STV, public_value="numbers of the lottery of that day")
    change(perform, vote, operations.open_vote, now=day(now, OPENS_ON))
    first, second, third = codes(vote)
    for at, (_account, actor) in enumerate(people[:11]):
        cast(perform, vote, actor, [first, second] if at % 2 else [third, first, second], now=during)

    def strike(session, found, **who):
        account = get_account(session, people[11][0].public_id)
        account.is_active = False
        return operations.reduce_roll(session, found, account, reason="Moved to another city.", **who)

    within(perform, vote, strike, now=during)
    change(perform, vote, operations.close_vote, now=after)
    change(perform, vote, operations.draw_lot, now=after, public_value="7 13 40")
    certified = day(now, CLOSES_ON + 3)
    change(perform, vote, operations.certify_vote, now=certified, by="Sara Karimi, registrar")
    clock.at = certified
    report = verified(vote)
    assert report.failed == []
    assert any("lot" in text for text in report.proved)
    assert any("certif" in text for text in report.proved)
    assert any("taken off the roll" in text and "Moved to another city." in text for text in report.shown)


def test_a_vote_in_which_sectors_decide_with_small_ones_put_together(perform, verified, now, during, after, clock):
    people = residents(perform, 26, now=now)
    sectors = [Sector.CIVIL_SOCIETY] * 12 + [Sector.PUBLIC] * 11 + [Sector.PRIVATE] * 3
    for (account, actor), sector in zip(people, sectors, strict=True):
        describe(perform, account, actor, now=now, sector=sector)
    vote = make_vote(perform, now, VoteState.OPEN, rules=BY_SECTORS)
    first, second, _third = codes(vote)
    for at, (_account, actor) in enumerate(people):
        cast(perform, vote, actor, [first] if at < 12 else [second], now=during)
    change(perform, vote, operations.close_vote, now=after)
    clock.at = after
    assert verified(vote).failed == []


def test_a_ballot_of_an_organisation_that_counts_three_times(perform, verified, now, during, after, clock):
    process, proposals = voting_process(perform, now)
    organisations = invite_every_sector(perform, process, now=now)
    speaks = delegate(perform, organisations[0], "delegate@city.example", now=now)
    weights = {organisations[0].ref: 3}
    vote = announce(perform, process, proposals, start=now, franchise=Franchise.ORGANISATION, weights=weights)
    change(perform, vote, operations.open_vote, now=day(now, OPENS_ON))
    cast_openly(perform, vote, organisations[0], speaks, codes(vote)[:1], now=during)
    change(perform, vote, operations.close_vote, now=after)
    clock.at = after
    assert verified(vote).failed == []


def test_papers_of_a_box_and_one_that_came_back_unused(perform, read, verified, now, during, after, clock):
    voters = [actor for _account, actor in residents(perform, 12, now=now)]
    vote = make_vote(perform, now, VoteState.OPEN)
    place = announce_place(perform, vote, now)
    first, second = (clerk(perform, now, name)[1] for name in ("Omid", "Nasrin"))
    slots = [entry_of(read, vote, voter).slot for voter in voters]
    for slot in slots[:11]:
        hand_out(perform, vote, place, slot, actor=first, now=during)

    def take_back(session, found, **who):
        return operations.take_paper_back(session, found, voting.slot_to_use(session, found, slots[10]), **who)

    within(perform, vote, take_back, now=during)
    for voter in voters[10:]:
        cast(perform, vote, voter, codes(vote)[:1], now=during)
    lines = ["1", "1 2", "2", "3", "1", "1", "2 3", "0", "1", "xu"]
    in_box(perform, vote, place, polling.count_box, found=10, actor=first, now=after)
    for who in (first, second):
        type_all(perform, vote, place, lines, actor=who, now=after)
    in_box(perform, vote, place, polling.finish_box, reason="One paper came back unused.", actor=first, now=after)
    change(perform, vote, operations.close_vote, now=after)
    within(perform, vote, polling.enter_boxes, now=after)
    within(perform, vote, polling.end_paper, now=after)
    clock.at = after
    report = verified(vote)
    assert report.failed == []
    assert any("12 slots" in text for text in report.proved), report.proved
