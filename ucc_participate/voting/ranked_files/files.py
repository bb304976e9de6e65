"""What a file of ranked ballots holds, in whatever format, and how a fault in one is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from flask_babel import lazy_gettext as _l

from ...kernel.errors import Invalid
from ..rules import BallotSet, pack_ranking

MOST_ALTERNATIVES = 10_000
MOST_VOTES = (1 << 53) - 1
Ranking = tuple[int, ...]


class RankedFileError(Invalid):
    """A file that cannot be read: the line, what is wrong there and what to do."""

    def __init__(self, line: int, fault: Any) -> None:
        super().__init__(_l("Line %(line)s: %(fault)s", line=line, fault=fault))
        self.line = line


@dataclass(frozen=True, slots=True)
class RankedFile:
    """``ballots``: how many voters gave each ranking (positions of ``names``, the most preferred first), in the
    file's order. ``withdrawn``: positions that the count leaves out. ``notes``: what else a `.blt` says after its
    title; ``metadata``: the header of a PrefLib file that says nothing of the ballots."""

    title: str
    names: tuple[str, ...]
    ballots: tuple[tuple[int, Ranking], ...]
    places: int = 1
    withdrawn: frozenset[int] = frozenset()
    notes: tuple[str, ...] = ()
    metadata: tuple[tuple[str, str], ...] = ()

    @property
    def voters(self) -> int:
        return sum(times for times, _ in self.ballots)

    def ballot_set(self) -> BallotSet:
        """The ballots for counting, without the withdrawn options."""
        rankings = [tuple(i for i in ranking if i not in self.withdrawn) for _, ranking in self.ballots]
        weights = np.array([times for times, _ in self.ballots], dtype=np.int64)
        return BallotSet.from_packed([pack_ranking(ranking) for ranking in rankings]).weighted(weights)


def decode(content: bytes) -> str:
    """The text of a file in UTF-8, with or without a byte order mark, lines ended by line feeds."""
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        raise RankedFileError(line, _l("this is not UTF-8. Save the file as UTF-8 and try again.")) from None


def whole(line: int, text: str, *, least: int = 1, most: int = MOST_VOTES) -> int:
    """A whole number in ASCII digits."""
    if not (text.isascii() and text.isdigit()) or len(text) > 16 or not least <= int(text) <= most:
        raise RankedFileError(
            line,
            _l("“%(text)s” is not a whole number from %(least)s to %(most)s.", text=text[:40], least=least, most=most),
        )
    return int(text)


def require_different(line: int, ranking: Sequence[int]) -> Ranking:
    if len(set(ranking)) < len(ranking):
        raise RankedFileError(line, _l("an option is ranked twice. Leave one of the two out."))
    return tuple(ranking)
