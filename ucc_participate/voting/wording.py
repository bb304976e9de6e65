"""How votes, rules and groups are called on screen."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from ..kernel.i18n import lazy_money_in_words, lazy_number
from .ballot_words import how_to
from .models import Franchise, Vote, VoteState

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


def rule_in_words(vote: Vote) -> list[Any]:
    """The frozen rules as short sentences: how to choose, how it is counted, how ties are broken."""
    rules = vote.rules
    return [*how_to(vote), *_counting(vote), _ties(rules)]


def _counting(vote: Vote) -> list[Any]:
    rules = vote.rules
    if rules["method"] == "votes":
        return [
            ngettext(
                "The %(num)s option with the most votes wins.",
                "The %(num)s options with the most votes win.",
                rules["winners"],
            )
        ]
    budget = money_of(vote, rules["budget"])
    sentences = [_("The budget is %(budget)s.", budget=budget)]
    if rules["skip"]:
        sentences.append(
            _("Options are taken from the most votes downwards; one that no longer fits the budget is passed over.")
        )
    else:
        sentences.append(_("Options are taken from the most votes downwards, until one does not fit the budget."))
    if rules["threshold"]:
        sentences.append(
            ngettext(
                "An option needs at least %(num)s vote.", "An option needs at least %(num)s votes.", rules["threshold"]
            )
        )
    return sentences


def _ties(rules: dict[str, Any]) -> Any:
    if rules["tie"] == "cost_then_order":
        return _("With equal votes the cheaper option comes first, then the one higher on the ballot.")
    return _("With equal votes the option higher on the ballot comes first.")


def money_of(vote: Vote, minor: int | None) -> Any:
    """An amount of the vote's currency; minor units are hidden where they are zero."""
    if minor is None:
        return ""
    scale = vote.rules.get("scale") or 1
    amount = minor // scale
    currency = vote.rules.get("currency")
    return lazy_money_in_words(amount, currency) if currency else lazy_number(amount)
