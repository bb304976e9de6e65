"""How citations, and who shaped a paragraph, are called on screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from ..kernel.events import AuditEvent
from ..kernel.i18n import in_language, number, reader
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


def in_words(cited: Cited) -> str:
    """A whole line, on paper too: “Proposal: Kiln for all – Potters’ guild (Private sector)”."""
    kind, title = str(KINDS[cited.kind]), _title(cited)
    parts = (f"{kind}: {title}" if title else kind, str(STATES.get(cited.state, "")))
    who = _(", ").join(_hand_in_words(hand, times) for hand, times in grouped(cited.hands))
    return " – ".join(part for part in (*parts, who) if part)


def _title(cited: Cited) -> str:
    if cited.kind is Kind.ENTRY:
        return f"{entry_title(cited)} #{number(cited.about.position, locale=reader().locale)}"
    return str(in_language(cited.title, reader().locale) if isinstance(cited.title, Mapping) else cited.title)


def _hand_in_words(hand: Hand, times: int) -> str:
    sector = f" ({sector_name(hand)})" if hand.sector and hand.name else ""
    return f"{hand_name(hand)}{sector}" + (f" × {number(times, locale=reader().locale)}" if times > 1 else "")


def entry_title(cited: Cited) -> Any:
    """What an entry of the log says, in words."""
    return AuditEvent.all_texts().get(str(cited.title), cited.title)
