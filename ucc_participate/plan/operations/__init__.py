"""Every change of the action plan."""

from .beginning import begin_plan, revise_plan
from .consulting import consult_plan, end_round, extend_round
from .fixing import Standing, fix_voted, freeze_plan, unfreeze_plan
from .indicators import add_indicator, remove_indicator, revise_indicator
from .initiatives import add_initiative, drop_initiative, move_initiative, restore_initiative, revise_initiative

__all__ = [
    "Standing",
    "add_indicator",
    "add_initiative",
    "begin_plan",
    "consult_plan",
    "drop_initiative",
    "end_round",
    "extend_round",
    "fix_voted",
    "freeze_plan",
    "move_initiative",
    "remove_indicator",
    "restore_initiative",
    "revise_indicator",
    "revise_initiative",
    "revise_plan",
    "unfreeze_plan",
]
