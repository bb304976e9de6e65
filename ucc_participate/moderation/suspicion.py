"""What in a text asks for a second look: many links, shouting, and the same words again. Pure functions.

Nothing here judges: a text that looks like this waits for a moderator, who reads it.
"""

from __future__ import annotations

import hashlib
import re

from ..kernel.text import fold

WINDOW = 4
"""Words in one shingle."""
SKETCH = 8
"""Shingles kept of a text: the smallest hashes, so that two texts keep the same ones as far as they say the same."""
ALIKE = 6
"""Two texts that share at least so many of their SKETCH say the same."""
LEAST_WORDS = 8
"""Shorter texts are no repetition: two people may well say “I agree with this”."""

_LINK = re.compile(
    r"(?:https?://|www\.)\S+"
    r"|\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|info|ir|io|me|ru|xyz|top|shop|site|online)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+")
_MARKS = re.compile(r"[!?؟]{4,}")
_DRAWN_OUT = re.compile(r"(\w)\1{5,}")
_LEAST_LETTERS = 24
_SHARE_OF_CAPITALS = 0.7


def count_links(text: str) -> int:
    return len(_LINK.findall(text))


def is_shouting(text: str) -> bool:
    """Capitals throughout, letters drawn out, or heaps of exclamation marks. Persian has no capitals."""
    cased = [letter for letter in text if letter.isupper() or letter.islower()]
    capitals = sum(letter.isupper() for letter in cased)
    is_loud = len(cased) >= _LEAST_LETTERS and capitals > _SHARE_OF_CAPITALS * len(cased)
    return is_loud or bool(_MARKS.search(text)) or bool(_DRAWN_OUT.search(text))


def fingerprint(text: str) -> str:
    """The same for texts that differ in spelling variants, spaces and punctuation only."""
    return hashlib.sha256(" ".join(_words(text)).encode()).hexdigest()[:32]


def shingles(text: str) -> list[int]:
    """The bottom sketch of a text: up to SKETCH hashes of WINDOW words in a row; empty for short texts."""
    words = _words(text)
    if len(words) < LEAST_WORDS:
        return []
    runs = {" ".join(words[start : start + WINDOW]) for start in range(len(words) - WINDOW + 1)}
    hashes = (int.from_bytes(hashlib.sha256(run.encode()).digest()[:8], "big") >> 1 for run in runs)
    return sorted(hashes)[:SKETCH]


def least_alike(sketch: list[int]) -> int:
    """How many shared shingles make two texts the same, for a sketch of this length."""
    return max(1, round(len(sketch) * ALIKE / SKETCH))


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text))
