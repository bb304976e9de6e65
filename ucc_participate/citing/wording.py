"""How citations, and who shaped a paragraph, are called on screen."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from ..kernel.events import AuditEvent
from ..vocabularies.uccn import SECTORS
from .saying import _, ngettext
from .sources import Cited, Hand, Kind, Part

KINDS: dict[str, Any] = {
    Kind.PROPOSAL: _l("Proposal"),
    Kind.ANSWER: _l("Answer of the city"),
    Kind.COMMENT: _l("Comment"),
    Kind.MINUTES: _l("Minutes"),
    Kind.DECISION: _l("Decision of a meeting"),
    Kind.VOTE: _l("Vote"),
    Kind.ITEM: _l("Need or asset"),
    Kind.INITIATIVE: _l("Initiative"),
    Kind.INDICATOR: _l("Indicator"),
    Kind.FACT: _l("Fact"),
    Kind.ENTRY: _l("Log entry"),
}
STATES: dict[str, Any] = {
    "withheld": _l("not shown now, by moderation"),
    "retired": _l("taken back since"),
}


def hand_name(hand: Hand) -> str:
    """Who it is, as the reader is told: never a name that its bearer did not publish."""
    if hand.part is Part.ERASED:
        return _("a person whose data was erased")
    if hand.part is Part.MEETING:
        return _("people at the meeting") if hand.number is None else _people(hand.number)
    if hand.part is Part.VOTERS:
        return ngettext("%(num)s ballot", "%(num)s ballots", hand.number or 0)
    if hand.part is Part.ORGANISATION and hand.name is None:
        return ngettext("%(num)s organisation", "%(num)s organisations", hand.number or 0)
    if hand.name:
        return hand.name
    return {Part.CITY: _("the city"), Part.GUEST: _("a guest of another city")}.get(hand.part, _("a resident"))


def _people(number: int) -> str:
    return ngettext("%(num)s person at the meeting", "%(num)s people at the meeting", number)


def sector_name(hand: Hand) -> Any:
    return SECTORS.get(hand.sector or "")


def grouped(hands: tuple[Hand, ...]) -> list[tuple[Hand, int]]:
    """The same hands once, with how many: “a resident (4)”. Those with a name first."""
    counted: dict[Hand, int] = {}
    for hand in hands:
        counted[hand] = counted.get(hand, 0) + 1
    return sorted(counted.items(), key=lambda each: each[0].name is None)


def entry_title(cited: Cited) -> Any:
    """What an entry of the log says, in words."""
    return AuditEvent.all_texts().get(str(cited.title), cited.title)
