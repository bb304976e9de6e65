"""Attacks 20 and 22: votes for people who did not vote are seen, and ballots cannot be joined to voters."""

from __future__ import annotations

import json
import math
import random

from sqlalchemy import select

from tests.faults.city import CHOICES, cast, close, slot_of, voting_city
from ucc_participate.audit import log, queries
from ucc_participate.audit.models import LogEntry, LogOpening
from ucc_participate.kernel.db import db
from ucc_participate.voting import queries as voting_queries
from ucc_participate.voting.models import Ballot, BallotLink, RollEntry

VOTERS = 500


def entries(session, kind):
    """The entries of a type, in the order of the log."""
    rows = session.execute(select(LogEntry.position, LogEntry.entry).where(LogEntry.type == kind).order_by("position"))
    return [(row.position, json.loads(row.entry)) for row in rows]


def sequenced(app):
    """All that is committed is in the log, on PostgreSQL too."""
    with app.app_context():
        log.sequence(db.engine)


def batches(session):
    """Index and commitments of each batch, as everybody reads them."""
    kinds = select(LogEntry.position).where(LogEntry.type == "ballots.batched")
    rows = session.scalars(select(LogOpening).where(LogOpening.position.in_(kinds)).order_by(LogOpening.position))
    return [(row.position, queries.visible_fields(row)["commitments"]) for row in rows]


def vote_all(perform, city, people):
    """Everybody's ballot: the commitment that only the voter knows to be theirs."""
    chance = random.Random(22)
    made = {}
    for number, account in enumerate(people):
        key = f"{number:022d}"
        choices = chance.choice(CHOICES)
        made[account.id] = perform(
            lambda s, a=account, c=choices, k=key: cast(s, city, a, c, k, now=city.then)
        ).commitment
    return made


def test_the_used_slots_of_the_log_are_those_of_the_roll_and_an_abstainer_sees_a_vote_of_somebody_else(
    app, perform, read, clock
):
    """Attack 20: an insider votes for somebody who stayed away; that slot is in the list that everybody can read."""
    city = voting_city(perform, clock.now(), residents=12)
    vote_all(perform, city, city.residents[:8])
    abstainer = city.residents[11]

    def used(session):
        logged = {entry["subject"].rpartition("/")[2] for _, entry in entries(session, "ballot.cast")}
        rolled = {f"{slot:06d}" for slot in session.scalars(select(RollEntry.slot).where(RollEntry.has_voted))}
        mine = slot_of(session, voting_queries.get_vote(session, city.vote_id), abstainer.id)
        return logged, rolled, str(mine).rpartition("/")[2].zfill(6)

    sequenced(app)
    logged, rolled, mine = read(used)
    assert logged == rolled
    assert (len(logged), mine in logged) == (8, False)
    perform(lambda s: cast(s, city, abstainer, ["a"], "insider".zfill(22), now=city.then))
    sequenced(app)
    logged, rolled, mine = read(used)
    assert logged == rolled
    assert mine in logged


def test_500_ballots_cannot_be_joined_to_voters_better_than_by_chance(perform, read, clock):
    """Attack 22: with the dump, the log, and who came when, each batch is a riddle whose best guess is any guess."""
    city = voting_city(perform, clock.now(), residents=VOTERS)
    made = vote_all(perform, city, city.residents)
    vote = read(lambda s: voting_queries.get_vote(s, city.vote_id))
    slots = read(lambda s: {account.id: slot_of(s, vote, account.id) for account in city.residents})
    truth = {str(slots[account]).rpartition("/")[2].zfill(6): commitment for account, commitment in made.items()}
    close(perform, city)
    came = [entry["subject"].rpartition("/")[2] for _, entry in read(lambda s: entries(s, "ballot.cast"))]
    shuffled = read(batches)
    dump = read(lambda s: list(s.scalars(select(Ballot.commitment))))
    assert read(lambda s: s.scalars(select(BallotLink)).all()) == []
    assert sorted(truth) == sorted(came)
    assert sorted(truth.values()) == sorted(dump) == sorted(one for _, batch in shuffled for one in batch)
    place = {commitment: at for at, commitment in enumerate(dump)}
    orders = {
        "as logged": [batch for _, batch in shuffled],
        "as in the dump": [sorted(batch, key=place.__getitem__) for _, batch in shuffled],
    }
    chance = len(shuffled)  # a random order of a batch puts one ballot in its place on average, give or take one
    for name, guess in orders.items():
        joined = [commitment for batch in guess for commitment in batch]
        right = sum(truth[slot] == commitment for slot, commitment in zip(came, joined, strict=True))
        assert right <= chance + 5 * math.sqrt(chance), (name, right, chance)
