"""Keeping to a limit of words by choosing facts: every sentence is taken whole or left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...dossier.drafts import Draft
from ...kernel.text import word_count


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence. ``rank``: 1 is chosen first; ``part``: its paragraph. The text stands in the order of the pieces."""

    code: str
    part: int
    rank: int
    text: str


def compose(pieces: Sequence[Piece], *, words: int | None) -> Draft | None:
    """Take pieces by rank while they fit, then write them in their own order. None when there is nothing to write."""
    told = [piece for piece in pieces if piece.text]
    chosen, left = set[int](), words
    for at in sorted(range(len(told)), key=lambda each: (told[each].rank, each)):
        needed = word_count(told[at].text)
        if left is None or needed <= left:
            chosen.add(at)
            left = None if left is None else left - needed
    if not chosen:
        return None
    parts: dict[int, list[str]] = {}
    for at in sorted(chosen):
        parts.setdefault(told[at].part, []).append(told[at].text)
    return Draft(
        text="\n\n".join(" ".join(sentences) for _part, sentences in sorted(parts.items())),
        used=tuple(told[at].code for at in sorted(chosen)),
        left_out=tuple(piece.code for at, piece in enumerate(told) if at not in chosen),
    )
