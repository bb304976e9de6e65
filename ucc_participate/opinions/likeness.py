"""Whether two statements say the same: by the three-letter pieces that they have in common. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ..kernel.text import search_terms

NEAR: Final = 0.5
"""Shared pieces of all pieces (Jaccard) from which two statements look alike."""
MOST_NEAR: Final = 3


def key_of(text: str) -> str:
    """What two spellings of one sentence have in common: folded words without punctuation."""
    words: list[str] = []
    for part in text.split():
        words += search_terms(part)
    return " ".join(words)


def nearest(key: str, others: Iterable[tuple[int, str]]) -> list[int]:
    """Those of the ``others`` (number, key) that look like it, the nearest first."""
    pieces = _pieces(key)
    alike = [(_share(pieces, _pieces(other)), number) for number, other in others]
    near = sorted((-share, number) for share, number in alike if share >= NEAR)
    return [number for _share_of, number in near[:MOST_NEAR]]


def _pieces(key: str) -> frozenset[str]:
    padded = f"  {key} "
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2))


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)
