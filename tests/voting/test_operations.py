"""Every change of votes, rolls and ballots: the state, and the entry of the log."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select, text, update

from tests.processes.making import day, invite_every_sector
from tests.proposals.making import change as change_proposal
from tests.proposals.making import person
from tests.proposals.making import reload as reload_proposal
from tests.stakeholders.making import ACTORS, CITY, details, make_account, make_organisation, told
from tests.voting.making import (
    BY_VOTES,
    CLOSES_ON,
    GREEDY,
    OPENS_ON,
    TITLES,
    announce,
    cast,
    cast_openly,
    change,
    codes,
    delegate,
    lines,
    make_open_vote_of_organisations,
    make_vote,
    reload,
    residents,
    result_of,
    speaking_for,
    voting_process,
)
from ucc_participate.audit import commitments
from ucc_participate.audit.events import LogEvent
from ucc_participate.audit.log import record
from ucc_participate.kernel.db import db
from ucc_participate.kernel.errors import Conflict, Forbidden, Invalid, SignInNeeded
from ucc_participate.proposals import operations as proposals_of
from ucc_participate.proposals.models import ProposalState
from ucc_participate.stakeholders import operations as register
from ucc_participate.stakeholders.queries import get_organisation
from ucc_participate.vocabularies.uccn import Sector
from ucc_participate.voting import jobs, operations, queries
from ucc_participate.voting.models import Ballot, BallotLink, Franchise, OpenBallot, RollEntry, VoteState
from ucc_participate.voting.operations import rolls


@pytest.fixture
def voters(perform, now):
    """Two people who have accounts before any roll is frozen."""
    return [actor for _account, actor in residents(perform, 2, now=now)]


@pytest.fixture
def vote(perform, now, voters):
    """An open secret vote with both voters, and the author of its proposals, on the roll."""
    return make_vote(perform, now, VoteState.OPEN)


@pytest.fixture
def during(now):
    return day(now, OPENS_ON + 1)


@pytest.fixture
def after(now):
    return day(now, CLOSES_ON)


def types(told):
    return [entry.type for entry in told]


def rows(read, model):
    return read(lambda session: list(session.scalars(select(model))))


def roll_of(read, vote):
    query = select(RollEntry).where(RollEntry.vote_id == vote.id).order_by(RollEntry.slot)
    return read(lambda session: list(session.scalars(query)))


def slot_of(read, vote, actor):
    return read(lambda session: queries.roll_entry_of(session, vote, account_id=actor.account_id))


# --- announcing


def test_an_announcement_fixes_rules_and_options_and_logs_them(perform, read, now, entries):
    process, proposals = voting_process(perform, now)
    vote = reload(read, announce(perform, process, proposals, start=now))
    assert (vote.status, vote.roll_size, vote.result) == (VoteState.ANNOUNCED, None, None)
    assert [(option.title, option.proposal_ref) for option in vote.options] == [
        (title, each.ref) for title, each in zip(TITLES, proposals, strict=True)
    ]
    [entry] = entries(vote.ref)
    assert (entry.type, entry.values["role"]) == ("vote.announced", "system")
    assert entry.payload == vote.public_payload()
    assert entry.payload["rules"]["winners"] == 1
    assert len(entry.payload["rules_sha256"]) == 64


@pytest.mark.parametrize(
    ("opens", "closes", "field"),
    [
        (38, 38, "closes_at"),
        (38, 37, "closes_at"),
        (30, 33, "closes_at"),
        (34.5, 36, "opens_at"),
        (41, 42.1, "opens_at"),
        (50, 51, "opens_at"),
    ],
)
def test_an_announcement_with_wrong_times_names_the_field_and_leaves_nothing(perform, read, now, opens, closes, field):
    process, proposals = voting_process(perform, now)
    with pytest.raises(Invalid) as refused:
        announce(perform, process, proposals, start=now, opens_at=day(now, opens), closes_at=day(now, closes))
    assert refused.value.field == field
    assert read(lambda session: queries.list_votes(session, process)) == []
    assert reload_proposal(read, proposals[0]).on_ballot_at is None


def test_a_vote_may_fill_the_whole_voting_phase(perform, now):
    process, proposals = voting_process(perform, now)
    vote = announce(perform, process, proposals, start=now, opens_at=day(now, 35), closes_at=day(now, 42))
    assert vote.status is VoteState.ANNOUNCED


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        (BY_VOTES | {"winners": None}, "winners"),
        (BY_VOTES | {"winners": 4}, "winners"),
        (BY_VOTES | {"min_choices": 4, "max_choices": 5}, "min_choices"),
        (GREEDY | {"budget": None}, "budget"),
        (GREEDY | {"method": "by lot"}, "method"),
    ],
)
def test_rules_that_cannot_be_counted_are_refused(perform, now, rules, field):
    process, proposals = voting_process(perform, now)
    with pytest.raises(Invalid) as refused:
        announce(perform, process, proposals, start=now, rules=rules)
    assert refused.value.field == field


def test_a_ballot_needs_two_different_options(perform, now):
    process, proposals = voting_process(perform, now)
    for options in (lines(proposals[:1]), lines([proposals[0], proposals[0]])):
        with pytest.raises(Invalid) as refused:
            announce(perform, process, [], start=now, options=options)
        assert refused.value.field == "options"


def test_only_a_coordinator_of_an_open_process_announces(perform, now):
    process, proposals = voting_process(perform, now)
    for who in ("visitor", "resident", "evaluator", "clerk", "moderator"):
        with pytest.raises(Forbidden):
            announce(perform, process, proposals, start=now, actor=ACTORS[who])
    with pytest.raises(Conflict):
        announce(perform, process, proposals, start=now, now=day(now, 42))


def test_a_proposal_on_an_announced_ballot_cannot_be_withdrawn_even_before_the_voting_phase(perform, read, now):
    process, proposals = voting_process(perform, now)
    author = replace(ACTORS["resident"], key=f"account:{proposals[0].author_id}", account_id=proposals[0].author_id)
    announce(perform, process, proposals[:2], start=now, now=day(now, 20))
    with pytest.raises(Conflict) as refused:
        change_proposal(perform, proposals[0], proposals_of.withdraw_proposal, actor=author, now=day(now, 20))
    assert "ballot" in str(refused.value.reason)
    assert reload_proposal(read, proposals[0]).on_ballot_at == day(now, 20)
    change_proposal(perform, proposals[2], proposals_of.withdraw_proposal, actor=author, now=day(now, 20))
    assert reload_proposal(read, proposals[2]).status is ProposalState.WITHDRAWN


def test_what_was_withdrawn_or_is_not_of_this_process_comes_on_no_ballot(perform, now):
    process, proposals = voting_process(perform, now)
    author = replace(ACTORS["resident"], key=f"account:{proposals[0].author_id}", account_id=proposals[0].author_id)
    change_proposal(perform, proposals[0], proposals_of.withdraw_proposal, actor=author, now=day(now, 9))
    stranger = replace(lines(proposals)[1], proposal_id=987_654)
    for options in (lines(proposals), [*lines(proposals[1:]), replace(stranger, code="stranger")]):
        with pytest.raises(Invalid) as refused:
            announce(perform, process, [], start=now, options=options)
        assert refused.value.field == "options"


# --- opening


def test_opening_freezes_the_roll_and_logs_it_before_the_vote(perform, read, now, voters, entries):
    vote = reload(read, make_vote(perform, now, VoteState.OPEN))
    roll = roll_of(read, vote)
    assert (vote.status, vote.roll_size) == (VoteState.OPEN, 3)
    assert [entry.slot for entry in roll] == [1, 2, 3]
    assert {entry.account_id for entry in roll} >= {actor.account_id for actor in voters}
    assert not any(entry.has_voted for entry in roll)
    told_of = entries(vote.ref)
    assert types(told_of) == ["vote.announced", "roll.frozen", "vote.opened"]
    assert told_of[1].payload == {"slots": 3, "by_sector": {}}
    assert told_of[2].payload == vote.public_payload()
    assert told_of[2].payload["rules_sha256"] == told_of[0].payload["rules_sha256"]


def test_who_signs_up_later_is_not_on_the_roll(perform, read, vote, during):
    _account, late = person(perform, "Late", now=during)
    with pytest.raises(Forbidden):
        cast(perform, vote, late, codes(vote)[:1], now=during)
    assert rows(read, Ballot) == []


def test_slots_are_drawn_by_lot(perform, read, now):
    residents(perform, 30, now=now)
    first = [entry.account_id for entry in roll_of(read, make_vote(perform, now, VoteState.OPEN))]
    assert len(first) == 31
    # One order of 31! is the order of signing up.
    assert first != sorted(first)


def test_a_vote_opens_within_its_time_and_once(perform, now, voters):
    vote = make_vote(perform, now, VoteState.ANNOUNCED)
    for then in (day(now, OPENS_ON) - timedelta(seconds=1), day(now, CLOSES_ON)):
        with pytest.raises(Conflict):
            change(perform, vote, operations.open_vote, now=then)
    change(perform, vote, operations.open_vote, now=day(now, OPENS_ON))
    with pytest.raises(Conflict):
        change(perform, vote, operations.open_vote, now=day(now, OPENS_ON))


def test_a_vote_without_voters_does_not_open(perform, read, now):
    vote = make_vote(perform, now, VoteState.ANNOUNCED, franchise=Franchise.ORGANISATION)
    with pytest.raises(Conflict):
        change(perform, vote, operations.open_vote, now=day(now, OPENS_ON))
    assert (reload(read, vote).status, roll_of(read, vote)) == (VoteState.ANNOUNCED, [])


@pytest.mark.parametrize(
    ("public", "private", "civil", "others", "shown"),
    [
        (12, 10, 0, 0, {"public": 12, "private": 10}),
        (12, 9, 0, 1, {"public": 12}),
        (12, 11, 0, 0, {"public": 12, "private": 11}),
        (12, 11, 3, 0, {"public": 12}),
        (11, 3, 0, 0, {}),
        (9, 9, 9, 30, {}),
    ],
)
def test_the_roll_says_its_sectors_only_where_nobody_stands_out(public, private, civil, others, shown):
    owners = [Sector.PUBLIC] * public + [Sector.PRIVATE] * private + [Sector.CIVIL_SOCIETY] * civil + [None] * others
    counts = Counter(sector.value for sector in owners if sector is not None)
    assert rolls._large_enough(counts, len(owners)) == shown


def test_the_roll_of_organisations_has_whoever_was_invited_and_says_every_sector(perform, read, now, entries):
    vote, organisations, _delegates = make_open_vote_of_organisations(perform, now)
    assert {entry.organisation_id for entry in roll_of(read, vote)} == {each.id for each in organisations}
    frozen = entries(vote.ref)[1]
    assert frozen.payload == {"slots": 3, "by_sector": {"civil_society": 1, "private": 1, "public": 1}}


# --- more voters, more time


def test_somebody_can_be_added_to_the_roll_with_a_public_reason(perform, read, vote, during, entries):
    account, late = person(perform, "Late", now=during)
    change(perform, vote, operations.extend_roll, account, now=during, reason="The counter was closed that day.")
    entry = entries(vote.ref)[-1]
    assert (entry.type, entry.payload) == (
        "roll.extended",
        {"slots": 4, "by_sector": {}, "reason": "The counter was closed that day."},
    )
    assert slot_of(read, vote, late).slot == 4
    assert reload(read, vote).roll_size == 3
    cast(perform, vote, late, codes(vote)[:1], now=during)
    assert slot_of(read, vote, late).has_voted


def test_nobody_is_added_twice_nor_after_the_closing_nor_to_a_vote_of_organisations(perform, read, now, vote, during):
    account, _late = person(perform, "Late", now=during)
    change(perform, vote, operations.extend_roll, account, now=during, reason="The counter was closed.")
    with pytest.raises(Invalid) as twice:
        change(perform, vote, operations.extend_roll, account, now=during, reason="The counter was closed.")
    assert twice.value.field == "email"
    with pytest.raises(Conflict):
        change(perform, vote, operations.extend_roll, account, now=day(now, CLOSES_ON), reason="Too late by a second.")
    assert len(roll_of(read, vote)) == 4


def test_the_roll_of_organisations_is_extended_by_nobody(perform, read, now, during):
    vote, _organisations, _delegates = make_open_vote_of_organisations(perform, now)
    account, _late = person(perform, "Late", now=during)
    with pytest.raises(Conflict):
        change(perform, vote, operations.extend_roll, account, now=during, reason="Wants to vote as well.")
    assert len(roll_of(read, vote)) == 3


def test_a_vote_can_be_extended_and_never_shortened(perform, read, now, vote, during, entries):
    for earlier in (day(now, CLOSES_ON), day(now, CLOSES_ON - 1)):
        with pytest.raises(Invalid) as refused:
            change(perform, vote, operations.extend_vote, now=during, closes_at=earlier)
        assert refused.value.field == "closes_at"
    change(perform, vote, operations.extend_vote, now=during, closes_at=day(now, 42))
    assert reload(read, vote).closes_at == day(now, 42)
    entry = entries(vote.ref)[-1]
    assert (entry.type, entry.payload) == ("vote.extended", reload(read, vote).public_payload())
    with pytest.raises(Conflict):
        change(perform, vote, operations.close_vote, now=day(now, CLOSES_ON))


def test_a_vote_is_extended_within_its_phase_which_is_extended_first(perform, read, now, vote, during):
    with pytest.raises(Invalid) as refused:
        change(perform, vote, operations.extend_vote, now=during, closes_at=day(now, 43))
    assert refused.value.field == "closes_at"
    assert reload(read, vote).closes_at == day(now, CLOSES_ON)


def test_time_cannot_be_added_once_it_is_over(perform, now, vote, after):
    with pytest.raises(Conflict):
        change(perform, vote, operations.extend_vote, now=after, closes_at=day(now, 42))


# --- secret ballots


def test_a_ballot_lies_apart_from_its_slot_and_the_log_says_only_that_the_slot_has_voted(
    app, perform, read, vote, voters, during, entries
):
    chosen = codes(vote)[:2]
    made = cast(perform, vote, voters[0], chosen[::-1], now=during)
    slot = slot_of(read, vote, voters[0])
    assert (made.choices, made.slot, slot.has_voted) == (tuple(chosen), slot.slot, True)
    [ballot], [link] = rows(read, Ballot), rows(read, BallotLink)
    assert ballot.commitment == commitments.ballot(ballot.salt, vote.ref, chosen) == made.commitment
    assert (link.roll_entry_id, link.ballot_key) == (slot.id, ballot.key)
    [entry] = entries(f"{vote.ref}/slot/{slot.slot:06d}")
    assert (entry.type, entry.payload, entry.values["role"]) == ("ballot.cast", {}, "resident")
    assert entry.values["commit"] == commitments.EMPTY
    assert not any(ballot.commitment in str(each.values) for each in told(app, process=vote.process.ref))


def test_the_voter_has_another_pseudonym_in_the_vote_than_in_the_process(app, perform, vote, voters, during):
    cast(perform, vote, voters[0], codes(vote)[:1], now=during)
    joined, voted = told(app, process=vote.process.ref)[-2:]
    assert (joined.type, voted.type) == ("participant.joined", "ballot.cast")
    assert joined.values["actor"] != voted.values["actor"]


def test_the_same_click_twice_is_one_ballot_and_one_entry(perform, read, vote, voters, during, entries):
    first = cast(perform, vote, voters[0], codes(vote)[:1], now=during, key="k" * 22)
    again = cast_again(perform, vote, voters[0], codes(vote)[:1], during)
    assert (again.commitment, again.salt, again.choices) == (first.commitment, first.salt, first.choices)
    assert len(rows(read, Ballot)) == 1
    slot = slot_of(read, vote, voters[0])
    assert types(entries(slot.slot_ref(vote))) == ["ballot.cast"]


def cast_again(perform, vote, actor, choices, now):
    """The second arrival records nothing of its own, so the unit of work needs something else to record."""

    def work(session):
        found = queries.vote_to_cast_in(session, vote.public_id)
        made = operations.cast_ballot(session, found, actor=actor, now=now, choices=choices, idempotency_key="k" * 22)
        record(session, LogEvent.KEY_ROTATED, actor=CITY, subject="log/key", now=now)
        return made

    return perform(work)


def test_other_choices_from_the_same_page_replace_the_ballot(perform, read, vote, voters, during, entries):
    cast(perform, vote, voters[0], codes(vote)[:1], now=during, key="k" * 22)
    cast(perform, vote, voters[0], codes(vote)[1:2], now=during, key="k" * 22)
    counted = read(lambda session: queries.counted_ballots(session, vote))
    assert [choices for choices, _groups in counted] == [b"\x01\x00"]
    slot = slot_of(read, vote, voters[0])
    assert types(entries(slot.slot_ref(vote))) == ["ballot.cast", "ballot.recast"]


def test_voting_again_replaces_the_ballot_of_which_only_the_commitment_stays(
    perform, read, vote, voters, during, entries
):
    first = cast(perform, vote, voters[0], codes(vote)[:2], now=during)
    second = cast(perform, vote, voters[0], codes(vote)[2:], now=during)
    ballots = {ballot.commitment: ballot for ballot in rows(read, Ballot)}
    replaced = ballots[first.commitment]
    assert (replaced.is_superseded, replaced.choices, replaced.salt, replaced.group_codes) == (True, b"", b"", 0)
    assert not ballots[second.commitment].is_superseded
    [link] = rows(read, BallotLink)
    assert link.ballot_key == ballots[second.commitment].key
    slot = slot_of(read, vote, voters[0])
    told_of = entries(slot.slot_ref(vote))
    assert types(told_of) == ["ballot.cast", "ballot.recast"]
    assert told_of[0].values["actor"] == told_of[1].values["actor"]


def test_a_blank_ballot_counts_as_one(perform, read, vote, voters, during, after):
    made = cast(perform, vote, voters[0], [], now=during)
    assert made.choices == ()
    change(perform, vote, operations.close_vote, now=after)
    result = result_of(read, vote)
    assert (result["ballots"], result["blank"], [line["votes"] for line in result["counts"]]) == (1, 1, [0, 0, 0])


@pytest.mark.parametrize("wrong", ["unknown", "twice", "too many"])
def test_choices_against_the_rules_are_refused_and_leave_nothing(app, perform, read, vote, voters, during, wrong):
    chosen = {
        "unknown": ["no-such-option"],
        "twice": [codes(vote)[0], codes(vote)[0]],
        "too many": codes(vote),
    }[wrong]
    before = len(told(app, process=vote.process.ref))
    with pytest.raises(Invalid) as refused:
        cast(perform, vote, voters[0], chosen, now=during)
    assert refused.value.field == "choices"
    assert (rows(read, Ballot), rows(read, BallotLink)) == ([], [])
    assert not slot_of(read, vote, voters[0]).has_voted
    assert len(told(app, process=vote.process.ref)) == before


def test_a_ballot_with_too_few_choices_is_refused_and_a_blank_one_is_not(perform, now, voters, during):
    vote = make_vote(perform, now, VoteState.OPEN, rules=BY_VOTES | {"min_choices": 2})
    with pytest.raises(Invalid):
        cast(perform, vote, voters[0], codes(vote)[:1], now=during)
    assert cast(perform, vote, voters[0], [], now=during).choices == ()


def test_ballots_are_taken_from_the_opening_to_the_closing_second(perform, read, now, vote, voters):
    cast(perform, vote, voters[0], codes(vote)[:1], now=day(now, CLOSES_ON) - timedelta(seconds=1))
    with pytest.raises(Conflict):
        cast(perform, vote, voters[1], codes(vote)[:1], now=day(now, CLOSES_ON))
    change(perform, vote, operations.close_vote, now=day(now, CLOSES_ON))
    with pytest.raises(Conflict):
        cast(perform, vote, voters[1], codes(vote)[:1], now=day(now, CLOSES_ON))
    assert len(rows(read, Ballot)) == 1


def test_an_announced_vote_takes_no_ballots_even_when_its_time_has_come(perform, now, voters):
    vote = make_vote(perform, now, VoteState.ANNOUNCED)
    with pytest.raises(Conflict):
        cast(perform, vote, voters[0], codes(vote)[:1], now=day(now, OPENS_ON))


def test_visitors_and_staff_who_are_not_on_the_roll_cannot_vote(perform, vote, during):
    with pytest.raises(SignInNeeded):
        cast(perform, vote, ACTORS["visitor"], codes(vote)[:1], now=during)
    for who in ("coordinator", "evaluator", "resident"):
        with pytest.raises(Forbidden):
            cast(perform, vote, ACTORS[who], codes(vote)[:1], now=during)


# --- ballots of organisations


def test_an_organisation_votes_on_the_record_through_its_delegate(perform, read, now, during, entries):
    vote, organisations, delegates = make_open_vote_of_organisations(perform, now)
    cast_openly(perform, vote, organisations[0], delegates[0], codes(vote)[:2], now=during)
    [ballot] = rows(read, OpenBallot)
    assert (ballot.organisation_id, ballot.delegate_account_id) == (organisations[0].id, delegates[0].account_id)
    [entry] = entries(f"{vote.ref}/{organisations[0].ref}")
    assert (entry.type, entry.values["role"]) == ("ballot.cast_openly", "delegate")
    assert entry.payload == {
        "organisation": organisations[0].ref,
        "name": organisations[0].name,
        "sector": organisations[0].sector.value,
        "choices": codes(vote)[:2],
        "delegate": entry.values["actor"],
    }


def test_an_organisation_has_one_ballot_which_any_of_its_delegates_replaces(perform, read, now, during, entries):
    vote, organisations, delegates = make_open_vote_of_organisations(perform, now)
    second = delegate(perform, organisations[0], "second@city.example", now=now)
    cast_openly(perform, vote, organisations[0], delegates[0], codes(vote)[:1], now=during)
    cast_openly(perform, vote, organisations[0], second, codes(vote)[1:2], now=during)
    [ballot] = rows(read, OpenBallot)
    assert (ballot.choices, ballot.delegate_account_id) == (b"\x01\x00", second.account_id)
    told_of = entries(f"{vote.ref}/{organisations[0].ref}")
    assert types(told_of) == ["ballot.cast_openly", "ballot.recast_openly"]
    assert told_of[0].values["actor"] != told_of[1].values["actor"]


def test_nobody_votes_for_an_organisation_without_its_mandate(perform, read, now, during):
    vote, organisations, delegates = make_open_vote_of_organisations(perform, now)
    for actor in (delegates[1], ACTORS["coordinator"], ACTORS["delegate"]):
        with pytest.raises(Forbidden):
            cast_openly(perform, vote, organisations[0], actor, codes(vote)[:1], now=during)
    with pytest.raises(SignInNeeded):
        cast_openly(perform, vote, organisations[0], ACTORS["visitor"], codes(vote)[:1], now=during)
    assert rows(read, OpenBallot) == []


def test_an_organisation_that_was_not_invited_has_no_ballot(perform, now, during):
    vote, _organisations, _delegates = make_open_vote_of_organisations(perform, now)
    stranger = make_organisation(perform, "Uninvited Society", now=now)
    account = make_account(perform, "stranger@city.example", now=now)
    with pytest.raises(Forbidden):
        cast_openly(perform, vote, stranger, speaking_for(account, stranger), codes(vote)[:1], now=during)


def test_residents_have_no_ballot_among_organisations_nor_organisations_among_residents(
    perform, now, vote, voters, during
):
    of_organisations, organisations, delegates = make_open_vote_of_organisations(perform, now)
    with pytest.raises(Forbidden):
        cast(perform, of_organisations, voters[0], codes(of_organisations)[:1], now=during)
    with pytest.raises(Forbidden):
        cast_openly(perform, vote, organisations[0], delegates[0], codes(vote)[:1], now=during)


def test_an_organisation_votes_until_the_closing(perform, now, after):
    vote, organisations, delegates = make_open_vote_of_organisations(perform, now)
    with pytest.raises(Conflict):
        cast_openly(perform, vote, organisations[0], delegates[0], codes(vote)[:1], now=after)


# --- batches


def batched(told_of):
    return [entry.payload["commitments"] for entry in told_of if entry.type == "ballots.batched"]


def cast_all(perform, vote, actors, now):
    return {cast(perform, vote, actor, codes(vote)[:1], now=now).commitment for actor in actors}


def test_ballots_are_committed_to_in_sorted_batches_and_ten_wait_by_lot_for_the_next(
    perform, read, now, during, entries
):
    voters = [actor for _account, actor in residents(perform, 25, now=now)]
    vote = make_vote(perform, now, VoteState.OPEN)
    made = cast_all(perform, vote, voters[:19], during)
    assert change_nothing(perform, vote, during) == 0
    made |= cast_all(perform, vote, voters[19:], during)
    assert change(perform, vote, operations.batch_ballots, now=during) == 15
    [batch] = batched(entries(vote.ref))
    assert batch == sorted(batch)
    assert set(batch) < made
    waiting = read(lambda session: queries.pending_commitments(session, vote))
    assert set(waiting) == made - set(batch)
    assert len(waiting) == 10


def change_nothing(perform, vote, now):
    """Batching that may find nothing to record."""

    def work(session):
        found = queries.vote_to_change(session, vote.public_id)
        taken = operations.batch_ballots(session, found, actor=CITY, now=now)
        record(session, LogEvent.KEY_ROTATED, actor=CITY, subject="log/key", now=now)
        return taken

    return perform(work)


def test_whoever_votes_last_is_not_alone_in_the_last_batch(perform, now, during, after, entries):
    voters = [actor for _account, actor in residents(perform, 22, now=now)]
    vote = make_vote(perform, now, VoteState.OPEN)
    cast_all(perform, vote, voters[:21], during)
    change(perform, vote, operations.batch_ballots, now=during)
    [last] = cast_all(perform, vote, voters[21:], during)
    change(perform, vote, operations.close_vote, now=after)
    first_batch, last_batch = batched(entries(vote.ref))
    assert last in last_batch
    assert (len(first_batch), len(last_batch)) == (11, 11)


def test_a_voter_who_replaces_a_ballot_often_hides_nobody(perform, vote, voters, during):
    for _again in range(25):
        cast(perform, vote, voters[0], codes(vote)[:1], now=during)
    assert change_nothing(perform, vote, during) == 0


def test_the_job_batches_what_waits_and_does_nothing_when_too_few_do(app, perform, now, clock, during, entries):
    voters = [actor for _account, actor in residents(perform, 20, now=now)]
    vote = make_vote(perform, now, VoteState.OPEN)
    clock.at = during
    cast_all(perform, vote, voters[:19], during)
    run(app, jobs.batch_waiting)
    assert batched(entries(vote.ref)) == []
    cast_all(perform, vote, voters[19:], during)
    run(app, jobs.batch_waiting)
    run(app, jobs.batch_waiting)
    assert [len(batch) for batch in batched(entries(vote.ref))] == [10]


def run(app, job):
    with app.app_context():
        job()


# --- closing


def test_closing_counts_publishes_and_logs_in_order(perform, read, now, during, after, entries, drift):
    voters = [actor for _account, actor in residents(perform, 4, now=now)]
    vote = make_vote(perform, now, VoteState.OPEN)
    a, b, c = codes(vote)
    for actor, chosen in zip(voters, ([a, b], [b], [b, c], []), strict=True):
        cast(perform, vote, actor, chosen, now=during)
    replaced = cast(perform, vote, voters[0], [c], now=during)
    change(perform, vote, operations.close_vote, now=after)
    closed = reload(read, vote)
    assert closed.status is VoteState.CLOSED
    result = result_of(read, vote)
    assert [line["votes"] for line in result["counts"]] == [0, 2, 2]
    assert (result["winners"], result["roll"], result["ballots"], result["blank"]) == ([b], 5, 4, 1)
    told_of = entries(vote.ref)[3:]
    assert types(told_of) == [
        "ballots.batched",
        "ballots.superseded",
        "ballots.unlinked",
        "vote.closed",
        "vote.tallied",
    ]
    assert replaced.commitment in told_of[0].payload["commitments"]
    assert len(told_of[0].payload["commitments"]) == 5
    assert len(told_of[1].payload["commitments"]) == 1
    assert told_of[2].payload == {"count": 4}
    assert told_of[3].payload["status"] == "closed"
    assert told_of[4].payload == {"result": result}
    assert drift() == []


def everything_but(read, *tables):
    """Every cell of the database as text, by table and row; bytes as hex."""
    found = {}
    for table in db.metadata.sorted_tables:
        if table.name not in tables:
            rows = read(lambda session, table=table: session.execute(select(*table.columns)).all())
            found[table.name] = [" ".join(_as_text(cell) for cell in row) for row in rows]
    return found


def _as_text(cell):
    return bytes(cell).hex() if isinstance(cell, (bytes, memoryview)) else str(cell)


def joining(tables, marks_of_voter, marks_of_ballot):
    """Rows that name both the voter and the ballot."""
    return [
        (table, row)
        for table, rows in tables.items()
        for row in rows
        if any(mark in row for mark in marks_of_voter) and any(mark in row for mark in marks_of_ballot)
    ]


def test_what_joins_slot_and_ballot_is_gone_from_every_table_after_the_closing(
    perform, read, vote, voters, during, after
):
    key = "idempotency-key-of-her"
    cast(perform, vote, voters[1], codes(vote)[:1], now=during)
    made = cast(perform, vote, voters[0], codes(vote)[:1], now=during, key=key)
    slot, link = slot_of(read, vote, voters[0]), rows(read, BallotLink)
    [ballot] = [each for each in rows(read, Ballot) if each.commitment == made.commitment]
    assert [each.ballot_key for each in link if each.roll_entry_id == slot.id] == [ballot.key]
    change(perform, vote, operations.close_vote, now=after)
    assert rows(read, BallotLink) == []
    tables = everything_but(read)
    everywhere = "\n".join(row for table in tables.values() for row in table)
    assert key not in everywhere
    # The key of the ballot stands in its own row alone; its commitment there and in the log, beside all others.
    assert [
        (table, row) for table, rows in tables.items() for row in rows if ballot.key in row and table != "ballot"
    ] == []
    slot_ref, person_key = slot.slot_ref(vote), voters[0].key
    pseudonyms = [row.split()[-1] for row in tables["log_pseudonym"] if person_key in row]
    assert pseudonyms
    marks = (ballot.key, ballot.commitment, ballot.salt.hex())
    assert joining(tables, (slot_ref, person_key, *pseudonyms), marks) == []


def test_after_the_closing_ballots_are_written_in_the_order_of_their_random_keys(perform, read, now, during, after):
    voters = [actor for _account, actor in residents(perform, 12, now=now)]
    vote = make_vote(perform, now, VoteState.OPEN)
    cast_all(perform, vote, voters, during)
    change(perform, vote, operations.close_vote, now=after)
    place = "ctid" if read(lambda session: session.get_bind().dialect.name) == "postgresql" else "key"
    keys = read(lambda session: list(session.scalars(text(f"SELECT key FROM ballot ORDER BY {place}"))))
    falls = sum(later < earlier for earlier, later in pairwise(keys))
    # PostgreSQL may have cleared space in the page, which then takes a part of what is written in order.
    assert falls <= (2 if place == "ctid" else 0)
    assert len(set(keys)) == 12


def test_nobody_finds_the_own_ballot_after_the_closing(perform, read, vote, voters, during, after):
    cast(perform, vote, voters[0], codes(vote)[:1], now=during)
    slot = slot_of(read, vote, voters[0])
    assert read(lambda session: queries.current_ballot(session, slot)) is not None
    change(perform, vote, operations.close_vote, now=after)
    assert read(lambda session: queries.current_ballot(session, slot)) is None


def test_a_vote_closes_after_its_time_and_once(perform, now, vote, during, after):
    with pytest.raises(Conflict):
        change(perform, vote, operations.close_vote, now=during)
    change(perform, vote, operations.close_vote, now=after)
    with pytest.raises(Conflict):
        change(perform, vote, operations.close_vote, now=after)


def test_the_ballots_of_organisations_are_counted_by_sector_without_hiding(
    perform, read, now, during, after, entries, drift
):
    vote, organisations, delegates = make_open_vote_of_organisations(perform, now)
    a, b, _c = codes(vote)
    for at, chosen in enumerate(([a], [a, b])):
        cast_openly(perform, vote, organisations[at], delegates[at], chosen, now=during)
    change(perform, vote, operations.close_vote, now=after)
    result = result_of(read, vote)
    assert [line["votes"] for line in result["counts"]] == [2, 1, 0]
    groups = {group["group"]: (group["voters"], group["counts"]) for group in result["groups"]}
    assert groups["sector:public"] == (1, [1, 0, 0])
    assert groups["sector:private"] == (1, [1, 1, 0])
    assert types(entries(vote.ref)) == ["vote.announced", "roll.frozen", "vote.opened", "vote.closed", "vote.tallied"]
    assert drift() == []


def test_an_organisation_counts_in_the_sector_that_it_had_when_the_roll_was_frozen(
    perform, read, now, during, after, entries, drift
):
    vote, organisations, delegates = make_open_vote_of_organisations(perform, now)
    changed = details(organisations[0].name, Sector.PRIVATE)

    def revise(session):
        found = get_organisation(session, organisations[0].public_id)
        register.revise_organisation(session, found, changed, actor=CITY, now=during)

    perform(revise)
    cast_openly(perform, vote, organisations[0], delegates[0], codes(vote)[:1], now=during)
    change(perform, vote, operations.close_vote, now=after)
    voters = {group["group"]: group["voters"] for group in result_of(read, vote)["groups"]}
    assert (voters["sector:public"], voters["sector:private"]) == (1, 0)
    [ballot] = entries(f"{vote.ref}/{organisations[0].ref}")
    assert ballot.payload["sector"] == "public"
    assert drift() == []


def test_the_drift_check_names_an_altered_ballot_of_an_organisation(app, perform, now, during, drift):
    vote, organisations, delegates = make_open_vote_of_organisations(perform, now)
    cast_openly(perform, vote, organisations[0], delegates[0], codes(vote)[:1], now=during)
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(update(OpenBallot).values(choices=b"\x02\x00"))
    [fault] = drift()
    assert fault.startswith(f"{vote.ref}/{organisations[0].ref}: choices is not what entry")


def test_small_groups_of_residents_are_not_published(perform, read, now, during, after):
    women = residents(perform, 2, now=now, sex="female")
    vote = make_vote(perform, now, VoteState.OPEN)
    for _account, actor in women:
        cast(perform, vote, actor, codes(vote)[:1], now=during)
    change(perform, vote, operations.close_vote, now=after)
    result = result_of(read, vote)
    assert result["counts"][0]["votes"] == 2
    [women_voted] = [group for group in result["groups"] if group["group"] == "sex:female"]
    assert women_voted["counts"] == [None, None, None]


# --- by the clock


def test_the_clock_opens_and_closes_at_the_promised_second(app, perform, read, now, clock, voters, entries):
    vote = make_vote(perform, now, VoteState.ANNOUNCED)
    moments = [
        (day(now, OPENS_ON) - timedelta(seconds=1), VoteState.ANNOUNCED),
        (day(now, OPENS_ON), VoteState.OPEN),
        (day(now, CLOSES_ON) - timedelta(seconds=1), VoteState.OPEN),
        (day(now, CLOSES_ON), VoteState.CLOSED),
        (day(now, CLOSES_ON + 1), VoteState.CLOSED),
    ]
    for moment, state in moments:
        clock.at = moment
        run(app, jobs.open_and_close)
        assert reload(read, vote).status is state
    told_of = entries(vote.ref)
    assert [entry.type for entry in told_of].count("vote.opened") == 1
    assert [entry.type for entry in told_of].count("vote.closed") == 1
    assert {entry.values["role"] for entry in told_of} == {"system"}


def test_the_clock_waits_while_nobody_could_vote(app, perform, read, now, clock):
    vote = make_vote(perform, now, VoteState.ANNOUNCED, franchise=Franchise.ORGANISATION)
    clock.at = day(now, OPENS_ON)
    run(app, jobs.open_and_close)
    assert reload(read, vote).status is VoteState.ANNOUNCED
    invite_every_sector(perform, vote.process, now=day(now, OPENS_ON))
    run(app, jobs.open_and_close)
    assert reload(read, vote).status is VoteState.OPEN


def test_a_vote_whose_whole_time_has_passed_is_not_opened_any_more(app, perform, read, now, clock, voters):
    vote = make_vote(perform, now, VoteState.ANNOUNCED)
    clock.at = day(now, CLOSES_ON)
    run(app, jobs.open_and_close)
    assert (reload(read, vote).status, roll_of(read, vote)) == (VoteState.ANNOUNCED, [])
