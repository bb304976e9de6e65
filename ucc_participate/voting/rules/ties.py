"""Which of several equal options comes first: the published tie rule as a sort key."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask_babel import lazy_gettext as _l

from .election import Election, RulesError

TieKey = Callable[[int], tuple[int, ...]]


def tie_key(election: Election, counts: Sequence[int]) -> TieKey:
    """From an option's position to what decides among equals, the lowest first; no two options have the same key.

    RulesError where the rule asks for a lot and none was drawn.
    """
    costs = [option.cost or 0 for option in election.options]
    tie = election.rules["tie"]
    if tie == "option_order":
        return lambda i: (i,)
    if tie == "cost_then_order":
        return lambda i: (costs[i], i)
    places = _places(election)
    if tie == "lot":
        return lambda i: (places[i],)
    return lambda i: (costs[i], -counts[i], places[i])


def _places(election: Election) -> list[int]:
    """Each option's place in the order of the lot."""
    ids = [option.id for option in election.options]
    if election.lot is None:
        raise RulesError("lot", _l("The lot has not been drawn yet."))
    if sorted(election.lot) != sorted(ids):
        raise RulesError("lot", _l("The lot does not name each option once."))
    place = {option_id: at for at, option_id in enumerate(election.lot)}
    return [place[option_id] for option_id in ids]
