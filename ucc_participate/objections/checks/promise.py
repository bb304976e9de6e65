"""What the city said before it began, and whether there was time."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext

from ...kernel.i18n import lazy_number
from ...processes.policies import missing_requirements
from ...processes.timetable import open_days
from ..facts import Facts
from .asking import (
    STATE,
    Finding,
    Theme,
    later,
    met,
    objection,
    question,
    warning,
)

USUAL_NOTICE = timedelta(days=7)


@question("P1", Theme.PROMISE, _l("Does a named person of the municipality answer for the process?"), "Aarhus 6")
def a_named_person_is_responsible(facts: Facts) -> Finding:
    if facts.process.responsible:
        return met(_l("%(person)s is named as responsible.", person=facts.process.responsible), STATE)
    return objection(_l("Nobody is named."), _l("Name the official who is responsible."), "processes.edit")


@question("P5", Theme.PROMISE, _l("Was everything said before it opened?"), "OECD", "IAP2", "Gunning 2")
def the_promise_is_complete(facts: Facts) -> Finding:
    missing = missing_requirements(facts.process, facts.now) if not facts.has_opened else []
    if not missing and facts.process.published_at is None:
        return later(_l("Everything is filled in; it becomes public when the process is published."))
    if not missing:
        return met(
            _l("Purpose, scope, what can still change, promise, decision maker, timetable and documents are public."),
            "process.published",
        )
    says = lazy_ngettext("%(num)s thing is still missing.", "%(num)s things are still missing.", len(missing))
    return objection(says, _l("Fill in what the checklist names."), "processes.checklist")


@question("P5", Theme.PROMISE, _l("Could people prepare before it opened?"), "Aarhus 6", "Gunning 3")
def people_had_notice(facts: Facts) -> Finding:
    if facts.notice is None:
        return later(_l("The process has not been published yet."))
    days = lazy_ngettext(
        "%(num)s day of notice before the opening.",
        "%(num)s days of notice before the opening.",
        max(0, facts.notice.days),
    )
    proof = "process.opened" if facts.has_opened else "process.published"
    if facts.notice >= USUAL_NOTICE:
        return met(days, proof)
    todo = (
        _l("It cannot be made longer afterwards. Say in the record why it was short, and extend the first phase.")
        if facts.has_opened
        else _l("Publish earlier, or let the first phase begin later.")
    )
    return warning(days, todo, "processes.checklist", proof=proof)


@question("P6", Theme.PROMISE, _l("Was there enough time to propose and discuss?"), "Gunning 3", "Aarhus 6")
def there_is_enough_time(facts: Facts) -> Finding:
    days, least = open_days(facts.process.phases, since=facts.process.opened_at), facts.process.min_open_days
    says = lazy_ngettext(
        "By the timetable open for %(num)s day, %(so_far)s of it so far; at least %(least)s were promised.",
        "By the timetable open for %(num)s days, %(so_far)s of them so far; at least %(least)s were promised.",
        days,
        so_far=lazy_number(facts.days_open_so_far),
        least=lazy_number(least),
    )
    if days >= least:
        return met(says, STATE)
    return objection(says, _l("Give the phases more time."), "processes.timetable")


@question("P5", Theme.PROMISE, _l("Is it clear what can still change?"), "Gunning 1", "Aarhus 6")
def the_question_is_open(facts: Facts) -> Finding:
    if not facts.process.open_questions:
        return objection(
            _l("It does not say what can still change."), _l("Say what is open and what is not."), "processes.edit"
        )
    adopted_early = facts.proposals.answered and not facts.has_opened
    if adopted_early:
        return objection(_l("Proposals were decided on before the process opened."), _l("Explain it in the record."))
    return met(_l("What is open and what is decided already stands on the page of the process."))
