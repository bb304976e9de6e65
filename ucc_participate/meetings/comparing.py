"""What changed from one text to the next: paragraphs first, then words within those that changed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_PIECES = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """``kind``: ``same``, ``gone`` or ``new``."""

    kind: str
    text: str


def compare(before: str, after: str) -> list[list[Piece]]:
    """The later text paragraph by paragraph, with what went and what came in its place."""
    old, new = before.split("\n"), after.split("\n")
    paragraphs: list[list[Piece]] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            paragraphs += [[Piece("same", line)] for line in old[a:b]]
        else:
            paragraphs.append(_words("\n".join(old[a:b]), "\n".join(new[c:d])))
    return [paragraph for paragraph in paragraphs if any(piece.text for piece in paragraph)]


def _words(before: str, after: str) -> list[Piece]:
    old, new = _PIECES.findall(before), _PIECES.findall(after)
    pieces: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(old[a:b])))
            continue
        if a < b:
            pieces.append(Piece("gone", "".join(old[a:b])))
        if c < d:
            pieces.append(Piece("new", "".join(new[c:d])))
    return pieces
