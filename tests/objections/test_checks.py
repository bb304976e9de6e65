"""What an evaluator would object to, from facts alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.conftest import START
from ucc_participate.objections import checks, wording
from ucc_participate.objections.checks import Standing
from ucc_participate.objections.facts import Facts, Gatherings, Moderated
from ucc_participate.processes.models import Phase, PhaseKind, Process, ProcessDocument, ProcessState, PromiseLevel
from ucc_participate.processes.queries import GroupPresence
from ucc_participate.proposals.queries import Counts
from ucc_participate.representation.queries import Cell, Presence, Stage
from ucc_participate.stakeholders.queries import NominationCounts
from ucc_participate.vocabularies.uccn import AREAS, OBJECTIVES, CreativeField, Sector
from ucc_participate.voting.models import Vote, VoteState

SECTORS = [f"sector:{sector.value}" for sector in Sector]
GROUPS = [*SECTORS, "womens_group", "youth_group"]


def day(number: float):
    return START + timedelta(days=number)


def process(**changes) -> Process:
    """An open process with everything said, published ten days before it opened."""
    facts = {
        "public_id": "p",
        "title": {"en": "A city of crafts"},
        "creative_field": CreativeField.CRAFTS,
        "purpose": {"en": "Prepare together"},
        "scope": {"en": "Four years"},
        "open_questions": {"en": "Everything"},
        "promise_level": PromiseLevel.INVOLVE,
        "promise": {"en": "An answer to each"},
        "answers_due_at": day(80),
        "decision_maker": {"en": "The council"},
        "responsible": "Leila Moradi",
        "min_open_days": 21,
        "targets": {"sex:female": 45, "age:under_30": 30},
        "status": ProcessState.OPEN,
        "published_at": day(-10),
        "opened_at": day(0),
        "phases": [
            Phase(kind=PhaseKind.PROPOSE, title={}, starts_at=day(0), ends_at=day(30)),
            Phase(kind=PhaseKind.VOTE, title={}, starts_at=day(40), ends_at=day(50)),
        ],
        "documents": [ProcessDocument(title="Study", sha256="ab" * 32, size=1)],
    }
    return Process(**facts | changes)


def organisations(counts: dict[str, int]) -> Stage:
    return Stage("present", tuple(Cell(group, counts.get(group, 0), 9) for group in GROUPS))


def people(female: int | None, male: int | None, young: int | None, older: int | None, everybody: int) -> Stage:
    cells = {"all": everybody, "sex:female": female, "sex:male": male, "sex:other": 0}
    cells |= {"age:under_30": young, "age:30_plus": older}
    return Stage("joined", tuple(Cell(group, count, everybody) for group, count in cells.items()))


def facts(**changes) -> Facts:
    """A process to which nobody could object, but for what it cannot know."""
    present = organisations(dict.fromkeys(GROUPS, 3))
    known = {
        "process": process(),
        "now": day(35),
        "groups": {group: GroupPresence(group, 4, 3, 0, 3, None) for group in GROUPS},
        "presence": Presence((present,), (people(50, 50, 40, 60, 100),), {}),
        "overrides": 0,
        "proposals": Counts(total=9, answered=9, overdue=0),
        "objectives": dict.fromkeys(OBJECTIVES, 1),
        "areas": dict.fromkeys(AREAS, 1),
        "votes": [],
        "participants": 100,
        "assisted": 12,
        "gatherings": Gatherings(in_person=3, online=1, without_minutes=0, to_come=0),
        "moderated": Moderated(withheld=2, bare=0, overdue=0, appeals_open=0, appeals_decided=1),
        "heard": dict.fromkeys(Sector, 2),
        "late": 0,
        "dissents": 1,
        "hidden_dissents": 0,
        "entries": {"process.published": (3,), "roll.frozen": (40,), "gate.overridden": (7, 9)},
        "nominations": NominationCounts(waiting=1, answered=4, overdue=0),
        "log_size": 90,
        "sealed_size": 90,
    }
    return Facts(**known | changes)


def standing(check: str, **changes) -> Standing:
    """How one question stands, named by its function."""
    return finding(check, **changes).standing


def finding(check: str, **changes) -> checks.Finding:
    [asked] = [one for one in checks.CHECKS if one.__name__ == check]
    return asked(facts(**changes))


def groups_without(group: str) -> dict[str, GroupPresence]:
    found = facts().groups
    return {**found, group: replace(found[group], invited=0)}


def test_a_process_that_did_everything_meets_everything_but_what_a_server_cannot_know():
    found = checks.find(facts())
    assert {each.standing for each in found} == {Standing.WARNING, Standing.LATER, Standing.MET}
    assert [each.rule for each in found if each.standing is Standing.WARNING] == ["P11"]
    assert all(each.todo for each in found if each.standing in (Standing.OBJECTION, Standing.WARNING))


def test_objections_come_first_and_every_question_is_answered_once():
    found = checks.find(facts(groups=groups_without("sector:private"), sealed_size=1))
    order = list(Standing)
    assert [order.index(each.standing) for each in found] == sorted(order.index(each.standing) for each in found)
    assert len(found) == len(checks.CHECKS)
    assert len({str(each.asks) for each in found}) == len(found)


ENDED = process(status=ProcessState.CLOSED)
MATRIX = [
    ("a_named_person_is_responsible", {"process": process(responsible="")}, Standing.OBJECTION),
    ("the_promise_is_complete", {"process": process(opened_at=None, purpose={})}, Standing.OBJECTION),
    ("the_promise_is_complete", {}, Standing.MET),
    ("people_had_notice", {"process": process(published_at=None)}, Standing.LATER),
    ("people_had_notice", {"process": process(published_at=day(-2))}, Standing.WARNING),
    ("there_is_enough_time", {"process": process(min_open_days=40)}, Standing.OBJECTION),
    ("the_question_is_open", {"process": process(open_questions={})}, Standing.OBJECTION),
    ("the_question_is_open", {"process": process(opened_at=None)}, Standing.OBJECTION),
    ("every_sector_is_invited", {"groups": groups_without("sector:civil_society")}, Standing.OBJECTION),
    ("every_sector_takes_part", {"process": process(opened_at=None)}, Standing.LATER),
    ("no_gate_was_passed", {"overrides": 2}, Standing.WARNING),
    ("targets_were_set", {"process": process(targets={})}, Standing.WARNING),
    ("targets_were_set", {"process": process(targets={}, opened_at=None)}, Standing.OBJECTION),
    ("there_is_a_way_without_internet", {"assisted": 0}, Standing.WARNING),
    ("nominations_are_answered", {}, Standing.MET),
    ("nominations_are_answered", {"nominations": NominationCounts(0, 0, 0)}, Standing.WARNING),
    ("nominations_are_answered", {"nominations": NominationCounts(3, 2, 1)}, Standing.OBJECTION),
    ("womens_groups_are_invited", {"groups": groups_without("womens_group")}, Standing.OBJECTION),
    ("youth_groups_are_invited", {"groups": groups_without("youth_group")}, Standing.OBJECTION),
    ("every_objective_has_a_proposal", {"objectives": {"OBJ-1": 4}}, Standing.WARNING),
    ("every_area_has_a_proposal", {"areas": {}}, Standing.WARNING),
    ("every_proposal_is_answered", {"proposals": Counts(9, 4, 5)}, Standing.OBJECTION),
    ("every_proposal_is_answered", {"proposals": Counts(9, 4, 0)}, Standing.LATER),
    ("every_proposal_is_answered", {"proposals": Counts(0, 0, 0)}, Standing.LATER),
    ("answers_come_in_time", {"late": 2}, Standing.WARNING),
    ("answers_come_in_time", {"proposals": Counts(9, 0, 0)}, Standing.LATER),
    ("dissent_is_kept", {"hidden_dissents": 1}, Standing.WARNING),
    ("dissent_is_kept", {"dissents": 0}, Standing.MET),
    ("dissent_is_kept", {"dissents": 0, "proposals": Counts(9, 0, 0)}, Standing.LATER),
    ("people_met", {"gatherings": Gatherings(0, 0, 0, 1)}, Standing.LATER),
    ("people_met", {"gatherings": Gatherings(0, 0, 0, 0)}, Standing.WARNING),
    ("people_met", {"gatherings": Gatherings(0, 0, 0, 0), "process": ENDED}, Standing.OBJECTION),
    ("people_met", {"gatherings": Gatherings(2, 0, 0, 0)}, Standing.WARNING),
    ("people_met", {"gatherings": Gatherings(0, 2, 0, 0)}, Standing.WARNING),
    ("minutes_are_final", {"gatherings": Gatherings(0, 0, 0, 0)}, Standing.LATER),
    ("minutes_are_final", {"gatherings": Gatherings(2, 1, 1, 0)}, Standing.WARNING),
    ("minutes_are_final", {"gatherings": Gatherings(2, 1, 1, 0), "process": ENDED}, Standing.OBJECTION),
    ("every_sector_is_heard", {"heard": {Sector.PUBLIC: 1}}, Standing.WARNING),
    ("every_sector_is_heard", {"heard": {}}, Standing.LATER),
    ("every_sector_is_heard", {"heard": {}, "process": ENDED}, Standing.WARNING),
    ("moderation_gives_reasons", {"moderated": Moderated(2, 1, 0, 0, 0)}, Standing.OBJECTION),
    ("moderation_gives_reasons", {"moderated": Moderated(2, 0, 1, 0, 0)}, Standing.OBJECTION),
    ("moderation_gives_reasons", {"moderated": Moderated(2, 0, 0, 1, 0)}, Standing.LATER),
    ("moderation_gives_reasons", {"moderated": Moderated(2, 0, 0, 1, 0), "process": ENDED}, Standing.OBJECTION),
    ("moderation_gives_reasons", {"moderated": Moderated(0, 0, 0, 0, 0)}, Standing.MET),
    ("rules_were_fixed_first", {}, Standing.LATER),
    ("rules_were_fixed_first", {"now": day(60)}, Standing.OBJECTION),
    ("rolls_stayed_frozen", {"entries": {"roll.frozen": (4,), "roll.extended": (6,)}}, Standing.WARNING),
    ("rolls_stayed_frozen", {"entries": {"roll.frozen": (4,), "roll.reduced": (7,)}}, Standing.WARNING),
    ("rolls_stayed_frozen", {"entries": {}}, Standing.LATER),
    ("everything_is_sealed", {"sealed_size": 80}, Standing.WARNING),
    ("the_record_is_published", {"process": process(status=ProcessState.CLOSED)}, Standing.MET),
]


@pytest.mark.parametrize(("check", "changes", "expected"), MATRIX)
def test_each_question_stands_as_its_facts_say(app, check, changes, expected):
    assert standing(check, **changes) is expected


@pytest.mark.parametrize(("status", "expected"), [("open", Standing.WARNING), ("closed", Standing.OBJECTION)])
def test_an_absent_sector_is_an_objection_once_the_process_is_closed(app, status, expected):
    silent = organisations({"sector:public": 3, "sector:private": 1})
    changes = {
        "presence": Presence((silent,), facts().presence.people, {}),
        "process": process(status=ProcessState(status)),
    }
    assert standing("every_sector_takes_part", **changes) is expected


def shares(*counts) -> dict[str, object]:
    return {"presence": Presence(facts().presence.organisations, (people(*counts),), {})}


def test_too_few_women_are_asked_about_and_objected_to_in_the_end(app):
    few = shares(30, 70, 40, 60, 100)
    assert standing("women_take_part", **few) is Standing.WARNING
    assert standing("women_take_part", **few, process=process(status=ProcessState.CLOSED)) is Standing.OBJECTION
    assert standing("women_take_part", **shares(45, 55, 40, 60, 100)) is Standing.MET


def test_hidden_numbers_prove_nothing(app):
    assert standing("young_people_take_part", **shares(50, 50, None, None, 100)) is Standing.WARNING


def test_a_share_of_few_who_told_is_asked_about(app):
    assert standing("young_people_take_part", **shares(50, 50, 20, 20, 100)) is Standing.WARNING


def vote(status: VoteState, closes: float) -> Vote:
    return Vote(public_id="v", status=status, opens_at=day(10), closes_at=day(closes))


def test_a_vote_that_is_over_must_be_counted(app):
    assert standing("votes_are_counted", votes=[vote(VoteState.OPEN, 30)]) is Standing.OBJECTION
    assert standing("votes_are_counted", votes=[vote(VoteState.OPEN, 60)]) is Standing.LATER
    assert standing("votes_are_counted", votes=[vote(VoteState.CLOSED, 30)]) is Standing.MET
    assert standing("rules_were_fixed_first", votes=[vote(VoteState.CLOSED, 30)]) is Standing.MET


def test_a_finding_names_the_lines_of_the_log_that_show_it(app):
    assert finding("no_gate_was_passed", overrides=2).lines == (7, 9)
    assert finding("every_sector_is_invited").lines == ()


def test_days_that_have_not_passed_are_not_told_as_passed(app):
    says = [str(finding("there_is_enough_time", now=day(at)).says) for at in (10, 35)]
    assert "for 30 days, ۱۰ of them so far" in says[0]
    assert "for 30 days, ۳۰ of them so far" in says[1]


def test_what_is_filled_in_is_not_called_public_before_it_is(app):
    draft = process(status=ProcessState.DRAFT, published_at=None, opened_at=None)
    assert standing("the_promise_is_complete", process=draft, now=day(-20)) is Standing.LATER


def test_every_code_beside_a_finding_is_explained(app):
    explained = {code.split()[0].rstrip(":") for code in wording.NORMS}
    used = {norm.split()[0].rstrip(":") for each in checks.find(facts()) for norm in each.norms}
    assert used <= explained
