"""The rules object of docs/record-format.md §5: its members, their types and defaults."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from ...audit.canonical import MAX_INTEGER
from .ballots import MAX_OPTIONS
from .election import Option, Rules, RulesError

TIE_RULES = ("option_order", "cost_then_order")
_REQUIRED = object()
_WHOLE = _l("This must be a whole number, not negative.")
_WHOLE_OR_EMPTY = _l("This must be a whole number above zero, or empty.")


def _integer(least: int, most: int = MAX_INTEGER) -> Callable[[object], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _one_of(*values: object) -> Callable[[object], bool]:
    return lambda value: any(type(value) is type(known) and value == known for known in values)


def _currency(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch("[A-Z]{3}", value) is not None


@dataclass(frozen=True, slots=True)
class Member:
    """One member of the rules object: what it may hold, in words for the reader, and its default."""

    allows: Callable[[object], bool]
    words: Any
    default: object = _REQUIRED
    may_be_null: bool = False


MEMBERS: Mapping[str, Member] = {
    "method": Member(lambda value: isinstance(value, str), _l("Name a counting method.")),
    "ballot": Member(_one_of("approval", "choose"), _l("This must be “approval” or “choose”.")),
    "min_choices": Member(_integer(0, MAX_OPTIONS), _WHOLE, 1),
    "max_choices": Member(_integer(1, MAX_OPTIONS), _WHOLE_OR_EMPTY, None, True),
    "budget": Member(_integer(0), _l("This must be a whole number of the smallest unit of money."), None, True),
    "currency": Member(_currency, _l("This must be a currency code of three letters, or empty."), None, True),
    "scale": Member(_one_of(1, 10, 100, 1000), _l("This must be 1, 10, 100 or 1000."), 1),
    "winners": Member(_integer(1, MAX_OPTIONS), _WHOLE_OR_EMPTY, None, True),
    "skip": Member(_one_of(True, False), _l("This must be yes or no."), True),
    "threshold": Member(_integer(0), _WHOLE, 0),
    "group_floor": Member(_integer(1), _l("This must be a whole number above zero."), 5),
    "tie": Member(_one_of(*TIE_RULES), _l("Choose how equal numbers are decided."), TIE_RULES[0]),
}


def complete(rules: Mapping[str, object]) -> dict[str, Any]:
    """The object with every member present; RulesError for an unknown, missing or mistyped one."""
    for key in rules:
        if key not in MEMBERS:
            raise RulesError(str(key), _l("This is not part of the rules of a vote."))
    return {key: _checked(key, rules.get(key, member.default)) for key, member in MEMBERS.items()}


def _checked(key: str, value: object) -> object:
    member = MEMBERS[key]
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
    if rules["tie"] == "cost_then_order" and any(option.cost is None for option in options):
        raise RulesError("tie", _l("Ties cannot be decided by cost: an option has no cost."))
    if any(not _integer(0)(option.cost) for option in options if option.cost is not None):
        raise RulesError("options", _l("A cost must be a whole number, not negative."))
    if len({option.id for option in options}) < len(options) or len(options) > MAX_OPTIONS:
        raise RulesError("options", _l("Two options have the same id, or there are too many options."))


def canonical(rules: Rules) -> dict[str, Any]:
    """The object as it is published and hashed: every member, but ``scale`` only where it is not 1."""
    return {key: value for key, value in rules.items() if key != "scale" or value != 1}
