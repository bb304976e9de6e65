"""Endorsements of what a merge made: everybody once, told, and free to take it back; answers reach all of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from tests.accounts.making import sign_in
from tests.proposals.making import (
    PAGE,
    answer,
    change,
    content,
    official,
    person,
    proposing_process,
    reload,
    submit,
)
from tests.proposals.test_regrouping import HALVES, WITHOUT, asking, carrying_out, erase, merged
from tests.proposals.test_writing_together import _before_opening, endorse, mails
from tests.stakeholders.making import ACTORS, CITY, drift_faults, make_delegate, make_organisation
from ucc_participate.accounts.models import Account
from ucc_participate.kernel.errors import Conflict, Forbidden
from ucc_participate.kernel.identity import Role
from ucc_participate.proposals import discussing, operations, queries
from ucc_participate.proposals.models import AmendedField, CoAuthorState, Endorsement, LineageKind, Outcome
from ucc_participate.stakeholders import operations as stakeholders
from ucc_participate.stakeholders.queries import organisations_to_merge

AMENDMENT: dict[str, Any] = {"field": AmendedField.SUMMARY, "text": "Four evenings.", "reason": "Four were asked for."}


@pytest.fixture
def process_and_then(perform, now):
    return proposing_process(perform, now)


@pytest.fixture
def process(process_and_then):
    return process_and_then[0]


@pytest.fixture
def then(process_and_then):
    return process_and_then[1]


@pytest.fixture
def leila(perform, now):
    return official(perform, now=now)


@pytest.fixture
def people(perform, now):
    return {name: person(perform, name, now=now)[1] for name in ("Sara", "Reza", "Mina", "Nima", "Omid")}


@pytest.fixture
def two(perform, process, then, people):
    return [submit(perform, process, people[name], now=then) for name in ("Sara", "Reza")]


def speaker(perform, name, *organisations, now):
    """A delegate of these organisations."""
    account, actor = person(perform, name, now=now)
    for one in organisations:
        make_delegate(perform, one, account, now=now)
    return replace(
        actor, delegations=frozenset(one.public_id for one in organisations), roles=frozenset({Role.DELEGATE})
    )


def unite(app, perform, gone, stays, *, now):
    parts = app.extensions["ucc.merge_parts"]

    def work(session):
        both = organisations_to_merge(session, gone.public_id, stays.public_id)
        stakeholders.merge_organisations(session, *both, reason="One", parts=parts, actor=ACTORS["clerk"], now=now)

    perform(work)


def recount(perform, now):
    return perform(lambda s: operations.recount_endorsements(s, actor=CITY, now=now))


def test_whoever_endorsed_both_counts_once_for_what_they_became(
    app, perform, read, entries, process, then, now, people, leila, two
):
    _before_opening(perform, process, now=then, needed=3)
    guild = make_organisation(perform, "Weavers’ Guild", now=now)
    omid = speaker(perform, "Speaker", guild, now=now)
    for proposal in two:
        endorse(perform, proposal, people["Mina"], now=then)
        endorse(perform, proposal, omid, now=then, organisation=guild.public_id)
    endorse(perform, two[1], people["Nima"], now=then)
    assert [reload(read, each).supported_at is not None for each in two] == [False, True]
    one = reload(read, merged(perform, process, two, leila, then))
    assert (one.resident_endorsements, one.organisation_endorsements) == (2, 1)
    assert one.supported_at == then
    assert read(lambda s: queries.counts_by_tag(s, process, ["support:reached"])) == {"support:reached": 1}
    told = entries(f"{one.ref}/endorsement/{guild.public_id}")
    assert [entry.values["type"] for entry in told] == ["endorsement.carried_over"]
    assert told[0].payload["organisation"] == guild.ref
    assert recount(perform, then) == 0
    assert entries(f"{one.ref}/endorsements")[-1].payload == {"residents": 2, "organisations": 1, "is_reached": True}
    assert drift_faults(app) == []


def test_a_merge_of_merges_counts_over_all_ancestors(perform, read, process, then, people, leila, two):
    third = submit(perform, process, people["Mina"], now=then)
    for proposal in (*two, third):
        endorse(perform, proposal, people["Nima"], now=then)
    endorse(perform, third, people["Omid"], now=then)
    first = merged(perform, process, two, leila, then)
    endorse(perform, first, people["Omid"], now=then)
    last = reload(read, merged(perform, process, [first, third], leila, then))
    assert last.resident_endorsements == 2
    assert read(lambda s: queries.ancestors_of(s, [last.id])) == {two[0].id, two[1].id, first.id, third.id}


def test_nobody_endorses_what_their_own_text_went_into(
    app, perform, read, clock, process, then, now, people, leila, two
):
    guild = make_organisation(perform, "Weavers’ Guild", now=now)
    omid = speaker(perform, "Speaker", guild, now=now)
    third = submit(perform, process, omid, now=then, organisation=guild.public_id)
    endorse(perform, two[1], people["Sara"], now=then)
    endorse(perform, two[0], omid, now=then, organisation=guild.public_id)
    endorse(perform, two[0], people["Mina"], now=then)
    first = merged(perform, process, two, leila, then)
    assert (reload(read, first).resident_endorsements, reload(read, first).organisation_endorsements) == (1, 1)
    last = merged(perform, process, [first, third], leila, then)
    assert (reload(read, last).resident_endorsements, reload(read, last).organisation_endorsements) == (1, 0)
    for who, facts in ((people["Sara"], {}), (people["Reza"], {}), (omid, {"organisation": guild.public_id})):
        with pytest.raises(Forbidden, match="gone into it"):
            endorse(perform, last, who, now=then, **facts)
    assert endorse(perform, last, people["Nima"], now=then)
    sara = read(lambda s: s.get_one(Account, people["Sara"].account_id))
    omid = read(lambda s: s.get_one(Account, people["Omid"].account_id))
    page = f"/p/{process.public_id}/proposals/{last.public_id}"
    clock.at = then
    assert "I endorse it" not in sign_in(app, sara, now=then).get(page).text
    assert "I endorse it" in sign_in(app, omid, now=then).get(page).text
    assert recount(perform, then) == 0
    assert drift_faults(app) == []


def test_authors_of_what_was_split_do_not_endorse_its_parts(perform, process, then, people, leila, two):
    facts = {"email": "mina@city.example", "locale": "en"}
    asked = change(perform, two[0], operations.invite_co_author, actor=people["Sara"], now=then, **facts)
    mina = {"actor": people["Mina"], "now": then}
    perform(lambda s: operations.accept_invitation(s, queries.asked_to_change(s, asked.code), **mina))
    plan = asking(perform, process, two[:1], leila, then, kind=LineageKind.SPLIT, parts=HALVES)
    part = carrying_out(perform, process, plan, leila, then, override_reason=WITHOUT)[0]
    with pytest.raises(Forbidden, match="gone into it"):
        endorse(perform, part, people["Mina"], now=then)


def test_supporters_are_told_of_the_merge_and_may_take_their_word_back(
    perform, read, process, then, people, leila, two
):
    endorse(perform, two[0], people["Mina"], now=then)
    one = merged(perform, process, two, leila, then)
    sent = {to: data["is_author"] for to, data in mails(read, "proposal_regrouped")}
    assert sent == {"sara@city.example": True, "reza@city.example": True, "mina@city.example": False}
    assert not endorse(perform, one, people["Mina"], now=then)
    assert change(perform, one, operations.withdraw_endorsement, actor=people["Mina"], now=then)
    assert reload(read, one).endorsements == 0
    assert endorse(perform, one, people["Mina"], now=then)
    assert reload(read, one).endorsements == 1


def test_parts_of_a_split_begin_without_endorsements_and_their_supporters_are_told(
    perform, read, process, then, people, leila, two
):
    endorse(perform, two[0], people["Mina"], now=then)
    plan = asking(perform, process, two[:1], leila, then, kind=LineageKind.SPLIT, parts=HALVES)
    parts = carrying_out(perform, process, plan, leila, then, override_reason=WITHOUT)
    assert [reload(read, each).endorsements for each in parts] == [0, 0]
    assert ("mina@city.example", False) in [(to, data["is_author"]) for to, data in mails(read, "proposal_regrouped")]
    assert endorse(perform, parts[1], people["Mina"], now=then)


def test_what_was_merged_takes_no_endorsement_edit_or_amendment(perform, read, process, then, people, leila, two):
    endorse(perform, two[0], people["Mina"], now=then)
    merged(perform, process, two, leila, then)
    tries = [
        (operations.endorse_proposal, "Nima", {}),
        (operations.withdraw_endorsement, "Mina", {}),
        (operations.propose_amendment, "Nima", AMENDMENT),
    ]
    for operation, name, facts in tries:
        with pytest.raises(Conflict, match="merged or split"):
            change(perform, two[0], operation, actor=people[name], now=then, **facts)
    with pytest.raises(Conflict, match="merged or split"):
        change(
            perform, two[0], operations.change_text, content(summary="X"), actor=people["Sara"], now=then, address=""
        )
    assert reload(read, two[0]).endorsements == 1


def test_changes_that_wait_lapse_with_what_was_merged(
    app, perform, read, entries, client, clock, process, then, people, leila, two
):
    amending: dict[str, Any] = {"actor": people["Nima"], "now": then}
    made = [change(perform, two[0], operations.propose_amendment, **amending, **AMENDMENT) for _each in range(2)]
    change(perform, two[0], operations.withdraw_amendment, made[1].number, **amending)
    one = merged(perform, process, two, leila, then)
    told = [[entry.values["type"] for entry in entries(each.ref_in(two[0]))] for each in made]
    assert told == [["amendment.proposed", "amendment.lapsed"], ["amendment.proposed", "amendment.withdrawn"]]
    assert entries(made[0].ref_in(two[0]))[-1].payload["status"] == "withdrawn"
    [(to, data)] = mails(read, "amendment_lapsed")
    assert (to, data["title"], data["address"]) == ("nima@city.example", two[0].title, f"/p/{one.public_id}")
    assert read(lambda s: queries.around(s, two[0])).waiting_amendments == 0
    clock.at = then
    base = f"/p/{process.public_id}/proposals/{two[0].public_id}/amendments"
    assert "It lapsed when" in client.get(f"{base}/1").text
    assert drift_faults(app) == []


def test_an_organisation_merged_in_the_register_counts_once(
    app, perform, read, entries, process, then, now, leila, two
):
    _before_opening(perform, process, now=then, needed=2)
    gone, stays = (make_organisation(perform, name, now=now) for name in ("Guild of potters", "Potters’ guild"))
    omid = speaker(perform, "Speaker", gone, stays, now=now)
    for one in (gone, stays):
        endorse(perform, two[0], omid, now=then, organisation=one.public_id)
    assert reload(read, two[0]).supported_at is not None
    unite(app, perform, gone, stays, now=then)
    after = reload(read, two[0])
    assert (after.organisation_endorsements, after.supported_at) == (1, None)
    assert read(lambda s: len(queries.support_of(s, after).organisations)) == 1
    assert recount(perform, then) == 0
    assert drift_faults(app) == []


def test_the_survivor_of_the_register_speaks_for_what_the_merged_entry_said(
    app, perform, read, entries, process, then, now, leila, two
):
    gone, stays = (make_organisation(perform, name, now=now) for name in ("Guild of potters", "Potters’ guild"))
    before = speaker(perform, "Speaker", gone, now=now)
    endorse(perform, two[0], before, now=then, organisation=gone.public_id)
    endorse(perform, two[1], before, now=then, organisation=gone.public_id)
    unite(app, perform, gone, stays, now=then)
    after = replace(before, delegations=frozenset({stays.public_id}))
    assert read(lambda s: queries.endorsed_by(s, two[0], after)).organisations == {stays.public_id}
    assert not endorse(perform, two[0], after, now=then, organisation=stays.public_id)
    one = merged(perform, process, two, leila, then)
    assert reload(read, one).organisation_endorsements == 1
    taking = {"actor": after, "now": then, "organisation": stays.public_id}
    assert change(perform, one, operations.withdraw_endorsement, **taking)
    assert reload(read, one).organisation_endorsements == 0
    assert entries(f"{one.ref}/endorsement/{gone.public_id}")[-1].payload["status"] == "withdrawn"
    assert drift_faults(app) == []


def test_an_answer_reaches_every_author_and_everybody_who_endorses(perform, read, process, then, people, two):
    sent = two[0]
    facts = {"email": "mina@city.example", "locale": "en"}
    asked = change(perform, sent, operations.invite_co_author, actor=people["Sara"], now=then, **facts)

    def join(session):
        invitation = queries.asked_to_change(session, asked.code)
        operations.accept_invitation(session, invitation, actor=people["Mina"], now=then)
        assert invitation.state is CoAuthorState.ACCEPTED

    perform(join)
    endorse(perform, sent, people["Nima"], now=then)
    leila = official(perform, now=then)
    answer(perform, sent, leila, now=then)
    told = {to: data["is_author"] for to, data in mails(read, "proposal_answered")}
    assert told == {"sara@city.example": True, "mina@city.example": True, "nima@city.example": False}
    correcting = {
        "outcome": Outcome.NOT_ADOPTED,
        "reason": "The budget of next year was cut by the council.",
        "address": PAGE,
    }
    change(perform, sent, operations.correct_answer, actor=leila, now=then, **correcting)
    assert {to for to, _data in mails(read, "proposal_answer_corrected")} == set(told)


def test_an_erased_supporter_stays_counted_in_what_a_merge_made(app, perform, read, process, then, people, leila, two):
    endorse(perform, two[0], people["Mina"], now=then)
    one = merged(perform, process, two, leila, then)
    mina = read(lambda s: s.get_one(Account, people["Mina"].account_id))
    erase(app, perform, mina, then)
    rows = read(lambda s: list(s.scalars(select(Endorsement).where(Endorsement.proposal_id == one.id))))
    assert [row.account_id for row in rows] == [None]
    assert recount(perform, then) == 0
    assert reload(read, one).resident_endorsements == 1


def test_comments_on_what_a_merge_made_reach_all_who_wrote_it(app, perform, read, process, then, people, leila, two):
    asked = change(
        perform,
        two[0],
        operations.invite_co_author,
        actor=people["Sara"],
        now=then,
        email="mina@city.example",
        locale="en",
    )
    perform(
        lambda s: operations.accept_invitation(
            s, queries.asked_to_change(s, asked.code), actor=people["Mina"], now=then
        )
    )
    one = merged(perform, process, two, leila, then)
    for proposal, expected in ((two[0], ("Sara", "Mina")), (one, ("Sara", "Mina", "Reza"))):
        topic = read(lambda s, ref=proposal.ref: discussing.KIND.load(s, ref, people["Nima"], then))
        assert topic is not None
        assert topic.author_ids == tuple(people[name].account_id for name in expected)
