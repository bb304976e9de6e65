"""Paragraphs of an answer: cut at empty lines, and known again after an edit, so that citations stay with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher

EMPTY_LINES = re.compile(r"\n[ \t]*\n+")
ALIKE = 0.5
"""From this share of equal words on, a paragraph is the edited form of an earlier one."""

Paragraph = dict[str, str]


def split(text: str) -> list[str]:
    return [part.strip() for part in EMPTY_LINES.split(text) if part.strip()]


def carry(before: Sequence[Paragraph], text: str, *, new_key: Callable[[], str]) -> list[Paragraph]:
    """The paragraphs of ``text``; each keeps the key of the paragraph of ``before`` that it equals or mostly equals.

    A key is given once. Equal ones are matched first, then the likeliest pairs.
    """
    parts = split(text)
    free = list(before)
    keys: list[str | None] = [_take(free, part) for part in parts]
    pairs = sorted(
        (
            (-_likeness(old["text"], part), at, old["key"])
            for at, part in enumerate(parts)
            if keys[at] is None
            for old in free
        ),
    )
    left = {old["key"] for old in free}
    for unlikeness, at, key in pairs:
        if -unlikeness >= ALIKE and keys[at] is None and key in left:
            keys[at] = key
            left.discard(key)
    return [{"key": key or new_key(), "text": part} for key, part in zip(keys, parts, strict=True)]


def _take(free: list[Paragraph], part: str) -> str | None:
    found = next((old for old in free if old["text"] == part), None)
    if found is None:
        return None
    free.remove(found)
    return found["key"]


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one.split(), other.split(), autojunk=False).ratio()
