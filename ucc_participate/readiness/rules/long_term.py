"""RULE-LONG: what the city binds itself to, and what lives on after the designation."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ...kernel.i18n import lazy_number, reader
from ..checklist import Row
from ..facts import Facts
from ..models import COUNCIL
from .asking import CHECKLIST, Group, Told, later, met, missing, named, no_dossier, partly, rule

LONG = Group.LONG
MAYOR, SIGNATURE = "A1", "12"
AFTER = _l("It begins with the designation.")


@rule("L1", LONG, _l("Every promise of the plan has an owner, a day and a state that everybody sees."), "national")
def promises_are_kept(facts: Facts) -> Told:
    steps = sum(len(each.steps) for each in facts.initiatives)
    if facts.plan is not None and facts.plan.is_frozen:
        return later(_l("The frozen plan has %(steps)s steps to be kept.", steps=lazy_number(steps)), AFTER)
    return later(_l("Promises are made of the frozen plan."), AFTER)


@rule("L2", LONG, _l("The city tells what it achieved at the Network’s yearly conference, for four years."), "national")
def conferences_are_attended(_facts: Facts) -> Told:
    return later(AFTER)


@rule("L3", LONG, _l("The council’s decision, the mayor’s letter and signature are kept with their days."), "council")
def the_city_has_bound_itself(facts: Facts) -> Told:
    if facts.dossier is None:
        return no_dossier()
    rows = [row for row in facts.rows if row.id in (COUNCIL, MAYOR, SIGNATURE)]
    absent = [row for row in rows if row.missing]
    if not absent:
        return met(_l("All are signed and kept."), pages=[CHECKLIST])
    says = _l("Still to come: %(names)s.", names=_titles(absent))
    todo = _l("Get them signed and note the day.")
    return (missing if len(absent) == len(rows) else partly)(says, todo=todo, page=CHECKLIST)


@rule("L4", LONG, _l("The register and the bodies live on; people are consulted again every year."), "national")
def it_lives_on(facts: Facts) -> Told:
    if not facts.bodies:
        return missing(
            _l("No body is set up that could live on."),
            todo=_l("Set up a body with members and a rhythm."),
            page="resources.desk",
        )
    return later(_l("The bodies are set up; the yearly review begins with the designation."))


def _titles(rows: list[Row]) -> LazyString:
    return named([LazyString(lambda row=row: row.title_in(reader().locale)) for row in rows])
