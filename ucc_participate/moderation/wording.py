"""Words for what moderation knows by codes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from ..kernel.i18n import listed
from .models import Act, AppealOutcome, Hold, Mode, Reason, Sign, Standing, Waiting

REASONS: dict[Reason, Any] = {
    Reason.SPAM: _l("Advertising or spam"),
    Reason.INSULT: _l("Insult or threat"),
    Reason.PERSONAL_DATA: _l("Somebody’s personal data"),
    Reason.UNLAWFUL: _l("Against the law"),
    Reason.OFF_TOPIC: _l("Off topic"),
    Reason.OTHER: _l("Another reason"),
}
REASON_HINTS: dict[Reason, Any] = {
    Reason.SPAM: _l("Sells something, or says the same again and again"),
    Reason.INSULT: _l("Attacks a person or a group instead of an opinion"),
    Reason.PERSONAL_DATA: _l("An address, a telephone number, something private about somebody"),
    Reason.UNLAWFUL: _l("Calls for violence, slanders, breaks copyright"),
    Reason.OFF_TOPIC: _l("Has nothing to do with this process"),
    Reason.OTHER: _l("Say it in your own words"),
}
HOLDS: dict[Hold, Any] = {
    Hold.BEFORE_PUBLICATION: _l("everything is read first here"),
    Hold.FIRST_POST: _l("first contribution of this person"),
    Hold.LINKS: _l("many links"),
    Hold.REPEATED: _l("the same text again"),
    Hold.SHOUTING: _l("capitals or marks throughout"),
}
WAITINGS: dict[Waiting, Any] = {
    Waiting.HELD: _l("Held back"),
    Waiting.FLAGGED: _l("Reported"),
    Waiting.APPEALED: _l("Appeal"),
}
STANDINGS: dict[Standing, Any] = {
    Standing.SHOWN: _l("Shown"),
    Standing.HELD: _l("Waits for a moderator"),
    Standing.HIDDEN: _l("Hidden"),
}
ACTS: dict[Act, Any] = {
    Act.PUBLISHED: lazy_pgettext("contribution", "Published"),
    Act.REFUSED: lazy_pgettext("contribution", "Not published"),
    Act.HIDDEN: _l("Hidden"),
    Act.RESTORED: _l("Shown again"),
    Act.KEPT: _l("Left as it is"),
}
DEEDS: dict[Act, Any] = {
    Act.PUBLISHED: _l("Publish"),
    Act.REFUSED: _l("Do not publish"),
    Act.HIDDEN: _l("Hide"),
    Act.RESTORED: _l("Show again"),
    Act.KEPT: _l("Leave as it is"),
}
OUTCOMES: dict[AppealOutcome, Any] = {
    AppealOutcome.UPHELD: _l("The decision stands"),
    AppealOutcome.OVERTURNED: _l("The decision is taken back"),
}
MODES: dict[Mode, Any] = {
    Mode.AFTER: _l("They appear at once; moderators look at what is reported"),
    Mode.BEFORE: _l("They appear when a moderator has read them"),
}

SIGNS: dict[Sign, Any] = {
    Sign.NETWORK: _l("Many people of one network"),
    Sign.TEXT: _l("The same text again"),
    Sign.NEW_ACCOUNTS: _l("Many new accounts at once"),
}


def holds_in_words(codes: Iterable[str]) -> str:
    """Why something was held back, as part of a sentence."""
    return listed([HOLDS[hold] for hold in Hold if hold.value in set(codes)])


POLICY: list[tuple[Any, Any]] = [
    (
        _l("What we want"),
        _l(
            "Say what you think about the city, as clearly as you like. Speak about things and reasons, not against "
            "people. Whoever disagrees with you is a neighbour."
        ),
    ),
    (
        _l("What we hide"),
        _l(
            "Advertising and the same text again and again; insults and threats; what is private about somebody, such "
            "as an address or a telephone number; what breaks the law; what has nothing to do with this process. "
            "An opinion is never a reason, and criticism of the city least of all."
        ),
    ),
    (
        _l("Who decides"),
        _l(
            "People, by name of their office, never a machine. Many reports hide nothing: they only bring a text to a "
            "moderator. Nobody judges what they wrote themselves, nor what their own organisation wrote."
        ),
    ),
    (
        _l("What you can do"),
        _l(
            "When something of yours is hidden, you get a mail with the reason. You can still read it, and appeal "
            "once: another moderator decides. Whoever is blocked for a time can still read, vote and appeal."
        ),
    ),
    (
        _l("What stays on record"),
        _l(
            "Each decision stands in the public log with its reason, and below as a number. A hidden text leaves the "
            "log, too; that it was hidden does not."
        ),
    ),
]
"""What a city says that has written nothing of its own: headings and texts."""
