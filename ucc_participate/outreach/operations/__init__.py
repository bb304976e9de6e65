"""Changes: inviting with codes, what whoever holds a code answers, the log of outreach, reminders."""

from .answering import (
    answer_invitation,
    name_delegate,
    open_invitation,
)
from .following import (
    Piece,
    follow,
    forget_wishes,
    set_wishes,
    stop_account,
    stop_contact,
    stop_newsletters,
    tell_news,
    unfollow,
)
from .inviting import (
    Addresses,
    Issued,
    Slip,
    Terms,
    invite,
    note_attendance,
    note_call,
    reissue_codes,
    remind,
    withdraw_batch,
)
from .recording import correct_activity, import_activities, record_activity
from .retaining import forget_notes, remove_stale

__all__ = [
    "Addresses",
    "Issued",
    "Piece",
    "Slip",
    "Terms",
    "answer_invitation",
    "correct_activity",
    "follow",
    "forget_notes",
    "forget_wishes",
    "import_activities",
    "invite",
    "name_delegate",
    "note_attendance",
    "note_call",
    "open_invitation",
    "record_activity",
    "reissue_codes",
    "remind",
    "remove_stale",
    "set_wishes",
    "stop_account",
    "stop_contact",
    "stop_newsletters",
    "tell_news",
    "unfollow",
    "withdraw_batch",
]
