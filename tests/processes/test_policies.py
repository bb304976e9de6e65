"""Who may do what with a process: actor × state × phase."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from tests.processes.making import day, description, timetable
from tests.stakeholders.making import ACTORS
from ucc_participate.kernel.decision import Allowed, Denied
from ucc_participate.kernel.errors import Conflict, Forbidden, NotFound
from ucc_participate.processes import policies
from ucc_participate.processes.models import Capability, Phase, PhaseKind, Process, ProcessDocument, ProcessState
from ucc_participate.processes.policies import Requirement

NOW = datetime(2026, 3, 21, tzinfo=timezone.utc)
STATES = list(ProcessState)
DRAFT, PUBLISHED, OPEN, CLOSED = STATES
STAFF = {"moderator", "clerk", "coordinator", "system"}
COORDINATORS = {"coordinator", "system"}


def process(state: ProcessState, **changes: object) -> Process:
    """A complete process with the usual timetable, begun today."""
    told = description(NOW, **changes)
    made = Process(status=state, **{name: getattr(told, name) for name in told.__slots__})
    made.phases = [
        Phase(kind=each.kind, title=each.title, starts_at=each.starts_at, ends_at=each.ends_at)
        for each in timetable(NOW)
    ]
    made.documents = [ProcessDocument(title="Study", sha256="ab" * 32, size=3)]
    return made


def refusal(decision: object) -> type[Forbidden] | None:
    return decision.error if isinstance(decision, Denied) else None


def expected(name: str, state: ProcessState, who: set[str], states: set[ProcessState]) -> type[Forbidden] | None:
    """The refusal: another's draft is not there, the wrong person is forbidden, the wrong state conflicts."""
    if state is DRAFT and name not in STAFF | {"evaluator"}:
        return NotFound
    if name not in who:
        return Forbidden
    return None if state in states else Conflict


MATRIX = {
    "revise": (COORDINATORS, {DRAFT, PUBLISHED}, 0),
    "set_targets": (COORDINATORS, {DRAFT, PUBLISHED}, 0),
    "add_document": (COORDINATORS, {DRAFT, PUBLISHED, OPEN}, 0),
    "remove_document": (COORDINATORS, {DRAFT}, 0),
    "publish": (COORDINATORS, {DRAFT}, 0),
    "open": (COORDINATORS, {PUBLISHED}, 0),
    "extend": (COORDINATORS, {OPEN}, 10),
    "close": (COORDINATORS, {OPEN}, 43),
    "invite": (COORDINATORS | {"clerk"}, {DRAFT, PUBLISHED, OPEN}, 0),
}


@pytest.mark.parametrize("verb", MATRIX)
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", ACTORS)
def test_each_act_has_its_actors_and_its_states(verb, state, name):
    who, states, days = MATRIX[verb]
    decision = getattr(policies, f"can_{verb}")(ACTORS[name], process(state), now=day(NOW, days))
    assert refusal(decision) is expected(name, state, who, states)


@pytest.mark.parametrize("name", ACTORS)
def test_drafts_are_for_staff_and_evaluators(name):
    sees = name in STAFF | {"evaluator"}
    decision = policies.can_view(ACTORS[name], process(DRAFT), now=NOW)
    assert refusal(decision) is (None if sees else NotFound)
    assert all(policies.can_view(ACTORS[name], process(state), now=NOW) for state in (PUBLISHED, OPEN, CLOSED))


@pytest.mark.parametrize("name", ACTORS)
def test_the_desk_is_for_staff_and_new_processes_for_coordinators(name):
    assert bool(policies.can_manage(ACTORS[name], Process, now=NOW)) is (name in STAFF)
    assert bool(policies.can_read_desk(ACTORS[name], Process, now=NOW)) is (name in STAFF | {"evaluator"})
    assert bool(policies.can_create(ACTORS[name], Process, now=NOW)) is (name in COORDINATORS)


@pytest.mark.parametrize("kind", list(PhaseKind))
@pytest.mark.parametrize("days", [0, 10, 25, 38, 50, 70])
def test_a_phase_is_extended_until_it_is_over(kind, days):
    made = process(OPEN)
    phase = made.phase_of(kind)
    allowed = phase is not None and kind is not PhaseKind.INVITE and day(NOW, days) < phase.ends_at
    if phase is not None:
        decision = policies.can_extend(ACTORS["coordinator"], made, now=day(NOW, days), phase=phase)
        assert refusal(decision) is (None if allowed else Conflict)


