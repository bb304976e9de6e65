"""Minority statements on what a vote decided."""

from __future__ import annotations

import pytest

from tests.voting.making import make_vote
from ucc_participate.proposals.models import DissentAbout
from ucc_participate.voting.models import VoteState


@pytest.mark.parametrize(("state", "is_decided"), [(VoteState.OPEN, False), (VoteState.CLOSED, True)])
def test_a_counted_vote_can_be_disagreed_with_and_an_open_one_not(app, perform, client, clock, read, state, is_decided):
    find = app.extensions["ucc.disputed"]["vote"]
    vote = make_vote(perform, clock.now(), state)
    on = read(lambda session: find(session, vote.ref))
    assert (on.about, on.ref) == (DissentAbout.DECISION, vote.ref)
    assert on.decided_at == (vote.closes_at if is_decided else None)
    assert read(lambda session: find(session, "vote/nobody23")) is None
    clock.at = vote.closes_at
    page = client.get(on.path)
    assert page.status_code == 200
    assert ("Minority statements" in page.text) is is_decided
