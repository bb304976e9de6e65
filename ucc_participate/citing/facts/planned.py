"""Facts of the action plan: initiatives and where they come from, bodies, partners, money."""

from __future__ import annotations

from collections import Counter

from flask_babel import lazy_gettext as _l

from ...kernel.i18n import digits, number, reader
from ...kernel.i18n.filters import listed
from ...kernel.i18n.numerals import money_in_words
from ...partners.models import PartnerState
from ...plan.models import Level
from ...resources.models import Certainty, ResourceKind
from ...vocabularies.uccn import Sector
from ..ground import Ground
from ..saying import _, ngettext
from .fact import Fact, Value, by_sector, organisations

AT_WORK = (PartnerState.AGREED, PartnerState.ACTIVE)
IN_TOUCH = (PartnerState.CONTACTED, *AT_WORK)


def _initiatives(ground: Ground) -> Value | None:
    if not ground.initiatives:
        return None
    proposals = {source.proposal.id for each in ground.initiatives for source in each.sources}
    return {
        "all": len(ground.initiatives),
        "local": sum(each.level is Level.LOCAL for each in ground.initiatives),
        "international": sum(each.level is Level.INTERNATIONAL for each in ground.initiatives),
        "from_proposals": sum(bool(each.sources) for each in ground.initiatives),
        "proposals": len(proposals),
    }


def _write_initiatives(value: Value) -> str:
    told = ngettext(
        "The action plan holds %(num)s initiative, %(local)s local and %(international)s international",
        "The action plan holds %(num)s initiatives, %(local)s local and %(international)s international",
        value["all"],
        local=value["local"],
        international=value["international"],
    )
    if not value["from_proposals"]:
        return f"{told}."
    more = ngettext("%(num)s proposal", "%(num)s proposals", value["proposals"])
    count = value["from_proposals"]
    return _("%(told)s; %(count)s of them were made from %(proposals)s.", told=told, count=count, proposals=more)


def _partners(ground: Ground) -> Value | None:
    """Organisations of the register that carry an initiative, each once."""
    found = {
        partner.organisation.id: partner.organisation.sector.value
        for each in ground.initiatives
        for partner in each.partners
        if partner.organisation is not None
    }
    by = Counter({sector.value: 0 for sector in Sector})
    by.update(found.values())
    return {"all": len(found), **by} if found else None


def _write_partners(value: Value) -> str:
    told = {"number": organisations(value["all"]), "parts": by_sector(value)}
    return _("Initiatives of the plan are carried with %(number)s: %(parts)s.", **told)


def _bodies(ground: Ground) -> Value | None:
    if not ground.bodies:
        return None
    members = [member for body in ground.bodies for member in body.members if member.until is None]
    by = Counter({sector.value: 0 for sector in Sector})
    by.update(member.sector.value for member in members)
    women = sum(member.sex == "female" for member in members)
    men = sum(member.sex == "male" for member in members)
    return {"bodies": len(ground.bodies), "members": len(members), "women": women, "men": men, **by}


def _write_bodies(value: Value) -> str:
    bodies = ngettext("%(num)s body watches over the plan", "%(num)s bodies watch over the plan", value["bodies"])
    if not value["members"]:
        return f"{bodies}."
    members = ngettext("%(num)s member", "%(num)s members", value["members"])
    told = _("%(bodies)s, with %(members)s: %(parts)s", bodies=bodies, members=members, parts=by_sector(value))
    if not value["women"] + value["men"]:
        return f"{told}."
    women = ngettext("%(num)s woman", "%(num)s women", value["women"])
    men = ngettext("%(num)s man", "%(num)s men", value["men"])
    return _("%(told)s; %(women)s and %(men)s.", told=told, women=women, men=men)


def _cities(ground: Ground) -> Value | None:
    """A city that is only thought of, or with which it ended, is not one that anybody is in touch with."""
    touched = sum(city.status in IN_TOUCH for city in ground.cities)
    return {"all": touched, "agreed": sum(city.status in AT_WORK for city in ground.cities)} if touched else None


def _write_cities(value: Value) -> str:
    return ngettext(
        "The city is in touch with %(num)s partner city; with %(agreed)s there is an agreement.",
        "The city is in touch with %(num)s partner cities; with %(agreed)s there is an agreement.",
        value["all"],
        agreed=value["agreed"],
    )


