"""Rates, parity, dissimilarity, and who is said to be missing."""

from __future__ import annotations

import pytest

from tests.accounts.making import CITY, entries
from tests.processes.making import REASONS, change, invite_every_sector, make_draft, make_process
from tests.representation.making import census, make_population, take_part
from ucc_participate.processes import operations as processes
from ucc_participate.processes.models import ProcessState, WayIn
from ucc_participate.processes.queries import get_process
from ucc_participate.representation import queries, rates
from ucc_participate.representation.gaps import Kind, gaps
from ucc_participate.representation.population import DEFAULT_BANDS
from ucc_participate.representation.snapshots import Measures


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (5, 10, 0.2366, 0.7634),
        (50, 100, 0.4038, 0.5962),
        (1, 1, 0.2065, 1),
    ],
)
def test_intervals_are_those_that_newcombe_printed(part, whole, low, high):
    found = rates.rate(part, whole)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(("part", "whole"), [(0, 0), (3, 2), (-1, 5)])
def test_there_is_no_rate_of_nobody_or_of_more_than_all(part, whole):
    assert rates.rate(part, whole) is None


def test_parity_is_one_where_the_participants_are_as_the_city():
    as_city, half = rates.parity(50, 100, 500, 1000), rates.parity(25, 100, 500, 1000)
    assert as_city is not None
    assert half is not None
    assert (as_city.value, as_city.is_below) == (1.0, False)
    assert (half.value, half.is_below) == (0.5, True)
    assert rates.parity(5, 10, 0, 10) is None


def test_dissimilarity_is_nothing_for_the_same_spread_and_one_for_strangers():
    assert rates.dissimilarity({"a": 1, "b": 3}, {"a": 100, "b": 300}) == 0
    assert rates.dissimilarity({"a": 4, "b": 0}, {"a": 0, "b": 7}) == 1
    assert rates.dissimilarity({"a": 0}, {"a": 7}) is None


@pytest.mark.parametrize(
    ("born", "oldest", "youngest"),
    [(1995, "30-44", "25-29"), (2000, "25-29", "18-24"), (1990, "30-44", "30-44"), (2020, "0-17", "0-17")],
)
def test_five_years_of_birth_are_counted_in_the_older_band(born, oldest, youngest):
    measures = Measures(DEFAULT_BANDS, {}, 2026)
    assert (measures.age(born), measures.youngest_age(born)) == (oldest, youngest)


def opened(perform, now, targets):
    make_population(perform, now)
    made = make_draft(perform, now)
    change(perform, made, processes.set_targets, targets, now=now)
    change(perform, made, processes.publish_process, now=now)
    change(perform, made, processes.open_process, now=now, reasons=REASONS)
    return made


def found_gaps(read, process, now):
    return read(lambda s: gaps(s, get_process(s, process.public_id, actor=CITY), now=now))


def test_a_district_that_nobody_comes_from_is_missing_and_has_suggestions(perform, read, clock):
    process = opened(perform, clock.now(), {"district:New%20town": 40})
    take_part(perform, process, 60, now=clock.now())
    found = {(gap.group, gap.kind) for gap in found_gaps(read, process, clock.now())}
    assert ("district:New town", Kind.TARGET) in found
    assert ("sex:male", Kind.PARITY) in found
    assert ("district:Old town", Kind.PARITY) not in found
    assert all(gap.suggestions for gap in found_gaps(read, process, clock.now()))


def test_organisations_below_their_target_are_numbers(perform, read, clock):
    process = opened(perform, clock.now(), {"sector:private": 4, "youth_group": 1})
    invite_every_sector(perform, process, now=clock.now())
    found = {gap.group: (gap.reached, gap.wanted, gap.shortfall) for gap in found_gaps(read, process, clock.now())}
    assert found == {"sector:private": (0, 4, 4), "youth_group": (0, 1, 1)}


def test_few_people_are_no_proof_that_a_group_is_missing(perform, read, clock):
    process = opened(perform, clock.now(), {})
    take_part(perform, process, 2, now=clock.now())
    assert [gap.group for gap in found_gaps(read, process, clock.now()) if gap.group == "sex:male"] == []


def test_somebody_who_may_be_under_thirty_is_not_held_against_the_young(perform, read, clock):
    """Born 1995 to 1999: in 2026 between 26 and 31 years old."""
    process = opened(perform, clock.now(), {"age:under_30": 100})
    take_part(perform, process, 20, now=clock.now(), band="25-29")
    young = [gap for gap in found_gaps(read, process, clock.now()) if gap.group == "age:under_30"]
    assert young == []


def test_before_the_opening_nobody_is_missing(perform, read, clock):
    draft = make_draft(perform, clock.now())
    assert found_gaps(read, draft, clock.now()) == []


def test_what_the_log_tells_agrees_with_the_counts(app, perform, read, clock):
    """Participants by way in from their entries; organisations invited, answered, declined from theirs."""
    process = make_process(perform, clock.now(), ProcessState.OPEN)
    invite_every_sector(perform, process, now=clock.now())
    take_part(perform, process, 7, now=clock.now())
    take_part(perform, process, 6, now=clock.now(), way=WayIn.PAPER)
    people = read(lambda s: queries.count_people(s, process))
    organisations = read(lambda s: queries.organisation_stages(s, process))
    counted = {way: sum(each.number for each in people if each.way == way) for way in ("internet", "paper")}
    logged = {"internet": 0, "paper": 0}
    invited = set()
    for entry in entries(app):
        if entry.values["type"] == "participant.joined":
            logged[entry.payload.get("way_in", "internet")] += 1
        elif entry.values["type"] == "stakeholder.invited":
            invited.add(entry.values["subject"])
    assert logged == counted == {"internet": 7, "paper": 6}
    stage = next(each for each in organisations if each.stage == "invited")
    assert stage.cells[0].of == len(invited) == 3


def test_a_population_that_was_changed_in_the_table_is_found(app, perform, clock):
    from sqlalchemy import update

    from ucc_participate.audit import drift
    from ucc_participate.kernel.db import db
    from ucc_participate.representation.models import Population

    make_population(perform, clock.now(), census(each=10))
    assert len(entries(app)) == 1
    with app.app_context():
        with db.engine.begin() as connection:
            connection.execute(update(Population).values(lines=[["female", None, None, 999]]))
        faults = drift.check(db.session())
    assert any("sha256" in fault and fault.startswith("population/") for fault in faults)
