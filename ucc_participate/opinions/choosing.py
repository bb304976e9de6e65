"""Which statement somebody sees next: those that few have seen come sooner, so that all are seen about as often.

The method, for whoever wants to repeat it: of the statements that the person has not answered, one is drawn with a
chance proportional to 1 / (1 + times it was answered)². The draw is no dice but a hash of the map's published seed, the
person, how many statements they have answered and the statement's number: until they answer, loading the page again
shows the same one, and nobody chooses what whom is asked. (Exponential race: the least of -ln(u) / weight wins with
probability weight / sum of weights.)
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping

_WIDTH = 1 << 64


def choose(unanswered: Mapping[int, int], *, seed: int, person: str, answered: int) -> int | None:
    """``unanswered``: number of the statement → how often it was answered. None when nothing is left."""
    if not unanswered:
        return None

    def time_of(number: int) -> float:
        words = f"{seed}|{person}|{answered}|{number}".encode()
        place = (int.from_bytes(hashlib.sha256(words).digest()[:8], "big") + 0.5) / _WIDTH
        return -math.log(place) * (1 + unanswered[number]) ** 2

    return min(unanswered, key=lambda number: (time_of(number), number))
