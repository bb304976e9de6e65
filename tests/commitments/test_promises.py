"""What a frozen plan promises and when its indicators are read: pure."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.commitments.making import BEGINS, KILNS, TRAINED, VISITS, content, indicator, initiative
from ucc_participate.commitments.models import CommitmentKind
from ucc_participate.commitments.promises import duties_of, indicators_of, period_end, promises_of
from ucc_participate.plan.models import Frequency

PLAN_END = date(2031, 10, 31)


def test_every_step_target_and_end_is_a_promise_with_its_day_and_owner():
    told = [(each.kind.value, each.title["en"], each.planned_on, each.owner) for each in promises_of(content())]
    assert told == [
        ("step", "Buy the house", date(2028, 5, 1), "Culture office"),
        ("step", "Light the kiln", date(2029, 5, 1), "Culture office"),
        ("target", "Visits", PLAN_END, "Museum office"),
        ("end", "Kilns", PLAN_END, "Culture office"),
        ("end", "School", date(2029, 10, 31), "Culture office"),
    ]


def test_a_step_is_the_same_promise_wherever_it_stands_and_whenever_it_is_due():
    before = content()
    after = content()
    steps = after["initiatives"][KILNS]["steps"]
    after["initiatives"][KILNS]["steps"] = [steps[1], steps[0] | {"due_on": "2028-09-01"}]
    assert {each.key for each in promises_of(before)} == {each.key for each in promises_of(after)}


def test_two_steps_of_the_same_words_are_two_promises():
    twice = initiative(1, "Kilns", steps=[{"title": {"en": "Meet"}, "due_on": None}] * 2)
    told = promises_of(content(initiatives={KILNS: twice}))
    assert len({each.key for each in told}) == 3


def test_what_was_dropped_is_not_promised():
    dropped = content()
    dropped["initiatives"][KILNS]["status"] = "dropped"
    assert {each.initiative for each in promises_of(dropped)} != {KILNS}
    assert [each.id for each in indicators_of(dropped)] == [TRAINED]


@pytest.mark.parametrize(
    ("frequency", "periods", "first"),
    [
        (Frequency.QUARTERLY, 16, date(2028, 1, 31)),
        (Frequency.HALF_YEARLY, 8, date(2028, 4, 30)),
        (Frequency.YEARLY, 4, date(2028, 10, 31)),
        (Frequency.ONCE, 1, PLAN_END),
    ],
)
def test_an_indicator_is_read_as_often_as_the_plan_says(frequency, periods, first):
    told = content()
    told["initiatives"][KILNS]["indicators"] = [indicator(VISITS, "output", "Visits", frequency=frequency.value)]
    [measured, _other] = indicators_of(told)
    assert (measured.periods, measured.due_on(1), measured.due_on(periods)) == (periods, first, PLAN_END)


def test_the_last_period_ends_with_the_initiative():
    [_visits, trained] = indicators_of(content())
    assert trained.periods == 2
    assert trained.due_on(2) == date(2029, 10, 31)
    assert trained.due_on(2, timedelta(days=3)) == date(2029, 11, 3)


def test_a_period_that_begins_on_the_last_of_a_month_ends_in_every_month():
    assert period_end(date(2027, 8, 31), Frequency.HALF_YEARLY, 1) == date(2028, 2, 28)
    assert period_end(date(2027, 10, 31), Frequency.YEARLY, 1) == date(2028, 10, 30)


def test_membership_asks_for_a_conference_and_a_review_each_year_and_a_report():
    duties = duties_of(BEGINS, owner="Mayor")
    assert [(each.kind, each.year) for each in duties if each.kind is CommitmentKind.CONFERENCE] == [
        (CommitmentKind.CONFERENCE, year) for year in (1, 2, 3, 4)
    ]
    assert len(duties) == 9
    assert duties[-1].planned_on == PLAN_END
