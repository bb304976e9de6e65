"""Every change of meetings."""

from .calling import announce_meeting, cancel_meeting, invite_to_meeting, revise_meeting, set_rules
from .importing import import_meetings, open_imported_process
from .keeping import forget_names, forget_person
from .minutes import (
    answer_voice,
    finalise_minutes,
    publish_minutes,
    save_minutes,
    speak_on_minutes,
)
from .registering import register, remind_registered, withdraw_registration
from .room import (
    ask_hands,
    attend,
    hold_meeting,
    keep_sheet,
    note_attendance,
    note_turn,
    raise_hand,
    type_hands,
    withdraw_attendance,
)

__all__ = [
    "announce_meeting",
    "answer_voice",
    "ask_hands",
    "attend",
    "cancel_meeting",
    "finalise_minutes",
    "forget_names",
    "forget_person",
    "hold_meeting",
    "import_meetings",
    "invite_to_meeting",
    "keep_sheet",
    "note_attendance",
    "note_turn",
    "open_imported_process",
    "publish_minutes",
    "raise_hand",
    "register",
    "remind_registered",
    "revise_meeting",
    "save_minutes",
    "set_rules",
    "speak_on_minutes",
    "type_hands",
    "withdraw_attendance",
    "withdraw_registration",
]
