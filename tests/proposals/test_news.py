"""What followers are told of proposals: a new version, that it goes on in another one; and that co-authors follow."""

from __future__ import annotations

import pytest

from tests.accounts.making import acting
from tests.outreach.test_following import follow
from tests.outreach.test_jobs import digests, run
from tests.proposals.making import official, person, proposing_process, submit
from tests.proposals.test_regrouping import HALVES, asking, carrying_out, merged, saying
from tests.proposals.test_writing_together import BECAUSE, OTHER, endorse, invite, reply, rewrite
from ucc_participate.outreach.models import Following
from ucc_participate.proposals import operations
from ucc_participate.proposals.models import LineageKind


@pytest.fixture
def process(perform, clock):
    made, clock.at = proposing_process(perform, clock.now())
    return made


@pytest.fixture
def sara(perform, clock, process):
    return person(perform, "Sara", now=clock.now())


@pytest.fixture
def proposal(perform, clock, process, sara):
    return submit(perform, process, sara[1], now=clock.now())


def told(app, words) -> list[str]:
    run(app)
    return sorted(mail.to for mail in digests(app) if words in mail.body)


def test_a_new_version_is_told_to_who_follows_and_not_to_authors_or_supporters_who_know(
    app, perform, clock, process, sara, proposal
):
    follow(perform, process, proposal.ref, now=clock.now(), email="omid@e.org")
    supporter = follow(perform, process, proposal.ref, now=clock.now(), email="mina@e.org")
    follow(perform, process, process.ref, now=clock.now(), email="of.the.process@e.org")
    actor = acting(supporter)
    endorse(perform, proposal, actor, now=clock.now())
    assert told(app, "has a new version") == []
    rewrite(perform, proposal, sara[1], now=clock.now(), note=BECAUSE, summary=OTHER)
    assert told(app, "has a new version") == ["omid@e.org"]
    clock.advance(days=1)
    assert told(app, "has a new version") == ["omid@e.org"]


def test_that_it_was_merged_is_told_as_that_and_not_as_an_answer(app, perform, clock, process, proposal):
    follow(perform, process, proposal.ref, now=clock.now(), email="omid@e.org")
    other = submit(perform, process, person(perform, "Reza", now=clock.now())[1], now=clock.now())
    leila = official(perform, now=clock.now())
    merged(perform, process, [proposal, other], leila, clock.now())
    assert told(app, f"the proposal “{proposal.title}” goes on in another one") == ["omid@e.org"]
    assert told(app, "the city has answered") == []


def test_that_it_was_split_is_told_in_words_of_its_own(app, perform, clock, process, sara, proposal):
    follow(perform, process, proposal.ref, now=clock.now(), email="omid@e.org")
    leila = official(perform, now=clock.now())
    plan = asking(perform, process, [proposal], leila, clock.now(), kind=LineageKind.SPLIT, parts=HALVES)
    saying(perform, process, plan, sara[1], clock.now())
    carrying_out(perform, process, plan, leila, clock.now())
    assert told(app, "goes on in several others") == ["omid@e.org"]


def test_who_accepts_to_write_along_follows_the_proposal_from_then_on(perform, read, clock, process, sara, proposal):
    account, actor = person(perform, "Mina", now=clock.now())
    asked = invite(perform, proposal, sara[1], now=clock.now(), email="mina@city.example")
    assert read(lambda s: s.get(Following, (account.id, proposal.ref))) is None
    reply(perform, asked, operations.accept_invitation, actor, now=clock.now())
    assert read(lambda s: s.get(Following, (account.id, proposal.ref))).process_id == process.id
