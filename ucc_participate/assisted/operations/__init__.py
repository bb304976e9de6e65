"""Every change of assisted participation."""

from .entering import check_item, enter_item, enter_many
from .mending import correct_item, forget_items, take_over, withdraw_item
from .sittings import attach_scan, close_intake, open_intake

__all__ = [
    "attach_scan",
    "check_item",
    "close_intake",
    "correct_item",
    "enter_item",
    "enter_many",
    "forget_items",
    "open_intake",
    "take_over",
    "withdraw_item",
]
