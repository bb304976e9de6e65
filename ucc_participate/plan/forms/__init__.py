"""What people type about the action plan: the plan as a whole, and each part of an initiative."""

from .base import Offered, PartForm
from .parts import PART_FORMS, begin_part
from .rows import budget_years_of
from .whole import IndicatorForm, NewInitiativeForm, PlanForm, ReasonForm

__all__ = [
    "PART_FORMS",
    "IndicatorForm",
    "NewInitiativeForm",
    "Offered",
    "PartForm",
    "PlanForm",
    "ReasonForm",
    "begin_part",
    "budget_years_of",
]
