"""The rules object of docs/record-format.md §5: its members, their types and defaults."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from ...audit.canonical import MAX_INTEGER
from .ballots import MAX_OPTIONS, MAX_POINTS, BallotKind
from .election import Option, Rules, RulesError

TIE_RULES = ("option_order", "cost_then_order", "lot", "cost_votes_lot")
BY_LOT = ("lot", "cost_votes_lot")
SATISFACTIONS = ("cost", "cardinality")
COMPLETIONS = ("none", "add1", "utilitarian", "add1u")
TRANSFERS = ("scottish", "meek")
DECIDERS = ("person", "sectors", "double_majority")
_REQUIRED = object()
_YES_OR_NO = _l("This must be yes or no.")
_KNOWN = _l("This choice is not known here.")
_WHOLE = _l("This must be a whole number, not negative.")
_WHOLE_OR_EMPTY = _l("This must be a whole number above zero, or empty.")


def _integer(least: int, most: int = MAX_INTEGER) -> Callable[[object], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _one_of(*values: object) -> Callable[[object], bool]:
    return lambda value: any(type(value) is type(known) and value == known for known in values)


def _currency(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch("[A-Z]{3}", value) is not None


def _points(value: object) -> bool:
    """Points for the first, second, … rank: whole numbers that never rise."""
    if not isinstance(value, (list, tuple)) or not all(_integer(0, MAX_POINTS)(each) for each in value):
        return False
    return list(value) == sorted(value, reverse=True)


def _codes(value: object, least: int) -> bool:
    if not isinstance(value, (list, tuple)) or len(value) < least:
        return False
    return all(isinstance(each, str) for each in value) and len(set(value)) == len(value)


def _groups(value: object) -> bool:
    return isinstance(value, (list, tuple)) and all(_codes(group, 2) for group in value)


def _envelopes(value: object) -> bool:
    """``{"id", "options", "budget", "winners", "reserve"}`` each, ids all different; title and costs may be there."""
    if not isinstance(value, (list, tuple)) or not all(isinstance(each, dict) for each in value):
        return False
    return all(_envelope(each) for each in value) and len({each["id"] for each in value}) == len(value)


def _envelope(value: Mapping[str, object]) -> bool:
    if value.keys() - {"min_cost", "max_cost", "title"} != {"id", "options", "budget", "winners", "reserve"}:
        return False
    numbers = [value[key] for key in ("budget", "winners", "min_cost", "max_cost") if value.get(key) is not None]
    is_named = isinstance(value["id"], str) and re.fullmatch(r"[A-Za-z0-9_-]{1,40}", value["id"]) is not None
    is_titled = "title" not in value or isinstance(value["title"], dict)
    is_whole = all(_integer(0)(number) for number in numbers) and isinstance(value["reserve"], bool)
    return is_named and is_titled and is_whole and _codes(value["options"], 1)


def _lot(value: object) -> bool:
    if not isinstance(value, dict) or value.keys() != {"sha256", "public_value"}:
        return False
    seal, words = value["sha256"], value["public_value"]
    return isinstance(seal, str) and re.fullmatch("[0-9a-f]{64}", seal) is not None and isinstance(words, str)


@dataclass(frozen=True, slots=True)
class Member:
    """One member of the rules object: what it may hold, in words for the reader, and its default."""

    allows: Callable[[object], bool]
    words: Any
    default: object = _REQUIRED
    may_be_null: bool = False


MEMBERS: Mapping[str, Member] = {
    "method": Member(lambda value: isinstance(value, str), _l("Name a counting method.")),
    "ballot": Member(_one_of(*(kind.value for kind in BallotKind)), _l("This kind of ballot is not known here.")),
    "min_choices": Member(_integer(0, MAX_OPTIONS), _WHOLE, 1),
    "max_choices": Member(_integer(1, MAX_OPTIONS), _WHOLE_OR_EMPTY, None, True),
    "budget": Member(_integer(0), _l("This must be a whole number of the smallest unit of money."), None, True),
    "currency": Member(_currency, _l("This must be a currency code of three letters, or empty."), None, True),
    "scale": Member(_one_of(1, 10, 100, 1000), _l("This must be 1, 10, 100 or 1000."), 1),
    "winners": Member(_integer(1, MAX_OPTIONS), _WHOLE_OR_EMPTY, None, True),
    "skip": Member(_one_of(True, False), _YES_OR_NO, True),
    "threshold": Member(_integer(0), _WHOLE, 0),
    "group_floor": Member(_integer(1), _l("This must be a whole number above zero."), 5),
    "tie": Member(_one_of(*TIE_RULES), _l("Choose how equal numbers are decided."), TIE_RULES[0]),
}


LATER: Mapping[str, Member] = {
    "min_points": Member(_integer(0, MAX_POINTS), _WHOLE, 0),
    "max_points": Member(_integer(1, MAX_POINTS), _WHOLE_OR_EMPTY, None, True),
    "sum_points": Member(_integer(1, MAX_POINTS), _WHOLE_OR_EMPTY, None, True),
    "rank_points": Member(_points, _l("This must be a falling list of whole numbers."), ()),
    "per_cost": Member(_one_of(True, False), _YES_OR_NO, False),
    "satisfaction": Member(_one_of(*SATISFACTIONS), _KNOWN, SATISFACTIONS[0]),
    "completion": Member(_one_of(*COMPLETIONS), _KNOWN, COMPLETIONS[0]),
    "increment": Member(_integer(1), _WHOLE_OR_EMPTY, None, True),
    "comparison": Member(_one_of(True, False), _YES_OR_NO, False),
    "transfer": Member(_one_of(*TRANSFERS), _KNOWN, TRANSFERS[0]),
    "envelopes": Member(_envelopes, _l("An envelope of the budget is not complete."), ()),
    "exclusive": Member(_groups, _l("Options that exclude each other are named in groups of two or more."), ()),
    "majority": Member(_one_of(True, False), _YES_OR_NO, False),
    "quorum": Member(_integer(0), _WHOLE, 0),
    "decides": Member(_one_of(*DECIDERS), _KNOWN, DECIDERS[0]),
    "lot": Member(_lot, _l("The seal of the lot is not complete."), None, True),
    "order": Member(_one_of("fixed", "random"), _KNOWN, "fixed"),
    "canvass_days": Member(_integer(0, 365), _WHOLE, 0),
}
"""Members that came later: they are left out of the object where they have their default, so that old hashes hold."""

ALL: Mapping[str, Member] = {**MEMBERS, **LATER}


def complete(rules: Mapping[str, object]) -> dict[str, Any]:
    """The object with every member present; RulesError for an unknown, missing or mistyped one."""
    for key in rules:
        if key not in ALL:
            raise RulesError(str(key), _l("This is not part of the rules of a vote."))
    return {key: _checked(key, rules.get(key, member.default)) for key, member in ALL.items()}


def _checked(key: str, value: object) -> object:
    member = ALL[key]
    if value is None and member.may_be_null:
        return None
    if value is _REQUIRED or not member.allows(value):
        raise RulesError(key, member.words)
    return value


def require_consistent(rules: Rules, options: tuple[Option, ...]) -> None:
    """What holds for every method: limits of the ballot agree with each other and with the options."""
    most = rules["max_choices"]
    if rules["ballot"] == "choose" and most is None:
        raise RulesError("max_choices", _l("Say how many options a voter may choose."))
    if most is not None and most < rules["min_choices"]:
        raise RulesError("max_choices", _l("This is less than the fewest choices allowed."))
    if options and rules["min_choices"] > len(options):
        raise RulesError("min_choices", _l("There are fewer options than choices to make."))
    if (rules["tie"] in BY_LOT) != (rules["lot"] is not None):
        raise RulesError("tie", _l("A lot needs its seal, and a seal needs a lot."))
    if rules["tie"] in ("cost_then_order", "cost_votes_lot") and any(option.cost is None for option in options):
        raise RulesError("tie", _l("Ties cannot be decided by cost: an option has no cost."))
    if any(not _integer(0)(option.cost) for option in options if option.cost is not None):
        raise RulesError("options", _l("A cost must be a whole number, not negative."))
    if len({option.id for option in options}) < len(options) or len(options) > MAX_OPTIONS:
        raise RulesError("options", _l("Two options have the same id, or there are too many options."))


def canonical(rules: Rules) -> dict[str, Any]:
    """The object as it is published and hashed: the first members always, but ``scale`` and all later ones only where
    they are not as by default."""
    shown = {key: list(value) if isinstance(value, tuple) else value for key, value in rules.items()}
    default = {"scale": 1, **{key: member.default for key, member in LATER.items()}}
    idle = {key: list(value) if isinstance(value, tuple) else value for key, value in default.items()}
    return {key: value for key, value in shown.items() if key not in idle or value != idle[key]}