@pytest.mark.parametrize("days", [0, 10, 25, 38, 41.9, 42, 60])
def test_a_process_closes_once_nobody_can_propose_discuss_or_vote(days):
    decision = policies.can_close(ACTORS["coordinator"], process(OPEN), now=day(NOW, days))
    assert refusal(decision) is (None if days >= 42 else Conflict)


def test_a_refusal_to_close_names_the_phase_that_still_runs(app):
    decision = policies.can_close(ACTORS["coordinator"], process(OPEN), now=day(NOW, 36))
    assert isinstance(decision, Denied)
    with app.app_context():
        assert str(decision.reason).startswith("“Vote” runs until 2 May 2026")


def test_a_refusal_to_open_says_how_many_days_would_be_left(app):
    decision = policies.can_open(ACTORS["coordinator"], process(PUBLISHED), now=day(NOW, 15))
    assert isinstance(decision, Denied)
    with app.app_context():
        assert "would be open for 20 days; at least 21 are promised" in str(decision.reason)


CAN = {
    PhaseKind.INVITE: set(),
    PhaseKind.PROPOSE: {Capability.PROPOSE, Capability.COMMENT, Capability.ATTEND, Capability.ANSWER},
    PhaseKind.DISCUSS: {Capability.COMMENT, Capability.ATTEND, Capability.ANSWER},
    PhaseKind.VOTE: {Capability.VOTE, Capability.ANSWER},
    PhaseKind.REPORT: {Capability.ANSWER},
}


@pytest.mark.parametrize("kind", CAN)
def test_a_phase_opens_its_capabilities_from_its_first_moment_until_its_end(kind):
    running = process(OPEN)
    phase = running.phase_of(kind)
    assert phase is not None
    before, last = phase.starts_at - timedelta(seconds=1), phase.ends_at - timedelta(microseconds=1)
    for moment in (phase.starts_at, last):
        assert {each for each in Capability if running.allows(each, moment)} == CAN[kind]
        others = [process(state) for state in (DRAFT, PUBLISHED, CLOSED)]
        assert not any(other.allows(each, moment) for other in others for each in Capability)
    assert phase not in running.open_phases(before)
    assert phase not in running.open_phases(phase.ends_at)


@pytest.mark.parametrize(
    ("missing", "changes"),
    [
        (Requirement.CREATIVE_FIELD, {"creative_field": None}),
        (Requirement.PURPOSE, {"purpose": {}}),
        (Requirement.SCOPE, {"scope": {}}),
        (Requirement.OPEN_QUESTIONS, {"open_questions": {}}),
        (Requirement.PROMISE_LEVEL, {"promise_level": None}),
        (Requirement.PROMISE, {"promise": {}}),
        (Requirement.ANSWERS_DUE, {"answers_due_at": None}),
        (Requirement.DECISION_MAKER, {"decision_maker": {}}),
        (Requirement.RESPONSIBLE, {"responsible": ""}),
        (Requirement.OPEN_TIME, {"min_open_days": 29}),
    ],
)
def test_each_thing_that_must_be_said_keeps_a_process_from_publication(missing, changes):
    made = process(DRAFT, **changes)
    assert policies.missing_requirements(made, NOW) == [missing]
    assert refusal(policies.can_publish(ACTORS["coordinator"], made, now=NOW)) is Conflict


def test_a_process_needs_a_timetable_and_a_document():
    made = process(DRAFT)
    made.phases, made.documents = [], []
    assert policies.missing_requirements(made, NOW) == [
        Requirement.TIMETABLE,
        Requirement.OPEN_TIME,
        Requirement.DOCUMENTS,
    ]


def test_days_that_have_passed_are_not_promised_again():
    late = day(NOW, 35 - 20)
    assert policies.missing_requirements(process(DRAFT), late) == [Requirement.OPEN_TIME]
    assert isinstance(policies.can_open(ACTORS["coordinator"], process(PUBLISHED), now=day(NOW, 14)), Allowed)
    assert refusal(policies.can_open(ACTORS["coordinator"], process(PUBLISHED), now=late)) is Conflict
