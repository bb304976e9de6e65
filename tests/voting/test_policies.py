"""Who may do what with a vote: actor × state × time, the first refusal wins."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from itertools import product

import pytest

from tests.stakeholders.making import ACTORS
from ucc_participate.kernel.decision import Denied
from ucc_participate.kernel.errors import Conflict, Forbidden, NotFound, SignInNeeded
from ucc_participate.kernel.identity import Role
from ucc_participate.processes.models import Phase, PhaseKind, Process, ProcessState
from ucc_participate.voting import policies
from ucc_participate.voting.models import Franchise, Vote, VoteState

OPENS = datetime(2026, 4, 26, 8, tzinfo=timezone.utc)
CLOSES = OPENS + timedelta(days=4)
SECOND = timedelta(seconds=1)
TIMES = {
    "before": OPENS - SECOND,
    "at opening": OPENS,
    "at the last second": CLOSES - SECOND,
    "at closing": CLOSES,
    "after": CLOSES + timedelta(days=1),
}
DURING = ("at opening", "at the last second")
GUILD = "guild"
SPEAKER = replace(ACTORS["delegate"], delegations=frozenset({GUILD}))
WHO = ACTORS | {"speaker": SPEAKER}
COORDINATORS = ("coordinator", "system")
INDIVIDUAL, ORGANISATION = Franchise.INDIVIDUAL, Franchise.ORGANISATION
ANNOUNCED, OPEN, CLOSED = VoteState.ANNOUNCED, VoteState.OPEN, VoteState.CLOSED


def vote(state: VoteState = OPEN, franchise: Franchise = INDIVIDUAL) -> Vote:
    made = Vote(status=state, franchise=franchise, opens_at=OPENS, closes_at=CLOSES)
    made.result = {"ballots": 0} if state is CLOSED else None
    return made


def error(decision: object) -> type | None:
    return decision.error if isinstance(decision, Denied) else None


def table(ask, franchise: Franchise = INDIVIDUAL) -> dict[tuple[str, str, str], type | None]:
    """The verdict of every combination of actor, state and time."""
    cells = product(WHO, VoteState, TIMES)
    return {
        (who, state.value, time): error(ask(WHO[who], vote(state, franchise), now=TIMES[time]))
        for who, state, time in cells
    }


def allowed_to(verdicts) -> set[tuple[str, str, str]]:
    return {cell for cell, refusal in verdicts.items() if refusal is None}


def cells(whos, states, times) -> set[tuple[str, str, str]]:
    return {(who, state.value, time) for who, state, time in product(whos, states, times)}


def test_a_coordinator_opens_what_is_announced_within_its_time():
    verdicts = table(policies.can_open)
    assert allowed_to(verdicts) == cells(COORDINATORS, [ANNOUNCED], DURING)
    assert {verdicts[who, "announced", "at opening"] for who in WHO if who not in COORDINATORS} == {Forbidden}
    refused = [(OPEN, "at opening"), (CLOSED, "after"), (ANNOUNCED, "before"), (ANNOUNCED, "at closing")]
    assert {verdicts["coordinator", state.value, time] for state, time in refused} == {Conflict}


def test_a_coordinator_closes_what_is_open_never_before_its_time():
    verdicts = table(policies.can_close)
    assert allowed_to(verdicts) == cells(COORDINATORS, [OPEN], ["at closing", "after"])
    assert {verdicts[who, "open", "after"] for who in WHO if who not in COORDINATORS} == {Forbidden}
    refused = [(OPEN, "at the last second"), (ANNOUNCED, "after"), (CLOSED, "after")]
    assert {verdicts["coordinator", state.value, time] for state, time in refused} == {Conflict}


@pytest.mark.parametrize("ask", [policies.can_extend, policies.can_extend_roll])
def test_a_coordinator_extends_what_is_open_until_it_closes(ask):
    verdicts = table(ask)
    assert allowed_to(verdicts) == cells(COORDINATORS, [OPEN], ["before", *DURING])
    assert {verdicts[who, "open", "at opening"] for who in WHO if who not in COORDINATORS} == {Forbidden}
    assert verdicts["coordinator", "open", "at closing"] is Conflict


def test_the_roll_of_organisations_is_extended_by_nobody():
    assert allowed_to(table(policies.can_extend_roll, ORGANISATION)) == set()
    assert table(policies.can_extend_roll, ORGANISATION)["coordinator", "open", "at opening"] is Conflict
    assert allowed_to(table(policies.can_extend, ORGANISATION)) == cells(COORDINATORS, [OPEN], ["before", *DURING])


def test_whoever_is_signed_in_casts_while_the_vote_is_open():
    verdicts = table(policies.can_cast)
    people = [who for who, actor in WHO.items() if actor.is_signed_in]
    assert allowed_to(verdicts) == cells(people, [OPEN], DURING)
    assert {verdicts[who, "open", "at opening"] for who in ("visitor", "system")} == {SignInNeeded}
    refused = [(OPEN, "at closing"), (ANNOUNCED, "at opening"), (CLOSED, "at opening"), (OPEN, "before")]
    assert {verdicts["resident", state.value, time] for state, time in refused} == {Conflict}


def test_nobody_casts_a_secret_ballot_in_a_vote_of_organisations_nor_the_other_way_round():
    assert allowed_to(table(policies.can_cast, ORGANISATION)) == set()
    assert table(policies.can_cast, ORGANISATION)["resident", "open", "at opening"] is NotFound
    assert allowed_to(table(for_the_guild)) == set()
    assert table(for_the_guild)["speaker", "open", "at opening"] is NotFound


def for_the_guild(actor, vote, *, now):
    return policies.can_cast_for(actor, vote, now=now, organisation=GUILD)


def test_only_a_delegate_of_the_organisation_casts_its_ballot():
    verdicts = table(for_the_guild, ORGANISATION)
    assert allowed_to(verdicts) == cells(["speaker"], [OPEN], DURING)
    assert {verdicts[who, "open", "at opening"] for who in ("visitor", "system")} == {SignInNeeded}
    others = [who for who in WHO if who not in ("visitor", "system", "speaker")]
    assert {verdicts[who, "open", "at opening"] for who in others} == {Forbidden}
    assert verdicts["speaker", "open", "at closing"] is Conflict


def test_a_mandate_for_one_organisation_is_none_for_another():
    decision = policies.can_cast_for(SPEAKER, vote(OPEN, ORGANISATION), now=OPENS, organisation="chamber")
    assert error(decision) is Forbidden


@pytest.mark.parametrize("franchise", list(Franchise))
def test_nobody_staff_included_sees_a_total_before_the_vote_is_closed(franchise):
    verdicts = table(policies.can_see_result, franchise)
    assert allowed_to(verdicts) == cells(WHO, [CLOSED], TIMES)
    assert {refusal for refusal in verdicts.values() if refusal is not None} == {Conflict}


def test_a_closed_vote_without_a_count_shows_nothing():
    uncounted = vote(CLOSED)
    uncounted.result = None
    assert error(policies.can_see_result(WHO["coordinator"], uncounted, now=CLOSES)) is Conflict


def test_everybody_sees_that_there_is_a_vote():
    assert allowed_to(table(policies.can_view)) == cells(WHO, VoteState, TIMES)


# --- announcing: actor × state of the process × time


def process(status: ProcessState, *kinds: PhaseKind) -> Process:
    made = Process(status=status)
    made.phases = [Phase(kind=kind, starts_at=OPENS, ends_at=CLOSES) for kind in kinds]
    return made


def announcing(status: ProcessState, *kinds: PhaseKind, now: datetime = OPENS) -> dict[str, type | None]:
    here = process(status, *kinds)
    return {who: error(policies.can_announce_in(actor, here, now=now)) for who, actor in WHO.items()}


@pytest.mark.parametrize("time", TIMES)
@pytest.mark.parametrize("status", list(ProcessState))
def test_a_coordinator_announces_in_an_open_process_until_its_voting_phase_is_over(status, time):
    is_in_time = time in ("before", *DURING)
    expected: dict[str, type | None] = dict.fromkeys(WHO, Forbidden)
    for who in COORDINATORS:
        expected[who] = None if status is ProcessState.OPEN and is_in_time else Conflict
    assert announcing(status, PhaseKind.PROPOSE, PhaseKind.VOTE, now=TIMES[time]) == expected


def test_nothing_is_announced_where_the_timetable_has_no_voting_phase():
    assert announcing(ProcessState.OPEN, PhaseKind.PROPOSE, PhaseKind.DISCUSS)["coordinator"] is Conflict


def test_who_is_coordinator_and_resident_has_both_rights():
    assert WHO["coordinator"].has(Role.RESIDENT)
    assert policies.can_extend(WHO["coordinator"], vote(), now=OPENS)
    assert policies.can_cast(WHO["coordinator"], vote(), now=OPENS)
