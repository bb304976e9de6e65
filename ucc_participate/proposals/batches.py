"""Answers to several proposals at once: each has its own outcome and its own reason.

What is true of all of them may stand once, before the words for each. The same whole reason for more than SAME_REASON
proposals is refused: who says the same to three people has not answered them, and twins can be merged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from ..kernel.errors import Invalid
from ..kernel.i18n import lazy_number
from ..kernel.text import clean_text, fold
from .models import GIVEN, REASON_LENGTH, Outcome

MOST_AT_ONCE = 20
SAME_REASON = 2


@dataclass(frozen=True, slots=True)
class Row:
    """What one proposal is told. ``own``: the words for it alone; ``reason``: the whole of it."""

    number: int
    outcome: Outcome
    own: str
    reason: str


def rows_of(common: str, typed: Mapping[int, tuple[Outcome, str]]) -> list[Row]:
    """``typed``: outcome and own words by number. Raises Invalid, naming the field ``reason_<number>``, for words that
    are missing or too long."""
    before = clean_text(common, max_length=REASON_LENGTH[1])
    return [_row(number, outcome, before, own) for number, (outcome, own) in sorted(typed.items())]


def _row(number: int, outcome: Outcome, common: str, own: str) -> Row:
    least, most = REASON_LENGTH
    words = clean_text(own)
    if len(words) < least:
        text = _l("Say to this author alone, in at least %(least)s characters, why.", least=lazy_number(least))
        raise Invalid(text, field=f"reason_{number}")
    reason = f"{common}\n\n{words}" if common else words
    if len(reason) > most or outcome not in GIVEN:
        text = _l("Together with what is said to all, this is too long.")
        raise Invalid(text, field=f"reason_{number}")
    return Row(number, outcome, words, reason)


def require_own_words(rows: Sequence[Row], given: Mapping[str, int]) -> None:
    """``given``: how often each reason has been given. Raises Invalid at the row that says it once too often."""
    known = Counter({fold(reason): times for reason, times in given.items()})
    for row in rows:
        known[fold(row.reason)] += 1
        if known[fold(row.reason)] > SAME_REASON:
            raise Invalid(
                _l(
                    "This very reason is given to %(most)s others already. Say what is true of this proposal alone,"
                    " or merge those that want the same.",
                    most=lazy_number(SAME_REASON),
                ),
                field=f"reason_{row.number}",
            )
