"""RULE-FWD: the plan stands on the heritage and the creative assets of the city."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from ...inventory.models import ItemKind
from ...inventory.wording import KINDS
from ..facts import Facts
from .asking import Group, Told, covered, every_initiative, met, missing, named, partly, rule

FWD = Group.FORWARD
ASSETS = (ItemKind.HERITAGE, ItemKind.CREATIVE)
INVENTORY = "inventory.index"


@rule("F1", FWD, _l("Heritage and present creative assets are collected, each with its source."), "participation")
def assets_are_collected(facts: Facts) -> Told:
    absent = [KINDS[kind] for kind in ASSETS if not facts.items.get(kind)]
    if not absent:
        return met(_l("Both kinds are on the list."), pages=[INVENTORY], lines=facts.first_of("inventory"))
    todo = _l("Collect them, or let people add them.")
    told = missing if len(absent) == len(ASSETS) else partly
    return told(_l("Nothing on the list: %(kinds)s.", kinds=named(absent)), todo=todo, page=INVENTORY)


@rule("F2", FWD, _l("Every initiative builds on an asset of the city."))
def initiatives_build_on_assets(facts: Facts) -> Told:
    return every_initiative(
        facts, lambda each: any(use.item.kind.is_asset for use in each.uses), _l("Name the assets that it builds on.")
    )


@rule("F3", FWD, _l("Heritage and present creativity both have their place in the plan."))
def both_kinds_are_used(facts: Facts) -> Told:
    found = {use.item.kind.value for each in facts.initiatives for use in each.uses}
    labels = {kind.value: KINDS[kind] for kind in ASSETS}
    return covered(facts, labels, found, _l("Let an initiative build on an asset of this kind."))
