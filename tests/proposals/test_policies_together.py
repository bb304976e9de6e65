"""Who may change, write along, endorse and amend: actor × phase × state."""

from __future__ import annotations

import pytest

from tests.proposals.test_policies import NOW, WHO, but, error, process, proposal, verdicts
from ucc_participate.kernel.errors import Conflict, Forbidden, NotFound, SignInNeeded
from ucc_participate.kernel.identity import Actor, Role
from ucc_participate.processes.models import PhaseKind, ProcessState
from ucc_participate.proposals import policies
from ucc_participate.proposals.models import Amendment, AmendmentState, CoAuthor, CoAuthorState, ProposalState

CO_AUTHOR = Actor("account:8", 8, frozenset({Role.RESIDENT}))
SPEAKER = Actor("account:9", 9, frozenset({Role.RESIDENT}), delegations=frozenset({"union"}))
EVERYBODY = WHO | {"co-author": CO_AUTHOR, "speaker": SPEAKER}
DRAFT, SUBMITTED = ProposalState.DRAFT, ProposalState.SUBMITTED
ANSWERED, WITHDRAWN = ProposalState.ANSWERED, ProposalState.WITHDRAWN
PROPOSE, DISCUSS, VOTE = PhaseKind.PROPOSE, PhaseKind.DISCUSS, PhaseKind.VOTE
AUTHORS = ("author", "co-author", "speaker")
NOBODY = dict.fromkeys(EVERYBODY, Forbidden)
NO_RESIDENTS = {"visitor": SignInNeeded, "evaluator": Forbidden, "system": SignInNeeded}


def shared(state, phase=PROPOSE, status=ProcessState.OPEN):
    """A proposal of the author with two co-authors: a resident, and an organisation."""
    made = proposal(state, phase, status)
    made.co_authors = ("a:8", "o:union")
    return made


def asked(ask, thing):
    return verdicts(lambda actor: ask(actor, thing, now=NOW), EVERYBODY)


def authors(refusal):
    return NOBODY | dict.fromkeys(AUTHORS, refusal)


def test_a_shared_draft_exists_for_its_authors_alone_and_all_of_them_write():
    expected = dict.fromkeys(EVERYBODY, NotFound) | dict.fromkeys(AUTHORS, None)
    assert asked(policies.can_view, shared(DRAFT)) == expected
    assert asked(policies.can_edit, shared(DRAFT)) == expected


@pytest.mark.parametrize("ask", [policies.can_discard, policies.can_send])
def test_who_began_a_draft_sends_it_and_throws_it_away(ask):
    expected = dict.fromkeys(EVERYBODY, NotFound) | dict.fromkeys(AUTHORS, Forbidden) | {"author": None}
    assert asked(ask, shared(DRAFT)) == expected


def test_a_draft_waits_for_those_who_were_asked():
    author = EVERYBODY["author"]
    assert error(policies.can_send(author, shared(DRAFT), now=NOW, waiting=1)) is Conflict
    assert error(policies.can_send(author, shared(DRAFT), now=NOW, waiting=0)) is None


def test_who_began_it_takes_it_back():
    assert asked(policies.can_withdraw, shared(SUBMITTED)) == NOBODY | {"author": None}


@pytest.mark.parametrize(
    ("state", "phase", "refusal"),
    [
        (SUBMITTED, PROPOSE, None),
        (SUBMITTED, DISCUSS, None),
        (SUBMITTED, VOTE, Conflict),
        (SUBMITTED, None, Conflict),
        (ANSWERED, PROPOSE, Conflict),
        (WITHDRAWN, PROPOSE, Conflict),
    ],
)
def test_its_authors_change_what_was_sent_until_it_is_settled(state, phase, refusal):
    assert asked(policies.can_change_text, shared(state, phase)) == authors(refusal)
    assert asked(policies.can_answer_amendment, shared(state, phase)) == authors(refusal)


def test_what_is_on_a_ballot_stays():
    chosen = shared(SUBMITTED)
    chosen.on_ballot_at = NOW
    assert asked(policies.can_change_text, chosen) == authors(Conflict)
    assert error(policies.can_amend(EVERYBODY["resident"], chosen, now=NOW)) is Conflict


def test_a_change_must_be_explained_once_somebody_endorses_or_proposals_are_closed():
    free, endorsed, discussed = shared(SUBMITTED), shared(SUBMITTED), shared(SUBMITTED, DISCUSS)
    endorsed.resident_endorsements = 1
    said = [policies.must_say_what_changed(one, now=NOW) for one in (free, endorsed, discussed)]
    assert said == [False, True, True]


@pytest.mark.parametrize(
    ("state", "phase", "refusal"),
    [
        (SUBMITTED, PROPOSE, None),
        (SUBMITTED, DISCUSS, None),
        (SUBMITTED, VOTE, Conflict),
        (ANSWERED, DISCUSS, Conflict),
        (WITHDRAWN, DISCUSS, Conflict),
    ],
)
def test_residents_but_its_authors_endorse_and_amend(state, phase, refusal):
    expected = dict.fromkeys(EVERYBODY, refusal) | NO_RESIDENTS | dict.fromkeys(AUTHORS, Forbidden)
    assert asked(policies.can_endorse, shared(state, phase)) == expected
    assert asked(policies.can_amend, shared(state, phase)) == expected


def test_a_draft_is_endorsed_by_nobody():
    assert None not in asked(policies.can_endorse, shared(DRAFT)).values()


def test_an_organisation_endorses_through_its_delegates_alone():
    here = proposal(SUBMITTED)
    assert error(policies.can_endorse(SPEAKER, here, now=NOW, organisation="union")) is None
    assert error(policies.can_endorse(SPEAKER, here, now=NOW, organisation="guild")) is Forbidden
    assert error(policies.can_endorse(CO_AUTHOR, here, now=NOW, organisation="union")) is Forbidden


def test_coordinators_lay_down_what_a_proposal_needs_until_the_process_closes():
    allowed = {who: None for who in EVERYBODY if EVERYBODY[who].has(Role.COORDINATOR)}
    assert asked(policies.can_set_rule, process(PROPOSE)) == NOBODY | allowed
    assert None not in asked(policies.can_set_rule, process(None, ProcessState.CLOSED)).values()


def test_an_invitation_is_answered_by_whom_it_names():
    invited = CoAuthor(state=CoAuthorState.INVITED, account_id=20, proposal=proposal(DRAFT))
    friend = Actor("account:20", 20, frozenset({Role.RESIDENT}))
    assert error(policies.can_answer_invitation(friend, invited, now=NOW)) is None
    refused = asked(policies.can_answer_invitation, invited)
    assert refused == but(NOBODY, visitor=SignInNeeded, system=SignInNeeded)


def test_an_invitation_to_an_address_without_account_is_answered_by_whoever_has_its_link():
    invited = CoAuthor(state=CoAuthorState.INVITED, proposal=proposal(DRAFT))
    assert error(policies.can_answer_invitation(CO_AUTHOR, invited, now=NOW)) is None
    assert error(policies.can_answer_invitation(EVERYBODY["author"], invited, now=NOW)) is Forbidden


@pytest.mark.parametrize("state", list(AmendmentState))
def test_a_proposed_change_is_changed_by_who_proposed_it_while_it_waits(state):
    made = Amendment(state=state, author_id=8, proposal=proposal(SUBMITTED))
    expected = NOBODY | {"co-author": None if state is AmendmentState.PROPOSED else Conflict}
    assert asked(policies.can_change_amendment, made) == expected
