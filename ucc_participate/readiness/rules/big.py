"""RULE-BIG: the plan answers the needs of the city and fits what the city really has."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext

from ...inventory.models import ItemKind, ItemState
from ...kernel.i18n import lazy_money, lazy_number
from ...plan.money import money_of
from ...resources.models import ResourceKind
from ...vocabularies.uccn import SECTORS
from ..facts import Facts
from .asking import PLAN_SHOW, Group, Told, both, every_initiative, is_told, met, missing, named, no_plan, partly, rule

BIG = Group.BIG
RESOURCES, NEEDS = "resources.desk", "inventory.index"


@rule("B1", BIG, _l("People named and ranked the needs of the city, and the plan answers them."))
def needs_are_answered(facts: Facts) -> Told:
    if not facts.items.get(ItemKind.NEED):
        return missing(_l("No need is on the list."), todo=_l("Collect the needs of the city."), page=NEEDS)
    return both(_ranked(facts), _answered(facts))


def _ranked(facts: Facts) -> Told:
    lines = facts.first_of("need_ranking")
    count = facts.items.get(ItemKind.NEED, 0)
    says = lazy_ngettext("%(num)s need is on the list.", "%(num)s needs are on the list.", count)
    if lines:
        return met(says, _l("People have ranked them."), pages=[NEEDS], lines=lines)
    return partly(says, _l("Nobody has ranked them."), todo=_l("Let people choose what matters most."), page=NEEDS)


def _answered(facts: Facts) -> Told:
    if facts.plan is None:
        return no_plan()
    uses = [use for each in facts.initiatives for use in each.uses if use.item.status is not ItemState.RETIRED]
    met_needs = {use.item_id for use in uses if use.item.kind is ItemKind.NEED}
    open_ = facts.items.get(ItemKind.NEED, 0) - len(met_needs)
    told = every_initiative(
        facts,
        lambda each: any(use.item.kind is ItemKind.NEED for use in each.uses),
        _l("Say which need it answers."),
    )
    if open_ <= 0:
        return told
    says = lazy_ngettext("%(num)s need has no initiative.", "%(num)s needs have no initiative.", open_)
    return both(told, partly(says, todo=_l("Carry the need into an initiative, or let the gap be seen.")))


@rule("B2", BIG, _l("People and money are there for it: what is secured and expected covers the cost."))
def resources_cover_the_cost(facts: Facts) -> Told:
    if facts.plan is None:
        return no_plan()
    return both(_people(facts), _money(facts))


def _people(facts: Facts) -> Told:
    hundredths = sum(each.amount for each in facts.resources if each.kind is ResourceKind.PEOPLE)
    if hundredths:
        return met(
            _l("Years of work that are entered: %(count)s.", count=lazy_number(hundredths / 100)), pages=[RESOURCES]
        )
    todo = _l("Enter who works on it, in full-time equivalents.")
    return missing(_l("No people are entered."), todo=todo, page=RESOURCES)


def _money(facts: Facts) -> Told:
    assert facts.plan is not None  # noqa: S101
    money, currency = money_of(facts.plan, facts.initiatives, facts.resources), facts.plan.currency
    there, cost = money.secured + money.expected, money.cost
    says = _l(
        "Cost %(cost)s; secured %(secured)s, expected %(expected)s.",
        cost=lazy_money(cost, currency),
        secured=lazy_money(money.secured, currency),
        expected=lazy_money(money.expected, currency),
    )
    if cost and there >= cost:
        return met(says, pages=[RESOURCES])
    if cost and is_told(facts.plan.gap_plan):
        return met(says, _l("How the rest is found is stored."), pages=[RESOURCES])
    todo = _l("Enter where the money comes from, or say how the rest is found.")
    return (partly if there else missing)(says, todo=todo, page=RESOURCES)


@rule("B3", BIG, _l("A body of all sectors, women and men, manages the plan and meets in a rhythm."))
def a_body_manages_it(facts: Facts) -> Told:
    if not facts.bodies:
        return missing(_l("No body is set up."), todo=_l("Set up a body with members and a rhythm."), page=RESOURCES)
    sitting = [member for body in facts.bodies for member in body.members if member.until is None]
    sectors = {member.sector.value for member in sitting}
    absent = [words for code, words in SECTORS.items() if code not in sectors]
    women = sum(member.sex == "female" for member in sitting)
    says = lazy_ngettext(
        "%(num)s seat, %(women)s of it held by women.",
        "%(num)s seats, %(women)s of them held by women.",
        len(sitting),
        women=lazy_number(women),
    )
    if not absent and women:
        return met(says, pages=[RESOURCES])
    gap = _l("Nobody from: %(names)s.", names=named(absent)) if absent else _l("No woman has a seat.")
    return partly(says, gap, todo=_l("Give seats to who is missing."), page=RESOURCES)


@rule("B4", BIG, _l("Everybody can read the whole plan on one page, in plain Persian."))
def there_is_one_page(facts: Facts) -> Told:
    if facts.plan is None:
        return no_plan()
    if not facts.plan.vision.get("fa"):
        return missing(
            _l("The plan does not say in Persian what it is to bring."), todo=_l("Say it in a few sentences.")
        )
    if not facts.plan.is_public:
        return partly(_l("The page is written, and not public yet."), todo=_l("Make the plan public."))
    return met(_l("The page is public."), pages=[PLAN_SHOW])
