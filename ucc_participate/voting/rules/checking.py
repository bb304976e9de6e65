"""Whether the members of a rules object agree with each other and with the options, whatever the method."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from .ballots import BallotKind
from .election import Option, Rules, RulesError
from .schema import ALL

OF_METHODS = (
    "budget",
    "winners",
    "skip",
    "threshold",
    "per_cost",
    "satisfaction",
    "completion",
    "increment",
    "comparison",
    "transfer",
    "envelopes",
    "exclusive",
    "majority",
)
"""Members that some methods use and others do not."""

_POINTS: Mapping[str, frozenset[str]] = {
    BallotKind.SCORE: frozenset({"min_points", "max_points"}),
    BallotKind.CUMULATIVE: frozenset({"max_points", "sum_points"}),
    BallotKind.RANKED: frozenset({"rank_points"}),
}
"""Members that say how many points a voter may give, by the kind of ballot."""


def require_consistent(rules: Rules, options: tuple[Option, ...]) -> None:
    """RulesError for the first member that does not agree with the others."""
    _require_points(rules)
    if rules["ballot"] == BallotKind.KNAPSACK and rules["budget"] is None:
        raise RulesError("budget", _l("Voters choose within the budget. Say how much money there is."))
    if rules["majority"] and rules["ballot"] != BallotKind.YESNO:
        raise RulesError("majority", _l("Only ballots with yes and no have a majority."))
    _require_exclusive(rules, options)
    _require_envelopes(rules, options)


def require_unused(rules: Rules, *used: str) -> None:
    """RulesError when a member of OF_METHODS that the method does not use is not as it is by default."""
    for key in OF_METHODS:
        if key not in used and _is_set(rules, key):
            raise RulesError(key, _l("This way of counting does not use this. Leave it as it is by default."))


def require_money(rules: Rules, options: tuple[Option, ...]) -> None:
    """The budget and its currency are given, and every option has a cost."""
    if rules["budget"] is None:
        raise RulesError("budget", _l("Say how much money there is."))
    if rules["currency"] is None:
        raise RulesError("currency", _l("Say in which currency the budget is."))
    if rules["winners"] is not None:
        raise RulesError("winners", _l("The budget decides how many win. Leave this empty."))
    if any(option.cost is None for option in options):
        raise RulesError("options", _l("Every option needs a cost."))


def require_places(rules: Rules, options: tuple[Option, ...]) -> None:
    """The number of winners is given."""
    if rules["winners"] is None:
        raise RulesError("winners", _l("Say how many options win."))
    if options and rules["winners"] > len(options):
        raise RulesError("winners", _l("There are fewer options than winners."))


def require_money_or_places(rules: Rules, options: tuple[Option, ...]) -> None:
    if rules["budget"] is None and rules["winners"] is not None:
        require_places(rules, options)
    else:
        require_money(rules, options)


def _is_set(rules: Rules, key: str) -> bool:
    value, default = rules[key], ALL[key].default
    return bool(value) if isinstance(value, (list, tuple)) else value != default


def _require_points(rules: Rules) -> None:
    kind = rules["ballot"]
    for key in ("min_points", "max_points", "sum_points", "rank_points"):
        if key not in _POINTS.get(kind, ()) and _is_set(rules, key):
            raise RulesError(key, _l("Such ballots do not use this. Leave it as it is by default."))
    if kind == BallotKind.SCORE:
        _require_grades(rules)
    if kind == BallotKind.CUMULATIVE:
        _require_sum(rules)
    if kind == BallotKind.RANKED:
        _require_rank_points(rules)


def _require_grades(rules: Rules) -> None:
    if rules["max_points"] is None:
        raise RulesError("max_points", _l("Say how many points an option can get."))
    if rules["max_points"] <= rules["min_points"]:
        raise RulesError("max_points", _l("This must be more than the fewest points."))


def _require_sum(rules: Rules) -> None:
    if rules["sum_points"] is None:
        raise RulesError("sum_points", _l("Say how many points a voter has."))
    if rules["max_points"] is not None and rules["max_points"] > rules["sum_points"]:
        raise RulesError("max_points", _l("An option cannot get more points than a voter has."))
    if rules["min_choices"] > rules["sum_points"]:
        raise RulesError("min_choices", _l("A voter has fewer points than choices to make."))


def _require_rank_points(rules: Rules) -> None:
    points, most = rules["rank_points"], rules["max_choices"]
    if points and not points[0]:
        raise RulesError("rank_points", _l("The first rank must get points."))
    if most is not None and len(points) > most:
        raise RulesError("rank_points", _l("There are points for more ranks than a voter can give."))


def _require_exclusive(rules: Rules, options: tuple[Option, ...]) -> None:
    known = {option.id for option in options}
    if options and any(option_id not in known for group in rules["exclusive"] for option_id in group):
        raise RulesError("exclusive", _l("An option that is named here is not on the ballot."))


def _require_envelopes(rules: Rules, options: tuple[Option, ...]) -> None:
    envelopes = rules["envelopes"]
    inside = [option_id for envelope in envelopes for option_id in envelope["options"]]
    if options and not {option.id for option in options}.issuperset(inside):
        raise RulesError("envelopes", _l("An option that is named here is not on the ballot."))
    if len(set(inside)) < len(inside):
        raise RulesError("envelopes", _l("An option can be in one envelope only."))
    for envelope in envelopes:
        _require_shares(rules, envelope)
        _require_costs(envelope, options)
    for key in ("budget", "winners"):
        if rules[key] is not None and sum(envelope[key] for envelope in envelopes) > rules[key]:
            raise RulesError("envelopes", _l("The envelopes together hold more than there is."))


def _require_shares(rules: Rules, envelope: Mapping[str, Any]) -> None:
    """An envelope has money where the vote has, and places where the vote has."""
    if any((envelope[key] is None) != (rules[key] is None) for key in ("budget", "winners")):
        raise RulesError(
            "envelopes", _l("An envelope has money where the vote has money, and places where it has places.")
        )


def _require_costs(envelope: Mapping[str, Any], options: tuple[Option, ...]) -> None:
    least, most = envelope.get("min_cost"), envelope.get("max_cost")
    if least is not None and most is not None and most < least:
        raise RulesError("envelopes", _l("The highest cost of an envelope is below its lowest."))
    costs = [option.cost for option in options if option.id in envelope["options"]]
    if any(cost is None for cost in costs) and (least is not None or most is not None):
        raise RulesError("options", _l("Every option needs a cost."))
    if any(cost < (least or 0) or (most is not None and cost > most) for cost in costs if cost is not None):
        raise RulesError("envelopes", _l("An option costs less or more than its envelope allows."))
