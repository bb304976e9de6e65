"""What follows from the rules and from what is known of a person, and who may do what: matrices."""

from __future__ import annotations

import pytest

from tests.accounts.making import ACTORS
from tests.conftest import START
from ucc_participate.accounts.models import Account
from ucc_participate.eligibility import policies
from ucc_participate.eligibility.models import Method, Rules, Standing, Verification
from ucc_participate.processes.models import Process, ProcessState

OPEN = Rules((), "A neighbourhood in which everybody knows everybody")
PLAIN = Rules()
ADULTS = Rules(min_age=18)
YOUTH = Rules(min_age=12, guardian_below=18)


@pytest.mark.parametrize(
    ("rules", "verified", "born", "guardian", "standing"),
    [
        (OPEN, False, None, False, Standing.OPEN),
        (PLAIN, False, None, False, Standing.UNVERIFIED),
        (PLAIN, True, None, False, Standing.ELIGIBLE),
        (ADULTS, False, 1990, False, Standing.UNVERIFIED),
        (ADULTS, True, None, False, Standing.AGE_UNKNOWN),
        (ADULTS, True, 2009, False, Standing.TOO_YOUNG),
        (ADULTS, True, 2008, False, Standing.ELIGIBLE),
        (YOUTH, True, 2015, True, Standing.TOO_YOUNG),
        (YOUTH, True, 2010, False, Standing.NEEDS_GUARDIAN),
        (YOUTH, True, 2010, True, Standing.ELIGIBLE),
        (YOUTH, True, 2008, False, Standing.ELIGIBLE),
    ],
)
def test_a_person_stands_as_the_rules_say(rules, verified, born, guardian, standing):
    found = rules.standing(is_verified=verified, birth_year=born, has_guardian=guardian, year=2026)
    assert found is standing
    assert found.may_vote is (standing in (Standing.ELIGIBLE, Standing.OPEN))


COORDINATORS = {"system", "coordinator"}
COUNTER = COORDINATORS | {"clerk"}
SIGNED_IN = {"resident", "delegate", "clerk", "moderator", "coordinator", "evaluator"}
STATES = list(ProcessState)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("who", list(ACTORS))
def test_rules_are_set_by_coordinators_before_the_opening_and_things_handed_out_until_the_end(app, who, state):
    actor, process = ACTORS[who], Process(public_id="p", status=state)
    before = state in (ProcessState.DRAFT, ProcessState.PUBLISHED)
    assert bool(policies.can_set_rules(actor, process, now=START)) is (who in COORDINATORS and before)
    running = state is not ProcessState.CLOSED
    assert bool(policies.can_hand_out(actor, process, now=START)) is (who in COORDINATORS and running)
    assert bool(policies.can_see_desk(actor, process, now=START)) is (who in COUNTER)


@pytest.mark.parametrize("state", [ProcessState.PUBLISHED, ProcessState.OPEN, ProcessState.CLOSED])
@pytest.mark.parametrize("who", list(ACTORS))
def test_people_prove_for_themselves_until_the_process_is_closed(app, who, state):
    process = Process(public_id="p", status=state)
    expected = who in SIGNED_IN and state is not ProcessState.CLOSED
    assert bool(policies.can_prove(ACTORS[who], process, now=START)) is expected


@pytest.mark.parametrize("who", list(ACTORS))
def test_clerks_check_others_and_never_themselves(app, who):
    actor = ACTORS[who]
    assert bool(policies.can_check(actor, Account(id=1), now=START)) is (who in COUNTER)
    if actor.account_id is not None:
        assert not policies.can_check(actor, Account(id=actor.account_id), now=START)


@pytest.mark.parametrize("who", list(ACTORS))
def test_a_proof_is_revoked_once_by_a_coordinator(app, who):
    proof = Verification(method=Method.CLERK)
    assert bool(policies.can_revoke(ACTORS[who], proof, now=START)) is (who in COORDINATORS)
    proof.revoked_at = START
    assert not policies.can_revoke(ACTORS[who], proof, now=START)
