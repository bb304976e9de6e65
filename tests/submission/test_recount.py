"""Votes counted again: equal when they are, named when a ballot, a result or the log was changed."""

from __future__ import annotations

import io
import json

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import selectinload

from tests.record.conftest import FILE, VOTES
from tests.stakeholders.making import CITY, staff_browser
from ucc_participate.audit.models import LogOpening
from ucc_participate.kernel.db import db, table_of
from ucc_participate.kernel.identity import Role
from ucc_participate.submission.recount import recount
from ucc_participate.voting import counting, pabulib
from ucc_participate.voting.importing import import_vote
from ucc_participate.voting.models import Ballot, Vote
from ucc_participate.voting.result import sha256_of


@pytest.fixture
def voted(perform, clock):
    """A process with one counted vote of ten ballots."""
    lines = [f"{at};{vote};{20 + at};{'FM'[at % 2]};internet" for at, vote in enumerate(VOTES) if vote]
    text = FILE.replace("num_votes;12", f"num_votes;{len(lines)}") + "\n".join(lines) + "\n"
    file = pabulib.read(io.StringIO(text))
    return perform(lambda s: import_vote(s, file, source="test.pb", actor=CITY, now=clock.now())).process


def behind_its_back(app, statement):
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(statement)


def test_an_honest_vote_is_equal_to_log_and_publication(read, voted):
    [again] = read(lambda s: recount(s, voted))
    assert (again.ballots, again.is_as_logged, again.is_as_published) == (10, True, True)
    assert again.sha256 == sha256_of(read(lambda s: s.scalar(select(Vote.result))))


def test_a_ballot_that_was_taken_out_is_seen(app, read, voted):
    ballots = table_of(Ballot)
    first = read(lambda s: s.scalar(select(Ballot.commitment).order_by(Ballot.commitment).limit(1)))
    behind_its_back(app, ballots.delete().where(ballots.c.commitment == first))
    [again] = read(lambda s: recount(s, voted))
    assert (again.ballots, again.is_equal) == (9, False)


def test_a_published_result_that_the_ballots_do_not_give_is_seen(app, read, voted):
    result = json.loads(json.dumps(read(lambda s: s.scalar(select(Vote.result)))))
    result["counts"][0]["votes"] += 1
    behind_its_back(app, update(table_of(Vote)).values(result=result))
    [again] = read(lambda s: recount(s, voted))
    assert (again.is_as_logged, again.is_as_published) == (True, False)


def test_a_result_that_was_changed_beside_the_log_as_well_is_seen(app, read, voted):
    """A ballot taken out, and the fewer counted again written over the result and over what opens the entry."""
    ballots, openings = table_of(Ballot), table_of(LogOpening)
    first = read(lambda s: s.scalar(select(Ballot.commitment).order_by(Ballot.commitment).limit(1)))
    behind_its_back(app, ballots.delete().where(ballots.c.commitment == first))
    forged = read(_counted)
    opening = read(lambda s: s.scalars(select(LogOpening).where(LogOpening.fields.contains('"result":{'))).all()[-1])
    fields = json.dumps(json.loads(opening.fields) | {"result": forged})
    behind_its_back(app, update(openings).where(openings.c.position == opening.position).values(fields=fields))
    behind_its_back(app, update(table_of(Vote)).values(result=forged))
    [again] = read(lambda s: recount(s, voted))
    assert (again.ballots, again.is_as_published, again.is_as_logged) == (9, True, False)


def _counted(session):
    vote = session.scalar(select(Vote).options(selectinload(Vote.options)))
    result = counting.result_of(vote, counting.ballots_of(session, vote), roll=vote.result["roll"])
    return json.loads(json.dumps(result))


def test_ballots_that_cannot_be_read_are_no_fault_of_the_page(app, read, perform, clock, voted):
    behind_its_back(app, update(table_of(Ballot)).values(choices=b"\xff\xff\xff"))
    [again] = read(lambda s: recount(s, voted))
    assert (again.sha256, again.is_equal) == (None, False)
    browser = staff_browser(app, perform, Role.COORDINATOR, now=clock.now())
    page = browser.post(f"/p/{voted.public_id}/application/recount")
    assert (page.status_code, "The ballots cannot be counted." in page.text) == (200, True)


def test_the_page_says_equal_and_writes_nothing(app, perform, read, clock, voted):
    browser = staff_browser(app, perform, Role.COORDINATOR, now=clock.now())
    page = browser.post(f"/p/{voted.public_id}/application/recount")
    assert (page.status_code, page.text.count("state-good"), "not equal" in page.text) == (200, 2, False)
