"""The analysis of a vote may weigh voters as the city's people are, where the process is measured against a table."""

from __future__ import annotations

import pytest

from tests.processes.making import day
from tests.representation.making import census, make_population
from tests.voting.making import CLOSES_ON, OPENS_ON, cast, change, codes, describe, make_vote, reload, residents
from ucc_participate.accounts.models import Sex
from ucc_participate.representation import queries
from ucc_participate.voting import finding, operations
from ucc_participate.voting.models import VoteState


@pytest.fixture
def now(clock):
    return clock.now()


def test_without_a_table_nobody_is_weighted(perform, read, now):
    vote = make_vote(perform, now, VoteState.OPEN)
    assert read(lambda session: queries.vote_margins(session, reload(read, vote).process)) is None


def test_the_shares_of_sexes_and_ages_are_those_of_the_table(perform, read, now):
    make_population(perform, now)
    vote = make_vote(perform, now, VoteState.OPEN)
    found = read(lambda session: queries.vote_margins(session, reload(read, vote).process))
    people = census().margins()
    assert found.keys() <= {"sex", "age"}
    women = people["sex:female"] / (people["sex:female"] + people["sex:male"])
    assert found["sex"]["female"] == pytest.approx(women)
    assert all(sum(shares.values()) == pytest.approx(1) for shares in found.values())


def test_a_counted_vote_says_what_the_weighted_voters_name(perform, app, read, now):
    """Men alone name the first option; weighted, they are as many as in the city, and not two thirds."""
    make_population(perform, now)
    people = residents(perform, 96, now=now)
    for at, (account, actor) in enumerate(people):
        sex = Sex.FEMALE if at % 3 == 0 else Sex.MALE
        describe(perform, account, actor, now=now, sex=sex, birth_year=now.year - (20 if at % 2 else 50))
    vote = make_vote(perform, now, VoteState.OPEN)
    first, second, _third = codes(vote)
    for at, (_account, actor) in enumerate(people):
        cast(perform, vote, actor, [second] if at % 3 == 0 else [first], now=day(now, OPENS_ON + 1))
    change(perform, vote, operations.close_vote, now=day(now, CLOSES_ON))
    with app.app_context():
        found = read(lambda session: finding.find(session, reload(read, vote), with_changes=False))
    weighted = found["weighted"]
    margins = census().margins()
    men = 100 * margins["sex:male"] / (margins["sex:female"] + margins["sex:male"])
    assert weighted is not None
    assert weighted["options"][0]["raw_percent"] == 67
    assert weighted["options"][0]["percent"] == pytest.approx(men, abs=1)
    assert weighted["design_effect_hundredths"] > 100
