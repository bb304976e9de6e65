"""Every change at polling places."""

from .entering import (
    count_box,
    decide_papers,
    end_paper,
    enter_boxes,
    finish_box,
    type_papers,
)
from .kiosks import (
    LEAST_IDLE,
    MOST_IDLE,
    RECEIPT,
    begin_turn,
    cast_at_kiosk,
    end_turn,
    forget_turns,
    keep_turn,
    release_ballot,
    start_kiosk,
    stop_kiosk,
    take_released,
)
from .letters import issue_letters, withdraw_letters
from .places import MOST_BOXES, announce_place, keep_protocol, revise_place
from .serving import ask_mishap, confirm_mishap, hand_out_paper

__all__ = [
    "LEAST_IDLE",
    "MOST_BOXES",
    "MOST_IDLE",
    "RECEIPT",
    "announce_place",
    "ask_mishap",
    "begin_turn",
    "cast_at_kiosk",
    "confirm_mishap",
    "count_box",
    "decide_papers",
    "end_paper",
    "end_turn",
    "enter_boxes",
    "finish_box",
    "forget_turns",
    "hand_out_paper",
    "issue_letters",
    "keep_protocol",
    "keep_turn",
    "release_ballot",
    "revise_place",
    "start_kiosk",
    "stop_kiosk",
    "take_released",
    "type_papers",
    "withdraw_letters",
]
