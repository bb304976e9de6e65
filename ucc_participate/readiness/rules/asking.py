"""How a rule is asked and what an answer looks like."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext
from flask_babel.speaklater import LazyString

from ...kernel.i18n import in_language, lazy_number, reader
from ...objections.checks import Standing as Objected
from ...objections.checks.asking import Finding, side_by_side
from ...plan.models import Initiative
from ..facts import Facts, Said, Standing

MOST_NAMES = 6
NO_PLAN = _l("The action plan has not been begun.")
NO_DOSSIER = _l("The application has not been begun.")
PLAN, PLAN_SHOW, TEXTS, CHECKLIST = "plan.desk", "plan.show", "dossier.desk", "readiness.checklist"


class Group(StrEnum):
    """The headings of the guidelines, in their order."""

    PARTICIPATION = "RULE-PART"
    OBJECTIVES = "OBJ"
    AREAS = "AREA"
    FORWARD = "RULE-FWD"
    LEVELS = "RULE-DEV"
    LONG = "RULE-LONG"
    PLAN = "RULE-PLAN"
    EXCHANGE = "RULE-XCH"
    BIG = "RULE-BIG"
    FILE = "FILE"


@dataclass(frozen=True, slots=True)
class Todo:
    """``page``: endpoint where it is done; ``url``: an address, where another room gives one."""

    text: Any
    page: str | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """The answer to one rule. ``says``: evidence in words; ``lines``: entries of the log; ``pages``: where to look."""

    standing: Standing
    says: tuple[Any, ...] = ()
    todos: tuple[Todo, ...] = ()
    lines: tuple[int, ...] = ()
    pages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A rule as the page shows it. ``who``: which office sees to it, ``due_on``: by when; None: nothing is to do."""

    rule: str
    group: Group
    asks: Any
    told: Told
    who: str | None = None
    due_on: date | None = None


Ask = Callable[[Facts], Told]


@dataclass(frozen=True, slots=True)
class Rule:
    """``step``: the step of the schedule by whose day it must be met."""

    id: str
    group: Group
    asks: Any
    step: str
    ask: Ask


RULES: list[Rule] = []


def rule(id_: str, group: Group, asks: Any, step: str = "plan") -> Callable[[Ask], Ask]:
    """Enter a rule."""

    def enter(ask: Ask) -> Ask:
        RULES.append(Rule(id_, group, asks, step, ask))
        return ask

    return enter


def answer(asked: Rule, facts: Facts) -> Line:
    told = _with_others(asked.ask(facts), facts.said.get(asked.id, ()))
    if not told.todos:
        return Line(asked.id, asked.group, asked.asks, told)
    step = facts.step(asked.step)
    who = step.responsible or facts.process.responsible or None
    return Line(asked.id, asked.group, asked.asks, told, who, step.due_on)


def met(*says: Any, pages: Sequence[str] = (), lines: Sequence[int] = ()) -> Told:
    return Told(Standing.MET, says, (), tuple(lines), tuple(pages))


def later(*says: Any, lines: Sequence[int] = ()) -> Told:
    return Told(Standing.LATER, says, (), tuple(lines))


def partly(*says: Any, todo: Any, page: str | None = PLAN, lines: Sequence[int] = ()) -> Told:
    return Told(Standing.PARTLY, says, (Todo(todo, page),), tuple(lines))


def missing(*says: Any, todo: Any, page: str | None = PLAN) -> Told:
    return Told(Standing.MISSING, says, (Todo(todo, page),))


def no_plan() -> Told:
    return missing(NO_PLAN, todo=_l("Begin the action plan."))


def no_dossier() -> Told:
    return missing(NO_DOSSIER, todo=_l("Begin the application."), page=TEXTS)


