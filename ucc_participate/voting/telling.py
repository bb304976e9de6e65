"""How ways of counting are called on the pages of results."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

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
