"""What stands against freezing the plan, one by one: what is missing, what does not fit (K1–K3, O1, D1, D2, B2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext

from ..inventory.models import ItemKind
from ..kernel.i18n import lazy_day, lazy_digits, lazy_end, lazy_money, lazy_number
from ..vocabularies import uccn
from .models import Initiative, Level, Part, Plan, PlanState
from .money import Money
from .parts import INDICATORS, missing
from .queries import TAKEN
from .saying import words
from .wording import LEVELS

NEVER = frozenset({Part.BASICS, Part.BEGINNINGS, Part.SCHEDULE, Part.BUDGET, INDICATORS})
"""What an initiative cannot be frozen without; the rest may be passed over with a published reason."""


@dataclass(frozen=True, slots=True)
class Blocker:
    """``initiative``: its public id, None for the plan as a whole. ``text``: lazy, says what is missing."""

    code: str
    initiative: str | None
    text: Any
    can_override: bool

    @property
    def key(self) -> str:
        """Names it in the overrides of a version."""
        return f"{self.code}:{self.initiative}" if self.initiative else self.code


def blockers(
    plan: Plan, initiatives: Sequence[Initiative], money: Money, *, unanswered: int = 0, now: datetime
) -> list[Blocker]:
    """Everything that stands in the way; the plan as a whole first. Needs every part of the initiatives.

    ``unanswered``: comments of the round on the draft that the city has not answered.
    """
    found = [*_of_round(plan, unanswered, now), *_of_plan(plan, initiatives), *_of_money(plan, money)]
    for each in initiatives:
        found += [*_missing(each), *_sources(each), *_days(plan, each), *_effects(each)]
    return found


def _of_round(plan: Plan, unanswered: int, now: datetime) -> Iterator[Blocker]:
    if plan.status is PlanState.CONSULTED and plan.comments_until is not None and now < plan.comments_until:
        until = lazy_end(plan.comments_until)
        yield Blocker("round.open", None, _l("Comments on the draft are taken until %(moment)s.", moment=until), False)
    if unanswered:
        text = lazy_ngettext(
            "%(num)s comment on the draft has no answer of the city.",
            "%(num)s comments on the draft have no answer of the city.",
            unanswered,
        )
        yield Blocker("round.unanswered", None, text, True)


def _of_plan(plan: Plan, initiatives: Sequence[Initiative]) -> Iterator[Blocker]:
    if not initiatives:
        yield Blocker("initiatives.none", None, _l("There is no initiative in the plan."), False)
        return
    for key in uccn.OBJECTIVES:
        if not any(key in each.objectives for each in initiatives):
            yield _passable(f"objective.{key}")
    for level in Level:
        yield from _of_level(plan, level, sum(each.level is level for each in initiatives))
    for key in uccn.DIMENSIONS:
        if not any(each.effects.get(key, {}).get("expected") == "positive" for each in initiatives):
            yield _passable(f"effect.{key}")
    kinds = {use.item.kind for each in initiatives for use in each.uses}
    if ItemKind.HERITAGE not in kinds:
        yield _passable("assets.heritage")
    if ItemKind.CREATIVE not in kinds:
        yield _passable("assets.creative")


def _passable(code: str) -> Blocker:
    return Blocker(code, None, words(code), True)


def _of_level(plan: Plan, level: Level, count: int) -> Iterator[Blocker]:
    if not count:
        yield _passable(f"level.{level}")
    most = plan.limits.get(level)
    if most is not None and count > most:
        text = lazy_ngettext(
            "%(level)s: %(count)s initiatives, the form takes %(num)s.",
            "%(level)s: %(count)s initiatives, the form takes %(num)s.",
            most,
            level=LEVELS[level],
            count=lazy_number(count),
        )
        yield Blocker(f"limit.{level}", None, text, True)


def _of_money(plan: Plan, money: Money) -> Iterator[Blocker]:
    """A plan of how the gap is closed takes the place of money that is not there."""
    for outside in money.outside:
        text = _l("Money is written down for a year outside the plan: %(year)s.", year=lazy_digits(outside))
        yield Blocker(f"money.outside.{outside}", None, text, False)
    if money.short and not plan.gap_plan:
        text = _l(
            "The initiatives cost %(short)s more than is secured and expected. Enter the money, or say where it will "
            "come from.",
            short=lazy_money(money.short, plan.currency),
        )
        yield Blocker("money.short", None, text, False)
        return
    for year in money.years:
        if year.short and not plan.gap_plan:
            text = _l(
                "In %(year)s the initiatives cost %(short)s more than there is.",
                year=lazy_digits(year.year),
                short=lazy_money(year.short, plan.currency),
            )
            yield Blocker(f"money.year.{year.year}", None, text, True)


def _missing(initiative: Initiative) -> Iterator[Blocker]:
    for part, what in missing(initiative):
        code = f"missing.{part}.{what}"
        yield Blocker(code, initiative.public_id, words(code), part not in NEVER)


def _sources(initiative: Initiative) -> Iterator[Blocker]:
    """An answer may be corrected after an initiative was made from the proposal."""
    for source in initiative.sources:
        if source.proposal.outcome not in TAKEN:
            text = _l(
                "Proposal %(number)s is not adopted any more. Take it out, or say why the city keeps the initiative.",
                number=lazy_number(source.proposal.number or 0),
            )
            yield Blocker(f"source.{source.proposal.public_id}", initiative.public_id, text, False)


def _days(plan: Plan, initiative: Initiative) -> Iterator[Blocker]:
    """Designation and the four years after it (rule K1)."""
    first, last = plan.begins_on, plan.ends_on - timedelta(days=1)
    days = [day for day in (initiative.starts_on, initiative.ends_on) if day is not None]
    if any(not first <= day <= last for day in days):
        text = _l(
            "It lies outside the four years of the plan, from %(first)s to %(last)s.",
            first=lazy_day(first),
            last=lazy_day(last),
        )
        yield Blocker("days.outside", initiative.public_id, text, False)
    outside = [cost.year for cost in initiative.costs if cost.year not in plan.years]
    if outside:
        text = _l("It has costs in a year outside the plan: %(year)s.", year=lazy_digits(outside[0]))
        yield Blocker("costs.outside", initiative.public_id, text, False)


def _effects(initiative: Initiative) -> Iterator[Blocker]:
    for key, label in uccn.DIMENSIONS.items():
        told = initiative.effects.get(key, {})
        if told.get("expected") == "negative" and not told.get("trade_off"):
            text = _l("Its effect is bad here, and why that is accepted is not said: %(level)s.", level=label)
            yield Blocker(f"trade_off.{key}", initiative.public_id, text, False)
