"""The objectives and the areas of action, one rule each, and how the plan covers them (O and A)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext

from ...kernel.i18n import lazy_number
from ...plan.models import Initiative, Part
from ...plan.parts import lacking
from ...vocabularies.uccn import AREAS, OBJECTIVES
from ..facts import Facts, Standing
from .asking import (
    PLAN,
    PLAN_SHOW,
    Ask,
    Group,
    Told,
    both,
    covered,
    every_initiative,
    is_told,
    met,
    missing,
    named,
    of_linter,
    partly,
    rule,
)

OBJECTIVE, AREA = Group.OBJECTIVES, Group.AREAS


def _tag(code: str, attribute: str) -> Ask:
    """Whether an initiative of the plan carries it, or at least proposals do."""

    def ask(facts: Facts) -> Told:
        initiatives = sum(code in getattr(each, attribute) for each in facts.initiatives)
        proposals = getattr(facts.proven, attribute).get(code, 0)
        says = _counted(initiatives, proposals)
        found = met(says, pages=[PLAN]) if initiatives else _without(facts, code, says, proposals)
        return both(found, of_linter(facts, code, beside=True)) if code in facts.objections else found

    return ask


def _without(facts: Facts, code: str, says: Any, proposals: int) -> Told:
    if reason := _passed(facts, code):
        left = _l("The plan leaves it out with a published reason: %(reason)s", reason=reason)
        return Told(Standing.PARTLY, (says, left), pages=(PLAN_SHOW,))
    todo = _l("Carry it into an initiative, or store a reason why the plan leaves it out.")
    return partly(says, todo=todo) if proposals else missing(says, todo=todo)


def _passed(facts: Facts, code: str) -> str:
    """The published reason for which the frozen plan leaves an objective out; "" where there is none."""
    return facts.passed.get(f"objective.{code}", "")


def _counted(initiatives: int, proposals: int) -> Any:
    return lazy_ngettext(
        "%(num)s initiative and %(proposals)s of the proposals name it.",
        "%(num)s initiatives and %(proposals)s of the proposals name it.",
        initiatives,
        proposals=lazy_number(proposals),
    )


for _code, _label in OBJECTIVES.items():
    rule(_code, OBJECTIVE, _label)(_tag(_code, "objectives"))


@rule("O1", OBJECTIVE, _l("Every proposal and every initiative serves an objective of the Network."))
def everything_serves_an_objective(facts: Facts) -> Told:
    initiatives = every_initiative(facts, lambda each: bool(each.objectives), _l("Name the objectives it serves."))
    return both(initiatives, of_linter(facts, "O1", beside=True))


@rule("O2", OBJECTIVE, _l("The plan as a whole serves all objectives, and shows it."))
def all_objectives_are_served(facts: Facts) -> Told:
    found = {code for each in facts.initiatives for code in each.objectives}
    left = {code: reason for code in OBJECTIVES if code not in found and (reason := _passed(facts, code))}
    told = covered(facts, OBJECTIVES, found | left.keys(), _l("Add an initiative for it, or store a reason."))
    if not left or facts.plan is None:
        return told
    served = [OBJECTIVES[code] for code in OBJECTIVES if code in found]
    says = [_l("Covered: %(names)s.", names=named(served))] if served else []
    says.append(_l("Left out with a published reason: %(names)s.", names=named([OBJECTIVES[code] for code in left])))
    return replace(told, says=(*says, *told.says[1:]))


@rule(
    "O3", OBJECTIVE, _l("Women and people under 30 take part as was planned before, at every stage."), "participation"
)
def women_and_young_people_take_part(facts: Facts) -> Told:
    return of_linter(facts, "O3")


@rule("O4", OBJECTIVE, _l("Every initiative says who gains access and how; nobody is kept out for want of internet."))
def access_is_told(facts: Facts) -> Told:
    told = every_initiative(facts, lambda each: is_told(each.access), _l("Say who gains access to culture, and how."))
    return both(told, of_linter(facts, "O4", beside=True))


@rule("O5", OBJECTIVE, _l("Every initiative enters a plan, an article or a budget line of the city."))
def it_enters_the_plans_of_the_city(facts: Facts) -> Told:
    return every_initiative(facts, lambda each: is_told(each.enters), _l("Name the plan, article or budget line."))


for _code, _label in AREAS.items():
    rule(_code, AREA, _label)(_tag(_code, "areas"))


@rule("A1", AREA, _l("Every area of action has an initiative, or the gap is shown."))
def all_areas_are_covered(facts: Facts) -> Told:
    found = {code for each in facts.initiatives for code in each.areas}
    return covered(facts, AREAS, found, _l("Add an initiative in this area, or leave the gap to be seen."))


@rule("A2", AREA, _l("Every initiative tells what its kind of action asks for: question, host, partner, end."))
def particulars_are_told(facts: Facts) -> Told:
    def holds(each: Initiative) -> bool:
        return bool(each.areas) and Part.PARTICULARS not in lacking(each)

    return every_initiative(facts, holds, _l("Fill in what its areas of action ask for."))


@rule(
    "A3",
    AREA,
    _l("There were meetings in person and online, and people without an account were counted."),
    "participation",
)
def meetings_were_held(facts: Facts) -> Told:
    return of_linter(facts, "AREA-4")
