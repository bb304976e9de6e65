"""What a clerk types from a paper, and what it means: numbers of options as they are printed, nothing else to learn.

Sets: ``3 7 12``. Ranks: ``3>7>12``, the most preferred first. Points: ``3:5 7:2``. Yes and no: ``3+ 7-``.
``0``: a blank paper. An invalid one: ``x`` and the letter of its reason. Persian and Arabic digits are read alike,
signs in either writing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from ..kernel.errors import Invalid
from ..kernel.i18n import latin_digits, lazy_number
from ..voting.building import Marks, marks_of, pack_choices
from ..voting.models import Vote
from ..voting.rules import BallotKind
from .models import Invalidity

INVALID = {
    "xu": Invalidity.UNCLEAR,
    "xm": Invalidity.TOO_MANY,
    "xn": Invalidity.SIGNED,
    "xo": Invalidity.NOT_OURS,
    "xs": Invalidity.SURPLUS,
}
"""What is typed for a paper that cannot be counted."""
_SIGNS = str.maketrans(
    {"،": " ", ",": " ", ";": " ", "؛": " ", "›": ">", "»": ">", "−": "-", "–": "-", "：": ":", "=": ":"}
)
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Read:
    """A paper as it was typed: what it says, packed, or why it cannot be counted."""

    text: str
    choices: bytes | None
    invalid: Invalidity | None = None


def read_paper(vote: Vote, typed: str) -> Read:
    """Raises Invalid, with words that say what to type, for what is no paper of this vote. Needs ``options`` loaded."""
    text = " ".join(latin_digits(typed).split())
    if len(text) > _LONGEST:
        raise Invalid(_l("This is too long for one paper."))
    code = text.replace(" ", "").lower()
    if code in INVALID:
        return Read(text, None, INVALID[code])
    marks = _marks(vote, text.translate(_SIGNS).strip())
    return Read(text, pack_choices(vote, marks.codes, marks.points))


def _marks(vote: Vote, text: str) -> Marks:
    if text == "0":
        return Marks((), () if vote.kind.has_points else None)
    if vote.kind is BallotKind.YESNO:
        return _with_points(vote, [(number, 1 if sign == "+" else 0) for number, sign in _pairs(text, "[+-]", YES_NO)])
    if vote.kind.has_points:
        return _with_points(
            vote, [(number, int(given.lstrip(":"))) for number, given in _pairs(text, ":[0-9]{1,5}", POINTS)]
        )
    parts = re.split(r"\s*>\s*|\s+", text) if vote.kind.is_ranked else text.split()
    if not all(re.fullmatch("[0-9]{1,5}", part) for part in parts):
        raise Invalid(RANKS if vote.kind.is_ranked else NUMBERS)
    return Marks(tuple(_code(vote, int(part)) for part in _each_once(parts)))


def _each_once(parts: list[str]) -> list[str]:
    numbers = [int(part) for part in parts]
    twice = next((number for number in numbers if numbers.count(number) > 1), None)
    if twice is not None:
        raise Invalid(_l("%(number)s stands there twice.", number=lazy_number(twice)))
    return parts


def _pairs(text: str, sign: str, words: Any) -> list[tuple[int, str]]:
    """(number, sign or points) of ``3:5 7: 2`` or ``3+ 7 -``, each number once."""
    found = re.findall(rf"([0-9]{{1,5}})\s*({sign})", re.sub(r":\s+", ":", text))
    rest = re.sub(rf"[0-9]{{1,5}}\s*{sign}", "", re.sub(r":\s+", ":", text))
    if rest.strip():
        raise Invalid(words)
    _each_once([number for number, _sign in found])
    return [(int(number), value) for number, value in found]


def _with_points(vote: Vote, pairs: list[tuple[int, int]]) -> Marks:
    return Marks(tuple(_code(vote, number) for number, _given in pairs), tuple(given for _number, given in pairs))


def _code(vote: Vote, number: int) -> str:
    """The id of the option that is printed with this number."""
    if not 1 <= number <= len(vote.options):
        words = _l(
            "There is no option %(number)s: they run from 1 to %(most)s.",
            number=lazy_number(number),
            most=lazy_number(len(vote.options)),
        )
        raise Invalid(words)
    return vote.options[number - 1].code


def written(vote: Vote, packed: bytes) -> str:
    """A ballot as one would type it: the opposite of ``read_paper``; ``0`` for a blank one."""
    marks = marks_of(vote, packed)
    number = {option.code: at for at, option in enumerate(vote.options, start=1)}
    numbers = [number[code] for code in marks.codes]
    if not numbers:
        return "0"
    if marks.points is None:
        return (">" if vote.kind.is_ranked else " ").join(map(str, numbers))
    if vote.kind is BallotKind.YESNO:
        return " ".join(f"{at}{'+' if given else '-'}" for at, given in zip(numbers, marks.points, strict=True))
    return " ".join(f"{at}:{given}" for at, given in zip(numbers, marks.points, strict=True))


NUMBERS = _l("Type the numbers of the marked options with spaces between them: 3 7 12. 0 for a blank paper.")
RANKS = _l("Type the numbers in order of preference: 3>7>12. 0 for a blank paper.")
POINTS = _l("Type number and points of each option: 3:5 7:2. 0 for a blank paper.")
YES_NO = _l("Type each number with + for yes and - for no: 3+ 7-. 0 for a blank paper.")


def how_to_type(vote: Vote) -> Any:
    """In words, what to type for this kind of ballot."""
    if vote.kind is BallotKind.YESNO:
        return YES_NO
    if vote.kind.has_points:
        return POINTS
    return RANKS if vote.kind.is_ranked else NUMBERS
