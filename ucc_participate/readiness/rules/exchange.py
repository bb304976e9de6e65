"""RULE-XCH: working with other cities of the Network."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext

from ...kernel.i18n import lazy_number
from ...plan.models import Initiative, Level
from ..facts import Facts
from .asking import PLAN_SHOW, Group, Told, every_initiative, is_told, later, met, missing, no_plan, partly, rule

XCH = Group.EXCHANGE
DIRECTORY = "partners.desk"


@rule("X1", XCH, _l("The city knows with whom it works or could work, and what shows it."))
def partner_cities_are_known(facts: Facts) -> Told:
    members = [city for city in facts.cities if city.is_member]
    says = lazy_ngettext(
        "%(num)s city is in the directory, %(members)s of it members of the Network.",
        "%(num)s cities are in the directory, %(members)s of them members of the Network.",
        len(facts.cities),
        members=lazy_number(len(members)),
    )
    if members:
        return met(says, pages=[DIRECTORY, "partners.public"])
    todo = _l("Enter cities of the Network in your field, and write to them.")
    return (partly if facts.cities else missing)(says, todo=todo, page=DIRECTORY)


@rule("X2", XCH, _l("Every international initiative names a member city, or says how one will be found."))
def international_ones_have_partners(facts: Facts) -> Told:
    return every_initiative(facts, _has_partner, _l("Name a member city, or say how one is found."), among=_is_abroad)


@rule("X3", XCH, _l("The plan can be read in English or French, and its data taken along."))
def it_can_be_read_abroad(facts: Facts) -> Told:
    if facts.plan is None:
        return no_plan()
    told = every_initiative(facts, _is_translated, _l("Translate title and summary into English or French."))
    if told.todos or facts.plan.is_public:
        return told
    return partly(*told.says, todo=_l("Make the plan public."), page=PLAN_SHOW)


@rule("X4", XCH, _l("Guests from other cities can comment, and are counted as guests."), "participation")
def guests_can_comment(facts: Facts) -> Told:
    lines = facts.first_of("guest")
    if lines:
        return met(_l("Guests were invited; they stand in no local figure."), lines=lines)
    todo = _l("Invite somebody from a partner city to comment.")
    if facts.proven.is_closed:
        return partly(_l("Guests could be invited; nobody was."), todo=todo, page="deliberation.guests")
    return Told(later().standing, (_l("Nobody was invited yet."),))


def _is_abroad(each: Initiative) -> bool:
    return each.level is Level.INTERNATIONAL


def _has_partner(each: Initiative) -> bool:
    named = any(partner.city is not None and partner.city.stands_for_network for partner in each.partners)
    return named or is_told(each.partner_search)


def _is_translated(each: Initiative) -> bool:
    return any(each.title.get(code) and each.summary.get(code) for code in ("en", "fr"))
