"""How votes, rules and groups are called on screen."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from .models import Franchise, Vote, VoteState
from .rule_words import money_of, rule_in_words

__all__ = ["FRANCHISES", "GROUPS", "STATES", "STATE_MARKS", "money_of", "rule_in_words", "state_of"]

FRANCHISES: dict[Franchise, Any] = {
    Franchise.INDIVIDUAL: _l("Residents, in secret"),
    Franchise.ORGANISATION: _l("Organisations, on the record"),
}
STATES: dict[VoteState, Any] = {
    VoteState.ANNOUNCED: _l("Announced"),
    VoteState.OPEN: _l("Open"),
    VoteState.CLOSED: _l("Counted"),
}
STATE_MARKS: dict[VoteState, str] = {VoteState.ANNOUNCED: "", VoteState.OPEN: "open", VoteState.CLOSED: "good"}

GROUPS: dict[str, Any] = {
    "all": _l("Everybody"),
    "sector:public": _l("Public sector"),
    "sector:private": _l("Private sector"),
    "sector:civil_society": _l("Civil society"),
    "sector:not_stated": _l("Sector not stated"),
    "womens_group": _l("Women’s groups"),
    "youth_group": _l("Youth groups"),
    "sex:female": _l("Women"),
    "sex:male": _l("Men"),
    "sex:other": _l("Another sex"),
    "sex:not_stated": _l("Sex not stated"),
    "age:under_30": _l("Under 30"),
    "age:30_plus": _l("30 and older"),
    "age:not_stated": _l("Age not stated"),
}


def state_of(vote: Vote) -> tuple[Any, str]:
    """Where the vote stands, in a word, and the mark beside it."""
    if vote.certified_at is not None:
        return _("Certified"), "good"
    if vote.status is VoteState.CLOSED and vote.result is None:
        return _("Closed, not counted yet"), "open"
    if vote.canvass_ends_at is not None:
        return _("Counted, being checked"), "open"
    return STATES[vote.status], STATE_MARKS[vote.status]
