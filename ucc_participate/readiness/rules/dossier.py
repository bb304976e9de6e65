"""The file: texts within their limits, attachments, deadlines, nothing told twice (Z)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext
from flask_babel.speaklater import LazyString

from ...dossier.models import AnswerState
from ...dossier.moving import excess
from ...kernel.i18n import digits, lazy_number, reader
from ..facts import Facts
from .asking import CHECKLIST, TEXTS, Group, Told, met, missing, named, no_dossier, partly, rule

FILE = Group.FILE


@rule("Z1", FILE, _l("Every section is answered in English or French, within its limit of words."), "texts")
def sections_are_answered(facts: Facts) -> Told:
    if facts.dossier is None:
        return no_dossier()
    language = facts.dossier.submits_in
    pairs = [(section, facts.answers.get((section.id, language))) for section in facts.sections]
    final = [answer for _section, answer in pairs if answer and answer.state in (AnswerState.FINAL, AnswerState.FROZEN)]
    long_ = [section.id for section, answer in pairs if answer and excess(section, answer)]
    says = lazy_ngettext(
        "%(final)s of %(num)s section is final.",
        "%(final)s of %(num)s sections are final.",
        len(pairs),
        final=lazy_number(len(final)),
    )
    if long_:
        over = _l("Too long: %(names)s.", names=_ids(long_))
        return partly(says, over, todo=_l("Shorten what is too long, finish the others."), page=TEXTS)
    if len(final) == len(pairs):
        return met(says, pages=[TEXTS])
    return (partly if final else missing)(says, todo=_l("Finish the texts that are open."), page=TEXTS)


@rule(
    "Z2",
    FILE,
    _l("Every attachment that the form asks for is there: letters signed, photos with their rights."),
    "letters",
)
def attachments_are_there(facts: Facts) -> Told:
    if facts.dossier is None:
        return no_dossier()
    rows = [row for row in facts.rows if row.is_official]
    absent = [row.id for row in rows if row.missing or row.too_many]
    if not rows:
        return met(_l("This form takes no attachment."), pages=[CHECKLIST])
    if not absent:
        return met(_l("All are ready."), pages=[CHECKLIST])
    says = _l("Not ready: %(names)s.", names=_ids(absent))
    told = missing if len(absent) == len(rows) else partly
    return told(says, todo=_l("See the checklist: ask, receive, have it signed."), page=CHECKLIST)


@rule("Z3", FILE, _l("The day of the National Commission is known, and what comes before it has its day."), "national")
def deadlines_are_known(facts: Facts) -> Told:
    if facts.dossier is None:
        return no_dossier()
    if facts.dossier.national_deadline is None:
        todo = _l("Ask the National Commission for its day, and enter it.")
        return missing(_l("The deadline of the National Commission is not known."), todo=todo, page=TEXTS)
    clashes = [step for step in facts.steps if step.clash is not None]
    if clashes:
        says = lazy_ngettext("%(num)s step clashes with another.", "%(num)s steps clash with others.", len(clashes))
        return partly(says, todo=_l("Move the step, or the phase of the process."), page="readiness.deadlines")
    return met(_l("No step clashes with the timetable of the process."), pages=["readiness.deadlines"])


@rule("Z4", FILE, _l("Nothing is told twice in two sections."), "texts")
def nothing_is_told_twice(facts: Facts) -> Told:
    if facts.dossier is None:
        return no_dossier()
    if not facts.alike:
        return met(_l("No two sections have similar text."), pages=[TEXTS])
    says = _l("Similar text in sections: %(names)s.", names=_ids([f"{one} – {other}" for one, other in facts.alike]))
    return partly(says, todo=_l("Say it in one place, and point to it."), page="citing.desk")


def _ids(codes: list[str]) -> LazyString:
    return named([LazyString(lambda code=code: digits(code, locale=reader().locale)) for code in codes])
