"""How the text of a comment came about, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ..kernel.comparing import Difference, Piece, Run, compare
from .models import Comment, CommentEdition


@dataclass(frozen=True, slots=True)
class Step:
    """One text of a comment, and how it came from the one before; the first has no changes."""

    number: int
    at: datetime
    difference: Difference
    was_answered: bool


def steps(comment: Comment, earlier: Sequence[CommentEdition]) -> list[Step]:
    """All texts of a comment, the newest first."""
    texts = [(each.number, each.text, each.written_at, each.was_answered) for each in earlier]
    since = comment.changed_at or comment.written_at
    texts.append((comment.edition, comment.text, since, False))
    found, before, answered = [], None, False
    for number, text, at, was_answered in texts:
        difference = Difference([Run(Piece.SAME, text)]) if before is None else compare(before, text)
        found.append(Step(number, at, difference, answered))
        before, answered = text, was_answered
    return found[::-1]
