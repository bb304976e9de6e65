"""How groups and stages are called, what each number means in words, what can be done about a gap."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..kernel.i18n import digits, reader
from ..voting.wording import GROUPS as VOTED_GROUPS

__all__ = ["DEFINITIONS", "DIMENSIONS", "GROUPS", "STAGES", "SUGGESTIONS", "group_name", "target_group"]

GROUPS: dict[str, Any] = {
    **VOTED_GROUPS,
    "sex:rest": _l("Another sex or not stated"),
    "district:elsewhere": _l("A district that the table does not know"),
    "district:not_stated": _l("District not stated"),
    "way:internet": _l("On the internet"),
    "way:paper": _l("On paper"),
    "way:workshop": _l("In a workshop"),
    "way:phone": _l("By telephone"),
    "way:counter": _l("At the counter"),
}
DIMENSIONS: dict[str, Any] = {
    "sex": _l("Women and men"),
    "age": _l("Young and old"),
    "band": _l("Age"),
    "district": _l("District"),
    "way": _l("How people came"),
}
STAGES: dict[str, Any] = {
    "organisations_invited": _l("Organisations invited"),
    "organisations_opened": _l("Organisations that opened the invitation"),
    "organisations_answered": _l("Organisations that said yes"),
    "organisations_attended": _l("Organisations that came to a meeting"),
    "organisations_proposing": _l("Organisations that proposed"),
    "organisations_commenting": _l("Organisations that commented"),
    "organisations_voting": _l("Organisations that voted"),
    "organisations_present": _l("Organisations present"),
    "organisations_declined": _l("Organisations that declined"),
    "people_joined": _l("People who took part"),
    "people_proposing": _l("People who proposed"),
    "people_commenting": _l("People who commented"),
    "people_voting": _l("People who voted"),
}
DEFINITIONS: dict[str, Any] = {
    "organisations_invited": _l("An invitation to this process is in the log."),
    "organisations_opened": _l("The personal code of the invitation was used, or a clerk noted that it was read."),
    "organisations_answered": _l("The organisation answered its invitation with yes."),
    "organisations_attended": _l("Somebody was at a meeting for the organisation, and it was noted."),
    "organisations_proposing": _l("A delegate handed in a proposal for the organisation."),
    "organisations_commenting": _l("A delegate commented for the organisation."),
    "organisations_voting": _l("A delegate cast the organisation’s ballot."),
    "organisations_present": _l("The organisation said yes, came, proposed, commented or voted."),
    "organisations_declined": _l("The organisation answered its invitation with no."),
    "people_joined": _l("People with at least one act in this process, each counted once."),
    "people_proposing": _l("People who handed in a proposal of their own."),
    "people_commenting": _l("People who said something in a discussion for themselves; guests are not counted."),
    "people_voting": _l("People whose slot on a roll was used."),
}
SUGGESTIONS: dict[str, tuple[Any, ...]] = {
    "sex:female": (
        _l("Ask women’s groups to bring it to their next meeting, and go there."),
        _l("Hold a session for women alone, by day, with somebody to look after children."),
        _l("Let a woman of the team take proposals by telephone."),
    ),
    "sex:male": (_l("Go where men are: guilds, workshops, teahouses, sports clubs."),),
    "young": (
        _l("Ask student councils, schools and youth groups to hold a session. A named decision maker listens."),
        _l("Send a short message in the channels that young people read, with the link to one proposal."),
    ),
    "old": (_l("Visit clubs and mosques where older people meet, with paper forms and a clerk."),),
    "district": (
        _l("Put up posters in this district’s shops, bakeries and health centres, with the telephone number."),
        _l("Hold a workshop in this district and write down what is said there."),
    ),
    "sector": (
        _l("Call the organisations of this sector that have not answered; visit the largest."),
        _l("Ask those who are there whom they miss, and invite these."),
    ),
    "womens_group": (_l("Ask the women’s groups that are there to name others, and invite these by telephone."),),
    "youth_group": (_l("Ask universities, schools and clubs for their youth groups, and invite these by message."),),
    "other": (_l("Ask those who belong to this group why they are not there, and go to them."),),
}


def group_name(group: str) -> Any:
    """A group in words: those above, age bands, districts by their own name, crossed ones with both names."""
    if group in GROUPS:
        return GROUPS[group]
    if "&" in group:
        return " · ".join(str(group_name(part)) for part in group.split("&"))
    kind, _colon, name = group.partition(":")
    if kind == "band":
        return _band(name)
    return name or group


def _band(band: str) -> str:
    """``18-24`` as people say it."""
    low, _dash, high = band.partition("-")
    locale = reader().locale
    if not high:
        return str(_("%(age)s and older", age=digits(low.rstrip("+"), locale=locale)))
    if low == "0":
        return str(_("under %(age)s", age=digits(str(int(high) + 1), locale=locale)))
    return str(_("%(low)s to %(high)s", low=digits(low, locale=locale), high=digits(high, locale=locale)))


def target_group(key: str) -> str:
    """The group that a target is for; names in keys of the log are written with % signs."""
    return unquote(key)