def _budget(ground: Ground) -> Value | None:
    """Amounts as decimal text: sums of a budget may be longer than numbers in JSON."""
    if ground.plan is None:
        return None
    years: Counter[int] = Counter()
    for each in ground.initiatives:
        for cost in each.costs:
            years[cost.year] += cost.amount
    if not years.total():
        return None
    told = {str(year): str(years[year]) for year in sorted(years)}
    return {"currency": ground.plan.currency, "total": str(years.total()), "years": told}


def _write_budget(value: Value) -> str:
    locale, currency = reader().locale, value["currency"]
    years = listed(
        _("%(year)s: %(amount)s", year=digits(year, locale=locale), amount=_money(amount, currency))
        for year, amount in value["years"].items()
    )
    total = _money(value["total"], currency)
    return _("The initiatives cost %(total)s together; by year: %(years)s.", total=total, years=years)


def _money(amount: str, currency: str) -> str:
    return money_in_words(int(amount), currency, locale=reader().locale)


def _money_there(ground: Ground) -> Value | None:
    if ground.plan is None:
        return None
    by: Counter[Certainty] = Counter()
    for each in ground.resources:
        if each.kind is ResourceKind.MONEY:
            by[each.certainty] += each.amount
    if not by.total():
        return None
    return {
        "currency": ground.plan.currency,
        "secured": str(by[Certainty.SECURED]),
        "expected": str(by[Certainty.EXPECTED]),
    }


def _write_money_there(value: Value) -> str:
    told = {name: _money(value[name], value["currency"]) for name in ("secured", "expected")}
    return _("%(secured)s are secured and %(expected)s are expected.", **told)


def _staff(ground: Ground) -> Value | None:
    """Hundredths of a full-time equivalent, by year."""
    years: Counter[int] = Counter()
    for each in ground.resources:
        if each.kind is ResourceKind.PEOPLE:
            years[each.year] += each.amount
    return {str(year): years[year] for year in sorted(years)} if years else None


def _write_staff(value: Value) -> str:
    locale = reader().locale
    years = listed(
        _("%(year)s: %(amount)s", year=digits(year, locale=locale), amount=number(amount / 100, locale=locale))
        for year, amount in value.items()
    )
    return _("People who work on it, in full-time equivalents: %(years)s.", years=years)


PLANNED = (
    Fact(
        "initiatives",
        6,
        _l("Initiatives of the plan"),
        _l(
            "Initiatives of the plan that are not dropped, by level; how many name proposals that they were made "
            "from, and how many proposals these are."
        ),
        _initiatives,
        _write_initiatives,
        {"process": 7},
    ),
    Fact(
        "partners",
        6,
        _l("Organisations that carry initiatives"),
        _l("Organisations of the register that are partners of an initiative of the plan, by sector, each once."),
        _partners,
        _write_partners,
        {"groups": 9, "structure": 2},
    ),
    Fact(
        "bodies",
        6,
        _l("Bodies and their members"),
        _l(
            "Bodies that execute or watch over the plan and have not ended; members whose seat has not ended, by "
            "sector and, where it was said, by sex."
        ),
        _bodies,
        _write_bodies,
        {"groups": 5, "structure": 1},
    ),
    Fact(
        "cities",
        6,
        _l("Partner cities"),
        _l(
            "Cities of the directory of partner cities that were written to and with which it has not ended; those "
            "with which an agreement exists or work is going on."
        ),
        _cities,
        _write_cities,
        {"international": 90},
    ),
    Fact(
        "budget",
        6,
        _l("Costs of the plan by year"),
        _l("Sum of the yearly costs of all initiatives of the plan, in the plan’s currency and calendar."),
        _budget,
        _write_budget,
        {"budget": 1},
    ),
    Fact(
        "money",
        6,
        _l("Money that is there"),
        _l("Sum of the money entered as resources that are not void, secured and expected, over all years."),
        _money_there,
        _write_money_there,
        {"budget": 2},
    ),
    Fact(
        "staff",
        6,
        _l("People who work on it"),
        _l(
            "Full-time equivalents entered as resources that are not void, by year, secured and expected "
            "together, in hundredths."
        ),
        _staff,
        _write_staff,
        {"budget": 20, "structure": 3},
    ),
)
