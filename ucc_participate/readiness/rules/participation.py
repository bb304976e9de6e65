"""RULE-PART: what the process itself proves, from the linter, and how the application rests on it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext

from ...dossier.models import AnswerState
from ...dossier.wording import number_of
from ...kernel.i18n import lazy_number
from ..facts import Facts
from .asking import PLAN, TEXTS, Group, Told, both, met, missing, no_dossier, of_linter, partly, rule

PART = Group.PARTICIPATION
CITING = "citing.desk"


@rule(
    "P1",
    PART,
    _l("The municipality alone opens, closes and submits, and a named person answers for it."),
    "participation",
)
def the_city_answers_for_it(facts: Facts) -> Told:
    return of_linter(facts, "P1")


@rule("P2", PART, _l("Stakeholders of all three sectors were sought, invited and took part."), "participation")
def every_sector_is_in(facts: Facts) -> Told:
    return of_linter(facts, "P2")


@rule("P3", PART, _l("That they were present is counted from what they did, never typed in."), "participation")
def presence_is_counted(facts: Facts) -> Told:
    return of_linter(facts, "P3")


@rule("P4", PART, _l("People can name who is missing, and are answered."), "participation")
def the_missing_are_named(facts: Facts) -> Told:
    return of_linter(facts, "P4")


@rule("P5", PART, _l("Everything that people need to know was public before the opening."), "participation")
def everything_was_said_first(facts: Facts) -> Told:
    return of_linter(facts, "P5")


@rule("P6", PART, _l("There were enough days; they were never shortened."), "participation")
def there_were_enough_days(facts: Facts) -> Told:
    return of_linter(facts, "P6")


@rule("P7", PART, _l("Every proposal has an answer with a reason and a name; what is adopted enters the plan."), "plan")
def every_proposal_is_answered(facts: Facts) -> Told:
    return both(of_linter(facts, "P7", beside=True), _carried(facts)) if facts.adopted else of_linter(facts, "P7")


def _carried(facts: Facts) -> Told:
    says = lazy_ngettext(
        "%(used)s of %(num)s adopted proposal went into an initiative.",
        "%(used)s of %(num)s adopted proposals went into an initiative.",
        facts.adopted,
        used=lazy_number(facts.used),
    )
    if facts.used == facts.adopted:
        return met(says, pages=[PLAN])
    todo = _l("Carry the others into initiatives, or say why not.")
    return (partly if facts.used else missing)(says, todo=todo)


@rule("P8", PART, _l("Every paragraph of the application says on whose words it rests."), "texts")
def paragraphs_cite(facts: Facts) -> Told:
    if facts.dossier is None:
        return no_dossier()
    if not facts.paragraphs:
        return missing(
            _l("No text is final yet."), todo=_l("Finish the texts, then say on what they rest."), page=TEXTS
        )
    says = lazy_ngettext(
        "%(cited)s of %(num)s paragraph of the final texts cites what it rests on.",
        "%(cited)s of %(num)s paragraphs of the final texts cite what they rest on.",
        facts.paragraphs,
        cited=lazy_number(facts.paragraphs - facts.uncited),
    )
    if not facts.uncited:
        return met(says, pages=[CITING])
    told = missing if facts.uncited == facts.paragraphs else partly
    return told(says, todo=_l("Cite proposals, minutes, votes or assets in the others, or take them out."), page=CITING)


@rule("P9", PART, _l("Who may vote and how it is counted was fixed first; anybody can count again."), "participation")
def votes_can_be_counted_again(facts: Facts) -> Told:
    return of_linter(facts, "P9")


@rule("P10", PART, _l("Dissent stays in the record, unchanged."), "participation")
def dissent_is_kept(facts: Facts) -> Told:
    return of_linter(facts, "P10")


@rule("P11", PART, _l("The log can only grow, and others hold its seal."), "freeze")
def the_log_is_sealed(facts: Facts) -> Told:
    return of_linter(facts, "P11")


@rule("P12", PART, _l("The answer about how the application was prepared is written from facts alone."), "texts")
def the_process_is_told_from_facts(facts: Facts) -> Told:
    if facts.dossier is None:
        return no_dossier()
    section = next((each for each in facts.sections if each.draft == "process"), None)
    if section is None:
        return met(_l("This form does not ask it."))
    answer = facts.answers.get((section.id, facts.dossier.submits_in))
    if answer is not None and answer.state in (AnswerState.FINAL, AnswerState.FROZEN):
        if facts.moved:
            return _has_moved(facts)
        return met(_l("Section %(id)s is final.", id=number_of(section.id)), pages=[TEXTS, "record.show"])
    todo = _l("Take the draft from facts, look it over, make it final.")
    if answer is None or not answer.text:
        return missing(_l("Section %(id)s is empty.", id=number_of(section.id)), todo=todo, page=TEXTS)
    return partly(_l("Section %(id)s is not final.", id=number_of(section.id)), todo=todo, page=TEXTS)


def _has_moved(facts: Facts) -> Told:
    says = lazy_ngettext(
        "%(num)s sentence of the texts says a number that is another one today.",
        "%(num)s sentences of the texts say numbers that are other ones today.",
        facts.moved,
    )
    return partly(says, todo=_l("Put the numbers right before the dossier is frozen."), page=CITING)


@rule("P13", PART, _l("A person can be erased without breaking the record."), "freeze")
def a_person_can_be_erased(facts: Facts) -> Told:
    return both(
        met(_l("The log keeps seals of the fields, and what they open can be withheld.")), of_linter(facts, "P13")
    )