def every_initiative(
    facts: Facts, holds: Callable[[Initiative], bool], todo: Any, among: Callable[[Initiative], bool] | None = None
) -> Told:
    """Met when all initiatives hold (all ``among`` them, where given, or there are none of these)."""
    if facts.plan is None:
        return no_plan()
    asked = [each for each in facts.initiatives if among is None or among(each)]
    if not facts.initiatives:
        return missing(_l("The plan has no initiative yet."), todo=_l("Make initiatives of the adopted proposals."))
    if not asked:
        return met(_l("No initiative is of this kind."), pages=[PLAN])
    lacking = [each for each in asked if not holds(each)]
    says = share(len(asked) - len(lacking), len(asked))
    if not lacking:
        return met(says, pages=[PLAN])
    told = partly if len(lacking) < len(asked) else missing
    return told(says, not_yet(title_of(each) for each in lacking), todo=todo)


def covered(facts: Facts, labels: Mapping[str, Any], found: Iterable[str], todo: Any) -> Told:
    """Met when each of ``labels`` is among ``found``."""
    if facts.plan is None:
        return no_plan()
    there = set(found)
    absent = [name for code, name in labels.items() if code not in there]
    present = [name for code, name in labels.items() if code in there]
    if not absent:
        return met(_l("Covered: %(names)s.", names=named(present)), pages=[PLAN, PLAN_SHOW])
    gap = _l("Nothing for: %(names)s.", names=named(absent))
    if not present:
        return missing(gap, todo=todo)
    return partly(_l("Covered: %(names)s.", names=named(present)), gap, todo=todo)


def of_linter(facts: Facts, code: str, *, beside: bool = False) -> Told:
    """What the linter of the process finds about a rule, all its questions together.

    ``beside``: it stands beside another answer. Answers that stand together carry their questions, so that “none yet”
    and “56%” say of whom.
    """
    findings = facts.objections.get(code, ())
    carries = beside or len(findings) > 1
    standings = {finding.standing for finding in findings}
    todos = tuple(Todo(each.todo, each.page) for each in findings if each.todo)
    lines = tuple(sorted({line for each in findings for line in each.lines}))
    return Told(_standing(standings), tuple(_answer(each) if carries else each.says for each in findings), todos, lines)


def _answer(finding: Finding) -> LazyString:
    return LazyString(lambda: f"{finding.asks} {finding.says}")


def both(one: Told, other: Told) -> Told:
    """Two answers to one rule: as both stand, or not yet where one waits and one is met, otherwise between."""
    standings = {one.standing, other.standing}
    waits = Standing.LATER if standings == {Standing.LATER, Standing.MET} else Standing.PARTLY
    standing = one.standing if len(standings) == 1 else waits
    return Told(
        standing,
        one.says + other.says,
        one.todos + other.todos,
        tuple(sorted({*one.lines, *other.lines})),
        tuple(dict.fromkeys(one.pages + other.pages)),
    )


def share(done: int, total: int) -> Any:
    return lazy_ngettext(
        "%(done)s of %(num)s initiative fulfils it.",
        "%(done)s of %(num)s initiatives fulfil it.",
        total,
        done=lazy_number(done),
    )


def not_yet(names: Iterable[Any]) -> Any:
    return _l("Not yet: %(names)s.", names=named(list(names)))


def named(names: Sequence[Any]) -> LazyString:
    """At most MOST_NAMES of them, then how many more."""
    shown = list(names[:MOST_NAMES])
    more = len(names) - len(shown)
    if more:
        shown.append(lazy_ngettext("%(num)s more", "%(num)s more", more))
    return side_by_side(shown)


def title_of(initiative: Initiative) -> LazyString:
    return LazyString(lambda: str(in_language(initiative.title, reader().locale) or initiative.number))


def is_told(texts: Mapping[str, str] | None) -> bool:
    return any(text.strip() for text in (texts or {}).values())


def _standing(found: set[Objected]) -> Standing:
    if found == {Objected.OBJECTION}:
        return Standing.MISSING
    if found & {Objected.OBJECTION, Objected.WARNING}:
        return Standing.PARTLY
    return Standing.LATER if Objected.LATER in found or not found else Standing.MET


def _with_others(told: Told, said: Sequence[Said]) -> Told:
    """What rooms above say takes the place of "not yet" and stands beside everything else."""
    for each in said:
        todos = (Todo(each.todo, url=each.url),) if each.todo else ()
        more = Told(each.standing, (each.says,), todos)
        told = (
            replace(more, lines=told.lines, pages=told.pages) if told.standing is Standing.LATER else both(told, more)
        )
    return told
