"""What is different between two texts, word by word, and how much of what stayed need not be read again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum

# A word with what follows it up to the next one; half-spaces join. A mark of punctuation is a word of its own.
_TOKEN = re.compile(r"\n+|(?:[\w\u200c]+|[^\w\s\u200c])[^\S\n]*")
_WORD = re.compile(r"\w")
LONGEST_SHOWN = 60
"""An unchanged stretch of more words than this is folded in its middle."""
MARGIN = 15
MOST_TOKENS = 6_000
"""Longer texts are compared line by line: comparing words takes time with the square of their number."""


class Piece(StrEnum):
    SAME = "same"
    GONE = "gone"
    NEW = "new"
    FOLDED = "folded"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text with one fate; ``words`` is how many it has."""

    kind: Piece
    text: str

    @property
    def words(self) -> int:
        return count_words(self.text)


@dataclass(frozen=True, slots=True)
class Difference:
    runs: list[Run] = field(default_factory=list)

    @property
    def added(self) -> int:
        return sum(run.words for run in self.runs if run.kind is Piece.NEW)

    @property
    def removed(self) -> int:
        return sum(run.words for run in self.runs if run.kind is Piece.GONE)

    @property
    def is_empty(self) -> bool:
        return all(run.kind in (Piece.SAME, Piece.FOLDED) for run in self.runs)


def compare(old: str, new: str) -> Difference:
    """The new text with what went and what came; its runs in order give back either text whole."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    if max(len(before), len(after)) > MOST_TOKENS:
        before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    return Difference(list(_folded(_runs(before, after))))


def count_words(text: str) -> int:
    return sum(1 for token in _TOKEN.findall(text) if _WORD.search(token))


def _runs(before: Sequence[str], after: Sequence[str]) -> Iterator[Run]:
    """Words are the same whatever space follows them, so a new line break alone is told as a new line break."""
    matcher = SequenceMatcher(None, _keys(before), _keys(after), autojunk=False)
    for tag, from_, to, start, end in matcher.get_opcodes():
        if tag == "equal":
            yield Run(Piece.SAME, "".join(after[start:end]))
            continue
        if to > from_:
            yield Run(Piece.GONE, "".join(before[from_:to]))
        if end > start:
            yield Run(Piece.NEW, "".join(after[start:end]))


def _keys(tokens: Sequence[str]) -> list[str]:
    return [token.strip(" \t") or token for token in tokens]


def _folded(runs: Iterator[Run]) -> Iterator[Run]:
    """Long unchanged stretches, but for some words beside a change."""
    for run in runs:
        tokens = _TOKEN.findall(run.text) if run.kind is Piece.SAME else []
        if len(tokens) <= LONGEST_SHOWN:
            yield run
            continue
        yield Run(Piece.SAME, "".join(tokens[:MARGIN]))
        yield Run(Piece.FOLDED, "".join(tokens[MARGIN:-MARGIN]))
        yield Run(Piece.SAME, "".join(tokens[-MARGIN:]))
