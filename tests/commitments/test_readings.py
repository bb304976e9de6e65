"""Readings: signed, dated, never changed; late ones are flagged, a correction stands beside the first number (K4)."""

from __future__ import annotations

from datetime import date, datetime, timezone
from decimal import Decimal

import pytest

from tests.commitments.making import (
    BEGINS,
    KILNS,
    TRAINED,
    VISITS,
    content,
    correct,
    designate,
    freeze,
    frozen_process,
    official,
    own_faults,
    read_off,
)
from tests.stakeholders.making import ACTORS, staff_browser, told
from ucc_participate.commitments import queries
from ucc_participate.commitments.charts import HEIGHT, trend_of
from ucc_participate.commitments.overview import overview_of
from ucc_participate.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from ucc_participate.kernel.identity import Role

WHY = "Two doors were counted twice."


def noon(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=timezone.utc)


@pytest.fixture
def now(clock):
    return clock.now()


@pytest.fixture
def leila(perform, now):
    return official(perform, now)


@pytest.fixture
def process(perform, now, leila):
    made = frozen_process(perform, now)
    designate(perform, made, on=BEGINS, actor=leila, now=noon(2027, 11, 20))
    return made


def series(app, process, indicator=VISITS, today=date(2030, 1, 1)):
    with app.app_context():
        return overview_of(process, today).find(indicator)


def test_a_reading_is_signed_and_the_log_has_its_number_as_text(app, perform, process, leila):
    made = read_off(perform, process, 1, "210.5", actor=leila, now=noon(2028, 11, 10))
    [entry] = told(app, subject=made.ref)
    assert (entry.type, entry.values["process"]) == ("reading.entered", process.ref)
    assert entry.payload == {
        "initiative": "kilns0000001",
        "indicator": VISITS,
        "period": 1,
        "measured_on": "2028-11-10",
        "value": "210.5",
        "note": "",
        "evidence": "Ticket register",
        "files": [],
        "late_by": 0,
        "signed_by": "Leila Moradi, Head of the culture office",
        "corrects": None,
        "because": None,
    }
    assert own_faults(app) == []


def test_thirty_days_after_its_period_a_reading_is_late(app, perform, process, leila):
    in_time = read_off(perform, process, 1, 210, actor=leila, now=noon(2028, 11, 30))
    late = read_off(perform, process, 2, 260, actor=leila, now=noon(2029, 12, 5))
    assert (in_time.late_by, late.late_by) == (0, 5)
    assert told(app, subject=late.ref)[0].payload["late_by"] == 5


def test_a_reading_that_is_not_there_in_time_is_missing(app, process):
    assert [
        period.number for period in series(app, process, today=date(2028, 11, 30)).missing(date(2028, 11, 30))
    ] == []
    assert [period.number for period in series(app, process).missing(date(2028, 12, 1))] == [1]
    assert [period.number for period in series(app, process).due(date(2028, 10, 31))] == [1]


def test_a_correction_is_a_reading_of_its_own_and_the_first_number_stays(app, perform, read, process, leila):
    first = read_off(perform, process, 1, 210, actor=leila, now=noon(2028, 12, 5))
    second = correct(perform, process, first, 190, WHY, actor=leila, now=noon(2029, 1, 8))
    values = read(lambda s: [(each.value, each.corrects_id) for each in queries.readings_of(s, process)])
    assert values == [(Decimal(210), None), (Decimal(190), first.id)]
    [entry] = told(app, subject=second.ref)
    assert (entry.type, entry.payload["corrects"], entry.payload["because"]) == ("reading.corrected", first.ref, WHY)
    assert second.late_by == first.late_by == 5
    assert series(app, process).last.value == Decimal(190)
    assert [entry.payload["value"] for entry in told(app, subject=first.ref)] == ["210"]
    assert own_faults(app) == []


def test_only_what_stands_is_corrected_and_with_a_reason(perform, process, leila):
    first = read_off(perform, process, 1, 210, actor=leila, now=noon(2028, 11, 10))
    with pytest.raises(Invalid) as refusal:
        correct(perform, process, first, 190, "oops", actor=leila, now=noon(2028, 11, 11))
    assert refusal.value.field == "because"
    second = correct(perform, process, first, 190, WHY, actor=leila, now=noon(2028, 11, 11))
    with pytest.raises(Conflict):
        correct(perform, process, first, 180, WHY, actor=leila, now=noon(2028, 11, 12))
    correct(perform, process, second, 180, WHY, actor=leila, now=noon(2028, 11, 12))


def test_a_period_has_one_first_reading(perform, process, leila):
    read_off(perform, process, 1, 210, actor=leila, now=noon(2028, 11, 10))
    with pytest.raises(Conflict):
        read_off(perform, process, 1, 211, actor=leila, now=noon(2028, 11, 11))


@pytest.mark.parametrize(("period", "indicator"), [(0, VISITS), (5, VISITS), (3, TRAINED), (1, "nobody")])
def test_what_the_plan_does_not_ask_cannot_be_read(perform, process, leila, period, indicator):
    with pytest.raises(NotFound):
        read_off(perform, process, period, 1, actor=leila, now=noon(2028, 11, 10), indicator=indicator)


