"""What a frozen roll says to a merge in the register, and who is on the roll afterwards."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.processes.making import change as change_process
from tests.processes.making import day, invite_organisations
from tests.stakeholders.making import ACTORS, drift_faults, make_account, make_delegate, make_organisation
from tests.voting.making import (
    CLOSES_ON,
    OPENS_ON,
    announce,
    cast_openly,
    change,
    codes,
    make_open_vote_of_organisations,
    speaking_for,
    voting_process,
)
from ucc_participate.kernel.errors import Conflict
from ucc_participate.processes.queries import get_process
from ucc_participate.representation.queries import organisation_stages
from ucc_participate.stakeholders import operations as register
from ucc_participate.stakeholders.queries import organisations_to_merge
from ucc_participate.voting import operations, queries
from ucc_participate.voting.models import Franchise


@pytest.fixture
def now(clock):
    return clock.now()


@pytest.fixture
def merge(app: Flask, perform):
    def run(merged, survivor, *, now):
        parts = app.extensions["ucc.merge_parts"]

        def work(session):
            both = organisations_to_merge(session, merged.public_id, survivor.public_id)
            register.merge_organisations(
                session, *both, reason="One guild", parts=parts, actor=ACTORS["clerk"], now=now
            )

        perform(work)

    return run


def twins(perform, process, *, now):
    """Two entries of one guild, both invited."""
    made = [make_organisation(perform, name, now=now) for name in ("Guild of potters", "Potters’ guild")]
    change_process(perform, process, invite_organisations, made, now=now)
    return made


def test_two_entries_on_one_frozen_roll_stay_two_until_the_vote_closes(app, perform, merge, read, now):
    process, proposals = voting_process(perform, now)
    one, other = twins(perform, process, now=now)
    vote = announce(perform, process, proposals, start=now, franchise=Franchise.ORGANISATION)
    change(perform, vote, operations.open_vote, now=day(now, OPENS_ON))
    for merged, survivor in ((one, other), (other, one)):
        with pytest.raises(Conflict, match="Both are on the roll"):
            merge(merged, survivor, now=day(now, OPENS_ON))
    change(perform, vote, operations.close_vote, now=day(now, CLOSES_ON))
    merge(one, other, now=day(now, CLOSES_ON))
    assert read(lambda s: queries.turnout(s, vote)) == (0, 2)
    assert drift_faults(app) == []


def test_an_entry_on_a_frozen_roll_stays_and_the_other_goes_into_it(app, perform, merge, read, now):
    vote, [_, guild, _], [_, speaker, _] = make_open_vote_of_organisations(perform, now)
    double = make_organisation(perform, "Guild of potters", guild.sector, now=now)
    with pytest.raises(Conflict, match="Keep this entry"):
        merge(guild, double, now=day(now, OPENS_ON))
    merge(double, guild, now=day(now, OPENS_ON))
    assert cast_openly(perform, vote, guild, speaker, codes(vote)[:1], now=day(now, OPENS_ON)) is not None
    assert drift_faults(app) == []


def test_entries_merged_before_a_vote_opens_have_one_place_on_its_roll(perform, merge, read, now):
    process, proposals = voting_process(perform, now)
    one, other = twins(perform, process, now=now)
    vote = announce(perform, process, proposals, start=now, franchise=Franchise.ORGANISATION)
    merge(one, other, now=day(now, 35))
    change(perform, vote, operations.open_vote, now=day(now, OPENS_ON))
    assert read(lambda s: queries.turnout(s, vote)) == (0, 1)


def test_a_ballot_cast_before_the_merge_counts_and_its_organisation_once(app, perform, merge, read, now):
    process, proposals = voting_process(perform, now)
    one, other = twins(perform, process, now=now)
    vote = announce(perform, process, proposals, start=now, franchise=Franchise.ORGANISATION)
    change(perform, vote, operations.open_vote, now=day(now, OPENS_ON))
    for at, each in enumerate((one, other)):
        account = make_account(perform, f"speaker{at}@example.org", now=now)
        make_delegate(perform, each, account, now=now)
        cast_openly(perform, vote, each, speaking_for(account, each), codes(vote)[:1], now=day(now, OPENS_ON))
    change(perform, vote, operations.close_vote, now=day(now, CLOSES_ON))
    result = read(lambda s: queries.get_vote(s, vote.public_id)).result
    merge(one, other, now=day(now, CLOSES_ON))
    assert read(lambda s: queries.get_vote(s, vote.public_id)).result == result
    assert len(read(lambda s: queries.open_ballots(s, vote))) == 2
    stages = read(lambda s: organisation_stages(s, get_process(s, process.public_id)))
    assert {stage.stage: stage.cells[-1].of for stage in stages}["voting"] == 1
    assert drift_faults(app) == []
