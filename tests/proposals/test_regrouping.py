"""Merging and splitting: nobody's words are lost, every author is asked, and the edges stay."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest
from sqlalchemy import select

from tests.proposals.making import REASON, answer, change, official, person, proposing_process, reload, submit
from tests.stakeholders.making import ACTORS, CITY, drift_faults
from ucc_participate.accounts.models import Account
from ucc_participate.accounts.operations import erase_account
from ucc_participate.kernel.decision import Denied
from ucc_participate.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from ucc_participate.notifications.models import OutboxMessage
from ucc_participate.processes.models import Process, ProcessState
from ucc_participate.processes.queries import process_to_change
from ucc_participate.proposals import operations, policies, queries
from ucc_participate.proposals.models import (
    Consent,
    LineageKind,
    Outcome,
    Part,
    Proposal,
    ProposalLineage,
    ProposalState,
    Regrouping,
    RegroupingState,
)
from ucc_participate.proposals.queries import Filters

NOW = datetime(2026, 4, 1, tzinfo=timezone.utc)
WHY = "All of them ask for the same rooms on the same evenings of the week."
WITHOUT = "One author has not answered for five weeks; the text keeps every point of hers."
TOGETHER = Part(
    "Open all workshops in the evening", "One timetable for every workshop of the bazaar.", "From five to nine."
)
HALVES = (
    Part("Evening workshops for weavers", "The looms, three evenings a week."),
    Part("Evening workshops for potters", "The wheels, two evenings a week."),
)


@pytest.fixture
def place(perform, now):
    return proposing_process(perform, now)


@pytest.fixture
def process(place):
    return place[0]


@pytest.fixture
def then(place):
    return place[1]


@pytest.fixture
def leila(perform, now):
    return official(perform, now=now)


@pytest.fixture
def people(perform, now):
    return {name: person(perform, name, now=now) for name in ("Sara", "Reza", "Mina")}


@pytest.fixture
def sent(perform, process, then, people):
    """A proposal of each of them, by name."""
    return {name: submit(perform, process, actor, now=then) for name, (_account, actor) in people.items()}


def asking(perform, process, proposals, actor, now, *, kind=LineageKind.MERGE, parts=(TOGETHER,), reason=WHY):
    def work(session):
        here = process_to_change(session, process.public_id, actor=actor)
        found = {
            each.number: each
            for each in queries.with_numbers_to_change(session, here, [each.number for each in proposals])
        }
        sources = [found[each.number] for each in proposals if each.number in found]
        return operations.ask_to_regroup(
            session,
            here,
            kind,
            sources,
            parts,
            reason=reason,
            actor=actor,
            now=now,
            address=lambda known: f"/r/{known}",
        )

    return perform(work)


def on(perform, process, plan, operation, actor, now, **facts):
    def work(session):
        here = process_to_change(session, process.public_id, actor=actor)
        asked = queries.regrouping_to_change(session, here, plan.public_id, actor=actor)
        return operation(session, here, asked, actor=actor, now=now, **facts)

    return perform(work)


def saying(perform, process, plan, actor, now, *, agrees=True):
    on(perform, process, plan, operations.answer_regrouping, actor, now, agrees=agrees)


def carrying_out(perform, process, plan, actor, now, *, override_reason=None):
    facts = {"override_reason": override_reason, "address": lambda known: f"/p/{known}"}
    return on(perform, process, plan, operations.carry_out_regrouping, actor, now, **facts)


def merged(perform, process, proposals, leila, now):
    plan = asking(perform, process, proposals, leila, now)
    return carrying_out(perform, process, plan, leila, now, override_reason=WITHOUT)[0]


def edges(read):
    return read(lambda session: list(session.scalars(select(ProposalLineage).order_by(ProposalLineage.source_id))))


def mails(read, template):
    rows = select(OutboxMessage).where(OutboxMessage.template == template).order_by(OutboxMessage.id)
    return read(lambda session: list(session.scalars(rows)))


def erase(app, perform, account, now):
    def work(session):
        found = session.get_one(Account, account.id)
        erase_account(session, found, erasers=app.extensions["ucc.erasers"], actor=CITY, now=now)

    perform(work)


def plan_now(read, plan):
    return read(lambda session: session.scalars(select(Regrouping).where(Regrouping.id == plan.id)).one())


def test_a_merge_keeps_every_word_and_leaves_an_edge_from_each(
    app, perform, read, entries, process, then, people, sent, leila
):
    plan = asking(perform, process, sent.values(), leila, then)
    for _account, actor in people.values():
        saying(perform, process, plan, actor, then)
    [made] = carrying_out(perform, process, plan, leila, then)
    for proposal in sent.values():
        found = reload(read, proposal)
        assert (found.title, found.body, found.author_name) == (proposal.title, proposal.body, proposal.author_name)
        assert (found.status, found.outcome, found.reason) == (ProposalState.ANSWERED, Outcome.MERGED, WHY)
        assert found.answered_by == "Leila Moradi, Head of culture"
        assert entries(proposal.ref)[-1].values["type"] == "proposal.merged"
    assert (made.number, made.title, made.author_id, made.status) == (4, TOGETHER.title, None, ProposalState.SUBMITTED)
    assert [(edge.source_id, edge.result_id, edge.consent) for edge in edges(read)] == [
        (each.id, made.id, Consent.AGREED) for each in sent.values()
    ]
    [edge] = entries(f"lineage/{sent['Sara'].public_id}/{made.public_id}")
    assert edge.payload == {
        "from": sent["Sara"].ref,
        "to": made.ref,
        "kind": "merge",
        "at": edge.payload["at"],
        "by": "Leila Moradi, Head of culture",
        "reason": WHY,
        "consent": "agreed",
    }
    assert entries(made.ref)[0].payload["proposer"] == "several"
    assert drift_faults(app) == []


def test_each_author_is_asked_once_however_many_of_the_proposals_are_theirs(
    perform, read, process, then, people, sent, leila
):
    second = submit(perform, process, people["Sara"][1], now=then, title="Another idea for the evenings")
    asking(perform, process, [*sent.values(), second], leila, then)
    asked = mails(read, "proposal_regrouping_asked")
    assert [mail.to for mail in asked] == [f"{name}@city.example" for name in ("sara", "reza", "mina")]


def test_without_every_consent_only_a_public_reason_helps(perform, read, entries, process, then, people, sent, leila):
    plan = asking(perform, process, sent.values(), leila, then)
    saying(perform, process, plan, people["Sara"][1], then)
    saying(perform, process, plan, people["Reza"][1], then, agrees=False)
    for none in (None, "", "too short"):
        with pytest.raises(Invalid):
            carrying_out(perform, process, plan, leila, then, override_reason=none)
    assert edges(read) == []
    assert reload(read, sent["Sara"]).status is ProposalState.SUBMITTED
    carrying_out(perform, process, plan, leila, then, override_reason=WITHOUT)
    assert {edge.consent for edge in edges(read)} == {Consent.REASONED}
    told = [entry.values["type"] for entry in entries(plan.ref)]
    assert told == ["regrouping.asked", "regrouping.agreed", "regrouping.declined", "regrouping.carried_out"]
    assert entries(plan.ref)[-1].payload["override_reason"] == WITHOUT
    assert entries(plan.ref)[0].payload["reason"] is None


def test_an_author_may_change_their_mind_until_it_is_done_and_not_after(
    perform, read, entries, process, then, people, sent, leila
):
    plan = asking(perform, process, [sent["Sara"], sent["Reza"]], leila, then)
    sara = people["Sara"][1]
    saying(perform, process, plan, sara, then)
    saying(perform, process, plan, sara, then)
    saying(perform, process, plan, sara, then, agrees=False)
    assert [entry.values["type"] for entry in entries(plan.ref)] == [
        "regrouping.asked",
        "regrouping.agreed",
        "regrouping.declined",
    ]
    carrying_out(perform, process, plan, leila, then, override_reason=WITHOUT)
    with pytest.raises(Conflict):
        saying(perform, process, plan, sara, then)


def test_who_is_not_asked_neither_sees_the_plan_nor_answers_it(perform, process, then, people, sent, leila):
    plan = asking(perform, process, [sent["Sara"], sent["Reza"]], leila, then)
    with pytest.raises(NotFound):
        saying(perform, process, plan, people["Mina"][1], then)
    with pytest.raises(Forbidden):
        saying(perform, process, plan, leila, then)


def test_a_merge_in_a_circle_is_refused_with_a_clear_sentence(perform, read, process, then, sent, leila):
    made = merged(perform, process, [sent["Sara"], sent["Reza"]], leila, then)
    with pytest.raises(Conflict, match="circle"):
        asking(perform, process, [sent["Sara"], made], leila, then)
    again = merged(perform, process, [made, sent["Mina"]], leila, then)
    with pytest.raises(Conflict, match="circle"):
        asking(perform, process, [sent["Sara"], again], leila, then)
    assert len(edges(read)) == 4


def test_what_cannot_be_merged_says_why(perform, now, process, then, people, sent, leila):
    sara, reza, mina = sent.values()
    with pytest.raises(Conflict, match="itself"):
        asking(perform, process, [sara, sara], leila, then)
    with pytest.raises(Conflict, match="at least two"):
        asking(perform, process, [sara], leila, then)
    change(perform, sara, operations.withdraw_proposal, actor=people["Sara"][1], now=then)
    with pytest.raises(Conflict, match="withdrawn"):
        asking(perform, process, [sara, reza], leila, then)
    answer(perform, reza, leila, now=then)
    with pytest.raises(Conflict, match="has its answer"):
        asking(perform, process, [reza, mina], leila, then)


def test_what_is_on_a_ballot_or_waits_in_another_plan_is_refused(perform, process, then, people, sent, leila):
    sara, reza, mina = sent.values()
    asking(perform, process, [sara, reza], leila, then)
    with pytest.raises(Conflict, match="asked already"):
        asking(perform, process, [reza, mina], leila, then)
    on_ballot = Proposal(id=1, public_id="a", number=1, process_id=1, status=ProposalState.SUBMITTED, on_ballot_at=then)
    other = Proposal(id=2, public_id="b", number=2, process_id=1, status=ProposalState.SUBMITTED)
    elsewhere = Proposal(id=3, public_id="c", number=1, process_id=2, status=ProposalState.SUBMITTED)
    ask: Any = {"ancestors": (), "waiting": ()}
    for pair, words in (((on_ballot, other), "ballot"), ((other, elsewhere), "different processes")):
        refusal = policies.may_be_regrouped(LineageKind.MERGE, pair, **ask)
        assert isinstance(refusal, Denied)
        assert words in str(refusal.reason)


def test_a_plan_is_checked_again_when_it_is_carried_out(perform, read, process, then, people, sent, leila):
    plan = asking(perform, process, [sent["Sara"], sent["Reza"]], leila, then)
    change(perform, sent["Sara"], operations.withdraw_proposal, actor=people["Sara"][1], now=then)
    with pytest.raises(Conflict, match="withdrawn"):
        carrying_out(perform, process, plan, leila, then, override_reason=WITHOUT)
    on(perform, process, plan, operations.drop_regrouping, leila, then)
    assert plan_now(read, plan).status is RegroupingState.DROPPED
    with pytest.raises(Conflict):
        on(perform, process, plan, operations.drop_regrouping, leila, then)


def test_a_split_gives_every_part_the_same_author_and_each_waits_for_an_answer(
    app, perform, read, entries, process, then, people, sent, leila
):
    source = sent["Sara"]
    plan = asking(perform, process, [source], leila, then, kind=LineageKind.SPLIT, parts=HALVES)
    saying(perform, process, plan, people["Sara"][1], then)
    made = carrying_out(perform, process, plan, leila, then)
    assert [(each.title, each.author_id, each.author_name, each.origin) for each in made] == [
        (part.title, source.author_id, "Sara", LineageKind.SPLIT) for part in HALVES
    ]
    assert reload(read, source).outcome is Outcome.SPLIT
    assert read(lambda session: queries.count_unanswered(session, process)) == 4
    assert entries(source.ref)[-1].values["type"] == "proposal.split"
    assert drift_faults(app) == []


@pytest.mark.parametrize("parts", [HALVES[:1], HALVES * 3])
def test_a_split_into_one_or_into_too_many_is_refused(perform, process, then, sent, leila, parts):
    with pytest.raises(Invalid):
        asking(perform, process, [sent["Sara"]], leila, then, kind=LineageKind.SPLIT, parts=parts)


def test_merged_ones_leave_the_list_and_are_found_when_asked_for(perform, read, process, then, sent, leila):
    made = merged(perform, process, [sent["Sara"], sent["Reza"]], leila, then)

    def numbers(session, **wanted):
        return [key.number for key in queries.browse(session, process, Filters(**wanted)).keys]

    assert read(lambda session: numbers(session)) == [made.number, sent["Mina"].number]
    assert read(lambda session: numbers(session, state="merged")) == [sent["Reza"].number, sent["Sara"].number]
    assert read(lambda session: numbers(session, words="weavers", state="merged")) == [2, 1]
    assert read(lambda session: numbers(session, proposer="resident")) == [made.number, sent["Mina"].number]


def test_a_merge_counts_as_answered_and_only_what_came_of_it_waits(perform, read, process, then, sent, leila):
    made = merged(perform, process, list(sent.values()), leila, then)
    assert read(lambda session: queries.count_unanswered(session, process)) == 1
    answer(perform, made, leila, now=then)
    assert read(lambda session: queries.count_unanswered(session, process)) == 0
    assert {mail.to for mail in mails(read, "proposal_answered")} == {
        f"{name}@city.example" for name in ("sara", "reza", "mina")
    }


def test_the_answer_merged_cannot_be_corrected_and_never_be_voted_on(perform, read, process, then, sent, leila):
    merged(perform, process, [sent["Sara"], sent["Reza"]], leila, then)
    with pytest.raises(Conflict):
        change(
            perform,
            sent["Sara"],
            operations.correct_answer,
            actor=leila,
            now=then,
            outcome=Outcome.ADOPTED,
            reason=REASON,
            address="/",
        )
    gone = reload(read, sent["Sara"])
    assert not gone.can_be_voted_on
    with pytest.raises(Conflict):
        gone.put_on_ballot(at=then)


def test_an_erased_author_loses_the_name_everywhere_and_the_credit_stays(
    app, perform, read, entries, process, then, people, sent, leila
):
    made = merged(perform, process, [sent["Sara"], sent["Reza"]], leila, then)
    erase(app, perform, people["Sara"][0], then)
    credited = read(lambda session: queries.lineage_of(session, made)).sources
    assert [(each.proposal.author_name, each.is_erased) for each in credited] == [(None, True), ("Reza", False)]
    assert all("author" not in entry.payload for entry in entries(sent["Sara"].ref))
    assert "Sara" not in str([entry.payload for entry in entries(made.ref)])
    assert drift_faults(app) == []


def test_nobody_waits_for_an_author_who_was_erased(app, perform, read, process, then, people, sent, leila):
    plan = asking(perform, process, [sent["Sara"], sent["Reza"]], leila, then)
    saying(perform, process, plan, people["Reza"][1], then)
    erase(app, perform, people["Sara"][0], then)
    carrying_out(perform, process, plan, leila, then)
    assert {edge.consent for edge in edges(read)} == {Consent.AGREED}


def test_twenty_become_one_in_one_unit_of_work(app, perform, read, process, then, people, leila):
    many = [
        submit(perform, process, people["Sara"][1], now=then, title=f"Idea {at:02} of the evenings") for at in range(20)
    ]
    made = merged(perform, process, many, leila, then)
    family = read(lambda session: queries.family_of(session, made))
    assert (len(family.members), len(family.edges)) == (21, 20)
    assert drift_faults(app) == []


def test_regrouping_is_for_coordinators_while_the_process_is_open():
    for status, allowed in ((ProcessState.OPEN, {"coordinator", "system"}), (ProcessState.CLOSED, set())):
        here = Process(status=status, is_imported=False)
        asked = {who: policies.can_regroup(actor, here, now=NOW) for who, actor in ACTORS.items()}
        assert {who for who, decision in asked.items() if decision} == allowed
        assert all(isinstance(decision, Denied) for who, decision in asked.items() if who not in allowed)


def test_consents_are_given_by_those_asked_until_it_is_decided():
    here = Process(status=ProcessState.OPEN, is_imported=False)
    for status, expected in (
        (RegroupingState.ASKED, True),
        (RegroupingState.DONE, False),
        (RegroupingState.DROPPED, False),
    ):
        plan = Regrouping(status=status)
        for actor in ACTORS.values():
            assert bool(policies.can_consent(actor, plan, here, is_asked=True, now=NOW)) is expected
            assert not policies.can_consent(actor, plan, here, is_asked=False, now=NOW)


def test_a_plan_is_seen_by_the_desk_and_those_asked_and_by_all_once_done():
    seers = {"evaluator", "moderator", "clerk", "coordinator", "system"}
    waiting, done = Regrouping(status=RegroupingState.ASKED), Regrouping(status=RegroupingState.DONE)
    seen = {who for who, actor in ACTORS.items() if policies.sees_regrouping(actor, waiting, is_asked=False)}
    assert seen == seers
    assert all(policies.sees_regrouping(actor, waiting, is_asked=True) for actor in ACTORS.values())
    assert all(policies.sees_regrouping(actor, done, is_asked=False) for actor in ACTORS.values())
