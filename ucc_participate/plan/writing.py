"""How what was typed goes into an initiative, a part at a time: cleaned, checked, and only where it differs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ..kernel.errors import Invalid
from ..kernel.i18n import LOCALES, lazy_day
from ..kernel.text import clean_line, clean_text
from ..vocabularies import uccn
from . import linking
from .budgeting import checked_costs
from .models import (
    Basics,
    Beginnings,
    Benefit,
    Budget,
    Effects,
    Foundations,
    Initiative,
    InitiativeCost,
    Particulars,
    Schedule,
    Texts,
    Together,
    Written,
)
from .models.written import LINE_LENGTH, MOST_STEPS, SUMMARY_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from .parts import ASKED, CODED

EXPECTED = ("positive", "none", "negative")
SDGS = tuple(str(number) for number in range(1, 18))


def write(session: Session, initiative: Initiative, told: Written) -> None:
    """Write one part. Raises Invalid naming the field; needs every part and the plan loaded."""
    _WRITERS[type(told)](session, initiative, told)


def texts(typed: Mapping[str, str], *, max_length: int, multiline: bool = True) -> Texts:
    """A text in the languages that it was given in."""
    clean = clean_text if multiline else clean_line
    cleaned = {locale: clean(typed.get(locale), max_length=max_length) for locale in LOCALES}
    return {locale: text for locale, text in cleaned.items() if text}


def titled(typed: Mapping[str, str], field: str = "title") -> Texts:
    title = texts(typed, max_length=TITLE_LENGTH, multiline=False)
    if not title or any(len(text) < 3 for text in title.values()):
        raise Invalid(_l("Write a title of at least three letters, in one language at least."), field=field)
    return title


def codes(chosen: Iterable[str], known: Collection[str], field: str) -> tuple[str, ...]:
    """As a CodeSet gives them back: sorted, each once."""
    wanted = sorted(set(chosen))
    if any(code not in known for code in wanted):
        raise Invalid(_l("Choose from the list."), field=field)
    return tuple(wanted)


def _basics(_session: Session, initiative: Initiative, told: Basics) -> None:
    objectives = codes(told.objectives, uccn.OBJECTIVES, "objectives")
    if not objectives:
        raise Invalid(_l("Choose at least one objective: every initiative serves one."), field="objectives")
    areas = codes(told.areas, uccn.AREAS, "areas")
    initiative.kind, initiative.level = told.kind, told.level
    initiative.title = titled(told.title)
    initiative.summary = texts(told.summary, max_length=SUMMARY_LENGTH)
    initiative.description = texts(told.description, max_length=TEXT_LENGTH)
    initiative.objectives, initiative.areas = objectives, areas
    initiative.creative_fields = codes(told.creative_fields, uccn.CREATIVE_FIELDS, "creative_fields")
    kept = {area: what for area, what in (initiative.particulars or {}).items() if area in areas}
    if kept != (initiative.particulars or {}):
        initiative.particulars = kept


def _benefit(_session: Session, initiative: Initiative, told: Benefit) -> None:
    initiative.beneficiaries = codes(told.beneficiaries, uccn.BENEFICIARIES, "beneficiaries")
    initiative.access = texts(told.access, max_length=TEXT_LENGTH)
    initiative.enters = texts(told.enters, max_length=TEXT_LENGTH)
    initiative.sdgs = codes(told.sdgs, SDGS, "sdgs")


def _effects(_session: Session, initiative: Initiative, told: Effects) -> None:
    known = {indicator.public_id for indicator in initiative.indicators}
    initiative.effects = {
        level: _effect(level, told.effects[level], known) for level in uccn.DIMENSIONS if level in told.effects
    }


def _effect(level: str, told: Mapping[str, Any], indicators: Collection[str]) -> dict[str, Any]:
    text = texts(told.get("text") or {}, max_length=TEXT_LENGTH)
    trade_off = texts(told.get("trade_off") or {}, max_length=TEXT_LENGTH)
    expected, indicator = told.get("expected"), told.get("indicator") or None
    if expected not in EXPECTED:
        raise Invalid(_l("Choose what effect you expect."), field=f"{level}_expected")
    if not text:
        none = _l("Say why no effect is expected here.")
        raise Invalid(none if expected == "none" else _l("Say what the effect is."), field=f"{level}_text")
    if expected == "negative" and not trade_off:
        raise Invalid(
            _l("A negative effect needs its trade-off: why it is accepted, and what is done against it."),
            field=f"{level}_trade_off",
        )
    if indicator is not None and indicator not in indicators:
        raise Invalid(_l("Choose from the list."), field=f"{level}_indicator")
    return {"expected": expected, "text": text, "indicator": indicator, "trade_off": trade_off}


def _schedule(_session: Session, initiative: Initiative, told: Schedule) -> None:
    plan = initiative.plan
    _inside(plan.begins_on, plan.ends_on, told.starts_on, "starts_on")
    _inside(plan.begins_on, plan.ends_on, told.ends_on, "ends_on")
    if told.starts_on and told.ends_on and told.ends_on < told.starts_on:
        raise Invalid(_l("It ends before it begins."), field="ends_on")
    steps = [_step(initiative, number, *step) for number, step in enumerate(told.steps) if any(step)]
    if len(steps) > MOST_STEPS:
        raise Invalid(_l("These are too many steps. Put some together."), field="step0_title")
    for number, (_title, due_on) in enumerate(told.steps):
        if due_on and ((told.starts_on and due_on < told.starts_on) or (told.ends_on and due_on > told.ends_on)):
            raise Invalid(_l("This step lies outside the days of the initiative."), field=f"step{number}_due")
    initiative.owner = clean_line(told.owner, max_length=LINE_LENGTH)
    initiative.starts_on, initiative.ends_on = told.starts_on, told.ends_on
    initiative.steps = sorted(steps, key=lambda step: str(step["due_on"]))


def _step(initiative: Initiative, number: int, title: Mapping[str, str], due_on: date | None) -> dict[str, Any]:
    if due_on is None:
        raise Invalid(_l("Say until when this step is done."), field=f"step{number}_due")
    _inside(initiative.plan.begins_on, initiative.plan.ends_on, due_on, f"step{number}_due")
    return {"title": titled(title, f"step{number}_title"), "due_on": due_on.isoformat()}


def _inside(first: date, end: date, day: date | None, field: str) -> None:
    """Rule K1: the plan is what happens in the four years after the designation."""
    if day is not None and not first <= day < end:
        raise Invalid(
            _l(
                "The plan runs four years from the designation: from %(first)s to the day before %(end)s.",
                first=lazy_day(first),
                end=lazy_day(end),
            ),
            field=field,
        )


def _budget(_session: Session, initiative: Initiative, told: Budget) -> None:
    costs = checked_costs(initiative.plan, told.costs)
    have = {cost.year: cost for cost in initiative.costs}
    for year, amount in costs.items():
        if year in have:
            have[year].amount = amount
        else:
            initiative.costs.append(InitiativeCost(year=year, amount=amount))
    for year, cost in have.items():
        if year not in costs:
            initiative.costs.remove(cost)


def _particulars(_session: Session, initiative: Initiative, told: Particulars) -> None:
    wanted = {area: told.particulars[area] for area in initiative.areas if area in told.particulars}
    found = {area: _of_area(area, what) for area, what in wanted.items()}
    initiative.particulars = {area: what for area, what in found.items() if what}


def _of_area(area: str, typed: Mapping[str, str]) -> dict[str, str]:
    found = {name: clean_text(typed.get(name), max_length=TEXT_LENGTH) for name in ASKED[area]}
    for name, value in found.items():
        if value and name in CODED and value not in CODED[name]:
            raise Invalid(_l("Choose from the list."), field=f"{area}_{name}")
    return {name: value for name, value in found.items() if value}


def _beginnings(session: Session, initiative: Initiative, told: Beginnings) -> None:
    linking.link_sources(session, initiative, told)


def _foundations(session: Session, initiative: Initiative, told: Foundations) -> None:
    linking.link_items(session, initiative, told.items)


def _together(session: Session, initiative: Initiative, told: Together) -> None:
    initiative.partner_search = texts(told.partner_search, max_length=TEXT_LENGTH)
    linking.link_partners(session, initiative, told)


_WRITERS: dict[type, Callable[[Session, Initiative, Any], None]] = {
    Basics: _basics,
    Beginnings: _beginnings,
    Benefit: _benefit,
    Foundations: _foundations,
    Effects: _effects,
    Schedule: _schedule,
    Budget: _budget,
    Together: _together,
    Particulars: _particulars,
}
