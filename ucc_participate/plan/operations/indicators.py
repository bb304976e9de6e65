"""Indicators of an initiative: what shows that it does what it promises (rule K3)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.identity import Actor, new_public_id
from ...kernel.text import clean_line
from .. import policies
from ..events import InitiativeEvent
from ..models import Indicator, IndicatorText, Initiative
from ..models.written import LARGEST_FIGURE, LINE_LENGTH, MOST_INDICATORS, TEXT_LENGTH, TITLE_LENGTH
from ..parts import Overtaken, mark_of
from ..recording import note_initiative
from ..writing import texts, titled

PLACES = Decimal("0.001")


def add_indicator(
    session: Session, initiative: Initiative, told: IndicatorText, *, once: bool = False, actor: Actor, now: datetime
) -> Indicator:
    """``once``: the same twice is refused, as two presses of a button are one."""
    require(policies.can_edit_plan(actor, initiative.plan, now=now))
    if len(initiative.indicators) >= MOST_INDICATORS:
        raise Invalid(_l("These are too many indicators to keep. Remove one first."))
    made = Indicator(public_id=new_public_id())
    _write(made, told)
    if once and _told(made) in [_told(known) for known in initiative.indicators]:
        raise Invalid(_l("This indicator is there already."), field="title")
    initiative.indicators.append(made)
    _note(session, initiative, actor, now)
    return made


def revise_indicator(
    session: Session,
    initiative: Initiative,
    indicator: Indicator,
    told: IndicatorText,
    *,
    seen: str | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """``seen``: the mark of its state on the page; raises Overtaken when it is another by now."""
    require(policies.can_edit_plan(actor, initiative.plan, now=now))
    before = indicator.public_payload()
    if seen is not None and seen != mark_of(before):
        raise Overtaken()
    _write(indicator, told)
    if indicator.public_payload() != before:
        _note(session, initiative, actor, now)


def remove_indicator(
    session: Session, initiative: Initiative, indicator: Indicator, *, actor: Actor, now: datetime
) -> None:
    """Out of the plan; effects that pointed to it point to none."""
    require(policies.can_edit_plan(actor, initiative.plan, now=now))
    initiative.indicators.remove(indicator)
    gone = indicator.public_id
    initiative.effects = {
        level: effect | {"indicator": None} if effect.get("indicator") == gone else effect
        for level, effect in initiative.effects.items()
    }
    _note(session, initiative, actor, now)


def _told(indicator: Indicator) -> dict[str, object]:
    return indicator.public_payload() | {"id": None}


def _write(indicator: Indicator, told: IndicatorText) -> None:
    title = titled(told.title)
    indicator.baseline = _figure(told.baseline, "baseline")
    indicator.target = _figure(told.target, "target")
    indicator.kind, indicator.title, indicator.frequency = told.kind, title, told.frequency
    indicator.unit = texts(told.unit, max_length=TITLE_LENGTH, multiline=False)
    indicator.data_source = texts(told.data_source, max_length=TEXT_LENGTH)
    indicator.responsible = clean_line(told.responsible, max_length=LINE_LENGTH)


def _figure(value: Decimal | None, field: str) -> Decimal | None:
    if value is None:
        return None
    if abs(value) > LARGEST_FIGURE or value != value.quantize(PLACES):
        raise Invalid(_l("A number with at most three decimals, please."), field=field)
    return value


def _note(session: Session, initiative: Initiative, actor: Actor, now: datetime) -> None:
    initiative.changed_at = now
    note_initiative(session, InitiativeEvent.REVISED, initiative, actor=actor, now=now)
