"""What is typed about a plan and its initiatives, a part at a time: whoever writes finishes one and comes back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from ..years import Calendar
from .initiative import Frequency, IndicatorKind, InitiativeKind, Level
from .plan import Texts, Vocabulary

TITLE_LENGTH = 200
SUMMARY_LENGTH = 600
TEXT_LENGTH = 6_000
LINE_LENGTH = 220
REASON_LENGTH = (20, 2_000)
LARGEST_AMOUNT = 10**15
LARGEST_FIGURE = 10**12
MOST_STEPS = 40
MOST_INDICATORS = 30
MOST_PARTNERS = 60


@dataclass(frozen=True, slots=True)
class PlanSettings:
    """What the plan as a whole begins from; the fields are those of ``Plan``."""

    begins_on: date
    calendar: Calendar = Calendar.JALALI
    currency: str = "IRR"
    vocabulary: Vocabulary = Vocabulary.HANDBOOK_2013
    vision: Texts = field(default_factory=dict)
    gap_plan: Texts = field(default_factory=dict)
    limits: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Basics:
    """What it is."""

    kind: InitiativeKind
    level: Level
    title: Texts
    summary: Texts = field(default_factory=dict)
    description: Texts = field(default_factory=dict)
    objectives: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    creative_fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Beginnings:
    """Where it comes from. ``sources``: by public id of a proposal, what of it was taken; ``numbers``: of more."""

    sources: dict[str, str] = field(default_factory=dict)
    added_because: str = ""
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Benefit:
    """Who gains from it, and which plan of the city it enters."""

    beneficiaries: tuple[str, ...] = ()
    access: Texts = field(default_factory=dict)
    enters: Texts = field(default_factory=dict)
    sdgs: tuple[str, ...] = ("11",)


@dataclass(frozen=True, slots=True)
class Foundations:
    """Public ids of the assets that it builds on and the needs that it answers."""

    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Effects:
    """``effects``: as ``Initiative.effects``; a level that nothing is said of is left out."""

    effects: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Schedule:
    """Who sees to it, when, step by step. ``steps``: a title and a day each."""

    owner: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    steps: tuple[tuple[Texts, date | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Budget:
    """``costs``: by budget year, in whole units of the plan's currency."""

    costs: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Together:
    """Who carries it too: public ids of organisations and partner cities, names in words."""

    organisations: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    partner_search: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Particulars:
    """``particulars``: what each area of action asks for, as ``Initiative.particulars``."""

    particulars: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class IndicatorText:
    """One indicator; the fields are those of ``Indicator``."""

    kind: IndicatorKind
    title: Texts
    unit: Texts = field(default_factory=dict)
    baseline: Decimal | None = None
    target: Decimal | None = None
    frequency: Frequency = Frequency.YEARLY
    data_source: Texts = field(default_factory=dict)
    responsible: str = ""


Written = Basics | Beginnings | Benefit | Foundations | Effects | Schedule | Budget | Together | Particulars


class Part(StrEnum):
    """The parts of an initiative, in the order in which one writes them; the values stand in addresses."""

    BASICS = "basics"
    BEGINNINGS = "beginnings"
    BENEFIT = "benefit"
    FOUNDATIONS = "foundations"
    EFFECTS = "effects"
    SCHEDULE = "schedule"
    BUDGET = "budget"
    TOGETHER = "together"
    PARTICULARS = "particulars"


PART_OF: dict[type, Part] = {
    Basics: Part.BASICS,
    Beginnings: Part.BEGINNINGS,
    Benefit: Part.BENEFIT,
    Foundations: Part.FOUNDATIONS,
    Effects: Part.EFFECTS,
    Schedule: Part.SCHEDULE,
    Budget: Part.BUDGET,
    Together: Part.TOGETHER,
    Particulars: Part.PARTICULARS,
}
