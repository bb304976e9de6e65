"""What stands against freezing in words, by its code: before it is passed over, and beside the reason ever after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from ..kernel.i18n import lazy_digits
from ..vocabularies import uccn
from .models import PlanVersion, Texts
from .parts import LACKS
from .wording import LEVELS, PARTS


@dataclass(frozen=True, slots=True)
class Passed:
    """A blocker that was passed over. ``title``: of the initiative, None for the plan as a whole."""

    title: Texts | None
    words: Any
    reason: str


def passed_over(version: PlanVersion, titles: Mapping[str, Texts]) -> list[Passed]:
    """What a version passed over, with the published reasons. ``titles``: of initiatives, by public id."""
    found = []
    for key, reason in version.overrides.items():
        code, _colon, initiative = key.partition(":")
        found.append(Passed(titles.get(initiative), words(code), reason))
    return found


def words(code: str) -> Any:
    """Lazy; the code itself where it is none of today's."""
    kind, _dot, what = code.partition(".")
    say = _WORDS.get(kind)
    try:
        return say(what) if say is not None else code
    except KeyError:
        return code


def _missing(what: str) -> Any:
    part, _dot, code = what.partition(".")
    name = PARTS.get(part) or _l("Indicators")
    return _l("%(part)s: %(missing)s is not written yet.", part=name, missing=LACKS[part][code])


_ASSETS = {
    "heritage": _l("No initiative builds on the city’s heritage."),
    "creative": _l("No initiative builds on a creative asset of today."),
}
_WORDS: dict[str, Any] = {
    "round": lambda _what: _l("Comments on the draft have no answer of the city."),
    "objective": lambda key: _l("No initiative serves the objective “%(objective)s”.", objective=uccn.OBJECTIVES[key]),
    "effect": lambda key: _l("No initiative has a good effect here: %(level)s.", level=uccn.DIMENSIONS[key]),
    "assets": lambda key: _ASSETS[key],
    "level": lambda key: _l("No initiative is of this level: %(level)s.", level=LEVELS[key]),
    "limit": lambda key: _l("More initiatives than the form takes: %(level)s.", level=LEVELS[key]),
    "money": lambda what: _l(
        "In %(year)s the initiatives cost more than there is.", year=lazy_digits(what.partition(".")[2])
    ),
    "missing": _missing,
}
