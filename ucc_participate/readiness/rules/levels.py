"""RULE-DEV: economic, cultural, social and environmental effects, all of them weighed."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from ...plan.models import Initiative
from ...vocabularies.uccn import DIMENSIONS
from ..facts import Facts
from .asking import Group, Told, both, covered, every_initiative, is_told, rule

DEV = Group.LEVELS


@rule("D1", DEV, _l("Every initiative is weighed at all four levels: an effect, or why there is none."))
def all_levels_are_weighed(facts: Facts) -> Told:
    def holds(each: Initiative) -> bool:
        told = (each.effects.get(level, {}) for level in DIMENSIONS)
        return all(effect.get("expected") and is_told(effect.get("text")) for effect in told)

    return every_initiative(facts, holds, _l("Say what effect is expected at each level, or why none is."))


@rule("D2", DEV, _l("The plan does good at all four levels, and says what it accepts where an effect is bad."))
def the_plan_covers_all_levels(facts: Facts) -> Told:
    found = {
        level
        for each in facts.initiatives
        for level, effect in each.effects.items()
        if effect.get("expected") == "positive"
    }
    told = covered(facts, DIMENSIONS, found, _l("Let an initiative do good at this level."))
    traded = every_initiative(
        facts, _trades_off, _l("Say what is accepted in exchange, and what is done about it."), among=_is_negative
    )
    return both(told, traded) if facts.initiatives else told


@rule("D3", DEV, _l("Every initiative names the global goals that it serves."))
def goals_are_named(facts: Facts) -> Told:
    return every_initiative(facts, lambda each: bool(each.sdgs), _l("Name the goals; number 11 is proposed."))


def _is_negative(each: Initiative) -> bool:
    return any(effect.get("expected") == "negative" for effect in each.effects.values())


def _trades_off(each: Initiative) -> bool:
    negative = (effect for effect in each.effects.values() if effect.get("expected") == "negative")
    return all(is_told(effect.get("trade_off")) for effect in negative)
