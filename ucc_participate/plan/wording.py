"""How the states and kinds of the action plan are called on screen."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from .models import (
    Frequency,
    IndicatorKind,
    InitiativeKind,
    InitiativeState,
    Level,
    Origin,
    Part,
    Plan,
    PlanState,
    Stage,
    Vocabulary,
)
from .years import Calendar

PLAN_STATES: dict[str, Any] = {
    PlanState.DRAFT: _l("Draft"),
    PlanState.CONSULTED: _l("Open for comments"),
    PlanState.FROZEN: _l("Frozen"),
}
PLAN_MARKS: dict[str, str] = {PlanState.DRAFT: "quiet", PlanState.CONSULTED: "open", PlanState.FROZEN: "good"}
ROUND_OVER = _l("Comments have ended")


def where_it_stands(plan: Plan, now: datetime) -> tuple[Any, str]:
    """What the plan's state is called now, and the look of it: a round that is over is not open for comments."""
    if plan.status is PlanState.CONSULTED and not plan.takes_comments(now):
        return ROUND_OVER, "quiet"
    return PLAN_STATES[plan.status], PLAN_MARKS[plan.status]


STAGES: dict[str, Any] = {
    Stage.CONSULTED: _l("As people commented on it"),
    Stage.VOTED: _l("As it was voted on"),
    Stage.SUBMITTED: _l("As it is submitted"),
}
KINDS: dict[str, Any] = {
    InitiativeKind.PROJECT: _l("Project"),
    InitiativeKind.INNOVATION: _l("Innovation"),
    InitiativeKind.POLICY: _l("Policy"),
}
KIND_HINTS: dict[str, Any] = {
    InitiativeKind.PROJECT: _l("Something with a beginning and an end: a festival, a workshop, a building."),
    InitiativeKind.INNOVATION: _l("A new way of doing something that the city does already."),
    InitiativeKind.POLICY: _l("A rule, a plan or a service that stays."),
}
LEVELS: dict[str, Any] = {
    Level.LOCAL: _l("In the city"),
    Level.INTERNATIONAL: _l("With other cities of the network"),
}
ORIGINS: dict[str, Any] = {
    Origin.ADOPTED: _l("Made from proposals"),
    Origin.ADDED: _l("Added by the city"),
}
INITIATIVE_STATES: dict[str, Any] = {
    InitiativeState.PLANNED: lazy_pgettext("initiative", "Planned"),
    InitiativeState.DROPPED: _l("Dropped"),
}
CALENDARS: dict[str, Any] = {
    Calendar.JALALI: lazy_pgettext("calendar", "Persian years"),
    Calendar.GREGORIAN: lazy_pgettext("calendar", "Gregorian years"),
}
VOCABULARIES: dict[str, Any] = {
    Vocabulary.HANDBOOK_2013: _l("The four objectives and seven areas of 2013"),
    Vocabulary.MISSION_STATEMENT: _l("Today’s words of the Network"),
}
CURRENCIES: dict[str, Any] = {"IRR": _l("Iranian rial"), "EUR": _l("Euro"), "USD": _l("US dollar")}
INDICATOR_KINDS: dict[str, Any] = {
    IndicatorKind.OUTPUT: _l("Output"),
    IndicatorKind.IMPACT: _l("Impact"),
}
INDICATOR_HINTS: dict[str, Any] = {
    IndicatorKind.OUTPUT: _l("What is made or done: courses held, houses restored."),
    IndicatorKind.IMPACT: _l("What becomes different: more income, more people who come."),
}
FREQUENCIES: dict[str, Any] = {
    Frequency.QUARTERLY: _l("Every three months"),
    Frequency.HALF_YEARLY: _l("Twice a year"),
    Frequency.YEARLY: _l("Every year"),
    Frequency.ONCE: _l("Once, at the end"),
}
EXPECTED: dict[str, Any] = {
    "positive": lazy_pgettext("effect", "A good effect"),
    "none": lazy_pgettext("effect", "None, because …"),
    "negative": lazy_pgettext("effect", "A bad effect that is accepted"),
}
PARTS: dict[str, Any] = {
    Part.BASICS: _l("What it is"),
    Part.BEGINNINGS: _l("Where it comes from"),
    Part.BENEFIT: _l("Who gains from it"),
    Part.FOUNDATIONS: _l("What it builds on"),
    Part.EFFECTS: _l("What becomes of it"),
    Part.SCHEDULE: _l("Who, when, step by step"),
    Part.BUDGET: _l("What it costs"),
    Part.TOGETHER: _l("With whom"),
    Part.PARTICULARS: _l("What its areas ask for"),
}
PARTICULARS: dict[str, Any] = {
    "hypothesis": _l("What is tried out, and what is expected"),
    "ends": _l("When the trial ends"),
    "result": _l("How it is decided whether it goes on"),
    "origin": _l("Where the good practice comes from"),
    "proof": _l("What shows that it works"),
    "question": _l("The question of the study"),
    "author": _l("Who carries the study out"),
    "publication": _l("How it is published"),
    "mode": _l("How people meet"),
    "minutes": _l("Where the minutes are found"),
    "direction": _l("Kind of cooperation"),
    "partner": _l("With whom"),
    "given": _l("What the city gives"),
    "received": _l("What the city receives"),
    "trainees": _l("Who learns, and how many"),
    "host": _l("Who teaches and receives them"),
    "length": _l("How long it takes"),
    "changed": _l("The plan, rule or law that changes"),
    "level": _l("Its level"),
}
PARTICULAR_CHOICES: dict[str, dict[str, Any]] = {
    "mode": {"in_person": _l("In person"), "online": _l("Online"), "both": _l("Both ways")},
    "direction": {
        "north_south": _l("North and South"),
        "south_south": _l("South and South"),
        "north_south_south": _l("North, South and South"),
    },
    "level": {"local": lazy_pgettext("policy", "Of the city"), "national": lazy_pgettext("policy", "Of the country")},
}
SDGS: dict[str, Any] = {
    "1": _l("No poverty"),
    "2": _l("Zero hunger"),
    "3": _l("Good health and well-being"),
    "4": _l("Quality education"),
    "5": _l("Gender equality"),
    "6": _l("Clean water and sanitation"),
    "7": _l("Affordable and clean energy"),
    "8": _l("Decent work and economic growth"),
    "9": _l("Industry, innovation and infrastructure"),
    "10": _l("Reduced inequalities"),
    "11": _l("Sustainable cities and communities"),
    "12": _l("Responsible consumption and production"),
    "13": _l("Climate action"),
    "14": _l("Life below water"),
    "15": _l("Life on land"),
    "16": _l("Peace, justice and strong institutions"),
    "17": _l("Partnerships for the goals"),
}
