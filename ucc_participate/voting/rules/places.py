"""What rules share that give places to the first of a ranking."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from .checking import require_places, require_unused
from .election import Option, Rules, RulesError
from .envelopes import Case, Round, Taken


def validate(rules: Rules, options: tuple[Option, ...]) -> None:
    """``winners`` is a number; everything that has to do with money is off."""
    require_places(rules, options)
    require_unused(rules, "winners", "threshold", "envelopes", "exclusive")


def validate_preferences(rules: Rules, options: tuple[Option, ...]) -> None:
    """The same, and no points for ranks: only which option stands above which is counted."""
    validate(rules, options)
    require_no_rank_points(rules)


def require_no_rank_points(rules: Rules) -> None:
    if rules["rank_points"]:
        raise RulesError("rank_points", _l("This way of counting does not use this. Leave it as it is by default."))


def take_first(case: Case, this: Round, ranked: Sequence[int]) -> Taken:
    """The first of a ranking that can still win, passing over what an option taken before excludes."""
    taken: list[int] = []
    passed: set[int] = set()
    for i in ranked:
        if i in this.eligible and i not in passed and len(taken) < this.amount:
            taken.append(i)
            passed |= case.rivals[i]
    return Taken(taken)


def in_tie_order(case: Case, positions: Sequence[int]) -> list[int]:
    """These positions as the tie rule puts equals."""
    return sorted(positions, key=case.tie)