@pytest.mark.parametrize("value", ["1.2345", "1e15", "-1e15"])
def test_a_number_that_the_database_would_change_is_refused(perform, process, leila, value):
    with pytest.raises(Invalid) as refusal:
        read_off(perform, process, 1, value, actor=leila, now=noon(2028, 11, 10))
    assert refusal.value.field == "value"


def test_whoever_signs_has_a_function(perform, process, clock):
    nobody = official(perform, clock.now(), name="Mina Rahimi", function="")
    with pytest.raises(Conflict):
        read_off(perform, process, 1, 210, actor=nobody, now=noon(2028, 11, 10))


def test_nothing_is_read_before_the_designation(perform, now, leila):
    made = frozen_process(perform, now)
    with pytest.raises(Conflict):
        read_off(perform, made, 1, 210, actor=leila, now=noon(2028, 11, 10))


@pytest.mark.parametrize("who", ["visitor", "delegate", "evaluator", "moderator", "clerk"])
def test_only_coordinators_sign(perform, process, who):
    with pytest.raises(Forbidden):
        read_off(perform, process, 1, 210, actor=ACTORS[who], now=noon(2028, 11, 10))


def test_the_way_to_the_target_counts_from_the_baseline(app, perform, process, leila):
    read_off(perform, process, 1, 300, actor=leila, now=noon(2028, 11, 10))
    assert (series(app, process).way, series(app, process).is_reached) == (Decimal("0.5"), False)
    read_off(perform, process, 2, 500, actor=leila, now=noon(2029, 11, 10))
    assert (series(app, process).way, series(app, process).is_reached) == (Decimal(1), True)


def test_the_picture_has_each_reading_and_the_line_only_what_stands(app, perform, process, leila):
    assert trend_of(series(app, process)) is None
    first = read_off(perform, process, 1, 300, actor=leila, now=noon(2028, 12, 10))
    correct(perform, process, first, 200, WHY, actor=leila, now=noon(2029, 1, 8))
    read_off(perform, process, 2, 500, actor=leila, now=noon(2029, 11, 10))
    trend = trend_of(series(app, process))
    assert trend is not None
    assert trend.target is not None
    assert trend.baseline is not None
    assert [(dot.period, dot.is_old, dot.is_late) for dot in trend.dots] == [
        (1, True, True),
        (1, False, True),
        (2, False, False),
    ]
    assert trend.path.count("L") == 2  # from the baseline to two readings that stand
    assert trend.dots[2].y == trend.target < trend.dots[0].y < trend.dots[1].y < trend.baseline < HEIGHT
    assert [dot.x for dot in trend.dots] == [trend.ticks[0], trend.ticks[0], trend.ticks[1]]


def shorter(**changes):
    """The plan as it was, but its first initiative ends after two years, or has ``changes``."""
    told = content()
    told["initiatives"][KILNS] |= changes or {"ends_on": "2029-10-31"}
    return told


def test_a_period_that_has_not_begun_cannot_be_read(perform, process, leila):
    with pytest.raises(Conflict):
        read_off(perform, process, 4, 5, actor=leila, now=noon(2028, 11, 10))
    read_off(perform, process, 2, 5, actor=leila, now=noon(2028, 11, 1))


@pytest.mark.parametrize("value", ["1000000000000.001", "-1000000000001"])
def test_a_number_that_is_larger_than_a_target_may_be_is_refused(app, perform, process, leila, value):
    with pytest.raises(Invalid):
        read_off(perform, process, 1, value, actor=leila, now=noon(2028, 11, 10))
    read_off(perform, process, 1, "-999999999999.999", actor=leila, now=noon(2028, 11, 10))
    assert own_faults(app) == []


def test_what_was_read_stays_when_a_new_plan_ends_earlier(app, perform, process, leila, clock):
    last = read_off(perform, process, 4, 7, actor=leila, now=noon(2031, 11, 10))
    freeze(perform, process, noon(2031, 11, 12), shorter())
    found = series(app, process, today=date(2031, 11, 13))
    assert [(period.number, period.value) for period in found.periods] == [(1, None), (2, None), (4, 7)]
    assert [period.number for period in found.missing(date(2031, 11, 13))] == [1, 2]
    clock.at = noon(2031, 11, 13)
    browser = staff_browser(app, perform, Role.COORDINATOR, now=clock.now())
    here = f"/staff/processes/{process.public_id}/promises"
    assert browser.get(f"{here}/readings/{last.public_id}/correct").status_code == 200
    assert browser.get(f"{here}/indicators/{VISITS}").status_code == 200


def test_what_was_read_of_an_indicator_that_was_dropped_stays_readable(app, client, perform, process, leila, clock):
    made = read_off(perform, process, 1, 7, actor=leila, now=noon(2028, 11, 10))
    freeze(perform, process, noon(2028, 11, 12), shorter(indicators=[]))
    clock.at = noon(2028, 12, 20)
    page = client.get(f"/p/{process.public_id}/promises/indicators/{VISITS}?lang=en")
    assert (page.status_code, "Visits" in page.text) == (200, True)
    with app.app_context():
        overview = overview_of(process, date(2028, 12, 20))
        assert [each.measured.id for each in overview.series] == [TRAINED]
        assert [period.readings[0].ref for period in overview.dropped[0].periods] == [made.ref]
        assert [each.measured.id for each in overview.missing] == [TRAINED]
    assert f"/indicators/{VISITS}" in client.get(f"/p/{process.public_id}/promises").text
