"""Initiatives: where they come from, what goes into them, what the log says before and after the plan is public."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.plan.builders import (
    ADDED,
    BASICS,
    BEGINS,
    SETTINGS,
    WHY,
    add,
    answered_process,
    begin,
    change,
    change_plan,
    freeze,
    reload,
    show,
)
from tests.proposals.making import PAGE, answer, person, proposing_process, submit
from tests.proposals.making import change as alter
from tests.stakeholders.making import ACTORS, drift_faults, make_organisation, told
from ucc_participate.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from ucc_participate.kernel.identity import VISITOR
from ucc_participate.plan import operations, queries
from ucc_participate.plan.models import (
    Basics,
    Beginnings,
    Benefit,
    Budget,
    Effects,
    Foundations,
    IndicatorKind,
    IndicatorText,
    InitiativeState,
    Origin,
    Part,
    Particulars,
    Schedule,
    Together,
)
from ucc_participate.plan.parts import HOLDS, Overtaken, lacking, mark_of, state_of
from ucc_participate.proposals.models import Outcome
from ucc_participate.proposals.operations import correct_answer


@pytest.fixture
def now(clock):
    return clock.now()


@pytest.fixture
def city(perform, now):
    """A process with a plan begun, its coordinator, two adopted proposals."""
    process, leila, proposals, later = answered_process(perform, now)
    begin(perform, process, actor=leila, now=later)
    return process, leila, proposals, later


def last(app: Any, ref: str) -> Any:
    return told(app, subject=ref)[-1]


def test_a_plan_is_begun_once_by_a_coordinator_and_its_entry_is_empty(app, perform, now):
    process, leila, _proposals, later = answered_process(perform, now)
    for name in ("resident", "delegate", "evaluator", "moderator", "clerk"):
        with pytest.raises(Forbidden):
            begin(perform, process, actor=ACTORS[name], now=later)
    plan = begin(perform, process, actor=leila, now=later)
    entry = last(app, plan.ref)
    assert (entry.type, entry.payload, entry.values["process"]) == ("plan.begun", {}, process.ref)
    assert plan.years == [1406, 1407, 1408, 1409, 1410]
    with pytest.raises(Conflict):
        begin(perform, process, actor=leila, now=later)


def test_an_initiative_made_from_proposals_carries_its_lineage_and_empties_the_work_list(app, perform, read, city):
    process, leila, proposals, later = city
    assert read(lambda s: queries.unplanned(s, process).count) == 2
    made = add(perform, process, actor=leila, now=later, sources=proposals)
    kept = reload(read, process, made)
    assert [source.proposal.public_id for source in kept.sources] == [one.public_id for one in proposals]
    assert (kept.origin, kept.added_because) == (Origin.ADOPTED, None)
    assert kept.beneficiaries == ("women", "youth")
    assert read(lambda s: queries.unplanned(s, process).count) == 0
    assert last(app, made.ref).payload == {}


def test_the_work_list_goes_on_by_number_and_a_dropped_initiative_gives_its_proposals_back(perform, read, city):
    process, leila, proposals, later = city
    made = add(perform, process, actor=leila, now=later, sources=proposals)
    change(perform, process, made, operations.drop_initiative, reason=WHY, actor=leila, now=later)
    first = read(lambda s: queries.unplanned(s, process, limit=1))
    second = read(lambda s: queries.unplanned(s, process, after=first.after, limit=1))
    assert [one.public_id for one in first.proposals + second.proposals] == [one.public_id for one in proposals]
    assert (first.count, second.after) == (2, None)


def test_what_was_not_adopted_becomes_no_initiative(perform, now):
    process, leila, proposals, later = answered_process(perform, now)
    begin(perform, process, actor=leila, now=later)
    facts: dict[str, Any] = {"outcome": Outcome.NOT_ADOPTED, "reason": WHY, "address": PAGE}
    alter(perform, proposals[0], correct_answer, actor=leila, now=later + timedelta(hours=1), **facts)
    with pytest.raises(Invalid) as refusal:
        add(perform, process, actor=leila, now=later, sources=proposals[:1])
    assert refusal.value.field == "numbers"


def test_without_a_proposal_a_reason_is_asked_for(perform, read, city):
    process, leila, _proposals, later = city
    with pytest.raises(Invalid) as refusal:
        add(perform, process, actor=leila, now=later, beginnings=Beginnings(added_because="no"))
    assert refusal.value.field == "added_because"
    made = add(perform, process, actor=leila, now=later)
    kept = reload(read, process, made)
    assert (kept.origin, kept.added_because) == (Origin.ADDED, ADDED.added_because)


def test_every_initiative_serves_an_objective(perform, city):
    process, leila, _proposals, later = city
    with pytest.raises(Invalid) as refusal:
        add(perform, process, actor=leila, now=later, basics=replace(BASICS, objectives=()))
    assert refusal.value.field == "objectives"


def test_once_the_plan_is_public_every_state_is_in_the_log_and_tables_agree(app, perform, read, city):
    process, leila, proposals, later = city
    made = add(perform, process, actor=leila, now=later, sources=proposals)
    show(perform, process, actor=leila, now=later)
    weavers = make_organisation(perform, "Weavers of Balarud", now=later)
    run = {"actor": leila, "now": later}
    for part in full_parts(weavers):
        change(perform, process, made, operations.revise_initiative, part, **run)
    change(perform, process, made, operations.add_indicator, OUTPUT, **run)
    change(perform, process, made, operations.add_indicator, IMPACT, **run)
    kept = reload(read, process, made)
    entry = last(app, made.ref)
    assert entry.type == "initiative.revised"
    assert entry.payload == kept.public_payload()
    assert [one["baseline"] for one in entry.payload["indicators"]] == ["0", "12.5"]
    assert entry.payload["costs"] == {"1407": 2_500_000_000}
    assert lacking(kept) == {Part.FOUNDATIONS: ["an asset that it builds on"]}
    assert drift_faults(app) == []


OUTPUT = IndicatorText(
    IndicatorKind.OUTPUT,
    {"en": "Apprentices taught"},
    {"en": "people"},
    Decimal(0),
    Decimal(120),
    data_source={"en": "Rolls of the school"},
    responsible="Culture office",
)
IMPACT = replace(OUTPUT, kind=IndicatorKind.IMPACT, title={"en": "Share who stay"}, baseline=Decimal("12.500"))
STEPS = (({"en": "Hire teachers"}, date(2028, 2, 1)), ({"en": "Open the door"}, date(2028, 1, 1)))


def full_parts(organisation: Any) -> list[Any]:
    effect = {"expected": "positive", "text": {"en": "More work for weavers."}, "indicator": None, "trade_off": {}}
    return [
        replace(BASICS, description={"en": "Forty evenings a year."}),
        Benefit(("youth",), {"en": "Free for everybody."}, {"en": "Article 9 of the city's plan"}, ("11", "4", "8")),
        Effects(dict.fromkeys(("economic", "cultural", "social", "environmental"), effect)),
        Schedule("Culture office", date(2027, 12, 1), date(2029, 3, 1), STEPS),
        Budget({1407: 2_500_000_000, 1408: 0}),
        Together((organisation.public_id,), (), ("The guild of dyers",)),
        Particulars({"AREA-6": {"trainees": "40 a year", "host": "Workshops", "length": "a year"}}),
    ]


def test_a_renamed_partner_keeps_the_name_that_the_plan_gave_it(app, perform, read, city):
    from ucc_participate.stakeholders.models import Organisation

    process, leila, proposals, later = city
    made = add(perform, process, actor=leila, now=later, sources=proposals)
    show(perform, process, actor=leila, now=later)
    weavers = make_organisation(perform, "Weavers of Balarud", now=later)
    change(perform, process, made, operations.revise_initiative, Together((weavers.public_id,)), actor=leila, now=later)
    before = drift_faults(app)

    def rename(session: Any) -> None:
        from tests.stakeholders.making import CITY, details
        from ucc_participate.stakeholders.operations import revise_organisation

        found = session.get_one(Organisation, weavers.id)
        revise_organisation(session, found, details("Weavers of the river"), actor=CITY, now=later)

    perform(rename)
    assert drift_faults(app) == before == []
    partner = reload(read, process, made).partners[0]
    assert (partner.name, partner.shown_name) == ("Weavers of Balarud", "Weavers of the river")


def test_an_initiative_outside_the_four_years_is_refused(perform, city):
    process, leila, _proposals, later = city
    made = add(perform, process, actor=leila, now=later)
    for wrong, field in (
        (Schedule(starts_on=BEGINS - timedelta(days=1)), "starts_on"),
        (Schedule(ends_on=date(2031, 10, 1)), "ends_on"),
        (Schedule(starts_on=date(2029, 1, 1), ends_on=date(2028, 1, 1)), "ends_on"),
        (Schedule(steps=(({"en": "Too late"}, date(2032, 1, 1)),)), "step0_due"),
    ):
        with pytest.raises(Invalid) as refusal:
            change(perform, process, made, operations.revise_initiative, wrong, actor=leila, now=later)
        assert refusal.value.field == field
    last_day = Schedule(starts_on=BEGINS, ends_on=date(2031, 9, 30))
    change(perform, process, made, operations.revise_initiative, last_day, actor=leila, now=later)


def test_a_negative_effect_needs_its_trade_off(perform, read, city):
    process, leila, _proposals, later = city
    made = add(perform, process, actor=leila, now=later)
    effect = {"expected": "negative", "text": {"en": "More lorries in the bazaar."}}
    with pytest.raises(Invalid) as refusal:
        change(
            perform,
            process,
            made,
            operations.revise_initiative,
            Effects({"environmental": effect}),
            actor=leila,
            now=later,
        )
    assert refusal.value.field == "environmental_trade_off"
    whole = effect | {"trade_off": {"en": "Deliveries come before eight only."}}
    change(
        perform, process, made, operations.revise_initiative, Effects({"environmental": whole}), actor=leila, now=later
    )
    assert reload(read, process, made).effects["environmental"]["expected"] == "negative"


def test_two_editors_of_one_part_are_told_and_of_two_parts_are_not(perform, read, city):
    process, leila, _proposals, later = city
    made = add(perform, process, actor=leila, now=later)
    kept = reload(read, process, made)
    basics, benefit = mark_of(state_of(kept, Part.BASICS)), mark_of(state_of(kept, Part.BENEFIT))
    run: dict[str, Any] = {"actor": leila, "now": later}
    change(
        perform, process, made, operations.revise_initiative, replace(BASICS, title={"en": "Looms"}), seen=basics, **run
    )
    change(perform, process, made, operations.revise_initiative, Benefit(("women",)), seen=benefit, **run)
    with pytest.raises(Overtaken):
        change(perform, process, made, operations.revise_initiative, BASICS, seen=basics, **run)
    assert reload(read, process, made).title == {"en": "Looms"}


def test_saying_the_same_again_leaves_no_entry(app, perform, city):
    process, leila, _proposals, later = city
    made = add(perform, process, actor=leila, now=later)
    change(perform, process, made, operations.revise_initiative, BASICS, actor=leila, now=later)
    assert [entry.type for entry in told(app, subject=made.ref)] == ["initiative.added"]


def test_dropping_and_taking_back_have_reasons_that_everybody_reads(app, perform, read, city):
    process, leila, _proposals, later = city
    made = add(perform, process, actor=leila, now=later)
    show(perform, process, actor=leila, now=later)
    run: dict[str, Any] = {"actor": leila, "now": later}
    with pytest.raises(Invalid):
        change(perform, process, made, operations.drop_initiative, reason="no", **run)
    change(perform, process, made, operations.drop_initiative, reason=WHY, **run)
    assert (last(app, made.ref).type, last(app, made.ref).payload["dropped_because"]) == ("initiative.dropped", WHY)
    with pytest.raises(Conflict):
        change(perform, process, made, operations.drop_initiative, reason=WHY, **run)
    back = "A donor has promised the money after all."
    change(perform, process, made, operations.restore_initiative, reason=back, **run)
    assert last(app, made.ref).payload["restored_because"] == back
    assert reload(read, process, made).status is InitiativeState.PLANNED
    assert drift_faults(app) == []


def test_a_frozen_plan_refuses_every_change_and_leaves_nothing(app, perform, read, city):
    process, leila, _proposals, later = city
    made = add(perform, process, actor=leila, now=later)
    freeze(perform, process, actor=leila, now=later)
    run: dict[str, Any] = {"actor": leila, "now": later}
    entries = len(told(app, process=process.ref))
    for operation, args in (
        (operations.revise_initiative, (Benefit(("women",)),)),
        (operations.add_indicator, (OUTPUT,)),
    ):
        with pytest.raises(Conflict):
            change(perform, process, made, operation, *args, **run)
    with pytest.raises(Conflict):
        change(perform, process, made, operations.drop_initiative, reason=WHY, **run)
    with pytest.raises(Conflict):
        add(perform, process, actor=leila, now=later)
    with pytest.raises(Conflict):
        change_plan(perform, process, operations.revise_plan, SETTINGS, **run)
    assert len(told(app, process=process.ref)) == entries


def test_only_coordinators_write_and_a_draft_is_for_staff_and_evaluators(perform, read, city):
    process, leila, _proposals, later = city
    made = add(perform, process, actor=leila, now=later)
    for name in ("resident", "delegate", "evaluator", "moderator", "clerk"):
        with pytest.raises(Forbidden):
            change(perform, process, made, operations.revise_initiative, Benefit(), actor=ACTORS[name], now=later)
    for name in ("evaluator", "moderator", "clerk", "coordinator"):
        assert read(lambda s, n=name: queries.get_initiative(s, process, made.public_id, actor=ACTORS[n], now=later))
    for actor in (VISITOR, ACTORS["resident"], ACTORS["delegate"]):
        with pytest.raises(NotFound):
            read(lambda s, who=actor: queries.get_initiative(s, process, made.public_id, actor=who, now=later))
    show(perform, process, actor=leila, now=later)
    assert read(lambda s: queries.get_initiative(s, process, made.public_id, actor=VISITOR, now=later))


def test_initiatives_change_places_and_the_end_of_the_list_is_the_end(perform, read, city):
    process, leila, _proposals, later = city
    made = [add(perform, process, actor=leila, now=later) for _ in range(3)]
    run: dict[str, Any] = {"actor": leila, "now": later}

    def order() -> list[int]:
        plan = read(lambda s: queries.plan_of(s, process))
        return [each.number for each in read(lambda s: queries.initiatives_of(s, plan))]

    change_plan(perform, process, operations.move_initiative, made[2].public_id, is_up=True, **run)
    assert order() == [1, 3, 2]
    with pytest.raises(Conflict):
        change_plan(perform, process, operations.move_initiative, made[0].public_id, is_up=True, **run)
    assert order() == [1, 3, 2]


def test_another_currency_or_calendar_is_refused_while_amounts_stand_in_the_plan(perform, city):
    from ucc_participate.plan.years import Calendar

    process, leila, _proposals, later = city
    run: dict[str, Any] = {"actor": leila, "now": later}
    made = add(perform, process, **run)
    change_plan(perform, process, operations.revise_plan, replace(SETTINGS, currency="EUR"), **run)
    change_plan(perform, process, operations.revise_plan, SETTINGS, **run)
    change(perform, process, made, operations.revise_initiative, Budget({1407: 5}), **run)
    for other, field in (
        (replace(SETTINGS, currency="EUR"), "currency"),
        (replace(SETTINGS, calendar=Calendar.GREGORIAN), "calendar"),
    ):
        with pytest.raises(Invalid) as refusal:
            change_plan(perform, process, operations.revise_plan, other, **run)
        assert refusal.value.field == field


def test_a_removed_indicator_is_named_by_no_effect_any_more(app, perform, read, city):
    process, leila, _proposals, later = city
    run: dict[str, Any] = {"actor": leila, "now": later}
    made = add(perform, process, **run)
    show(perform, process, **run)
    indicator = change(perform, process, made, operations.add_indicator, OUTPUT, **run)
    effect = {"expected": "positive", "text": {"en": "More work."}, "indicator": indicator.public_id}
    change(perform, process, made, operations.revise_initiative, Effects({"economic": effect}), **run)

    def remove(session: Any, initiative: Any, **by: Any) -> None:
        operations.remove_indicator(session, initiative, initiative.indicators[0], **by)

    change(perform, process, made, remove, **run)
    kept = reload(read, process, made)
    assert (kept.indicators, kept.effects["economic"]["indicator"]) == ([], None)
    assert drift_faults(app) == []


def test_the_parts_hold_every_field_that_people_write(perform, read, city):
    process, leila, _proposals, later = city
    made = add(perform, process, actor=leila, now=later)
    payload = set(reload(read, process, made).public_payload())
    held = {name for names in HOLDS.values() for name in names}
    assert payload - held == {"number", "status", "dropped_because", "restored_because", "indicators"}


def test_what_is_typed_is_checked_against_the_vocabularies(perform, city):
    process, leila, _proposals, later = city
    run: dict[str, Any] = {"actor": leila, "now": later}
    made = add(perform, process, **run)
    for wrong, field in (
        (Benefit(("martians",)), "beneficiaries"),
        (Benefit(sdgs=("18",)), "sdgs"),
        (Foundations(("nothing1",)), "assets"),
        (Together(("nobody23",)), "organisation0"),
        (Together(cities=("nowhere2",)), "cities"),
        (Effects({"social": {"expected": "huge", "text": {"en": "x"}}}), "social_expected"),
        (Budget({1407: -1}), "cost_1407"),
        (replace(BASICS, areas=("AREA-9",)), "areas"),
        (Basics(BASICS.kind, BASICS.level, {}, objectives=("OBJ-1",)), "title"),
    ):
        with pytest.raises(Invalid) as refusal:
            change(perform, process, made, operations.revise_initiative, wrong, **run)
        assert refusal.value.field == field


def test_proposals_are_added_to_an_initiative_later_and_taken_out_again(perform, read, city):
    process, leila, proposals, later = city
    run: dict[str, Any] = {"actor": leila, "now": later}
    made = add(perform, process, sources=proposals[:1], **run)
    both = {proposals[0].public_id: "The evenings", proposals[1].public_id: "The teachers"}
    change(perform, process, made, operations.revise_initiative, Beginnings(both), **run)
    assert [source.how for source in reload(read, process, made).sources] == ["The evenings", "The teachers"]
    change(perform, process, made, operations.revise_initiative, Beginnings({proposals[1].public_id: ""}), **run)
    assert [one.proposal_id for one in reload(read, process, made).sources] == [proposals[1].id]


def test_a_proposal_of_another_process_is_none_of_this_plan(perform, now, city):
    process, leila, _proposals, later = city
    elsewhere, then = proposing_process(perform, now)
    _account, omid = person(perform, "Omid", now=now)
    foreign = submit(perform, elsewhere, omid, now=then)
    answer(perform, foreign, leila, now=later)
    with pytest.raises(Invalid):
        add(perform, process, actor=leila, now=later, sources=[foreign])
