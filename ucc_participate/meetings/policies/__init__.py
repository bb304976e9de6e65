"""Who may call a meeting, come to it, note who came, write its minutes and say something against them."""

from .minutes import (
    can_answer_voice,
    can_finalise_minutes,
    can_publish_minutes,
    can_speak_on_minutes,
)
from .room import can_attend, can_facilitate, can_hold, can_keep_sheet, can_note_attendance, can_raise_hand
from .running import (
    can_announce,
    can_cancel,
    can_import,
    can_invite_to,
    can_manage,
    can_move,
    can_read_desk,
    can_register,
    can_revise,
    can_see_people,
    can_set_rules,
    can_view,
    can_withdraw_registration,
)

__all__ = [
    "can_announce",
    "can_answer_voice",
    "can_attend",
    "can_cancel",
    "can_facilitate",
    "can_finalise_minutes",
    "can_hold",
    "can_import",
    "can_invite_to",
    "can_keep_sheet",
    "can_manage",
    "can_move",
    "can_note_attendance",
    "can_publish_minutes",
    "can_raise_hand",
    "can_read_desk",
    "can_register",
    "can_revise",
    "can_see_people",
    "can_set_rules",
    "can_speak_on_minutes",
    "can_view",
    "can_withdraw_registration",
]
