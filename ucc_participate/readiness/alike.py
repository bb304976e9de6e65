"""Similar text in two sections (rule Z4): the form asks that nothing is told twice. Pure.

Texts are cut into runs of five words; two sections are alike when they share a fair part of the shorter one's runs, or
one long stretch word for word.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from ..dossier.models import Answer
from ..kernel.text import fold

RUN = 5
SHARE = 0.2
LEAST_SHARED = 12


def alike(answers: Sequence[Answer]) -> list[tuple[str, str]]:
    """Pairs of sections, per language, whose texts repeat each other."""
    runs = [(each.section, each.language, _runs(each.text)) for each in answers if each.text]
    return sorted(
        {
            (one[0], other[0])
            for one, other in combinations(runs, 2)
            if one[1] == other[1] and one[0] != other[0] and _repeat(one[2], other[2])
        }
    )


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = fold(text).split()
    return frozenset(tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1))


def _repeat(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> bool:
    shared = len(one & other)
    return shared >= LEAST_SHARED and shared >= SHARE * min(len(one), len(other))
