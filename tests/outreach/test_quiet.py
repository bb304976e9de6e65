"""Quiet hours, over midnight and within a day, in the zone of the city."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ucc_participate.outreach.quiet import QuietHours

TEHRAN = ZoneInfo("Asia/Tehran")
PARIS = ZoneInfo("Europe/Paris")
HOURS = st.integers(0, 23)
START, END = (datetime.fromisoformat(f"{year}-01-01") for year in (2025, 2027))
MOMENTS = st.datetimes(START, END, timezones=st.just(timezone.utc))


@pytest.mark.parametrize(
    ("hour", "is_quiet"), [(20, False), (21, True), (23, True), (0, True), (7, True), (8, False), (12, False)]
)
def test_the_night_is_quiet_from_evening_to_morning(hour, is_quiet):
    assert QuietHours(21, 8, TEHRAN).covers(datetime(2026, 3, 21, hour, 30, tzinfo=TEHRAN)) is is_quiet


def test_quiet_hours_within_a_day_and_none_at_all():
    noon = datetime(2026, 3, 21, 12, 30, tzinfo=TEHRAN)
    assert QuietHours(12, 14, TEHRAN).covers(noon)
    assert not QuietHours(9, 9, TEHRAN).covers(noon)


def test_what_is_written_at_night_goes_out_in_the_morning_of_the_city():
    night = datetime(2026, 3, 21, 19, 0, tzinfo=timezone.utc)  # 22:30 in Tehran
    assert QuietHours(21, 8, TEHRAN).next_moment(night) == datetime(2026, 3, 22, 4, 30, tzinfo=timezone.utc)
    early = datetime(2026, 3, 22, 1, 0, tzinfo=timezone.utc)  # 04:30 of the same day
    assert QuietHours(21, 8, TEHRAN).next_moment(early) == datetime(2026, 3, 22, 4, 30, tzinfo=timezone.utc)


@given(begins=HOURS, ends=HOURS, moment=MOMENTS)
def test_the_next_moment_is_never_earlier_never_quiet_and_within_a_day(begins, ends, moment):
    for zone in (TEHRAN, PARIS):
        hours = QuietHours(begins, ends, zone)
        found = hours.next_moment(moment)
        assert moment <= found <= moment + timedelta(hours=25)
        assert not hours.covers(found)
