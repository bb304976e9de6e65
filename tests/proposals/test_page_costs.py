"""How often the pages of proposals ask the database: few times, and held here."""

from __future__ import annotations

import pytest

from tests.accounts.making import make_account, sign_in
from tests.proposals.making import answer, official, person, proposing_process, submit

VISITOR, SIGNED_IN = 16, 24
LIST_VISITOR, LIST_SIGNED_IN = 8, 10
"""Each counts a BEGIN. Two are for the frame of every page, four to find process and proposal."""


@pytest.fixture
def place(perform, clock):
    process, clock.at = proposing_process(perform, clock.now())
    return process


@pytest.fixture
def sent(perform, place, clock):
    _account, sara = person(perform, "Sara", now=clock.now())
    return submit(perform, place, sara, now=clock.now())


@pytest.fixture
def signed_in(app, perform, clock):
    return sign_in(app, make_account(perform, "mina@city.example", now=clock.now()), now=clock.now())


@pytest.mark.parametrize("is_answered", [False, True])
def test_the_page_of_a_proposal_asks_few_times(
    client, perform, place, sent, signed_in, clock, count_queries, is_answered
):
    if is_answered:
        answer(perform, sent, official(perform, now=clock.now()), now=clock.now())
    address = f"/p/{place.public_id}/proposals/{sent.public_id}"
    assert client.get(address).status_code == signed_in.get(address).status_code == 200
    assert count_queries(lambda: client.get(address)) <= VISITOR
    assert count_queries(lambda: signed_in.get(address)) <= SIGNED_IN


def test_the_list_asks_few_times_once_its_cards_are_drawn(client, place, sent, signed_in, count_queries):
    address = f"/p/{place.public_id}/proposals"
    assert client.get(address).status_code == signed_in.get(address).status_code == 200
    assert count_queries(lambda: client.get(address)) <= LIST_VISITOR
    assert count_queries(lambda: signed_in.get(address)) <= LIST_SIGNED_IN
