"""Tables of the action plan."""

from .initiative import (
    Frequency,
    Indicator,
    IndicatorKind,
    Initiative,
    InitiativeCost,
    InitiativeKind,
    InitiativePartner,
    InitiativeSource,
    InitiativeState,
    InitiativeUse,
    Level,
    Origin,
    decimal_text,
)
from .plan import Plan, PlanState, PlanVersion, Stage, Texts, Vocabulary

__all__ = [
    "Frequency",
    "Indicator",
    "IndicatorKind",
    "Initiative",
    "InitiativeCost",
    "InitiativeKind",
    "InitiativePartner",
    "InitiativeSource",
    "InitiativeState",
    "InitiativeUse",
    "Level",
    "Origin",
    "Plan",
    "PlanState",
    "PlanVersion",
    "Stage",
    "Texts",
    "Vocabulary",
    "decimal_text",
]
