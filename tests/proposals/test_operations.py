"""What is done with proposals: the state that follows, and the entry that tells of it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import select, text

from tests.processes.making import day
from tests.proposals.making import (
    PAGE,
    REASON,
    answer,
    change,
    content,
    draft,
    official,
    person,
    process_from_elsewhere,
    proposing_process,
    reload,
    submit,
)
from tests.stakeholders.making import CITY, make_organisation
from ucc_participate.accounts.models import Account
from ucc_participate.accounts.operations import erase_account
from ucc_participate.audit.log import record
from ucc_participate.kernel.errors import Conflict, Forbidden, Invalid
from ucc_participate.notifications.models import OutboxMessage
from ucc_participate.processes.models import Participation
from ucc_participate.processes.queries import process_to_change
from ucc_participate.proposals import operations, queries
from ucc_participate.proposals.events import ProposalEvent
from ucc_participate.proposals.models import (
    Imported,
    Outcome,
    Proposal,
    ProposalState,
    ProposalTag,
)
from ucc_participate.vocabularies.uccn import Sector


@pytest.fixture
def process_and_then(perform, now):
    return proposing_process(perform, now)


@pytest.fixture
def process(process_and_then):
    return process_and_then[0]


@pytest.fixture
def then(process_and_then):
    """A moment in which the process takes proposals."""
    return process_and_then[1]


@pytest.fixture
def sara(perform, now):
    return person(perform, "Sara", now=now)[1]


@pytest.fixture
def leila(perform, now):
    """An official who answers."""
    return official(perform, now=now)


def types(entries, proposal):
    return [entry.values["type"] for entry in entries(proposal.ref)]


def count(read, model):
    return read(lambda session: len(session.scalars(select(model)).all()))


def test_a_draft_is_kept_and_the_log_says_nothing_of_it(perform, read, entries, process, then, sara):
    kept = draft(perform, process, sara, now=then)
    found = reload(read, kept)
    assert (found.status, found.title, found.number) == (ProposalState.DRAFT, kept.title, None)
    assert found.objectives == ["OBJ-1", "OBJ-2"]
    [entry] = entries(kept.ref)
    assert (entry.values["type"], entry.payload) == ("proposal.drafted", {})


def test_the_same_form_sent_twice_is_one_draft(perform, read, entries, process, then, sara):
    first = draft(perform, process, sara, now=then, key="k" * 22)
    second = draft(perform, process, sara, now=then, key="k" * 22)
    third = draft(perform, process, sara, now=then, key="k" * 22, title="Evening workshops for all weavers")
    assert first.public_id == second.public_id == third.public_id
    assert reload(read, first).title == "Evening workshops for all weavers"
    assert types(entries, first) == ["proposal.drafted", "proposal.revised"]


def test_two_people_may_send_the_same_key(perform, process, then, sara, now):
    other = person(perform, "Reza", now=now)[1]
    assert draft(perform, process, sara, now=then, key="k").id != draft(perform, process, other, now=then, key="k").id


def test_a_discarded_draft_leaves_no_row(perform, read, entries, process, then, sara):
    kept = draft(perform, process, sara, now=then)
    change(perform, kept, operations.discard_draft, actor=sara, now=then)
    assert count(read, Proposal) == 0
    assert types(entries, kept) == ["proposal.drafted", "proposal.revised"]


def test_a_submitted_proposal_has_a_number_and_its_whole_state_in_the_log(
    perform, read, entries, drift, process, then, sara
):
    sent = submit(perform, process, sara, now=then)
    found = reload(read, sent)
    assert (found.status, found.number, found.submitted_at) == (ProposalState.SUBMITTED, 1, then)
    [entry] = entries(sent.ref)
    assert (entry.values["type"], entry.values["role"]) == ("proposal.submitted", "resident")
    assert entry.values["process"] == process.ref
    assert entry.payload == {
        "number": 1,
        "title": "Evening workshops for young weavers",
        "summary": "Open the weaving workshops of the bazaar to young people on three evenings a week.",
        "body": "## Why\n\nThe looms stand still after five o’clock.",
        "kind": "project",
        "level": "local",
        "objectives": ["OBJ-1", "OBJ-2"],
        "areas": ["AREA-6"],
        "dimensions": ["social"],
        "for_whom": ["women", "youth"],
        "place": "The old bazaar",
        "cost": 2_500_000_000,
        "currency": "IRR",
        "proposer": "resident",
        "organisation": None,
        "sector": None,
        "author": "Sara",
        "language": "en",
        "status": "submitted",
        "submitted_at": "2026-03-29T08:00:00Z",
    }
    assert drift() == []


def test_an_author_may_stay_unnamed(perform, read, entries, process, then, sara):
    sent = submit(perform, process, sara, now=then, shows_name=False)
    assert reload(read, sent).author_name is None
    assert entries(sent.ref)[-1].payload["author"] is None


def test_a_draft_that_is_sent_keeps_its_id_and_is_sent_once(perform, read, entries, process, then, sara):
    kept = draft(perform, process, sara, now=then)

    def send(session, found, *, actor, now):
        return operations.submit_proposal(
            session, found.process, content(), actor=actor, now=now, currency="IRR", draft=found
        )

    first = change(perform, kept, send, actor=sara, now=then)
    second = change(perform, kept, send, actor=sara, now=then)
    assert first.public_id == second.public_id == kept.public_id
    assert types(entries, kept) == ["proposal.drafted", "proposal.submitted"]
    assert reload(read, kept).number == 1


def test_the_first_proposal_makes_its_author_a_participant(perform, read, entries, process, then, sara):
    submit(perform, process, sara, now=then)
    submit(perform, process, sara, now=then)
    assert count(read, Participation) == 1
    assert read(lambda session: queries.count_proposers(session, process)) == {sara.account_id: 2}


def test_a_delegate_proposes_for_the_organisation(perform, read, entries, drift, process, then, now, sara):
    guild = make_organisation(perform, "Potters’ Guild", Sector.PRIVATE, now=now)
    delegate = replace(sara, delegations=frozenset({guild.public_id}))
    sent = submit(perform, process, delegate, now=then, organisation=guild.public_id, shows_name=False)
    assert reload(read, sent).author_name == "Potters’ Guild"
    entry = entries(sent.ref)[-1]
    assert entry.values["role"] == "delegate"
    told = {name: entry.payload[name] for name in ("proposer", "organisation", "sector", "author")}
    assert told == {
        "proposer": "organisation",
        "organisation": guild.ref,
        "sector": "private",
        "author": "Potters’ Guild",
    }
    assert drift() == []


def test_nobody_proposes_for_an_organisation_that_is_not_theirs(perform, read, process, then, now, sara):
    guild = make_organisation(perform, "Potters’ Guild", Sector.PRIVATE, now=now)
    with pytest.raises(Forbidden, match="not a delegate"):
        submit(perform, process, sara, now=then, organisation=guild.public_id)
    assert count(read, Proposal) == 0


def test_a_closed_phase_refuses_and_leaves_nothing(perform, read, process, sara, now):
    for moment in (day(now, 1), day(now, 21), day(now, 40)):
        with pytest.raises(Conflict):
            submit(perform, process, sara, now=moment)
    assert (count(read, Proposal), count(read, ProposalTag)) == (0, 0)


@pytest.mark.parametrize(
    ("missing", "field"),
    [
        ({"title": "Too short"}, "title"),
        ({"summary": "  "}, "summary"),
        ({"kind": None}, "kind"),
        ({"level": None}, "level"),
        ({"objectives": ()}, "objectives"),
        ({"objectives": ("OBJ-9",)}, "objectives"),
        ({"cost": -1}, "cost"),
        ({"cost": 10**16}, "cost"),
    ],
)
def test_what_is_not_whole_is_not_taken(perform, read, process, then, sara, missing, field):
    with pytest.raises(Invalid) as refusal:
        submit(perform, process, sara, now=then, **missing)
    assert refusal.value.field == field
    assert count(read, Proposal) == 0


def test_what_reorders_or_hides_text_is_removed(perform, read, process, then, sara):
    sent = submit(perform, process, sara, now=then, title="Evening \u202eworkshops\u202c for\u0000 weavers")
    assert reload(read, sent).title == "Evening workshops for weavers"


def test_numbers_have_no_gaps_when_many_people_send_at_once(perform, read, entries, process, then, now):
    people = [person(perform, f"Person{place}", now=now)[1] for place in range(8)]
    with ThreadPoolExecutor(8) as pool:
        sent = list(pool.map(lambda actor: submit(perform, process, actor, now=then), people * 3))
    assert {reload(read, proposal).number for proposal in sent} == set(range(1, 25))
    assert read(lambda session: queries.counts(session, process, now=then)).total == 24


def test_one_form_sent_many_times_at_once_is_one_proposal(perform, read, process, then, sara):
    def send(_place):
        def work(session):
            found = process_to_change(session, process.public_id, actor=sara)
            return operations.submit_proposal(
                session, found, content(), actor=sara, now=then, currency="IRR", key="k" * 22
            )

        return perform(work).public_id

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(send, range(16)))) == 1
    assert count(read, Proposal) == 1


def test_a_withdrawn_proposal_leaves_the_list_and_keeps_its_number(perform, read, entries, drift, process, then, sara):
    sent = submit(perform, process, sara, now=then)
    change(perform, sent, operations.withdraw_proposal, actor=sara, now=then)
    later = submit(perform, process, sara, now=then)
    assert reload(read, sent).status is ProposalState.WITHDRAWN
    assert reload(read, later).number == 2
    assert types(entries, sent) == ["proposal.submitted", "proposal.withdrawn"]
    assert [key.id for key in read(lambda s: queries.browse(s, process, queries.Filters())).keys] == [later.id]
    assert drift() == []


def test_only_the_author_withdraws_and_not_after_the_answer_or_the_vote(perform, process, then, now, sara, leila):
    sent = submit(perform, process, sara, now=then)
    with pytest.raises(Forbidden, match="author"):
        change(perform, sent, operations.withdraw_proposal, actor=leila, now=then)
    with pytest.raises(Conflict, match="vote has begun"):
        change(perform, sent, operations.withdraw_proposal, actor=sara, now=day(now, 36))
    answer(perform, sent, leila, now=then)
    with pytest.raises(Conflict, match="has answered"):
        change(perform, sent, operations.withdraw_proposal, actor=sara, now=then)


def test_an_answer_names_its_official_and_is_mailed_to_the_author(
    perform, read, entries, drift, process, then, sara, leila
):
    sent = submit(perform, process, sara, now=then)
    answer(perform, sent, leila, now=day(then, 1), outcome=Outcome.PARTLY_ADOPTED)
    found = reload(read, sent)
    assert (found.status, found.outcome, found.reason) == (
        ProposalState.ANSWERED,
        Outcome.PARTLY_ADOPTED,
        REASON,
    )
    assert (found.answered_by, found.answered_at) == ("Leila Moradi, Head of culture", day(then, 1))
    entry = entries(sent.ref)[-1]
    assert (entry.values["type"], entry.values["role"]) == ("proposal.answered", "coordinator")
    assert entry.payload["status"] == "answered"
    assert entry.payload["outcome"] == "partly_adopted"
    assert entry.payload["answered_by"] == "Leila Moradi, Head of culture"
    assert entry.payload["answered_at"] == "2026-03-30T08:00:00Z"
    [mail] = read(lambda session: session.scalars(select(OutboxMessage)).all())
    assert (mail.to, mail.template) == ("sara@city.example", "proposal_answered")
    assert mail.data["address"] == PAGE
    assert drift() == []


def test_pressing_the_button_twice_answers_once(perform, read, entries, process, then, sara, leila):
    sent = submit(perform, process, sara, now=then)
    answer(perform, sent, leila, now=then)
    answer(perform, sent, leila, now=then)
    assert types(entries, sent) == ["proposal.submitted", "proposal.answered"]
    assert count(read, OutboxMessage) == 1


def test_a_second_answer_is_refused_and_a_correction_is_a_new_entry(perform, read, entries, process, then, sara, leila):
    sent = submit(perform, process, sara, now=then)
    answer(perform, sent, leila, now=then)
    with pytest.raises(Conflict, match="answered meanwhile"):
        answer(perform, sent, leila, now=then, outcome=Outcome.NOT_ADOPTED)
    change(
        perform,
        sent,
        operations.correct_answer,
        actor=leila,
        now=then,
        outcome=Outcome.NOT_ADOPTED,
        reason=REASON,
        address=PAGE,
    )
    assert reload(read, sent).outcome is Outcome.NOT_ADOPTED
    told = [entry.payload.get("outcome") for entry in entries(sent.ref)]
    assert told == [None, "adopted", "not_adopted"]
    tags = read(lambda s: set(s.scalars(select(ProposalTag.tag).where(ProposalTag.tag.startswith("outcome")))))
    assert tags == {"outcome:not_adopted"}


def test_an_answer_needs_a_reason_and_an_office(perform, read, process, then, sara, leila, now):
    sent = submit(perform, process, sara, now=then)
    with pytest.raises(Invalid) as refusal:
        answer(perform, sent, leila, now=then, reason="Because.")
    assert refusal.value.field == "reason"
    nobody = official(perform, now=now, name="Omid Karimi", function=None)
    with pytest.raises(Conflict, match="function"):
        answer(perform, sent, nobody, now=then)
    with pytest.raises(Forbidden, match="coordinator"):
        answer(perform, sent, sara, now=then)
    assert reload(read, sent).status is ProposalState.SUBMITTED


def test_an_import_is_numbered_in_order_and_logged_one_by_one(perform, read, entries, drift, now):
    rows = [Imported(title=f"Plac zabaw {at}", cost=1000 + at, currency="PLN", language="pl") for at in range(3)]
    elsewhere = process_from_elsewhere(perform, now)

    def work(session):
        found = process_to_change(session, elsewhere.public_id, actor=CITY)
        return operations.import_proposals(session, found, rows, actor=CITY, now=now)

    imported = perform(work)
    assert [(proposal.number, proposal.title, proposal.cost, proposal.currency) for proposal in imported] == [
        (1, "Plac zabaw 0", 1000, "PLN"),
        (2, "Plac zabaw 1", 1001, "PLN"),
        (3, "Plac zabaw 2", 1002, "PLN"),
    ]
    assert types(entries, imported[0]) == ["proposal.imported"]
    shortlist = read(lambda session: [proposal.id for proposal in queries.shortlist_candidates(session, elsewhere)])
    assert shortlist == [proposal.id for proposal in imported]
    assert drift() == []


def test_nothing_is_imported_into_a_process_of_the_citys_own(perform, read, process, now):
    def work(session):
        found = process_to_change(session, process.public_id, actor=CITY)
        return operations.import_proposals(session, found, [Imported(title="Smuggled")], actor=CITY, now=now)

    with pytest.raises(Conflict):
        perform(work)
    assert count(read, Proposal) == 0


def erase(app, perform, person, *, now):
    def work(session):
        account = session.get_one(Account, person.account_id)
        erase_account(session, account, erasers=app.extensions["ucc.erasers"], actor=person, now=now)

    perform(work)


@pytest.mark.parametrize("is_sequenced", [False, True])
def test_erasing_a_person_takes_the_name_and_the_drafts_and_leaves_the_proposals(
    app, perform, read, entries, drift, process, then, now, sara, is_sequenced
):
    """Also where the entry that names the author still waits for its index, as it may on PostgreSQL."""
    sent = submit(perform, process, sara, now=then)
    draft(perform, process, sara, now=then)
    if is_sequenced:
        entries(sent.ref)
    erase(app, perform, sara, now=day(then, 1))
    [left] = read(lambda session: session.scalars(select(Proposal)).all())
    assert (left.public_id, left.author_name, left.title) == (sent.public_id, None, sent.title)
    payload = entries(sent.ref)[0].payload
    assert "author" not in payload
    assert payload["title"] == sent.title
    executed = [entry for entry in entries(process.ref) if entry.values["type"] == "erasure.executed"]
    [position] = [entry.position for entry in entries(sent.ref)]
    assert executed[-1].payload["withheld"] == [[position, "author"]]
    assert drift() == []


@contextmanager
def held_writer(perform):
    """While this lasts, units of work wait: on SQLite they share the next transaction."""
    started, ending = threading.Event(), threading.Event()

    def hold(_session):
        started.set()
        ending.wait(30)

    with ThreadPoolExecutor(1) as pool:
        pool.submit(perform, hold)
        started.wait(30)
        yield
        ending.set()


def in_one_batch(app, perform, *works):
    """Queue these units of work one after the other behind a held writer; the outcome of each."""
    waiting = app.extensions["ucc.door"]._queue
    with ThreadPoolExecutor(len(works)) as pool:
        with held_writer(perform):
            futures = []
            for number, work in enumerate(works, 1):
                futures.append(pool.submit(perform, work))
                while app.extensions["ucc.settings"].is_sqlite and waiting.qsize() < number:
                    threading.Event().wait(0.001)
                if not app.extensions["ucc.settings"].is_sqlite:
                    wait(futures)
        return [future.exception(30) for future in futures]


@pytest.mark.parametrize("fails", [False, True])
def test_a_proposal_sent_in_the_same_batch_as_the_erasure_keeps_no_name(
    app, perform, read, entries, drift, process, then, sara, fails
):
    """SQLite commits up to 64 units of work together, and their entries enter the log at the end."""

    def send(session):
        found = process_to_change(session, process.public_id, actor=sara)
        operations.submit_proposal(session, found, content(), actor=sara, now=then, currency="IRR")

    def go(session):
        account = session.get_one(Account, sara.account_id)
        erase_account(session, account, erasers=app.extensions["ucc.erasers"], actor=sara, now=day(then, 1))
        if fails:
            raise RuntimeError("no")

    def say(session):
        record(session, ProposalEvent.IMPORTED, actor=CITY, subject="proposal/other", process=process.ref, now=then)

    outcomes = in_one_batch(app, perform, send, go, say)
    assert [type(fault) for fault in outcomes] == [type(None), RuntimeError if fails else type(None), type(None)]
    [sent] = read(lambda session: session.scalars(select(Proposal)).all())
    [entry] = entries(sent.ref)
    assert ("author" in entry.payload, sent.author_name is not None) == (fails, fails)
    assert len(entries("proposal/other")) == 1
    executed = [told for told in entries(process.ref) if told.values["type"] == "erasure.executed"]
    assert [told.payload["withheld"] for told in executed] == [] if fails else [[[entry.position, "author"]]]
    assert app.test_cli_runner().invoke(args=["audit", "verify"]).exit_code == 0


def test_the_drift_check_names_a_proposal_that_was_changed_behind_the_log(app, perform, drift, process, then, sara):
    sent = submit(perform, process, sara, now=then)
    with app.app_context():
        from ucc_participate.kernel.db import db

        with db.engine.begin() as connection:
            connection.execute(text("UPDATE proposal SET title = 'Something else entirely'"))
    [fault] = drift()
    assert sent.ref in fault
    assert "title" in fault


def test_counts_that_went_wrong_are_put_right(app, perform, read, process, then, sara):
    submit(perform, process, sara, now=then)
    with app.app_context():
        from ucc_participate.kernel.db import db

        with db.engine.begin() as connection:
            connection.execute(text("UPDATE proposal_count SET proposals = 7 WHERE tag = 'listed'"))
    assert perform(lambda session: operations.recount_tags(session, actor=CITY, now=then)) == 1
    assert read(lambda session: queries.counts(session, process, now=then)).total == 1
