"""Paragraphs of an answer: cut at empty lines, and known again after an edit, so that citations stay with them."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher

EMPTY_LINES = re.compile(r"\n[ \t]*\n+")
ALIKE = 0.5
"""From this share of equal words on, a paragraph is the edited form of an earlier one."""
MOST_PAIRS = 10_000
"""So many pairs of changed paragraphs are compared: the writer is alone in the database meanwhile. Of texts with more
of them those are looked at that stand near each other."""

Paragraph = dict[str, str]


def split(text: str) -> list[str]:
    return [part.strip() for part in EMPTY_LINES.split(text) if part.strip()]


def carry(before: Sequence[Paragraph], text: str, *, new_key: Callable[[], str]) -> list[Paragraph]:
    """The paragraphs of ``text``; each keeps the key of the paragraph of ``before`` that it equals or mostly equals.

    A key is given once. Equal ones are matched first, then the likeliest pairs.
    """
    parts = split(text)
    free = _Free(before)
    keys = [free.take(part) for part in parts]
    left = {old["key"] for old in free.left}
    for _unlikeness, at, key in sorted(_pairs(parts, keys, free.left)):
        if keys[at] is None and key in left:
            keys[at] = key
            left.discard(key)
    return [{"key": key or new_key(), "text": part} for key, part in zip(keys, parts, strict=True)]


class _Free:
    """Paragraphs whose keys are not given yet."""

    def __init__(self, before: Sequence[Paragraph]) -> None:
        self._by_text: dict[str, deque[Paragraph]] = {}
        for old in before:
            self._by_text.setdefault(old["text"], deque()).append(old)
        self._before = before

    def take(self, part: str) -> str | None:
        """The key of an equal one."""
        same = self._by_text.get(part)
        return same.popleft()["key"] if same else None

    @property
    def left(self) -> list[Paragraph]:
        keys = {old["key"] for same in self._by_text.values() for old in same}
        return [old for old in self._before if old["key"] in keys]


def _pairs(
    parts: Sequence[str], keys: Sequence[str | None], free: Sequence[Paragraph]
) -> Iterator[tuple[float, int, str]]:
    """Unlikeness, place of the new paragraph and key of the earlier one, of those that are alike."""
    new = [(at, part.split()) for at, part in enumerate(parts) if keys[at] is None]
    if not new or not free:
        return
    near = max(1, MOST_PAIRS // len(new))
    matcher = SequenceMatcher(None, autojunk=False)
    old = [(each["text"].split(), each["key"]) for each in free]
    for place, (at, words) in enumerate(new):
        matcher.set_seq2(words)
        first = max(0, min(place * len(old) // len(new) - near // 2, len(old) - near))
        for before, key in old[first : first + near]:
            matcher.set_seq1(before)
            if matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE:
                likeness = matcher.ratio()
                if likeness >= ALIKE:
                    yield -likeness, at, key
