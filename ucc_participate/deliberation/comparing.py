"""What was changed between two texts, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from .models import Comment, CommentEdition

_PIECE = re.compile(r"\s+|\w+(?:\u200c\w+)*|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words: ``kept``, ``added`` or ``removed``."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Step:
    """One text of a comment, and how it came from the one before; the first has no changes."""

    number: int
    at: datetime
    pieces: list[Piece]
    was_answered: bool


def steps(comment: Comment, earlier: Sequence[CommentEdition]) -> list[Step]:
    """All texts of a comment, the newest first."""
    texts = [(each.number, each.text, each.written_at, each.was_answered) for each in earlier]
    since = comment.changed_at or comment.written_at
    texts.append((comment.edition, comment.text, since, False))
    found, before, answered = [], None, False
    for number, text, at, was_answered in texts:
        pieces = [Piece("kept", text)] if before is None else list(changes(before, text))
        found.append(Step(number, at, pieces, answered))
        before, answered = text, was_answered
    return found[::-1]


def changes(before: str, after: str) -> Iterator[Piece]:
    """Runs of words that stay, go or come, in reading order. A half-space joins a word."""
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Piece("kept", "".join(new[j1:j2]))
            continue
        if i2 > i1:
            yield Piece("removed", "".join(old[i1:i2]))
        if j2 > j1:
            yield Piece("added", "".join(new[j1:j2]))
