"""Meetings: notice, agenda, who comes, what was said, what the minutes say, and who objects."""

from .meeting import (
    TRANSITIONS,
    AgendaItem,
    Meeting,
    MeetingRules,
    MeetingState,
    Mode,
    Notice,
    agenda_times,
)
from .minutes import DecisionLink, Minutes, MinutesDesk, MinutesState, MinutesVoice, VoiceKind
from .people import (
    Attendance,
    AttendanceWay,
    MeetingInvitation,
    MeetingTold,
    Registration,
    RegistrationState,
)
from .room import Hand, ShowOfHands, SpeakingTurn

__all__ = [
    "TRANSITIONS",
    "AgendaItem",
    "Attendance",
    "AttendanceWay",
    "DecisionLink",
    "Hand",
    "Meeting",
    "MeetingInvitation",
    "MeetingRules",
    "MeetingState",
    "MeetingTold",
    "Minutes",
    "MinutesDesk",
    "MinutesState",
    "MinutesVoice",
    "Mode",
    "Notice",
    "Registration",
    "RegistrationState",
    "ShowOfHands",
    "SpeakingTurn",
    "VoiceKind",
    "agenda_times",
]
