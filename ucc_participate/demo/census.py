"""The invented population of the demonstration city, by sex, age and district, and its organisations by sector."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from ..kernel.db import perform
from ..representation import publishing
from ..representation.operations import Source, add_population
from ..representation.population import DEFAULT_BANDS, Census, Line
from .city import OFFICE, City, text
from .people import DISTRICTS, OFFICIALS

HOMES = (7_900, 5_400, 8_600, 9_800, 8_200, 4_700, 3_900)
"""People in each district, in the order of DISTRICTS."""
SHARES = (0.265, 0.105, 0.085, 0.275, 0.170, 0.100)
"""Of each age band of DEFAULT_BANDS."""
SECTORS = {"public": 64, "private": 1_870, "civil_society": 143}
PUBLISHED_ON = (-60, -30, -9, -1)


def count(city: City) -> None:
    """Enter the table before any process opens, and publish figures on some days."""
    city.days.plan(city.days.moment(-340, minutes=540), partial(_enter, city))
    for day in PUBLISHED_ON:
        city.days.plan(city.days.moment(day, minutes=1_300), partial(_publish, city))


def _enter(city: City, at: datetime) -> None:
    official = city.people[OFFICIALS["planning"]]
    words = "سرشماری ساختگی سپیدرود برای نسخهٔ نمایشی"
    source = Source(words, city.days.today.year - 5, None, official.official_name)
    perform(lambda session: add_population(session, _census(), source, actor=OFFICE, now=at))


def _census() -> Census:
    districts = [district for district in DISTRICTS if district is not None]
    lines = [
        Line(sex, band, district, round(people * share * half))
        for district, people in zip(districts, HOMES, strict=True)
        for band, share in zip(DEFAULT_BANDS, SHARES, strict=True)
        for sex, half in (("female", 0.497), ("male", 0.503))
    ]
    return Census(tuple(lines), SECTORS)


def _publish(city: City, at: datetime) -> None:
    """What the daily job does: figures of every process that is open on this day."""
    for name, facts in text("processes").items():
        is_open = "opened" in facts and "closed" not in facts and city.days.moment(facts["opened"]) < at
        if is_open and name in city.processes:
            publishing.publish(city.processes[name], actor=OFFICE, now=at)
