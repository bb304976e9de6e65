"""How sides, voices and orders of discussions are called on screen."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from ..kernel.i18n import reader
from ..moderation.setup import concealed_words
from .models import CommentState, Stance, Voice
from .queries import Order

__all__ = [
    "LANGUAGES",
    "NOBODY",
    "ORDERS",
    "ORDER_WORDS",
    "SIDES_TITLES",
    "STANCES",
    "STANCE_DEEDS",
    "STANCE_HINTS",
    "STANCE_ICONS",
    "STATES",
    "VOICES",
    "concealed_words",
    "reader",
]

SIDES_TITLES: dict[str, Any] = {
    Stance.FOR: _l("In favour"),
    Stance.AGAINST: _l("Against"),
    Stance.QUESTION: _l("Questions"),
    Stance.REMARK: _l("Remarks"),
}
STANCES: dict[str, Any] = {
    Stance.FOR: _l("For it"),
    Stance.AGAINST: _l("Against it"),
    Stance.QUESTION: _l("Question"),
    Stance.REMARK: _l("Remark"),
}
STANCE_DEEDS: dict[str, Any] = {
    Stance.FOR: _l("I am for it"),
    Stance.AGAINST: _l("I am against it"),
    Stance.QUESTION: _l("I have a question"),
    Stance.REMARK: _l("I have a remark"),
}
STANCE_HINTS: dict[str, Any] = {
    Stance.FOR: _l("Say why."),
    Stance.AGAINST: _l("Say why, or what would have to change."),
    Stance.QUESTION: _l("Something that you need to know before you can judge."),
    Stance.REMARK: _l("Something that others should know, without taking a side."),
}
STANCE_ICONS: dict[str, str] = {
    Stance.FOR: "plus",
    Stance.AGAINST: "x",
    Stance.QUESTION: "info-circle",
    Stance.REMARK: "message",
}
VOICES: dict[str, Any] = {
    Voice.RESIDENT: _l("a resident"),
    Voice.ORGANISATION: _l("an organisation"),
    Voice.CITY: _l("the city"),
    Voice.GUEST: _l("a guest from another city"),
}
STATES: dict[str, Any] = {
    CommentState.POSTED: _l("Posted"),
    CommentState.WITHDRAWN: lazy_pgettext("comment", "Withdrawn"),
}
ORDERS: dict[str, Any] = {
    Order.BALANCED: _l("Balanced"),
    Order.HELPFUL: _l("Most helpful"),
    Order.NEWEST: _l("Newest first"),
    Order.OLDEST: _l("Oldest first"),
}
ORDER_WORDS: dict[str, Any] = {
    Order.BALANCED: _l(
        "For and against stand side by side; which of them comes first changes from day to day. The first comment of "
        "everybody comes before anybody’s second. Otherwise a lot decides: comments stand in a circle, and every day "
        "it begins at another place. How often something was found helpful, and how loud it is, changes nothing."
    ),
    Order.HELPFUL: _l("What most people have found helpful comes first. What was written early has an advantage here."),
    Order.NEWEST: _l("What was written last comes first."),
    Order.OLDEST: _l("What was written first comes first."),
}
NOBODY: dict[str, Any] = {
    Stance.FOR: _l("Nobody has spoken for it yet."),
    Stance.AGAINST: _l("Nobody has spoken against it yet."),
    Stance.QUESTION: _l("Nobody has asked anything yet."),
    Stance.REMARK: _l("No remarks yet."),
}
LANGUAGES: dict[str, Any] = {"fa": _l("Persian"), "en": _l("English"), "fr": _l("French")}
