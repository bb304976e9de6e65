"""What is typed to call a meeting, to come to it, and to write and judge its minutes."""

from .attending import GuestForm, HereForm, ListForm, RegistrationForm, SheetForm
from .calling import CancelForm, InviteForm, NoticeForm, RulesForm
from .minutes import AnswerForm, HandsForm, VoiceForm, minutes_form

__all__ = [
    "AnswerForm",
    "CancelForm",
    "GuestForm",
    "HandsForm",
    "HereForm",
    "InviteForm",
    "ListForm",
    "NoticeForm",
    "RegistrationForm",
    "RulesForm",
    "SheetForm",
    "VoiceForm",
    "minutes_form",
]
