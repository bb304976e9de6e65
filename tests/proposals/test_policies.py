"""Who may do what: actor × phase × state."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from tests.stakeholders.making import ACTORS
from ucc_participate.kernel.decision import Denied
from ucc_participate.kernel.errors import Conflict, Forbidden, NotFound, SignInNeeded
from ucc_participate.kernel.identity import Actor, Role
from ucc_participate.processes.models import Phase, PhaseKind, Process, ProcessState
from ucc_participate.proposals import policies
from ucc_participate.proposals.models import Proposal, ProposalState

NOW = datetime(2026, 4, 1, tzinfo=timezone.utc)
AUTHOR = Actor("account:7", 7, frozenset({Role.RESIDENT}), delegations=frozenset({"guild"}))
WHO = ACTORS | {"author": AUTHOR}
OPEN, CLOSED = ProcessState.OPEN, ProcessState.CLOSED


def process(phase: PhaseKind | None, status: ProcessState = OPEN) -> Process:
    """A process in which this phase is open now: those before it are over, those after it still to come."""
    order = [PhaseKind.INVITE, PhaseKind.PROPOSE, PhaseKind.DISCUSS, PhaseKind.VOTE, PhaseKind.REPORT]
    place = len(order) if phase is None else order.index(phase)
    made = Process(status=status, is_imported=False)
    made.phases = [
        Phase(kind=kind, starts_at=NOW + timedelta(days=at - place), ends_at=NOW + timedelta(days=at - place + 1))
        for at, kind in enumerate(order)
    ]
    return made


def proposal(
    state: ProposalState, phase: PhaseKind | None = PhaseKind.PROPOSE, status: ProcessState = OPEN
) -> Proposal:
    return Proposal(status=state, author_id=AUTHOR.account_id, process=process(phase, status))


def error(decision: object) -> type | None:
    return decision.error if isinstance(decision, Denied) else None


def verdicts(ask, whos=WHO):
    return {who: error(ask(actor)) for who, actor in whos.items()}


NOBODY = dict.fromkeys(WHO, Forbidden)


def but(usual: dict, **others: type | None) -> dict:
    return usual | others


@pytest.mark.parametrize(
    ("phase", "refusal"),
    [
        (PhaseKind.INVITE, Conflict),
        (PhaseKind.PROPOSE, None),
        (PhaseKind.DISCUSS, Conflict),
        (PhaseKind.VOTE, Conflict),
        (PhaseKind.REPORT, Conflict),
        (None, Conflict),
    ],
)
def test_people_propose_while_the_phase_is_open(phase, refusal):
    expected = but(dict.fromkeys(WHO, refusal), visitor=SignInNeeded, evaluator=Forbidden, system=SignInNeeded)
    assert verdicts(lambda actor: policies.can_submit(actor, process(phase), now=NOW)) == expected


@pytest.mark.parametrize("status", [ProcessState.DRAFT, ProcessState.PUBLISHED, CLOSED])
def test_nobody_proposes_in_a_process_that_is_not_open(status):
    here = process(PhaseKind.PROPOSE, status)
    refused = {who: error(policies.can_submit(actor, here, now=NOW)) for who, actor in WHO.items()}
    assert None not in refused.values()
    assert refused["author"] is (NotFound if status is ProcessState.DRAFT else Conflict)


def test_an_organisation_speaks_through_its_delegates_alone():
    here = process(PhaseKind.PROPOSE)
    assert error(policies.can_submit(AUTHOR, here, now=NOW, organisation="guild")) is None
    assert error(policies.can_submit(AUTHOR, here, now=NOW, organisation="chamber")) is Forbidden
    assert error(policies.can_submit(ACTORS["coordinator"], here, now=NOW, organisation="guild")) is Forbidden


def test_a_draft_can_be_begun_before_the_phase_and_kept_after_it_until_the_process_closes():
    for phase in (PhaseKind.INVITE, PhaseKind.PROPOSE, PhaseKind.DISCUSS, None):
        assert error(policies.can_draft(AUTHOR, process(phase), now=NOW)) is None
    assert error(policies.can_draft(AUTHOR, process(None, ProcessState.PUBLISHED), now=NOW)) is None
    assert error(policies.can_draft(AUTHOR, process(None, CLOSED), now=NOW)) is Conflict
    assert error(policies.can_draft(AUTHOR, process(None, ProcessState.DRAFT), now=NOW)) is NotFound


@pytest.mark.parametrize("ask", [policies.can_view, policies.can_edit, policies.can_discard, policies.can_see_receipt])
def test_a_draft_exists_for_its_author_alone(ask):
    expected = but(dict.fromkeys(WHO, NotFound), author=None)
    assert verdicts(lambda actor: ask(actor, proposal(ProposalState.DRAFT), now=NOW)) == expected


@pytest.mark.parametrize("state", [ProposalState.SUBMITTED, ProposalState.ANSWERED, ProposalState.WITHDRAWN])
def test_what_was_sent_is_seen_by_everybody_and_edited_by_nobody(state):
    seen = verdicts(lambda actor: policies.can_view(actor, proposal(state), now=NOW))
    assert seen == dict.fromkeys(WHO, None)
    edited = verdicts(lambda actor: policies.can_edit(actor, proposal(state), now=NOW))
    assert edited == but(NOBODY, author=Conflict)
    receipts = verdicts(lambda actor: policies.can_see_receipt(actor, proposal(state), now=NOW))
    assert receipts == but(NOBODY, author=None)


@pytest.mark.parametrize(
    ("state", "phase", "status", "for_the_author"),
    [
        (ProposalState.SUBMITTED, PhaseKind.PROPOSE, OPEN, None),
        (ProposalState.SUBMITTED, PhaseKind.DISCUSS, OPEN, None),
        (ProposalState.SUBMITTED, PhaseKind.VOTE, OPEN, Conflict),
        (ProposalState.SUBMITTED, PhaseKind.REPORT, OPEN, Conflict),
        (ProposalState.SUBMITTED, PhaseKind.DISCUSS, CLOSED, Conflict),
        (ProposalState.ANSWERED, PhaseKind.PROPOSE, OPEN, Conflict),
        (ProposalState.WITHDRAWN, PhaseKind.PROPOSE, OPEN, Conflict),
    ],
)
def test_the_author_withdraws_until_the_answer_or_the_vote(state, phase, status, for_the_author):
    asked = verdicts(lambda actor: policies.can_withdraw(actor, proposal(state, phase, status), now=NOW))
    assert asked == but(NOBODY, author=for_the_author)


def test_what_is_on_a_ballot_stays_whatever_the_phase():
    on_ballot = proposal(ProposalState.SUBMITTED, PhaseKind.DISCUSS)
    assert error(policies.can_withdraw(AUTHOR, on_ballot, now=NOW)) is None
    on_ballot.on_ballot_at = NOW
    assert verdicts(lambda actor: policies.can_withdraw(actor, on_ballot, now=NOW)) == but(NOBODY, author=Conflict)


@pytest.mark.parametrize("phase", [PhaseKind.PROPOSE, PhaseKind.DISCUSS, PhaseKind.VOTE, PhaseKind.REPORT, None])
def test_coordinators_answer_what_waits_in_every_phase_and_when_answers_are_late(phase):
    asked = verdicts(lambda actor: policies.can_answer(actor, proposal(ProposalState.SUBMITTED, phase), now=NOW))
    assert asked == but(NOBODY, coordinator=None, system=None)


@pytest.mark.parametrize(
    ("state", "status", "answering", "correcting"),
    [
        (ProposalState.SUBMITTED, OPEN, None, Conflict),
        (ProposalState.ANSWERED, OPEN, Conflict, None),
        (ProposalState.WITHDRAWN, OPEN, Conflict, Conflict),
        (ProposalState.SUBMITTED, CLOSED, Conflict, Conflict),
        (ProposalState.ANSWERED, CLOSED, Conflict, Conflict),
    ],
)
def test_answers_are_given_once_and_corrected_while_the_process_is_open(state, status, answering, correcting):
    here = proposal(state, PhaseKind.REPORT, status)
    coordinator = ACTORS["coordinator"]
    assert error(policies.can_answer(coordinator, here, now=NOW)) is answering
    assert error(policies.can_correct(coordinator, here, now=NOW)) is correcting
    assert error(policies.can_correct(AUTHOR, here, now=NOW)) is Forbidden


def test_the_desk_of_answers_is_for_staff_and_evaluators():
    asked = verdicts(lambda actor: policies.can_list_answers(actor, process(PhaseKind.PROPOSE), now=NOW))
    allowed = {who for who, refusal in asked.items() if refusal is None}
    assert allowed == {"evaluator", "moderator", "clerk", "coordinator", "system"}


def test_imports_go_into_imported_processes_by_coordinators():
    elsewhere = process(None, CLOSED)
    elsewhere.is_imported = True
    asked = verdicts(lambda actor: policies.can_import(actor, elsewhere, now=NOW))
    assert asked == but(NOBODY, coordinator=None, system=None)
    own = verdicts(lambda actor: policies.can_import(actor, process(None, CLOSED), now=NOW))
    assert own == but(NOBODY, coordinator=Conflict, system=Conflict)


@pytest.mark.parametrize(("status", "refusal"), [(OPEN, None), (CLOSED, Conflict), (ProcessState.DRAFT, Conflict)])
def test_a_plan_is_taken_into_open_processes_by_coordinators(status, refusal):
    asked = verdicts(lambda actor: policies.can_take_plan(actor, process(None, status), now=NOW))
    assert asked == but(NOBODY, coordinator=refusal, system=refusal)
