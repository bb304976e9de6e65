"""RULE-PLAN: a concrete plan of four years, with its own measure."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from ...kernel.i18n import lazy_number
from ...plan.blockers import NEVER
from ...plan.models import Initiative, Level, Stage
from ...plan.parts import lacking
from ..facts import Facts
from .asking import (
    PLAN,
    PLAN_SHOW,
    Group,
    Told,
    both,
    covered,
    every_initiative,
    later,
    met,
    missing,
    named,
    no_plan,
    partly,
    rule,
)

CONCRETE = Group.PLAN
LEVELS = {Level.LOCAL.value: _l("at local level"), Level.INTERNATIONAL.value: _l("at international level")}
STAGES = {
    Stage.CONSULTED: _l("laid open for comments"),
    Stage.VOTED: _l("voted on"),
    Stage.SUBMITTED: _l("frozen to be handed in"),
}


@rule(
    "K1",
    CONCRETE,
    _l("Every initiative has dates inside the four years, an owner, steps, a budget, output and impact."),
)
def initiatives_are_concrete(facts: Facts) -> Told:
    return every_initiative(
        facts, lambda each: _is_whole(facts, each), _l("Fill in what is missing: the plan cannot be frozen without it.")
    )


@rule("K2", CONCRETE, _l("There are local and international initiatives, not more than the form takes."))
def both_levels_are_there(facts: Facts) -> Told:
    counts = {level: sum(each.level.value == level for each in facts.initiatives) for level in LEVELS}
    told = covered(facts, LEVELS, [level for level, count in counts.items() if count], _l("Add one of this level."))
    limits = _limits(facts)
    over = [level for level, count in counts.items() if limits.get(level) is not None and count > limits[level]]
    if not over:
        return told
    names = [LEVELS[level] for level in over]
    says = _l("More than the form takes: %(names)s.", names=named(names))
    return both(told, partly(says, todo=_l("Choose, join or drop initiatives of this level.")))


@rule(
    "K3", CONCRETE, _l("Every initiative has indicators of output and impact, with baseline, target and who measures.")
)
def initiatives_are_measured(facts: Facts) -> Told:
    return every_initiative(facts, _is_measured, _l("Enter an indicator of each kind with all that belongs to it."))


@rule(
    "K4", CONCRETE, _l("Readings are dated, signed and shown; a correction never hides what it corrects."), "national"
)
def readings_are_taken(facts: Facts) -> Told:
    planned = sum(len(each.indicators) for each in facts.initiatives)
    if not planned:
        return later(_l("There is nothing to measure yet."))
    return later(_l("%(count)s indicators wait; readings begin with the designation.", count=lazy_number(planned)))


@rule("K5", CONCRETE, _l("The report of the fourth year can be written along the official form."), "national")
def the_report_can_be_written(_facts: Facts) -> Told:
    return later(_l("The form of the report is ready; it is filled from readings after the designation."))


@rule("K6", CONCRETE, _l("What was laid open, voted on and handed in is fixed, and the differences can be seen."))
def versions_are_fixed(facts: Facts) -> Told:
    if facts.plan is None:
        return no_plan()
    absent = [words for stage, words in STAGES.items() if stage not in facts.fixed]
    if not absent:
        return met(_l("All three versions are fixed."), pages=[PLAN_SHOW], lines=facts.first_of("plan_version"))
    says = _l("No version yet: %(names)s.", names=named(absent))
    todo = _l("Lay the plan open, take over the vote, freeze it.")
    return (missing if len(absent) == len(STAGES) else partly)(says, todo=todo, page=PLAN)


def _limits(facts: Facts) -> dict[str, int]:
    """What the plan says, else the form of the dossier."""
    drafts = {"local": Level.LOCAL.value, "international": Level.INTERNATIONAL.value}
    of_form = {drafts[each.draft]: each.items for each in facts.sections if each.draft in drafts and each.items}
    return of_form | (facts.plan.limits if facts.plan is not None else {})


def _is_whole(facts: Facts, each: Initiative) -> bool:
    """Whether the freezing of the plan would take it."""
    plan = facts.plan
    dated = each.starts_on is not None and each.ends_on is not None
    inside = plan is not None and dated and plan.begins_on <= each.starts_on and each.ends_on < plan.ends_on  # type: ignore[operator]
    return bool(inside and not NEVER & lacking(each).keys())


def _is_measured(each: Initiative) -> bool:
    return "indicators" not in lacking(each)
