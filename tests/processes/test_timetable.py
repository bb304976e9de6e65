"""The rules that phases keep, and the line that shows where a process stands."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from flask_babel import force_locale

from tests.processes.making import day, plan, timetable
from ucc_participate.kernel.errors import Invalid
from ucc_participate.processes.models import Phase, PhaseKind, Process, ProcessState
from ucc_participate.processes.timetable import (
    PhasePlan,
    check_open_time,
    check_timetable,
    day_begins,
    day_ends,
    days_left,
    default_title,
    open_days,
    phase_line,
    shifted,
)

NOW = datetime(2026, 3, 21, tzinfo=timezone.utc)
KINDS = {kind.value: kind for kind in PhaseKind}


def plans(*spans: tuple[str, float, float]) -> list[PhasePlan]:
    return [plan(KINDS[kind], day(NOW, start), day(NOW, end)) for kind, start, end in spans]


def process(state: ProcessState, planned: list[PhasePlan]) -> Process:
    made = Process(status=state)
    made.phases = [
        Phase(kind=each.kind, title=each.title, starts_at=each.starts_at, ends_at=each.ends_at) for each in planned
    ]
    return made


@pytest.mark.parametrize(
    "spans",
    [
        [],
        [("propose", 0, 21)],
        [("propose", 0, 21), ("discuss", 21, 40)],
        [("discuss", 30, 40), ("propose", 0, 21)],
        [("invite", 0, 1), ("propose", 5, 9), ("answer", 9, 12), ("vote", 12, 13), ("report", 20, 21)],
        [("vote", 5, 8), ("answer", 8, 20)],
    ],
)
def test_phases_may_follow_each_other_with_and_without_pauses(spans):
    check_timetable(plans(*spans))


@pytest.mark.parametrize(
    ("spans", "at_fault"),
    [
        ([("propose", 5, 5)], "propose"),
        ([("propose", 0, 21), ("vote", 30, 29)], "vote"),
        ([("propose", 0, 21), ("discuss", 20.99, 40)], "discuss"),
        ([("propose", 0, 40), ("discuss", 10, 20)], "discuss"),
        ([("propose", 0, 21), ("discuss", 0, 21)], "discuss"),
        ([("vote", 0, 10), ("propose", 20, 41)], "propose"),
        ([("discuss", 0, 10), ("propose", 20, 41)], "propose"),
        ([("report", 0, 10), ("vote", 20, 41)], "vote"),
        ([("propose", 0, 21), ("invite", 22, 23)], "invite"),
    ],
)
def test_a_timetable_that_makes_no_sense_names_the_phase_at_fault(spans, at_fault):
    with pytest.raises(Invalid) as fault:
        check_timetable(plans(*spans))
    assert fault.value.field == at_fault


def test_days_to_propose_and_to_discuss_count_as_open_and_others_do_not():
    assert open_days(timetable(NOW)) == 28
    assert open_days(timetable(NOW), since=day(NOW, 10)) == 25
    assert open_days(timetable(NOW), since=day(NOW, 100)) == 0


def test_an_hour_lost_to_a_change_of_clocks_costs_no_day():
    planned = [plan(PhaseKind.PROPOSE, NOW, day(NOW, 21) - timedelta(hours=1))]
    check_open_time(planned, at_least=21)
    planned = [plan(PhaseKind.PROPOSE, NOW, day(NOW, 21) - timedelta(hours=2))]
    with pytest.raises(Invalid):
        check_open_time(planned, at_least=21)


def test_too_short_an_open_time_is_refused_and_no_plan_yet_is_not():
    check_open_time([], at_least=21)
    check_open_time(plans(("vote", 0, 2)), at_least=21)
    with pytest.raises(Invalid) as fault:
        check_open_time(plans(("propose", 0, 10), ("discuss", 12, 22)), at_least=21)
    assert fault.value.field == "propose"


def test_an_extension_pushes_only_what_is_in_its_way():
    planned = plans(("propose", 0, 21), ("discuss", 21, 30), ("vote", 35, 40), ("report", 60, 61))
    made = process(ProcessState.OPEN, planned)
    moved = shifted(made.phases, made.phases[0], day(NOW, 24))
    assert moved == {PhaseKind.DISCUSS: (day(NOW, 24), day(NOW, 33))}
    moved = shifted(made.phases, made.phases[0], day(NOW, 29))
    assert moved == {
        PhaseKind.DISCUSS: (day(NOW, 29), day(NOW, 38)),
        PhaseKind.VOTE: (day(NOW, 38), day(NOW, 43)),
    }


LINE = plans(("invite", 0, 5), ("propose", 5, 26), ("vote", 30, 40))


@pytest.mark.parametrize(
    ("state", "days", "line"),
    [
        (ProcessState.DRAFT, 6, ["done", "next", "next"]),
        (ProcessState.PUBLISHED, 1, ["open", "next", "next"]),
        (ProcessState.PUBLISHED, 6, ["done", "next", "next"]),
        (ProcessState.OPEN, 1, ["open", "next", "next"]),
        (ProcessState.OPEN, 5, ["done", "open", "next"]),
        (ProcessState.OPEN, 26, ["done", "done", "next"]),
        (ProcessState.OPEN, 39, ["done", "done", "open"]),
        (ProcessState.OPEN, 40, ["done", "done", "done"]),
        (ProcessState.CLOSED, 1, ["done", "done", "done"]),
    ],
)
def test_the_line_says_what_is_done_open_and_next(app, state, days, line):
    with app.app_context():
        assert [mark.state for mark in phase_line(process(state, LINE), day(NOW, days))] == line


def test_the_line_speaks_the_readers_language_and_falls_back(app):
    made = process(ProcessState.OPEN, LINE)
    made.phases[0].title = {"fa": "دعوت", "fr": "Invitation"}
    made.phases[1].title = {}
    with app.app_context(), force_locale("fr"):
        titles = [str(mark.title) for mark in phase_line(made, NOW)]
        assert titles[0] == "Invitation"
        assert titles[1]
    with app.app_context(), force_locale("en"):
        first, second, _third = phase_line(made, NOW)
    assert (str(first.title), first.title.locale) == ("دعوت", "fa")
    assert str(second.title) == "Proposals"


def test_the_last_day_shown_belongs_to_the_phase_and_days_left_are_whole(app):
    with app.app_context():
        mark = phase_line(process(ProcessState.OPEN, LINE), day(NOW, 5.5))[1]
    assert mark.ends_at.date() == day(NOW, 25).date()
    assert mark.days_left == 21, "it ends at 03:30 in Tehran, and that day belongs to it"


def test_days_left_are_days_of_the_city_and_the_last_one_has_none(app):
    last = datetime(2026, 4, 20, tzinfo=timezone.utc).date()
    with app.app_context():
        for ends_at in (day_ends(last), day_ends(last) - timedelta(hours=4)):
            assert days_left(ends_at, day_ends(last - timedelta(days=6)) - timedelta(minutes=3)) == 6
            assert days_left(ends_at, day_begins(last - timedelta(days=6))) == 6
            assert days_left(ends_at, day_begins(last)) == 0


def test_a_phase_has_a_title_in_every_language(app):
    with app.app_context():
        assert default_title(PhaseKind.VOTE)["en"] == "Vote"
        assert set(default_title(PhaseKind.VOTE)) == {"fa", "en", "fr"}
