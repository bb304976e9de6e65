"""How ways of counting are called on the pages of results."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext, lazy_pgettext

from ..kernel.i18n import lazy_number
from .rules import BallotKind
from .rules.values import FIRST_PREFERENCES

METHODS: Mapping[str, Any] = {
    "votes": _l("Most votes"),
    "greedy": _l("Most votes first, while the budget lasts"),
    "equal_shares": _l("Equal Shares"),
    "phragmen": _l("Phragmén’s rule"),
    "knapsack": _l("The basket with the most votes"),
    "stv": _l("Single transferable vote"),
    "schulze": _l("Schulze’s rule"),
    "ranked_pairs": _l("Ranked pairs"),
    "borda": _l("Borda points"),
    "majority_judgment": _l("Majority judgment"),
}
IN_A_SENTENCE: Mapping[str, Any] = {
    "votes": _l("The options with the most votes are taken."),
    "greedy": _l("Options are taken from the most votes downwards while they fit into the budget."),
    "equal_shares": _l("The budget is shared equally among the voters; supporters pay together for what they chose."),
    "phragmen": _l("Every voter earns money at the same speed; supporters buy an option once they can afford it."),
    "knapsack": _l("Of all baskets that fit into the budget the one with the most votes is taken."),
    "stv": _l("Who reaches the quota is elected; what is over, and the votes of the last, move on to the next choice."),
    "schulze": _l("Every option is compared with every other; the one that nobody beats, not even by a detour, wins."),
    "ranked_pairs": _l("Every option is compared with every other; the clearest comparisons count first."),
    "borda": _l("Every rank gives points, a higher one more."),
    "majority_judgment": _l("The grade in the middle counts: half the voters gave this much or more."),
}
PEOPLE: Mapping[str, Any] = {
    "person": _l("One person, one vote"),
    "sectors": _l("Each sector weighs one third"),
    "double_majority": _l("Half of all voters, and half in most sectors"),
    "weakest_sector": _l("By support in the sector that likes it least"),
    "only_women": _l("Women’s ballots only"),
    "only_youth": _l("Ballots of people under 30 only"),
    "reserved_women": _l("A fifth kept for proposals for women"),
    "reserved_youth": _l("A fifth kept for proposals for young people"),
}
DIMENSIONS: Mapping[str, Any] = {
    "sector": _l("Sector"),
    "sex": _l("Sex"),
    "age": _l("Age"),
    "district": _l("District"),
    "channel": _l("Way of voting"),
}
CHANNELS: Mapping[str, Any] = {
    "internet": lazy_pgettext("way of voting", "Internet"),
    "paper": lazy_pgettext("way of voting", "Paper"),
    "kiosk": lazy_pgettext("way of voting", "Kiosk"),
}
NOT_STATED = _l("elsewhere, or not stated")


def what_counts(rules: Mapping[str, Any]) -> Any:
    """What the number beside an option is, as the head of a column."""
    kind = BallotKind(rules["ballot"])
    if rules["method"] in FIRST_PREFERENCES:
        return _l("First choices")
    if kind is BallotKind.YESNO:
        return lazy_pgettext("how many", "Yes")
    if kind.has_points or kind.is_ranked:
        return _l("Points")
    return lazy_pgettext("how many", "Votes")


def count_in_words(rules: Mapping[str, Any], line: Mapping[str, Any]) -> Any:
    """The number of an option with what it is a number of."""
    kind, votes = BallotKind(rules["ballot"]), line["votes"]
    if rules["method"] in FIRST_PREFERENCES:
        return lazy_ngettext("%(num)s first choice", "%(num)s first choices", votes)
    if kind is BallotKind.YESNO:
        return _l("%(yes)s yes, %(no)s no", yes=lazy_number(votes), no=lazy_number(line["named"] - votes))
    if kind.has_points or kind.is_ranked:
        return lazy_ngettext("%(num)s point", "%(num)s points", votes)
    return lazy_ngettext("%(num)s vote", "%(num)s votes", votes)
